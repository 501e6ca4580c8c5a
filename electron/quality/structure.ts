import type { Raster } from '../raster.ts';
import { mustMatch } from './colour.ts';
import { blurred, channelOf, halved, type Plane } from './plane.ts';

const WEIGHTS = [0.0448, 0.2856, 0.3001, 0.2363, 0.1333];
const WINDOW = 11;
const SIGMA = 1.5;
const C1 = (0.01 * 255) ** 2;
const C2 = (0.03 * 255) ** 2;

/** No term counts for less: models/training/measures.py has the same floor. */
const LEAST_TERM = 1e-6;

/**
 * Multi-scale structural similarity (Wang, Simoncelli, Bovik 2003), 0–1, over the three sRGB channels together: on luma
 * alone a wrong colour of the right lightness would go unseen. Five scales, 11x11 Gaussian windows of sigma 1.5 that
 * lie wholly inside; each coarser scale has half the sides, averaged. Contrast and structure are taken at every scale,
 * luminance at the coarsest, each a mean over windows and channels. Scales on which a window no longer fits are left
 * out and the remaining weights brought to sum 1.
 * @param one, other sRGB bytes, 3 or 4 channels, one size, at least 11 px a side. @throws RangeError otherwise.
 */
export function msSsim(one: Raster, other: Raster): number {
  mustMatch(one, other);
  const side = Math.min(one.width, one.height);
  if (side < WINDOW) throw new RangeError(`MS-SSIM needs at least ${WINDOW} px a side; got ${side}.`);
  const scales = WEIGHTS.filter((_, scale) => side >> scale >= WINDOW).length;
  const total = WEIGHTS.slice(0, scales).reduce((sum, weight) => sum + weight, 0);
  let pairs = [0, 1, 2].map((c) => ({ a: channelOf(one, c), b: channelOf(other, c) }));
  let product = 1;
  for (let scale = 0; scale < scales; scale++) {
    const compared = pairs.map(({ a, b }) => compare(a, b));
    const mean = (of: 'luminance' | 'contrast'): number =>
      compared.reduce((sum, terms) => sum + terms[of], 0) / compared.length;
    const term = scale === scales - 1 ? mean('luminance') * mean('contrast') : mean('contrast');
    product *= Math.max(LEAST_TERM, term) ** (WEIGHTS[scale]! / total);
    if (scale < scales - 1) pairs = pairs.map(({ a, b }) => ({ a: halved(a), b: halved(b) }));
  }
  return product;
}

/** Means over all inner windows of SSIM's luminance term and of its contrast and structure term. */
function compare(a: Plane, b: Plane): { luminance: number; contrast: number } {
  const radius = (WINDOW - 1) / 2;
  const times = (p: Plane, q: Plane): Plane => ({ ...p, data: p.data.map((v, i) => v * q.data[i]!) });
  const smooth = (p: Plane): Float32Array => blurred(p, SIGMA, radius).data;
  const [meanA, meanB] = [smooth(a), smooth(b)];
  const [squareA, squareB, cross] = [smooth(times(a, a)), smooth(times(b, b)), smooth(times(a, b))];
  let contrast = 0;
  let luminance = 0;
  let windows = 0;
  for (let y = radius; y < a.height - radius; y++)
    for (let x = radius; x < a.width - radius; x++) {
      const i = y * a.width + x;
      const ma = meanA[i]!;
      const mb = meanB[i]!;
      const spread = squareA[i]! - ma * ma + squareB[i]! - mb * mb;
      contrast += (2 * (cross[i]! - ma * mb) + C2) / (spread + C2);
      luminance += (2 * ma * mb + C1) / (ma * ma + mb * mb + C1);
      windows++;
    }
  return { luminance: luminance / windows, contrast: contrast / windows };
}
