import { describe, expect, it } from 'vitest';
import { FACE_PARTS, FACE_WINDOWS } from '../../../electron/face/parts.ts';
import {
  BLANK_GREY,
  blankFace,
  greyOf,
  linesOf,
  partAt,
  pastePart,
  patchesBetween,
  SKETCH_PX,
  tilesOfGrey,
  withLines,
} from '../../../renderer/state/face-sketch.ts';

const windows = FACE_PARTS.map((part) => ({ part, ...FACE_WINDOWS[part] }));

/** A sketch with dots at places. */
function dotted(...places: (readonly [number, number])[]): Uint8Array {
  const grey = BLANK_GREY.slice();
  for (const [x, y] of places) grey[y * SKETCH_PX + x] = 0;
  return grey;
}

const same = (a: Uint8Array, b: Uint8Array): boolean => Buffer.from(a).equals(b);

const faceOf = (grey: Uint8Array) => withLines(blankFace(), tilesOfGrey(grey));

describe('a sketch', () => {
  it('is the same grey after it went through tiles', () => {
    const grey = Uint8Array.from({ length: SKETCH_PX * SKETCH_PX }, (_, at) => (at * 31) % 256);
    expect(same(greyOf(faceOf(grey)), grey)).toBe(true);
  });

  it('goes over as what changed only, and patches make the one the other', () => {
    const before = dotted([10, 10], [500, 500]);
    const after = dotted([10, 10], [127, 40], [128, 40], [300, 410]);
    const patches = patchesBetween(before, after);
    expect(patches.length).toBe(4);
    expect(Math.max(...patches.map(({ grey }) => grey.length))).toBe(1);
    const host = before.slice();
    for (const { xPx, yPx, widthPx, grey } of patches)
      for (const [at, value] of grey.entries())
        host[(yPx + Math.floor(at / widthPx)) * SKETCH_PX + xPx + (at % widthPx)] = value;
    expect(same(host, after)).toBe(true);
    expect(patchesBetween(after, after)).toEqual([]);
  });
});

describe('a pasted part', () => {
  it('takes the place of what was there, where its mask lets it, and leaves the rest', () => {
    const face = faceOf(dotted([30, 30], [200, 320], [260, 380]));
    const { xPx, yPx, sizePx } = FACE_WINDOWS.mouth;
    const grey = new Uint8Array(sizePx * sizePx).fill(255);
    grey[50 * sizePx + 60] = 0;
    const mask = new Uint8Array(sizePx * sizePx).fill(255);
    // The upper rows belong to the nose.
    mask.fill(0, 0, 40 * sizePx);
    const pasted = pastePart(face, { xPx, yPx, sizePx, grey, mask });
    const wanted = dotted([30, 30], [200, 320], [xPx + 60, yPx + 50]);
    expect(same(greyOf(pasted), wanted)).toBe(true);
    // A tile that did not change is the same, for the history's sake.
    const [before, after] = [linesOf(face).tiles, linesOf(pasted).tiles];
    expect([...after.values()].some((tile) => [...before.values()].includes(tile))).toBe(true);
  });
});

describe('the part at a place', () => {
  it.each([
    ['left-eye', 192, 236],
    ['right-eye', 320, 236],
    ['nose', 256, 312],
    ['mouth', 256, 400],
    ['rest', 40, 40],
    ['rest', 256, 60],
  ] as const)('is %s at %i, %i', (part, x, y) => {
    expect(partAt(windows, x, y)).toBe(part);
  });
});
