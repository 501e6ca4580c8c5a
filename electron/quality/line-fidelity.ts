import type { Raster } from '../raster.ts';
import { mustMatch, oklabOf } from './colour.ts';
import { blurred, type Plane } from './plane.ts';

/** How wide the surroundings are against which a line is darker, and how far it may stray, in pixels at 256. */
const AROUND = 3;
const STRAY = 0.7;

/**
 * How well the drawing's lines stand in the output, −1 to 1. In both pictures a pixel's *lineness* is by how much it is
 * darker (OKLab L) than its surroundings (Gaussian, sigma 3 px at 256 px, wider in proportion for larger pictures),
 * smoothed by 0.7 px so that a line may stray by half a pixel; fidelity is the Pearson correlation of the two over all
 * pixels. So it does not matter which colours the areas have, and it falls when lines are lost, blurred or drawn where
 * there are none. A drawing or output without any line gives 0.
 * @param lines grey bytes, 255 paper, 0 ink. @param output sRGB bytes, 3 or 4 channels, of the same size.
 * @throws RangeError for different sizes.
 */
export function lineFidelity(lines: Raster, output: Raster): number {
  mustMatch(lines, output);
  return correlation(lineness(lines), lineness(output));
}

function lineness(picture: Raster): Float32Array {
  const { width, height } = picture;
  const lab = oklabOf(picture);
  const scale = Math.max(1, Math.max(width, height) / 256);
  const light: Plane = {
    data: Float32Array.from({ length: width * height }, (_, i) => lab[i * 3]!),
    width,
    height,
  };
  const around = blurred(light, AROUND * scale).data;
  const darker = light.data.map((l, i) => Math.max(0, around[i]! - l));
  return blurred({ data: darker, width, height }, STRAY * scale).data;
}

function correlation(a: Float32Array, b: Float32Array): number {
  const mean = (v: Float32Array): number => v.reduce((sum, x) => sum + x, 0) / v.length;
  const [ma, mb] = [mean(a), mean(b)];
  let ab = 0;
  let aa = 0;
  let bb = 0;
  a.forEach((v, i) => {
    ab += (v - ma) * (b[i]! - mb);
    aa += (v - ma) ** 2;
    bb += (b[i]! - mb) ** 2;
  });
  // Below this the "lines" are rounding noise of a flat picture.
  const least = a.length * 1e-10;
  return aa < least || bb < least ? 0 : ab / Math.sqrt(aa * bb);
}
