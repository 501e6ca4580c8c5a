import type { Raster } from '../raster.ts';
import { mustMatch } from './colour.ts';
import { blurred, type Plane } from './plane.ts';

/** How far the surroundings reach against which a line is fine structure: sigma in pixels, radius 4 sigma. */
const AROUND = 3;

/**
 * How well the drawing's lines stand in the output, −1 to 1: the correlation, over all pixels, of the fine structure of
 * both, where fine structure is luma (Rec. 601 of the sRGB bytes) minus its Gaussian blur of sigma 3 px. So it does not
 * matter which colours the areas have, and it falls when lines are lost, blurred, or drawn where there are none; edges
 * between colours that no line marks cost a little too. A drawing or output without fine structure gives 0.
 * @param lines grey bytes, 255 paper, 0 ink. @param output sRGB bytes, 3 or 4 channels, of the same size.
 * @throws RangeError for different sizes.
 */
export function lineFidelity(lines: Raster, output: Raster): number {
  mustMatch(lines, output);
  const a = fineStructure(lines);
  const b = fineStructure(output);
  let ab = 0;
  let aa = 0;
  let bb = 0;
  for (let i = 0; i < a.length; i++) {
    ab += a[i]! * b[i]!;
    aa += a[i]! * a[i]!;
    bb += b[i]! * b[i]!;
  }
  // Below this the structure is rounding noise of a flat picture.
  const least = a.length * 1e-6;
  return aa < least || bb < least ? 0 : ab / Math.sqrt(aa * bb);
}

function fineStructure({ data, width, height, channels }: Raster): Float32Array {
  const luma: Plane = { data: new Float32Array(width * height), width, height };
  for (let i = 0; i < luma.data.length; i++) {
    const at = i * channels;
    luma.data[i] =
      channels === 1 ? data[at]! : 0.299 * data[at]! + 0.587 * data[at + 1]! + 0.114 * data[at + 2]!;
  }
  const around = blurred(luma, AROUND, 4 * AROUND).data;
  return luma.data.map((value, i) => value - around[i]!);
}
