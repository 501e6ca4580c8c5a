import { describe, expect, it } from 'vitest';
import { bandsOf, mergeBands } from '../../../electron/colorize/palette/bands.ts';
import type { Rgb } from '../../../electron/page/oklab.ts';

const greys = (count: number): Rgb[] => Array.from({ length: count }, (_, i) => [i, i, i]);
const firsts = (bands: readonly (readonly Rgb[])[]): number[][] =>
  bands.map((band) => band.map(([red]) => red));

describe("the artist's colours as bands", () => {
  it('sixteen stand band by band from the top', () => {
    expect(firsts(bandsOf(greys(16)))).toEqual([
      [0, 1, 2, 3],
      [4, 5, 6, 7],
      [8, 9, 10, 11],
      [12, 13, 14, 15],
    ]);
  });

  it('up to four may be used anywhere', () => {
    expect(firsts(bandsOf(greys(3)))).toEqual(Array.from({ length: 4 }, () => [0, 1, 2, 2]));
  });

  it('more are dealt from the top, each of them once', () => {
    expect(firsts(bandsOf(greys(6)))).toEqual([
      [0, 0, 0, 0],
      [1, 2, 2, 2],
      [3, 3, 3, 3],
      [4, 5, 5, 5],
    ]);
    for (let count = 5; count <= 16; count++)
      expect(new Set(firsts(bandsOf(greys(count))).flat()).size).toBe(count);
  });

  it('more than sixteen are refused in a sentence that says how many it takes', () => {
    expect(() => bandsOf(greys(17))).toThrow(/at most 16 colours, 4 for each quarter .* not 17\./);
  });
});

describe('palettes of several references', () => {
  const of = (share: number, ...colours: Rgb[]) =>
    Array.from({ length: 4 }, () => colours.map((rgb) => ({ rgb, share })));
  const red: Rgb = [220, 20, 20];
  const blue: Rgb = [20, 20, 220];

  it('one reference keeps its own', () => {
    const bands = [[red, blue], [blue], [red], []].map((colours) =>
      colours.map((rgb) => ({ rgb, share: 0.5 })),
    );
    expect(mergeBands([{ bands, weight: 0.3 }])).toEqual([
      [red, blue, blue, blue],
      [blue, blue, blue, blue],
      [red, red, red, red],
      Array.from({ length: 4 }, () => [255, 255, 255]),
    ]);
  });

  it('of two, the heavier comes first, and one of weight 0 is not heard', () => {
    const [reds, blues] = [of(1, red), of(1, blue)];
    expect(
      mergeBands([
        { bands: reds, weight: 0.4 },
        { bands: blues, weight: 1 },
      ])[0],
    ).toEqual([blue, red, red, red]);
    expect(
      mergeBands([
        { bands: reds, weight: 0 },
        { bands: blues, weight: 1 },
      ])[2],
    ).toEqual([blue, blue, blue, blue]);
  });
});
