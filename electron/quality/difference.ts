import { differenceCiede2000 } from 'culori';
import type { Raster } from '../raster.ts';
import { mustMatch } from './colour.ts';

/** CIE L*a*b* under D65: L 0–100. */
export interface Lab {
  readonly l: number;
  readonly a: number;
  readonly b: number;
}

const ciede2000 = differenceCiede2000();

/**
 * CIEDE2000 (Sharma, Wu, Dalal 2005) with all weights 1: about 1 is just noticeable, 10 another shade of one colour.
 * @param one, other CIE L*a*b* under D65.
 */
export function deltaE2000(one: Lab, other: Lab): number {
  return ciede2000({ mode: 'lab65', ...one }, { mode: 'lab65', ...other });
}

/**
 * Peak signal-to-noise ratio in dB over the three sRGB channels together, peak 255; alpha is left out. Infinity for
 * equal pictures.
 * @param one, other sRGB bytes, 3 or 4 channels, one size. @throws RangeError for different sizes.
 */
export function psnr(one: Raster, other: Raster): number {
  mustMatch(one, other);
  const pixels = one.width * one.height;
  let sum = 0;
  for (let i = 0; i < pixels; i++)
    for (let c = 0; c < 3; c++)
      sum += (one.data[i * one.channels + c]! - other.data[i * other.channels + c]!) ** 2;
  return sum === 0 ? Infinity : 10 * Math.log10((255 * 255 * pixels * 3) / sum);
}
