import { describe, expect, it } from 'vitest';
import { remapTiles, shiftTiles, type Remap } from '../../../renderer/paint/page/remap.ts';
import { resampleTiles } from '../../../renderer/paint/page/resample.ts';
import { paintedBounds, pixelAt, toTiles, fromTiles } from '../../../renderer/paint/tiles.ts';
import { seeded } from './random.ts';
import { noiseLayer } from './sample-paintings.ts';

const PAGE = { width: 300, height: 200 };

/** A red pixel at (10, 20) and a green block from (250, 150) to (280, 190). */
function marks() {
  const rgba = new Uint8Array(300 * 200 * 4);
  rgba.set([255, 0, 0, 255], (20 * 300 + 10) * 4);
  for (let y = 150; y < 190; y++)
    for (let x = 250; x < 280; x++) rgba.set([0, 200, 0, 255], (y * 300 + x) * 4);
  return toTiles(rgba, 0, 0, 300, 200);
}

describe('a page turned or flipped', () => {
  const where: Record<Remap, readonly [number, number]> = {
    'quarter-right': [179, 10],
    'quarter-left': [20, 289],
    half: [289, 179],
    'flip-x': [289, 20],
    'flip-y': [10, 179],
  };
  for (const [how, [x, y]] of Object.entries(where))
    it(`${how} puts the pixel where it belongs, as it was`, () => {
      const tiles = remapTiles(marks(), PAGE, how as Remap);
      expect(pixelAt(tiles, x, y)).toEqual([255, 0, 0, 255]);
    });

  it('is the same again after the way back', () => {
    const random = seeded(4);
    const { tiles } = noiseLayer(random, 'a', 300, 200);
    const back = remapTiles(
      remapTiles(tiles, PAGE, 'quarter-right'),
      { width: 200, height: 300 },
      'quarter-left',
    );
    const whole = { left: 0, top: 0, right: 300, bottom: 200 };
    expect(Buffer.from(fromTiles(back, whole)).equals(fromTiles(tiles, whole))).toBe(true);
    const twice = remapTiles(remapTiles(tiles, PAGE, 'flip-x'), PAGE, 'flip-x');
    expect(Buffer.from(fromTiles(twice, whole)).equals(fromTiles(tiles, whole))).toBe(true);
  });
});

describe('a page shifted', () => {
  it('keeps every pixel, whole tiles or not, and cuts what falls off', () => {
    for (const [dx, dy] of [
      [128, -256],
      [7, 131],
      [-45, 3],
    ] as const) {
      const tiles = shiftTiles(marks(), dx, dy, 4);
      expect(pixelAt(tiles, 10 + dx, 20 + dy)).toEqual([255, 0, 0, 255]);
      expect(paintedBounds(tiles)).toEqual({
        left: 10 + dx,
        top: 20 + dy,
        right: 280 + dx,
        bottom: 190 + dy,
      });
    }
    const cut = shiftTiles(marks(), -260, -160, 4, { left: 0, top: 0, right: 15, bottom: 100 });
    expect(paintedBounds(cut)).toEqual({ left: 0, top: 0, right: 15, bottom: 30 });
  });
});

describe('a page scaled', () => {
  it('keeps colours where it shrinks and lets no transparent place darken an edge', () => {
    for (const resampling of ['nearest', 'bilinear', 'bicubic'] as const) {
      const tiles = resampleTiles(marks(), 0.5, 0.5, resampling);
      expect(pixelAt(tiles, 132, 85)).toEqual([0, 200, 0, 255]);
      for (let x = 120; x < 145; x++) {
        const [r, g, b, a] = pixelAt(tiles, x, 85);
        if (a > 0) expect([r, g, b]).toEqual([0, 200, 0]);
      }
    }
  });

  it('keeps an area as large as its scale says', () => {
    for (const [scale, resampling] of [
      [2, 'bicubic'],
      [3, 'nearest'],
      [0.3, 'bilinear'],
    ] as const) {
      const tiles = resampleTiles(marks(), scale, scale, resampling);
      let covered = 0;
      for (const tile of tiles.values())
        for (let at = 3; at < tile.length; at += 4) covered += tile[at]! / 255;
      expect(covered / (30 * 40 + 1) / scale ** 2).toBeCloseTo(1, 1);
    }
  });

  it('changes nothing at its own size', () => {
    const whole = { left: 0, top: 0, right: 300, bottom: 200 };
    for (const resampling of ['nearest', 'bilinear', 'bicubic'] as const)
      expect(
        Buffer.from(fromTiles(resampleTiles(marks(), 1, 1, resampling), whole)).equals(
          fromTiles(marks(), whole),
        ),
      ).toBe(true);
  });
});
