import { describe, expect, it } from 'vitest';
import { msSsim } from '../../../electron/quality/structure.ts';
import { lineFidelity } from '../../../electron/quality/line-fidelity.ts';
import { meanColour } from '../../../electron/quality/baselines.ts';
import { inked, noise, painted } from './pictures.ts';

describe('MS-SSIM', () => {
  it('is 1 for equal pictures, also where fewer than five scales fit', () => {
    expect(msSsim(noise(180, 180, 3), noise(180, 180, 3))).toBeCloseTo(1, 6);
    expect(msSsim(noise(20, 31, 3), noise(20, 31, 3))).toBeCloseTo(1, 6);
  });

  it('sees only the luminance term, at the coarsest scale, between two flat pictures', () => {
    const c1 = (0.01 * 255) ** 2;
    const luminance = (2 * 100 * 160 + c1) / (100 ** 2 + 160 ** 2 + c1);
    const one = painted(176, 176, () => [100, 100, 100]);
    const other = painted(176, 176, () => [160, 160, 160]);
    expect(msSsim(one, other)).toBeCloseTo(luminance ** 0.1333, 5);
  });

  it('falls with noise, and sees a wrong colour of the right lightness', () => {
    const picture = painted(96, 96, (x, y) => [(x * 2) % 256, (y * 2) % 256, 128]);
    const rough = (strength: number): ReturnType<typeof noise> => {
      const grain = noise(96, 96, 5);
      return { ...picture, data: picture.data.map((v, i) => v + ((grain.data[i]! - 128) * strength) / 128) };
    };
    const little = msSsim(picture, rough(10));
    expect(little).toBeLessThan(1);
    expect(msSsim(picture, rough(60))).toBeLessThan(little);
    const swapped = painted(96, 96, (x, y) => [(y * 2) % 256, (x * 2) % 256, 128]);
    expect(msSsim(picture, swapped)).toBeLessThan(0.6);
  });

  it('refuses what is smaller than its window', () => {
    expect(() => msSsim(noise(10, 40, 1), noise(10, 40, 2))).toThrow(RangeError);
  });
});

describe('line fidelity', () => {
  const isInk = (x: number, y: number): boolean => x % 40 < 2 || Math.abs(x - y) < 2;
  const lines = inked(128, 128, isInk);

  it('is high where the lines stand over colours, whichever they are', () => {
    const colours = painted(128, 128, () => [200, 120, 60]);
    expect(lineFidelity(lines, meanColour(lines, colours))).toBeGreaterThan(0.95);
  });

  it('is 0 for a flat output, and low for lines that stand elsewhere', () => {
    expect(
      lineFidelity(
        lines,
        painted(128, 128, () => [200, 120, 60]),
      ),
    ).toBe(0);
    const elsewhere = painted(128, 128, (x, y) => (isInk(x + 10, y) ? [0, 0, 0] : [255, 255, 255]));
    expect(lineFidelity(lines, elsewhere)).toBeLessThan(0.4);
  });

  it('falls when the lines fade', () => {
    const inkOf = (value: number): ReturnType<typeof painted> =>
      painted(128, 128, (x, y) => (isInk(x, y) && y > value ? [20, 20, 20] : [230, 220, 200]));
    expect(lineFidelity(lines, inkOf(64))).toBeLessThan(lineFidelity(lines, inkOf(10)));
  });
});
