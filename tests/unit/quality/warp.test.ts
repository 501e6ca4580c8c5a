import { describe, expect, it } from 'vitest';
import { psnr } from '../../../electron/quality/difference.ts';
import { warpThinPlate } from '../../../electron/quality/warp.ts';
import { noise, painted } from './pictures.ts';

const picture = painted(60, 40, (x, y) => [x * 4, y * 6, 100]);

describe('a thin-plate warp', () => {
  it('of no strength leaves every pixel', () => {
    expect(warpThinPlate(noise(33, 21, 3), { seed: 1, strength: 0 }).data).toEqual(noise(33, 21, 3).data);
  });

  it('is the same for the same seed and another for another', () => {
    expect(warpThinPlate(picture, { seed: 5 }).data).toEqual(warpThinPlate(picture, { seed: 5 }).data);
    expect(warpThinPlate(picture, { seed: 6 }).data).not.toEqual(warpThinPlate(picture, { seed: 5 }).data);
  });

  it('bends the picture and invents no colour', () => {
    const bent = warpThinPlate(picture, { seed: 9 });
    expect([bent.width, bent.height, bent.channels]).toEqual([60, 40, 3]);
    expect(psnr(bent, picture)).toBeLessThan(40);
    for (let i = 2; i < bent.data.length; i += 3) expect(bent.data[i]).toBe(100);
  });

  it('works on one pixel and refuses a strength that folds the picture', () => {
    const dot = painted(1, 1, () => [1, 2, 3]);
    expect([...warpThinPlate(dot, { seed: 2 }).data]).toEqual([1, 2, 3]);
    expect(() => warpThinPlate(picture, { seed: 1, strength: 0.9 })).toThrow(RangeError);
    expect(() => warpThinPlate(picture, { seed: 1, points: 1 })).toThrow(RangeError);
  });
});
