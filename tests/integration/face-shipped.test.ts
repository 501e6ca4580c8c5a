import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { FaceResult } from '../../electron/contract/face.ts';
import { dispatch, type CallContext } from '../../electron/contract/session.ts';
import type { Args, Channel, Result } from '../../electron/contract/table.ts';
import { FACE_PARTS, FACE_WINDOWS, type FacePart } from '../../electron/face/parts.ts';
import { createHost, type Host } from '../../electron/host.ts';
import { ENGINE_ENTRY, MODELS_FOLDER } from '../../electron/places.ts';
import type { Room } from '../../electron/room.ts';
import { drawFaces, drawSketch } from './face-drawings.ts';
import { scratchFolder } from './run-cli.ts';

/** The face model that ships, asked as a window asks it. */
let scratch: Awaited<ReturnType<typeof scratchFolder>>;
let host: Host;
let room: Room;

beforeAll(async () => {
  scratch = await scratchFolder();
  host = await createHost({
    modelsFolder: MODELS_FOLDER,
    addedModelsFolder: scratch.path('models'),
    engineEntry: ENGINE_ENTRY,
    provider: 'cpu',
    threads: 2,
  });
  room = host.openRoom();
});
afterAll(async () => {
  room.close();
  await host.close();
  await scratch.remove();
});

const quiet: CallContext = { signal: new AbortController().signal, progress: () => undefined };
const ask = <C extends Channel>(channel: C, args: Args<C>): Promise<Result<C>> =>
  dispatch(room.handlers, channel, args, quiet);
const even = (value: number) =>
  Object.fromEntries(FACE_PARTS.map((part) => [part, value])) as Record<FacePart, number>;
const whole = (grey: Uint8Array) => ({ xPx: 0, yPx: 0, widthPx: 512, heightPx: 512, grey });

/** The face of a sketch at one refinement of all parts. */
async function faceOf(grey: Uint8Array, refinement: number): Promise<FaceResult> {
  const { faceId } = await ask('face.open', {});
  const result = await ask('face.update', { faceId, patches: [whole(grey)], refinement: even(refinement) });
  await ask('face.close', { faceId });
  return result;
}

/** Mean change, levels, inside a part's window and outside it; all of the face where no part is given. */
function change(a: FaceResult, b: FaceResult, part: FacePart = 'rest'): { inside: number; outside: number } {
  const { rgba: from, sizePx } = a.face!;
  const { rgba: to } = b.face!;
  const scale = sizePx / 512;
  const { xPx, yPx, sizePx: side } = FACE_WINDOWS[part];
  const sums = { inside: 0, outside: 0 };
  const counts = { inside: 0, outside: 0 };
  for (let y = 0; y < sizePx; y++)
    for (let x = 0; x < sizePx; x++) {
      const [u, v] = [x / scale - xPx, y / scale - yPx];
      const where = u >= 0 && v >= 0 && u < side && v < side ? 'inside' : 'outside';
      for (let c = 0; c < 3; c++) {
        sums[where] += Math.abs(from[(y * sizePx + x) * 4 + c]! - to[(y * sizePx + x) * 4 + c]!);
        counts[where]++;
      }
    }
  return { inside: sums.inside / counts.inside, outside: sums.outside / Math.max(1, counts.outside) };
}

/** Standard deviation of a face's green in the middle of a part's window, levels. */
function contrast({ face }: FaceResult, part: FacePart): number {
  const { xPx, yPx, sizePx } = FACE_WINDOWS[part];
  const values: number[] = [];
  for (let y = yPx + sizePx / 4; y < yPx + (3 * sizePx) / 4; y++)
    for (let x = xPx + sizePx / 4; x < xPx + (3 * sizePx) / 4; x++)
      values.push(face!.rgba[(Math.floor(y) * face!.sizePx + Math.floor(x)) * 4 + 1]!);
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  return Math.sqrt(values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / values.length);
}

/** A sketch pulled crooked: rows and columns wander by up to `px`. */
function crooked(grey: Uint8Array, px: number): Uint8Array {
  const wander = (i: number, phase: number): number =>
    Math.round(px * (0.6 * Math.sin(i / 31 + phase) + 0.4 * Math.sin(i / 13 + 2 * phase)));
  return grey.map((_, at) => {
    const [x, y] = [at % 512, Math.floor(at / 512)];
    const [u, v] = [x + wander(y, 1), y + wander(x, 2)];
    return u >= 0 && v >= 0 && u < 512 && v < 512 ? grey[v * 512 + u]! : 255;
  });
}

describe('the face model that ships', () => {
  it('makes a face of a drawing, and says what of', async () => {
    const result = await faceOf(await drawSketch(), 0.5);
    const { face, parts, recomputed, space, neighbours } = result;
    expect(face?.sizePx).toBe(512);
    expect({ recomputed, space, neighbours }).toEqual({
      recomputed: FACE_PARTS,
      space: 'all',
      neighbours: 10,
    });
    expect(parts.map(({ part }) => part)).toEqual(FACE_PARTS);
    for (const { drawn, refinement, neighbours: near } of parts) {
      expect({ drawn, refinement, count: near.length }).toEqual({ drawn: true, refinement: 0.5, count: 10 });
      expect(near.reduce((sum, { weight }) => sum + weight, 0)).toBeCloseTo(1, 5);
    }
    // Skin is redder than blue, and a photograph has many tones.
    const { rgba } = face!;
    const cheek = (300 * 512 + 170) * 4;
    expect(rgba[cheek]!).toBeGreaterThan(rgba[cheek + 2]!);
    expect(new Set(rgba.filter((_, i) => i % 4 === 1)).size).toBeGreaterThan(150);
  });

  it.each(FACE_PARTS.filter((part) => part !== 'rest'))(
    'moves %s with its own slider and leaves the others',
    async (part) => {
      const { faceId } = await ask('face.open', {});
      const patches = [whole(await drawSketch())];
      const mine = await ask('face.update', { faceId, patches, refinement: { ...even(0.5), [part]: 0 } });
      const known = await ask('face.update', { faceId, refinement: { [part]: 1 } });
      await ask('face.close', { faceId });
      const { inside, outside } = change(mine, known, part);
      expect(inside).toBeGreaterThan(1);
      expect(outside).toBeLessThan(0.15 * inside);
    },
  );

  it('follows the line at refinement 0 more than at 1', async () => {
    const [straight, bent] = [await drawSketch(), crooked(await drawSketch(), 12)];
    const followed = change(await faceOf(straight, 0), await faceOf(bent, 0)).inside;
    const cured = change(await faceOf(straight, 1), await faceOf(bent, 1)).inside;
    expect(cured).toBeLessThan(followed);
  });

  it('gives a face without a drawn nose and mouth both, out of known faces', async () => {
    const [drawn, missing] = [
      await faceOf(await drawSketch(), 1),
      await faceOf(await drawSketch({ without: ['nose', 'mouth'] }), 1),
    ];
    expect(missing.parts.find(({ part }) => part === 'nose')?.drawn).toBe(false);
    for (const part of ['nose', 'mouth'] as const)
      expect(contrast(missing, part)).toBeGreaterThan(0.5 * contrast(drawn, part));
  });

  it('compares with the people of the search space alone, and shows another face', async () => {
    const { faceId } = await ask('face.open', {});
    const patches = [whole(await drawSketch())];
    const [feminine, masculine] = [
      await ask('face.update', { faceId, patches, refinement: even(1), space: 'feminine' }),
      await ask('face.update', { faceId, space: 'masculine' }),
    ];
    for (const { parts, space } of [feminine, masculine])
      for (const { neighbours } of parts)
        expect(new Set(neighbours.map((near) => near.space))).toEqual(new Set([space]));
    expect(change(feminine, masculine).inside).toBeGreaterThan(2);
  });

  it('takes one of three faces on a sheet, and says so', async () => {
    const sheet = await drawFaces(
      1500,
      600,
      [0, 500, 1000].map((x) => ({ x, y: 50, side: 480 })),
      { paper: '#fff' },
    );
    const source = { kind: 'picture', name: 'three.png', bytes: sheet } as const;
    const { grey, notes } = await ask('face.sketch', { source });
    expect(notes).toEqual([expect.stringMatching(/more than one face; one was taken/)]);
    expect((await faceOf(grey, 0.5)).parts.map(({ drawn }) => drawn)).toEqual(FACE_PARTS.map(() => true));
  });

  it('says of a blank sheet that it is blank', async () => {
    const bytes = await drawFaces(512, 512, [], { paper: '#fff' });
    const source = { kind: 'picture', name: 'blank.png', bytes } as const;
    await expect(ask('face.sketch', { source })).rejects.toMatchObject({
      kind: 'input',
      message: expect.stringMatching(/“blank.png” is blank/),
    });
  });

  it('draws the lines of a photograph that is given as a sketch', async () => {
    // Its own face is the photograph that is at hand.
    const made = await faceOf(await drawSketch(), 0.5);
    const raw = { width: 512, height: 512, channels: 4 as const };
    const bytes = new Uint8Array(await sharp(made.face!.rgba, { raw }).jpeg({ quality: 90 }).toBuffer());
    const source = { kind: 'picture', name: 'me.jpg', bytes } as const;
    const { grey, notes } = await ask('face.sketch', { source });
    expect(notes[0]).toMatch(/“me.jpg” looks like a photograph.*lines were drawn/);
    const again = await faceOf(grey, 0.5);
    expect(again.parts.every(({ drawn }) => drawn)).toBe(true);
    // It is nearer to the face it was drawn from than a blank or another one would be.
    const other = await faceOf(
      (await ask('face.sketch', { source: { kind: 'person', personId: 'p0009' } })).grey,
      0.5,
    );
    expect(change(made, again).inside).toBeLessThan(change(made, other).inside);
  });
});
