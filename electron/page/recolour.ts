import { createRaster, type Raster } from '../raster.ts';
import type { CellCover } from './cover.ts';
import { fromOklab, toOklab } from './oklab.ts';

/** How much of a colour's variation in hue and chroma is kept where its region was given another colour. */
const TINT = 0.4;

/**
 * A model's colour brought in line with flats that others than it decided: the cells of a region vary around its new
 * colour as they did around the old (light and shadow stay, hue hardly).
 * @param colour sRGB bytes, 3 channels, on the grid of the cover.
 * @param before what the model meant each region to be; `after` what it is now. sRGB bytes, 3 a region.
 * @param varies 0–1, by cell, how much of the variation stays; all of it when left out.
 * @param changed whether a region is touched at all; by default those whose colours differ.
 */
export function recolourRegions(
  colour: Raster,
  { columns, rows, starts, labels }: CellCover,
  before: Uint8Array,
  after: Uint8Array,
  varies: (cell: number) => number = () => 1,
  changed: (region: number) => boolean = (region) => differs(before, after, region),
): Raster {
  const out = createRaster(columns, rows, 3);
  out.data.set(colour.data);
  for (let cell = 0; cell < columns * rows; cell++) {
    const region = labels[starts[cell]!]!;
    if (!changed(region)) continue;
    const old = labOf(before, region);
    const fresh = labOf(after, region);
    const here = labOf(colour.data, cell);
    const keep = varies(cell);
    out.data.set(
      fromOklab([
        fresh[0] + keep * (here[0] - old[0]),
        fresh[1] + keep * TINT * (here[1] - old[1]),
        fresh[2] + keep * TINT * (here[2] - old[2]),
      ]),
      cell * 3,
    );
  }
  return out;
}

function differs(before: Uint8Array, after: Uint8Array, region: number): boolean {
  for (let at = region * 3; at < region * 3 + 3; at++) if (before[at] !== after[at]) return true;
  return false;
}

function labOf(rgb: Uint8Array, at: number): ReturnType<typeof toOklab> {
  return toOklab(rgb[at * 3]!, rgb[at * 3 + 1]!, rgb[at * 3 + 2]!);
}
