import sharp from 'sharp';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { dispatch, type CallContext } from '../../electron/contract/session.ts';
import type { FaceResult } from '../../electron/contract/face.ts';
import type { Args, Channel, Result } from '../../electron/contract/table.ts';
import { FACE_PARTS, FACE_WINDOWS, type FacePart } from '../../electron/face/parts.ts';
import { createHost, type Host } from '../../electron/host.ts';
import { ENGINE_ENTRY } from '../../electron/places.ts';
import type { Room } from '../../electron/room.ts';
import { drawFaces, drawSketch, TINY_FACE } from './face-drawings.ts';
import { scratchFolder } from './run-cli.ts';

let scratch: Awaited<ReturnType<typeof scratchFolder>>;
let host: Host;
let room: Room;
/** Graphs that ran, oldest first. */
let ran: string[];

beforeAll(async () => {
  scratch = await scratchFolder();
  host = await createHost({
    modelsFolder: TINY_FACE,
    addedModelsFolder: scratch.path('models'),
    engineEntry: ENGINE_ENTRY,
    provider: 'cpu',
    threads: 1,
  });
  ran = [];
  const { run, chain } = host.engine;
  vi.spyOn(host.engine, 'chain').mockImplementation(async (steps, last, signal) => {
    const done = await chain(steps, last, signal);
    ran.push(...steps.map(({ graph }) => graph.graph).filter((_, i) => done.ran[i]), last.graph);
    return done;
  });
  vi.spyOn(host.engine, 'run').mockImplementation((graph, ...rest) => {
    ran.push(graph.graph);
    return run(graph, ...rest);
  });
});
beforeEach(() => {
  room = host.openRoom();
});
afterEach(() => room.close());
afterAll(async () => {
  await host.close();
  await scratch.remove();
});

const quiet = (signal = new AbortController().signal): CallContext => ({ signal, progress: () => undefined });
const ask = <C extends Channel>(channel: C, args: Args<C>, signal?: AbortSignal): Promise<Result<C>> =>
  dispatch(room.handlers, channel, args, quiet(signal));

/** Everything `work` made the engine run. */
async function graphsOf(work: () => Promise<unknown>): Promise<string[]> {
  ran.length = 0;
  await work();
  return [...ran];
}
const whole = (grey: Uint8Array) => ({ xPx: 0, yPx: 0, widthPx: 512, heightPx: 512, grey });
const stroke = (xPx: number, yPx: number) => ({
  xPx,
  yPx,
  widthPx: 16,
  heightPx: 6,
  grey: new Uint8Array(96),
});
async function openFace(look = {}): Promise<{ faceId: string; result: FaceResult }> {
  const { faceId } = await ask('face.open', {});
  const result = await ask('face.update', { faceId, patches: [whole(await drawSketch(look))] });
  return { faceId, result };
}
const sure = <T>(value: T | null | undefined): T => {
  if (value === null || value === undefined) throw new Error('There is nothing.');
  return value;
};
/** Mean change of a face inside a part's window and outside of all it overlaps, levels. */
function changes(a: FaceResult, b: FaceResult, part: FacePart): { inside: number; outside: number } {
  const [from, to] = [sure(a.face), sure(b.face)];
  const scale = from.sizePx / 512;
  const { xPx, yPx, sizePx } = FACE_WINDOWS[part];
  const sums = { inside: 0, outside: 0 };
  const counts = { inside: 0, outside: 0 };
  for (let y = 0; y < from.sizePx; y++)
    for (let x = 0; x < from.sizePx; x++) {
      const [u, v] = [x / scale - xPx, y / scale - yPx];
      const where = u >= -1 && v >= -1 && u <= sizePx && v <= sizePx ? 'inside' : 'outside';
      const p = (y * from.sizePx + x) * 4;
      sums[where] += Math.abs(from.rgba[p]! - to.rgba[p]!);
      counts[where]++;
    }
  return { inside: sums.inside / counts.inside, outside: sums.outside / counts.outside };
}

describe('a face that is drawn', () => {
  it('says what is there: windows, known faces by search space, how large it will be', async () => {
    const info = await ask('face.info', {});
    expect(info).toMatchObject({
      installed: true,
      sentence: '',
      people: { all: 12, feminine: 5, masculine: 5 },
      defaultNeighbours: 4,
      outputPx: 256,
    });
    expect(info.windows.map(({ part }) => part)).toEqual(FACE_PARTS);
  });

  it('appears with the first line, not before', async () => {
    const { faceId } = await ask('face.open', {});
    let blank: FaceResult | undefined;
    const graphs = await graphsOf(async () => {
      blank = await ask('face.update', { faceId });
    });
    expect(blank).toMatchObject({ face: null, recomputed: [] });
    expect(graphs).toEqual([]);
    const drawn = await ask('face.update', { faceId, patches: [stroke(150, 200)] });
    expect(sure(drawn.face)).toMatchObject({ sizePx: 256 });
    expect(drawn.parts.filter(({ drawn }) => drawn).map(({ part }) => part)).toEqual(['left-eye']);
  });

  it('goes when all is erased', async () => {
    const { faceId } = await openFace();
    const gone = await ask('face.update', { faceId, patches: [whole(new Uint8Array(512 * 512).fill(255))] });
    expect(gone.face).toBeNull();
    await expect(ask('face.export', { faceId, what: 'face' })).rejects.toThrow(/no face yet/);
  });

  it('tells per part which known faces it was projected on, with weights that sum to one', async () => {
    const { result } = await openFace();
    expect(result.recomputed).toEqual(FACE_PARTS);
    for (const { drawn, neighbours } of result.parts) {
      expect(drawn).toBe(true);
      expect(neighbours).toHaveLength(4);
      expect(neighbours.reduce((sum, { weight }) => sum + weight, 0)).toBeCloseTo(1, 6);
      const distances = neighbours.map(({ distance }) => distance);
      expect(distances).toEqual(distances.toSorted((a, b) => a - b));
    }
  });

  it('is looked at anew only where a stroke touched it', async () => {
    const { faceId } = await openFace();
    let result: FaceResult | undefined;
    const stroked = (x: number, y: number) =>
      graphsOf(async () => {
        result = await ask('face.update', { faceId, patches: [stroke(x, y)] });
      });
    expect(await stroked(140, 180)).toEqual(['encode-left-eye', 'map-left-eye', 'synthesise']);
    expect(result?.recomputed).toEqual(['left-eye']);
    expect(await stroked(250, 450)).toEqual(['encode-mouth', 'map-mouth', 'synthesise']);
    expect(await stroked(40, 40)).toEqual(['encode-rest', 'map-rest', 'synthesise']);
    // Where the windows of nose and mouth overlap, both see it.
    expect(await stroked(250, 340)).toEqual([
      'encode-nose',
      'encode-mouth',
      'map-nose',
      'map-mouth',
      'synthesise',
    ]);
    expect(await stroked(250, 340)).toEqual([]);
  });

  it('needs no encoder for a slider, a search space or other neighbours', async () => {
    const { faceId } = await openFace();
    const change = (args: Partial<Args<'face.update'>>) =>
      graphsOf(() => ask('face.update', { faceId, ...args }));
    expect(await change({ refinement: { nose: 0.1 } })).toEqual(['map-nose', 'synthesise']);
    const graphs = [...(await change({ space: 'masculine' })), ...(await change({ neighbours: 2 }))];
    expect(graphs).toContain('synthesise');
    expect(graphs.filter((graph) => graph.startsWith('encode'))).toEqual([]);
  });

  it.each(FACE_PARTS.filter((part) => part !== 'rest'))(
    'changes in the window of %s when that slider moves, and as good as nowhere else',
    async (part) => {
      const { faceId } = await openFace();
      const mine = await ask('face.update', { faceId, refinement: { [part]: 0 } });
      const known = await ask('face.update', { faceId, refinement: { [part]: 1 } });
      const { inside, outside } = changes(mine, known, part);
      expect(inside).toBeGreaterThan(0.5);
      // A part above takes on what colours there are below it.
      expect(outside).toBeLessThan(inside * 0.02);
    },
  );

  it('follows my line at refinement 0 and comes nearer to known faces at 1', async () => {
    const without = { without: ['nose' as const] };
    const { faceId } = await openFace(without);
    const all = (value: number) =>
      Object.fromEntries(FACE_PARTS.map((part) => [part, value])) as Args<'face.update'>['refinement'];
    const mine = await ask('face.update', { faceId, refinement: all(0) });
    const known = await ask('face.update', { faceId, refinement: all(1) });
    // The fixture's faces are dark where lines are: nothing was drawn at the nose, and known faces have one.
    const light = ({ face }: FaceResult): number => sure(face).rgba[(145 * 256 + 126) * 4]!;
    expect(light(mine)).toBeGreaterThan(light(known) + 5);
  });

  it('compares only with the people of its search space', async () => {
    const { faceId } = await openFace();
    for (const space of ['feminine', 'masculine'] as const) {
      const { parts } = await ask('face.update', { faceId, space });
      for (const { neighbours } of parts)
        expect(new Set(neighbours.map((neighbour) => neighbour.space))).toEqual(new Set([space]));
    }
  });

  it('is the same bytes for the same sketch, whatever the order of strokes', async () => {
    const sketch = await drawSketch();
    const { result } = await openFace();
    const { faceId } = await ask('face.open', {});
    for (const top of [256, 0])
      await ask('face.update', {
        faceId,
        patches: [
          { xPx: 0, yPx: top, widthPx: 512, heightPx: 256, grey: sketch.slice(top * 512, (top + 256) * 512) },
        ],
      });
    const again = await ask('face.update', { faceId });
    expect(Buffer.from(sure(again.face).rgba).equals(sure(result.face).rgba)).toBe(true);
  });

  it('shows the newest stroke: older calls that wait give way, and their strokes hold', async () => {
    const { faceId } = await openFace();
    const calls = [
      ask('face.update', { faceId, patches: [stroke(140, 180)] }),
      ask('face.update', { faceId, patches: [stroke(290, 180)] }),
      ask('face.update', { faceId, patches: [stroke(250, 450)] }),
    ];
    const [first, second, third] = await Promise.allSettled(calls);
    for (const older of [first, second])
      expect(older).toMatchObject({ status: 'rejected', reason: { kind: 'cancelled' } });
    expect(third).toMatchObject({
      status: 'fulfilled',
      value: { recomputed: expect.arrayContaining(['mouth']) },
    });
    const straight = await drawSketch();
    for (const [x, y] of [
      [140, 180],
      [290, 180],
      [250, 450],
    ] as const)
      for (let row = y; row < y + 6; row++) straight.fill(0, row * 512 + x, row * 512 + x + 16);
    const { faceId: other } = await ask('face.open', {});
    const expected = await ask('face.update', { faceId: other, patches: [whole(straight)] });
    const shown = await ask('face.update', { faceId });
    expect(Buffer.from(sure(shown.face).rgba).equals(sure(expected.face).rgba)).toBe(true);
  });

  it('stops when the call is cancelled, and goes on with the next', async () => {
    const { faceId } = await openFace();
    const stop = new AbortController();
    const call = ask('face.update', { faceId, patches: [stroke(140, 180)] }, stop.signal);
    stop.abort();
    await expect(call).rejects.toMatchObject({ kind: 'cancelled' });
    expect((await ask('face.update', { faceId })).recomputed).toEqual(['left-eye']);
  });

  it('survives the engine being killed', async () => {
    const { faceId } = await openFace();
    process.kill(sure(host.engine.pid), 'SIGKILL');
    const result = await ask('face.update', { faceId, patches: [stroke(140, 180)] });
    expect(result.recomputed).toEqual(['left-eye']);
    expect(result.face).not.toBeNull();
  });

  it.each([
    ['leaves the canvas', { xPx: 500, yPx: 0, widthPx: 20, heightPx: 1, grey: new Uint8Array(20) }],
    ['has too few bytes', { xPx: 0, yPx: 0, widthPx: 20, heightPx: 20, grey: new Uint8Array(20) }],
  ])('refuses a patch that %s', async (_, patch) => {
    const { faceId } = await ask('face.open', {});
    await expect(ask('face.update', { faceId, patches: [patch] })).rejects.toMatchObject({ kind: 'words' });
  });

  it('that was closed says so', async () => {
    const { faceId } = await ask('face.open', {});
    await ask('face.close', { faceId });
    await expect(ask('face.update', { faceId })).rejects.toThrow(/not open any more/);
  });
});

describe('morphing', () => {
  it('goes from one face to the other in steps that lie between', async () => {
    const { faceId, result: own } = await openFace();
    const source = { kind: 'person', personId: 'p0003', mirrored: true } as const;
    const { thumbnail } = await ask('face.morph', { faceId, source });
    expect(await sharp(sure(thumbnail)).metadata()).toMatchObject({ width: 128, height: 128 });
    const none = await ask('face.update', { faceId, morph: 0 });
    const half = await ask('face.update', { faceId, morph: 0.5 });
    const full = await ask('face.update', { faceId, morph: 1 });
    expect(Buffer.from(sure(none.face).rgba).equals(sure(own.face).rgba)).toBe(true);
    const other = await ask('face.open', {});
    const { grey } = await ask('face.sketch', { source });
    const second = await ask('face.update', { faceId: other.faceId, patches: [whole(grey)] });
    expect(Buffer.from(sure(full.face).rgba).equals(sure(second.face).rgba)).toBe(true);
    const [from, to] = [sure(none.face).rgba, sure(full.face).rgba];
    const between = sure(half.face).rgba;
    const apart = (a: Uint8Array, b: Uint8Array): number =>
      a.reduce((sum, value, i) => sum + Math.abs(value - b[i]!), 0);
    const way = apart(from, to);
    expect(apart(from, between) + apart(between, to)).toBeLessThan(1.05 * way);
    expect(Math.min(apart(from, between), apart(between, to))).toBeGreaterThan(0.25 * way);
    await ask('face.morph', { faceId, source: null });
    const back = await ask('face.update', { faceId });
    expect(back.morph).toBe(0);
    expect(Buffer.from(sure(back.face).rgba).equals(sure(own.face).rgba)).toBe(true);
  });

  it('does not encode the second face again for every step', async () => {
    const { faceId } = await openFace();
    await ask('face.morph', { faceId, source: { kind: 'person', personId: 'p0003' } });
    await ask('face.update', { faceId, morph: 0.2 });
    const graphs = await graphsOf(() => ask('face.update', { faceId, morph: 0.4 }));
    expect(graphs.filter((graph) => graph.startsWith('encode'))).toEqual([]);
  });
});

describe('the shadow', () => {
  it('is there before the first line, and fades in a part as it is drawn', async () => {
    const { faceId } = await ask('face.open', {});
    const before = await ask('face.shadow', { faceId });
    expect(before.parts.map(({ part }) => part)).toEqual(FACE_PARTS);
    for (const { darkness, sizePx, committed } of before.parts) {
      expect(darkness).toHaveLength(sizePx * sizePx);
      expect(darkness.some((value) => value > 100)).toBe(true);
      expect(committed).toBe(0);
    }
    await ask('face.update', { faceId, patches: [whole(await drawSketch({ without: ['mouth'] }))] });
    const after = await ask('face.shadow', { faceId });
    const committed = Object.fromEntries(after.parts.map((part) => [part.part, part.committed]));
    expect(committed['left-eye']).toBeGreaterThan(0.5);
    expect(committed['mouth']).toBeLessThan(0.6 * committed['left-eye']!);
  });

  it('shows in an empty part the faces that the drawn parts are like', async () => {
    const person = { kind: 'person', personId: 'p0005' } as const;
    const { grey } = await ask('face.sketch', { source: person });
    const { faceId } = await ask('face.open', {});
    // All of this person but the mouth.
    const { xPx, yPx, sizePx } = FACE_WINDOWS.mouth;
    for (let y = yPx; y < yPx + sizePx; y++) grey.fill(255, y * 512 + xPx, y * 512 + xPx + sizePx);
    await ask('face.update', { faceId, patches: [whole(grey)] });
    const { known } = await ask('face.nearest', { faceId, part: 'mouth', count: 3 });
    expect(known[0]?.personId).toBe('p0005');
  });
});

describe('known faces', () => {
  it('can be leafed through by search space', async () => {
    const all = await ask('face.people', { count: 5, offset: 10 });
    expect(all.total).toBe(12);
    expect(all.people.map(({ personId }) => personId)).toEqual(['p0011', 'p0012']);
    const feminine = await ask('face.people', { space: 'feminine' });
    expect(feminine.people.map(({ space }) => space)).toEqual(new Array(5).fill('feminine'));
    for (const { thumbnail } of feminine.people)
      expect(await sharp(thumbnail).metadata()).toMatchObject({ width: 128, height: 128, format: 'png' });
  });

  it('are listed nearest first, each person once, and found for their own sketch', async () => {
    const { faceId } = await ask('face.open', {});
    const { grey } = await ask('face.sketch', { source: { kind: 'person', personId: 'p0007' } });
    await ask('face.update', { faceId, patches: [whole(grey)] });
    const { known } = await ask('face.nearest', { faceId, part: 'nose', count: 6 });
    expect(known[0]).toMatchObject({ personId: 'p0007', mirrored: false });
    expect(new Set(known.map(({ personId }) => personId)).size).toBe(6);
  });

  it('give parts to paste: pasted over, the part is theirs', async () => {
    const { faceId } = await openFace();
    const source = { kind: 'person', personId: 'p0009' } as const;
    const { xPx, yPx, sizePx, grey, mask } = await ask('face.part', { part: 'left-eye', source });
    const patch = grey.slice();
    const own = await drawSketch();
    for (let y = 0; y < sizePx; y++)
      for (let x = 0; x < sizePx; x++)
        if (mask[y * sizePx + x] === 0) patch[y * sizePx + x] = own[(yPx + y) * 512 + xPx + x]!;
    const result = await ask('face.update', {
      faceId,
      patches: [{ xPx, yPx, widthPx: sizePx, heightPx: sizePx, grey: patch }],
    });
    expect(result.parts[0]?.neighbours[0]).toMatchObject({ personId: 'p0009' });
  });

  it('that are not there are named', async () => {
    const source = { kind: 'person', personId: 'p9999' } as const;
    await expect(ask('face.sketch', { source })).rejects.toThrow(/no known face "p9999"/);
  });
});

describe('a picture to start from', () => {
  const picture = (bytes: Uint8Array, name = 'me.png') => ({ kind: 'picture', name, bytes }) as const;
  /** Middle of the ink of the mouth's and the eyes' places, against where they should be. */
  async function eyesAndMouth(grey: Uint8Array): Promise<void> {
    const middle = (x0: number, y0: number, x1: number, y1: number): [number, number] => {
      let [sum, u, v] = [0, 0, 0];
      for (let y = y0; y < y1; y++)
        for (let x = x0; x < x1; x++) {
          const dark = 255 - grey[y * 512 + x]!;
          sum += dark;
          u += dark * x;
          v += dark * y;
        }
      expect(sum).toBeGreaterThan(0);
      return [u / sum, v / sum];
    };
    const away = ([x, y]: [number, number], px: number, py: number): number => Math.hypot(x - px, y - py);
    expect(away(middle(150, 180, 238, 275), 192, 232)).toBeLessThan(22);
    expect(away(middle(276, 180, 364, 275), 320, 232)).toBeLessThan(22);
    expect(away(middle(200, 345, 312, 410), 256, 374)).toBeLessThan(22);
  }

  it.each([
    ['small and to one side', 800, 600, { x: 50, y: 200, side: 300 }, { paper: '#ffffff' }],
    ['larger than the sheet', 1200, 1200, { x: -160, y: -200, side: 1500 }, { paper: '#ffffff', pen: 3 }],
    ['on grey paper, upright', 1000, 1500, { x: 100, y: 300, side: 900 }, { paper: '#d8d4cc' }],
    ['on nothing', 700, 700, { x: 150, y: 200, side: 480 }, {}],
    ['white on black', 700, 700, { x: 150, y: 200, side: 480 }, { paper: '#000000', ink: '#ffffff' }],
    ['incomplete', 900, 900, { x: 300, y: 100, side: 500 }, { paper: '#ffffff', without: ['nose' as const] }],
  ])('may be a drawing %s: the face comes to its place', async (_, width, height, place, look) => {
    const bytes = await drawFaces(width, height, [place], look);
    const { grey, notes } = await ask('face.sketch', { source: picture(bytes) });
    expect(notes).toEqual([expect.stringMatching(/found and moved/)]);
    await eyesAndMouth(grey);
  });

  it('that fits the canvas already stays as it is', async () => {
    const bytes = await drawFaces(512, 512, [{ x: 0, y: 0, side: 512 }], { paper: '#ffffff' });
    const { grey, notes } = await ask('face.sketch', { source: picture(bytes) });
    expect(notes).toEqual([]);
    const own = await drawSketch();
    expect(grey.every((value, i) => Math.abs(value - own[i]!) < 16)).toBe(true);
  });

  it('may be a photograph: lines are drawn from it', async () => {
    const tones = `<svg xmlns="http://www.w3.org/2000/svg" width="512" height="512">
      <defs><radialGradient id="skin"><stop offset="0" stop-color="#f0c8a8"/><stop offset="1" stop-color="#a87858"/></radialGradient></defs>
      <rect width="512" height="512" fill="#8090a0"/><ellipse cx="256" cy="275" rx="150" ry="195" fill="url(#skin)"/>
      <ellipse cx="192" cy="240" rx="26" ry="12" fill="#403020"/><ellipse cx="320" cy="240" rx="26" ry="12" fill="#403020"/>
      <path d="M252 255 L238 318 L274 320 Z" fill="#b08060"/><ellipse cx="256" cy="374" rx="42" ry="12" fill="#a04040"/></svg>`;
    const bytes = new Uint8Array(await sharp(Buffer.from(tones)).jpeg().toBuffer());
    const { grey, notes } = await ask('face.sketch', { source: picture(bytes, 'me.jpg') });
    expect(notes[0]).toMatch(/“me.jpg” looks like a photograph.*lines were drawn/);
    expect(grey.filter((value) => value < 128).length).toBeGreaterThan(500);
    expect(grey.filter((value) => value > 200).length).toBeGreaterThan(512 * 512 * 0.8);
  });

  it('with three faces gives one of them and says so', async () => {
    const faces = [0, 500, 1000].map((x) => ({ x, y: 50, side: 480 }));
    const bytes = await drawFaces(1500, 600, faces, { paper: '#ffffff' });
    const { grey, notes } = await ask('face.sketch', { source: picture(bytes) });
    expect(notes).toEqual([expect.stringMatching(/more than one face; one was taken/)]);
    await eyesAndMouth(grey);
  });

  it.each([
    ['blank', () => drawFaces(512, 512, [], { paper: '#ffffff' }), /“me.png” is blank: .*Draw a face/],
    ['empty and transparent', () => drawFaces(300, 300, []), /is blank/],
    ['one pixel', () => drawFaces(1, 1, [], { paper: '#000000' }), /only 1 x 1 pixels/],
    ['no picture', async () => new TextEncoder().encode('hello there, this is text'), /me\.png/],
  ])('that is %s gets one sentence', async (_, make, sentence) => {
    const reading = ask('face.sketch', { source: picture(await make()) });
    await expect(reading).rejects.toMatchObject({ kind: 'input', message: expect.stringMatching(sentence) });
  });
});

describe('what comes out of a face', () => {
  it('is a PNG of the face, the sketch or the shadow', async () => {
    const { faceId, result } = await openFace();
    const face = await ask('face.export', { faceId, what: 'face' });
    const pixels = await sharp(face.bytes).ensureAlpha().raw().toBuffer();
    expect(pixels.equals(sure(result.face).rgba)).toBe(true);
    const sketch = await ask('face.export', { faceId, what: 'sketch' });
    expect(await sharp(sketch.bytes).metadata()).toMatchObject({ width: 512, height: 512 });
    const shadow = await ask('face.export', { faceId, what: 'shadow' });
    expect(await sharp(shadow.bytes).metadata()).toMatchObject({ width: 512, height: 512, hasAlpha: true });
  });

  it('can be opened again from its picture, with its sketch and settings', async () => {
    const { faceId } = await openFace();
    const refinement = { 'left-eye': 1, 'right-eye': 0.25, nose: 0, mouth: 0.5, rest: 0.75 };
    await ask('face.update', { faceId, refinement, space: 'feminine' });
    const { bytes, name } = await ask('face.export', { faceId, what: 'face' });
    const { bytes: sketch } = await ask('face.export', { faceId, what: 'sketch' });
    const opened = await ask('face.sketch', { source: { kind: 'picture', name, bytes, as: 'kept' } });
    expect(opened).toMatchObject({ settings: { refinement, space: 'feminine' }, notes: [] });
    const drawn = await sharp(sketch).toColourspace('b-w').raw().toBuffer();
    expect(drawn.equals(opened.grey)).toBe(true);
    // A part of it, too, is that of the sketch.
    const part = await ask('face.part', { part: 'mouth', source: { kind: 'picture', name, bytes } });
    expect(part.grey[10]).toBe(opened.grey[part.yPx * 512 + part.xPx + 10]);
  });

  it('is a picture like any other where its sketch was lost or never was', async () => {
    const { faceId } = await openFace();
    const { bytes } = await ask('face.export', { faceId, what: 'face' });
    const damaged = bytes.slice();
    damaged[damaged.length - 40]! ^= 255;
    for (const file of [damaged, await drawFaces(512, 512, [{ x: 0, y: 0, side: 512 }])]) {
      const source = { kind: 'picture', name: 'face.png', bytes: file, as: 'kept' } as const;
      await expect(ask('face.sketch', { source })).rejects.toThrow(/“face.png” is no face that was kept/);
    }
    const morphed = await openFace();
    await ask('face.morph', { faceId: morphed.faceId, source: { kind: 'person', personId: 'p0003' } });
    await ask('face.update', { faceId: morphed.faceId, morph: 0.5 });
    const between = await ask('face.export', { faceId: morphed.faceId, what: 'face' });
    const source = { kind: 'picture', name: 'face.png', bytes: between.bytes, as: 'kept' } as const;
    await expect(ask('face.sketch', { source })).rejects.toThrow(/no face that was kept/);
  });

  it('can be the reference for the same sketch', async () => {
    const { faceId } = await openFace();
    const face = await ask('face.export', { faceId, what: 'face' });
    const sketch = await ask('face.export', { faceId, what: 'sketch' });
    const reference = await ask('reference.add', { name: face.name, bytes: face.bytes });
    const drawing = await ask('drawing.open', { name: sketch.name, bytes: sketch.bytes });
    expect(reference).toMatchObject({ widthPx: 256, heightPx: 256 });
    expect(drawing).toMatchObject({ widthPx: 512, heightPx: 512 });
  });
});
