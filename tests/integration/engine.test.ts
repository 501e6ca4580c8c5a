import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { dispatch, type CallContext } from '../../electron/contract/session.ts';
import { supersedable } from '../../electron/failure.ts';
import { createEngine } from '../../electron/engine/engine.ts';
import { createHost, type Host } from '../../electron/host.ts';
import { ENGINE_ENTRY } from '../../electron/places.ts';
import type { Room } from '../../electron/room.ts';
import { SAMPLES } from './run-cli.ts';

const free: CallContext = { signal: new AbortController().signal, progress: () => undefined };

let host: Host;
let room: Room;
let documentId: string;
let referenceId: string;

beforeAll(async () => {
  host = await createHost({ engineEntry: ENGINE_ENTRY, provider: 'cpu', threads: 1 });
  room = host.openRoom();
  const { drawing, references } = await dispatch(room.handlers, 'sample.open', {}, free);
  documentId = drawing.documentId;
  referenceId = references[0]!.referenceId;
});
afterAll(() => host.close());

const words = (sizePx = 256) =>
  ({ documentId, method: 'scft', references: [{ referenceId }], regions: true, gapPx: -1, sizePx }) as const;

/** Resolves when the run reports a step that only happens while the engine works. */
function colouringStarted(): { context: CallContext; started: Promise<void>; controller: AbortController } {
  const controller = new AbortController();
  let tell: () => void = () => undefined;
  const started = new Promise<void>((resolve) => (tell = resolve));
  const progress = (_: number, step: string): void => {
    if (step === 'Colouring') tell();
  };
  return { context: { signal: controller.signal, progress }, started, controller };
}

describe('the engine process', () => {
  it('reports what it found, tried and chose', async () => {
    const report = await host.engine.report();
    expect(report.found).toContain('cpu');
    expect(report.chosen).toBe('cpu');
    expect(report.tried).toEqual([{ provider: 'cpu', ok: true }]);
    expect(report.threads).toBe(1);
  });

  it('killed in the middle of a run, is started again and the run finishes; so does the next', async () => {
    const { context, started } = colouringStarted();
    const run = dispatch(room.handlers, 'colorize.run', words(512), context);
    await started;
    const first = host.engine.pid!;
    process.kill(first, 'SIGKILL');
    const { drawing } = await run;
    expect(drawing.layers.map(({ name }) => name)).toEqual([
      'Lines',
      'Colouring',
      'Shading',
      'Flats',
      'Colour',
    ]);
    expect(host.engine.pid).not.toBe(first);
    await expect(dispatch(room.handlers, 'colorize.run', words(), free)).resolves.toMatchObject({
      provider: 'cpu',
    });
  });

  it('killed twice in one run, gives up with a sentence; the next run works', async () => {
    const { context, started } = colouringStarted();
    const run = dispatch(room.handlers, 'colorize.run', words(768), context);
    run.catch(() => undefined);
    await started;
    const first = host.engine.pid!;
    process.kill(first, 'SIGKILL');
    while (host.engine.pid === first || host.engine.pid === undefined)
      await new Promise((r) => setTimeout(r, 5));
    process.kill(host.engine.pid, 'SIGKILL');
    await expect(run).rejects.toMatchObject({
      kind: 'engine',
      message: expect.stringMatching(/^The colouring engine stopped twice/),
    });
    await expect(dispatch(room.handlers, 'colorize.run', words(), free)).resolves.toBeTruthy();
  });

  it('cancelled in the middle of a run, stops at once, keeps the layers there were, and works again', async () => {
    const before = room.document(documentId);
    const { context, started, controller } = colouringStarted();
    const run = dispatch(room.handlers, 'colorize.run', words(768), context);
    run.catch(() => undefined);
    await started;
    controller.abort();
    await expect(run).rejects.toMatchObject({ kind: 'cancelled' });
    expect(room.document(documentId)).toBe(before);
    await expect(dispatch(room.handlers, 'colorize.run', words(), free)).resolves.toBeTruthy();
  });

  it('whose run something newer takes the place of is not ended: the newer one has its answer from the same process', async () => {
    const { model } = host.colorizer('scft');
    const side = 256;
    const sketch = { data: new Float32Array(side * side).fill(1), dims: [1, 1, side, side] };
    const picture = { data: new Float32Array(3 * side * side).fill(0.5), dims: [1, 3, side, side] };
    const encode = (signal?: AbortSignal) =>
      host.engine.run(model.graph('reference'), { reference: picture }, signal);
    const { keys, values } = await encode();
    const { pid } = host.engine;
    const controller = new AbortController();
    const feeds = { sketch, keys: keys!, values: values! };
    const older = supersedable(controller.signal, (signal) =>
      host.engine.run(model.graph('colorize'), feeds, signal),
    );
    const waiting = supersedable(controller.signal, encode);
    controller.abort();
    await expect(older).rejects.toMatchObject({ kind: 'cancelled' });
    await expect(waiting).rejects.toMatchObject({ kind: 'cancelled' });
    await expect(encode()).resolves.toHaveProperty('keys');
    expect(host.engine.pid).toBe(pid);
  });

  it('gives one sentence, naming the model, for a file that is no model', async () => {
    const path = join(SAMPLES, 'README.md');
    const run = host.engine.run({ model: 'scft', graph: 'colorize', path }, {});
    await expect(run).rejects.toMatchObject({ kind: 'engine', message: expect.stringContaining('"scft"') });
  });

  it('falls back to the processor with the reason when the asked provider is not to be had', async () => {
    const engine = createEngine({ entry: ENGINE_ENTRY, provider: 'cuda', threads: 1 });
    const report = await engine.report();
    await engine.close();
    expect(report.chosen).toBe('cpu');
    expect(report.tried[0]).toMatchObject({ provider: 'cuda', ok: false });
    expect(report.tried[0]?.reason).toBeTruthy();
  });
});

describe('correspondence', () => {
  it('tells for a place of the drawing where on the reference its colour came from', async () => {
    const { drawing } = await dispatch(room.handlers, 'colorize.run', words(), free);
    const at = { documentId, x: drawing.widthPx / 2, y: drawing.heightPx / 2 };
    const { references } = await dispatch(room.handlers, 'colorize.correspondence', at, free);
    expect(references.map((r) => r.referenceId)).toEqual([referenceId]);
    const [{ columns, rows, heat }] = references as [(typeof references)[number]];
    expect(heat).toHaveLength(columns * rows);
    expect(Math.max(...heat)).toBe(255);
    expect(new Set(heat).size).toBeGreaterThan(3);
  });
});

describe('colouring again', () => {
  it('keeps the lines as they are and what was set on the layers', async () => {
    await dispatch(
      room.handlers,
      'layer.update',
      { documentId, layerId: 'shading', opacity: 0.3, name: 'My shadows' },
      free,
    );
    const before = room.document(documentId).layers.at(-1);
    const { drawing } = await dispatch(room.handlers, 'colorize.run', words(), free);
    const shading = drawing.layers.find(({ id }) => id === 'shading');
    expect(shading).toMatchObject({ opacity: 0.3, name: 'My shadows' });
    const after = room.document(documentId).layers.at(-1);
    expect(after?.kind === 'raster' && before?.kind === 'raster' && after.pixels).toBe(
      before?.kind === 'raster' && before.pixels,
    );
  });
});
