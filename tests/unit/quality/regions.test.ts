import { describe, expect, it } from 'vitest';
import { meanColour, nearestRegions, reinhardTransfer } from '../../../electron/quality/baselines.ts';
import { colourRegions } from '../../../electron/quality/colour-regions.ts';
import { regionAccuracy, regionColours, type LabelMap } from '../../../electron/quality/regions.ts';
import { inked, noise, painted } from './pictures.ts';

function labelled(width: number, height: number, labelAt: (x: number, y: number) => number): LabelMap {
  return {
    labels: Int32Array.from({ length: width * height }, (_, i) => labelAt(i % width, Math.floor(i / width))),
    width,
    height,
  };
}

const sky = [120, 180, 240] as const;
const sand = [230, 200, 140] as const;
const thirds = labelled(30, 10, (x) => (x === 10 ? -1 : x < 10 ? 4 : 9));
const beach = painted(30, 10, (x) => (x < 10 ? sky : sand));

describe('region accuracy', () => {
  it('is the share of area that has the target’s colour', () => {
    expect(regionAccuracy(beach, beach, thirds)).toBe(1);
    const wrongSand = painted(30, 10, (x) => (x < 10 ? [126, 184, 242] : [40, 90, 40]));
    expect(regionAccuracy(wrongSand, beach, thirds)).toBeCloseTo(10 / 29, 9);
  });

  it('does not mind lines and grain inside a region', () => {
    const drawnOver = painted(30, 10, (x, y) => (x % 3 === 0 ? [0, 0, 0] : beachAt(x, y)));
    expect(regionAccuracy(drawnOver, beach, thirds)).toBe(1);
  });

  it('measures area, place and median colour', () => {
    const colours = regionColours(beach, thirds);
    expect([...colours.keys()].sort()).toEqual([4, 9]);
    expect(colours.get(4)).toMatchObject({ area: 100, rgb: [...sky] });
    expect(colours.get(4)!.x).toBeCloseTo(5 / 30, 6);
    expect(colours.get(4)!.y).toBeCloseTo(0.5, 6);
  });

  function beachAt(x: number, _y: number): readonly [number, number, number] {
    return x < 10 ? sky : sand;
  }
});

describe('baselines', () => {
  const lines = inked(30, 10, (x) => x === 10);

  it('keep the lines', () => {
    for (const output of [meanColour(lines, beach), nearestRegions(lines, thirds, beach, thirds)])
      expect([...output.data.slice(30, 33)]).toEqual([0, 0, 0]);
    const transferred = reinhardTransfer(lines, beach).data;
    const sum = (at: number): number => transferred[at]! + transferred[at + 1]! + transferred[at + 2]!;
    expect(sum(30)).toBeLessThan(sum(0));
  });

  it('mean colour paints the reference’s mean', () => {
    const mean = sky.map((v, c) => Math.round((v + 2 * sand[c]!) / 3));
    expect([...meanColour(lines, beach).data.slice(0, 3)]).toEqual(mean);
  });

  it('nearest regions gives each region the colour of the region in its place', () => {
    const output = nearestRegions(lines, thirds, beach, thirds);
    expect([...output.data.slice(0, 3)]).toEqual([...sky]);
    expect([...output.data.slice(-3)]).toEqual([...sand]);
  });

  it('Reinhard transfer gives a picture with all three spreads the reference’s means', () => {
    const flat = reinhardTransfer(
      inked(40, 40, () => false),
      painted(20, 20, () => [90, 140, 60]),
    );
    expect(
      [...flat.data.slice(0, 3)].map((v, c) => Math.abs(v - [90, 140, 60][c]!)).every((d) => d <= 2),
    ).toBe(true);
    expect(() =>
      reinhardTransfer(
        inked(8, 8, () => true),
        noise(8, 8, 4),
      ),
    ).not.toThrow();
  });
});

describe('colour regions', () => {
  it('are the connected areas of one colour, specks and thin lines joined to a neighbour', () => {
    const picture = painted(60, 40, (x, y) => {
      if (x === 30 || (x > 50 && y > 37)) return [0, 0, 0];
      return x < 30 ? [220, 60, 60] : y < 20 ? [60, 60, 220] : [60, 160, 60];
    });
    const { labels } = colourRegions(picture);
    const at = (x: number, y: number): number => labels[y * 60 + x]!;
    expect(new Set(labels).size).toBe(3);
    expect(new Set([at(5, 5), at(45, 5), at(45, 30)]).size).toBe(3);
    expect(at(59, 39)).toBe(at(45, 30));
  });

  it('are one for a picture of one colour, however small', () => {
    expect(new Set(colourRegions(painted(5, 5, () => [9, 9, 9])).labels)).toEqual(new Set([0]));
  });
});
