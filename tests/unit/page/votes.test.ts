import { describe, expect, test } from 'vitest';
import { chooseFlats } from '../../../electron/page/flats.ts';
import type { Rgb } from '../../../electron/page/oklab.ts';
import type { RegionMap } from '../../../electron/page/regions.ts';
import type { ColourVotes } from '../../../electron/page/votes.ts';
import { blankPage, drawStroke, paint } from './drawings.ts';

const RED: Rgb = [200, 48, 40];
const BLUE: Rgb = [40, 80, 190];
const BROWN: Rgb = [120, 84, 60];

/** Two halves of a page, a line between them. */
const map: RegionMap = {
  labels: Int32Array.from({ length: 200 * 100 }, (_, p) => (p % 200 < 100 ? 0 : 1)),
  width: 200,
  height: 100,
  count: 2,
  areasPx: Uint32Array.from([10_000, 10_000]),
};
const ink = blankPage(200, 100);
drawStroke(ink, [100, -5], [100, 105], 3);

/** Votes on a grid of 10 x 5 tokens, the same in each half. */
function votesOf(colours: readonly Rgb[], left: readonly number[], right: readonly number[]): ColourVotes {
  const weights = Array.from({ length: 50 }, (_, token) => (token % 10 < 5 ? left : right)).flat();
  return { columns: 10, rows: 5, colours, weights: Float32Array.from(weights) };
}

/** What an unsure model paints: everything the grey between its guesses. */
const mud = paint(40, 20, () => [112, 106, 110]);

function flatsBy(votes: ColourVotes, snap?: readonly Rgb[]): number[] {
  return [...chooseFlats(map, ink, mud, { votes, snap }).colours];
}

describe('votes', () => {
  test('regions that a model painted alike take the colours it looked at', () => {
    expect(flatsBy(votesOf([RED, BLUE], [0.5, 0.3], [0.3, 0.5]))).toEqual([...RED, ...BLUE]);
  });

  test('a colour looked at from everywhere gives way to one that a region alone looks at', () => {
    const votes = votesOf([BROWN, RED, BLUE], [0.5, 0.46, 0.01], [0.5, 0.01, 0.46]);
    expect(flatsBy(votes)).toEqual([...RED, ...BLUE]);
  });

  test('shades of one colour count for each other', () => {
    const shades: Rgb[] = [RED, [206, 52, 44], [196, 46, 42], BLUE];
    const [red, green, blue] = flatsBy(votesOf(shades, [0.2, 0.2, 0.2, 0.35], [0, 0, 0, 0.9]));
    expect(red).toBeGreaterThan(190);
    expect(green).toBeLessThan(60);
    expect(blue).toBeLessThan(60);
  });

  test('where hardly any vote names a colour, the nearest of the references’ is taken', () => {
    const snap: Rgb[] = [[120, 100, 108]];
    expect(flatsBy(votesOf([RED, BLUE], [0.1, 0.02], [0.02, 0.8]), snap)).toEqual([...snap[0]!, ...BLUE]);
  });

  test('what the model painted is told too, so that light and shadow can follow the colour elected', () => {
    const flats = chooseFlats(map, ink, mud, { votes: votesOf([RED, BLUE], [0.9, 0], [0, 0.9]) });
    expect([...flats.painted]).toEqual([112, 106, 110, 112, 106, 110]);
  });
});
