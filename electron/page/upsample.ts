import type { Raster } from '../raster.ts';
import type { CellCover } from './cover.ts';
import type { RegionMap } from './regions.ts';
import { emptyResidual, paintResidual, spreadResidual } from './residual.ts';

/**
 * The Colour layer: a model's low-resolution colour at the size of the page, along the page's own lines. Within a
 * region it is as smooth as the model made it; no colour crosses into another region; what the model painted of the
 * lines themselves is left out.
 * @param cover the map over the grid of `colour` (`coverCells`).
 * @param colour sRGB bytes, 3 channels, columns x rows of the cover.
 * @param flats sRGB bytes, 3 a region (`poolRegionColours`).
 * @returns RGBA, opaque, sRGB.
 */
export function upsampleColour(
  regions: RegionMap,
  cover: CellCover,
  colour: Raster,
  flats: Uint8Array,
): Raster {
  const residual = emptyResidual(cover);
  for (let cell = 0; cell < residual.labels.length; cell++)
    for (let c = 0; c < 3; c++)
      residual.delta[cell * 3 + c] = colour.data[cell * 3 + c]! - flats[residual.labels[cell]! * 3 + c]!;
  return paintResidual(regions, spreadResidual(residual, 3, false), flats);
}
