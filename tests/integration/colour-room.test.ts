import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { dispatch } from '../../electron/contract/session.ts';
import type { Args, Channel, DrawingInfo, ReferenceInfo, Result } from '../../electron/contract/table.ts';
import { createHost, type Host } from '../../electron/host.ts';
import type { Room } from '../../electron/room.ts';
import { TINY_MODELS } from './tiny-model.ts';

const engineEntry = fileURLToPath(new URL('../../dist/electron/engine/process.js', import.meta.url));

let host: Host;
let room: Room;
let drawing: DrawingInfo;
let reds: ReferenceInfo;

const signal = new AbortController().signal;
const ask = <C extends Channel>(channel: C, args: Args<C>, of: Room = room): Promise<Result<C>> =>
  dispatch(of.handlers, channel, args, { signal, progress: () => undefined });

/** Two rooms side by side, drawn in ink. */
const twoRooms = (wallPx = 600): Promise<Buffer> =>
  sharp(
    Buffer.from(
      '<svg xmlns="http://www.w3.org/2000/svg" width="1200" height="800"><rect width="1200" height="800" fill="#fff"/>' +
        `<path d="M60 60H1140V740H60ZM${wallPx} 60V740" fill="none" stroke="#000" stroke-width="8"/></svg>`,
    ),
  )
    .png()
    .toBuffer();
const flat = (background: string): Promise<Buffer> =>
  sharp({ create: { width: 64, height: 64, channels: 3, background } })
    .png()
    .toBuffer();

beforeAll(async () => {
  if (!existsSync(engineEntry)) throw new Error('The engine is not built. Run "npm run build" first.');
  host = await createHost({ modelsFolder: TINY_MODELS, provider: 'cpu', engineEntry, threads: 1 });
});
beforeAll(async () => {
  room = host.openRoom();
  drawing = await ask('drawing.open', { name: 'rooms.png', bytes: await twoRooms() });
  reds = await ask('reference.add', { name: 'reds.png', bytes: await flat('#b03020') });
});
afterAll(() => host?.close());

const settings = { regions: true, gapPx: -1, snap: false, sizePx: 256 } as const;
const preview = (more: Partial<Args<'colorize.preview'>> = {}) =>
  ask('colorize.preview', {
    documentId: drawing.documentId,
    references: [{ referenceId: reds.referenceId }],
    ...settings,
    ...more,
  });
const at = ({ rgba, widthPx, heightPx }: Result<'colorize.preview'>, x: number, y: number) => {
  const p = (Math.floor(y * heightPx) * widthPx + Math.floor(x * widthPx)) * 4;
  return [...rgba.subarray(p, p + 3)];
};
const near = (rgb: readonly number[]) => rgb.map((value) => expect.closeTo(value, -1.3));

describe('the live preview', () => {
  it('is small, changes no layer, and shows the colours Apply would give', async () => {
    const shown = await preview();
    expect(shown.widthPx * shown.heightPx).toBeLessThan(500_000);
    expect(shown.widthPx / shown.heightPx).toBeCloseTo(1.5, 2);
    expect(at(shown, 0.25, 0.5)).toEqual(near([176, 48, 32]));
    expect(room.document(drawing.documentId).layers.map(({ id }) => id)).toEqual(['lines']);
  });

  it('obeys a hint in its region at once, as Apply does', async () => {
    const hints = [{ points: [[300, 400]] as [number, number][], colour: '#2040c0' }];
    const shown = await preview({ hints });
    expect(at(shown, 0.25, 0.2)).toEqual(near([32, 64, 192]));
    const { documentId } = drawing;
    const references = [{ referenceId: reds.referenceId }];
    const applied = await ask('colorize.run', { documentId, references, hints, ...settings });
    const flats = applied.drawing.layers.find(({ name }) => name === 'Flats')!;
    const { rgba, widthPx } = await ask('painting.pixels', { documentId, layerId: flats.id });
    for (const [x, y] of [
      [300, 160],
      [900, 400],
    ] as const) {
      const p = (y * widthPx + x) * 4;
      expect(at(shown, x / 1200, y / 800)).toEqual(near([...rgba.subarray(p, p + 3)]));
    }
  });

  it('of lines that the window sends small is that of the drawing, and of what was drawn since', async () => {
    const smallLines = async (wallPx?: number) => {
      const image = sharp(await twoRooms(wallPx)).resize(600, 400);
      const pixels = new Uint8Array(await image.removeAlpha().raw().toBuffer());
      return {
        pixels,
        channels: 3 as const,
        widthPx: 600,
        heightPx: 400,
        pageWidthPx: 1200,
        pageHeightPx: 800,
      };
    };
    const dot = (x: number, colour: string) => ({ points: [[x, 400]] as [number, number][], colour });
    const hints = [dot(200, '#2040c0'), dot(1100, '#208040')];
    const whole = await preview({ hints });
    const small = await preview({ hints, lines: await smallLines() });
    for (const x of [0.2, 0.45, 0.6, 0.9]) expect(at(small, x, 0.5)).toEqual(near(at(whole, x, 0.5)));
    expect(at(small, 0.6, 0.5)).toEqual(near([32, 128, 64]));

    const since = await preview({ hints, lines: await smallLines(900) });
    expect(at(since, 0.6, 0.5)).toEqual(near([32, 64, 192]));
  });

  it('first comes as a draft: the model’s own colour of grey lines, at its own size', async () => {
    const image = sharp(await twoRooms()).resize(600, 400);
    const pixels = new Uint8Array(await image.toColourspace('b-w').raw().toBuffer());
    const size = { widthPx: 600, heightPx: 400, pageWidthPx: 1200, pageHeightPx: 800 };
    const lines = { pixels, channels: 1 as const, ...size };
    const draft = await preview({ lines, draft: true });
    expect(draft.widthPx / draft.heightPx).toBeCloseTo(1.5, 0);
    expect(draft.rgba).toHaveLength(draft.widthPx * draft.heightPx * 4);
    expect(draft.widthPx * draft.heightPx).toBeLessThan(300 * 300);
    expect(at(draft, 0.25, 0.5)).toEqual(near([176, 48, 32]));
    const blank = { ...lines, pixels: pixels.slice().fill(255) };
    await expect(preview({ lines: blank, draft: true })).rejects.toMatchObject({
      kind: 'words',
      message: expect.stringMatching(/^There are no lines to colour yet/),
    });
  });

  it('that is cancelled ends as cancelled, and the next has the same engine', async () => {
    await preview();
    const { pid } = host.engine;
    const controller = new AbortController();
    const args = {
      documentId: drawing.documentId,
      references: [{ referenceId: reds.referenceId }],
      hints: [{ points: [[310, 410]] as [number, number][], colour: '#2040c0' }],
      ...settings,
    };
    const older = dispatch(room.handlers, 'colorize.preview', args, {
      signal: controller.signal,
      progress: () => undefined,
    });
    controller.abort();
    await expect(older).rejects.toMatchObject({ kind: 'cancelled' });
    await expect(preview()).resolves.toBeTruthy();
    expect(host.engine.pid).toBe(pid);
  });

  it('obeys a pin with the colour of the pinned place', async () => {
    const green = await ask('reference.add', { name: 'green.png', bytes: await flat('#208040') });
    const pins = [{ x: 900, y: 400, referenceId: green.referenceId, u: 0.5, v: 0.5 }];
    const references = [{ referenceId: reds.referenceId }, { referenceId: green.referenceId, weight: 0 }];
    const shown = await preview({ references, pins });
    expect(at(shown, 0.75, 0.8)).toEqual(near([32, 128, 64]));
  });

  it('says how sure the model is, everywhere on the page', async () => {
    const { confidence } = await preview();
    expect(confidence!.bytes).toHaveLength(confidence!.columns * confidence!.rows);
  });

  it('gives the lens something to show before anything was applied', async () => {
    await preview();
    const { documentId } = drawing;
    const { references } = await ask('colorize.correspondence', { documentId, x: 300, y: 400 });
    expect(references.map(({ referenceId }) => referenceId)).toEqual([reds.referenceId]);
    expect(Math.max(...references[0]!.heat)).toBe(255);
  });
});

describe('a coloured .ora', () => {
  it('opens again with its references, marks and settings, and with its lens', async () => {
    const { documentId } = drawing;
    const hints = [{ points: [[300, 400]] as [number, number][], colour: '#2040c0' }];
    const references = [{ referenceId: reds.referenceId, weight: 1 }];
    await ask('colorize.run', { documentId, references, hints, ...settings });
    const record = {
      ...settings,
      method: 'tiny-inkwash',
      references: [{ referenceId: reds.referenceId, weight: 0.6, used: true }],
      palette: ['#112233'],
      hints,
      pins: [{ x: 900, y: 400, referenceId: reds.referenceId, u: 0.25, v: 0.75 }],
      locks: [{ x: 900, y: 400, everywhere: false }],
      painted: [{ layerId: 'flats', runs: [10, 5] }],
    };
    await ask('colour.keep', { documentId, record });
    const file = await ask('document.export', { documentId, format: 'ora' });

    const other = host.openRoom();
    const opened = await ask('drawing.open', { name: file.name, bytes: file.bytes }, other);
    const recalled = await ask('colour.recall', { documentId: opened.documentId }, other);
    const [reference] = recalled.references;
    expect(reference).toMatchObject({ name: 'reds.png', widthPx: 64, heightPx: 64 });
    const { referenceId } = reference!;
    expect(recalled.record).toEqual({
      ...record,
      references: [{ referenceId, weight: 0.6, used: true }],
      pins: [{ ...record.pins[0], referenceId }],
    });
    const lens = await ask(
      'colorize.correspondence',
      { documentId: opened.documentId, x: 900, y: 400 },
      other,
    );
    expect(lens.references).toHaveLength(1);
    other.close();
  });

  it('keeps the reference it came with when that is still there', async () => {
    const { documentId } = drawing;
    const file = await ask('document.export', { documentId, format: 'ora' });
    const again = await ask('drawing.open', { name: file.name, bytes: file.bytes });
    const { record } = await ask('colour.recall', { documentId: again.documentId });
    expect(record!.references.map(({ referenceId }) => referenceId)).toEqual([reds.referenceId]);
  });

  it('from elsewhere, or with an entry that makes no sense, opens without', async () => {
    const plain = await ask('drawing.open', { name: 'again.png', bytes: await twoRooms() });
    expect(await ask('colour.recall', { documentId: plain.documentId })).toEqual({ references: [] });
  });
});
