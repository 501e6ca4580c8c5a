import { describe, expect, it } from 'vitest';
import { measuredPalette, paletteDistance } from '../../../electron/quality/palette.ts';
import { transportCost } from '../../../electron/quality/transport.ts';
import { randomFrom } from '../../../electron/quality/warp.ts';
import { noise, painted } from './pictures.ts';

const black = painted(8, 8, () => [0, 0, 0]);
const white = painted(8, 8, () => [255, 255, 255]);

function permutations(n: number): number[][] {
  if (n === 0) return [[]];
  return permutations(n - 1).flatMap((rest) =>
    Array.from({ length: n }, (_, at) => [...rest.slice(0, at), n - 1, ...rest.slice(at)]),
  );
}

describe('transport', () => {
  it('finds the cheapest assignment, as trying all of them does', () => {
    const random = randomFrom(7);
    for (let round = 0; round < 20; round++) {
      const costs = Array.from({ length: 5 }, () => Array.from({ length: 5 }, random));
      const cheapest = Math.min(
        ...permutations(5).map((order) => order.reduce((sum, j, i) => sum + costs[i]![j]! / 5, 0)),
      );
      const mass = new Array<number>(5).fill(0.2);
      expect(transportCost(mass, mass, (i, j) => costs[i]![j]!)).toBeCloseTo(cheapest, 9);
    }
  });

  it('equals the area between the cumulative sums on a line, also for uneven masses', () => {
    const random = randomFrom(11);
    const normal = (n: number): number[] => {
      const raw = Array.from({ length: n }, random);
      const sum = raw.reduce((a, b) => a + b, 0);
      return raw.map((v) => v / sum);
    };
    const [supply, demand] = [normal(16), normal(16)];
    let carried = 0;
    let area = 0;
    for (let i = 0; i < 15; i++) area += Math.abs((carried += supply[i]! - demand[i]!));
    expect(transportCost(supply, demand, (i, j) => Math.abs(i - j))).toBeCloseTo(area, 8);
  });

  it('refuses unequal masses', () => {
    expect(() => transportCost([1], [0.5], () => 1)).toThrow(RangeError);
  });
});

describe('palette distance', () => {
  it('is 1 from black to white and 0 from a picture to itself', () => {
    expect(paletteDistance(measuredPalette(black), measuredPalette(white))).toBeCloseTo(1, 3);
    const picture = noise(64, 64, 2);
    expect(paletteDistance(measuredPalette(picture), measuredPalette(picture))).toBeCloseTo(0, 9);
  });

  it('does not care where the colours are, only how much of each there is', () => {
    const left = painted(40, 40, (x) => (x < 10 ? [200, 30, 30] : [30, 60, 200]));
    const top = painted(40, 40, (_, y) => (y < 10 ? [200, 30, 30] : [30, 60, 200]));
    const half = painted(40, 40, (x) => (x < 20 ? [200, 30, 30] : [30, 60, 200]));
    expect(paletteDistance(measuredPalette(left), measuredPalette(top))).toBeCloseTo(0, 6);
    expect(paletteDistance(measuredPalette(left), measuredPalette(half))).toBeGreaterThan(0.03);
  });
});
