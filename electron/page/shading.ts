import type { Raster } from '../raster.ts';
import type { CellCover } from './cover.ts';
import { toOklab, type Oklab } from './oklab.ts';
import { luma } from './paper.ts';
import type { RegionMap } from './regions.ts';
import { emptyResidual, paintResidual, spreadResidual } from './residual.ts';

/** Shadows no deeper than this, of 1. */
const DEEPEST = 0.35;
/** A difference of brightness under this is the model's noise; from `MEANT` on it is a shadow, fully. */
const NOISE = 0.06;
const MEANT = 0.15;
/** Rounds of smoothing: a model paints patches of eight cells, light and shadow do not end at their edges. */
const SMOOTHING = 7;
/** How much of the shadow's own hue is kept; the rest is neutral grey. */
const TINT = 0.3;
/** Distance of hue and chroma in OKLab (a, b) at which a difference is hardly a shadow any more. */
const HUE_REACH = 0.07;
/** Keeps dark flats from making shadows of rounding errors, sRGB units. */
const FLOOR = 24;

/**
 * The Shading layer, for blend mode multiply: where the model painted darker than the flat colour. Flats x Shading is
 * the model's colour, smoothed, wherever that is darker than its flat; elsewhere Shading is pure white. It stops at
 * region borders and knows nothing of the lines.
 * @param cover the map over the grid of `colour` (`coverCells`).
 * @param colour sRGB bytes, 3 channels, columns x rows of the cover.
 * @param flats sRGB bytes, 3 a region (`poolRegionColours`).
 * @returns RGBA, opaque, sRGB; 255 leaves the colour below as it is.
 */
export function shadeFlats(regions: RegionMap, cover: CellCover, colour: Raster, flats: Uint8Array): Raster {
  const residual = emptyResidual(cover);
  const { labels, delta } = residual;
  const flatLab = Array.from({ length: cover.regionCount }, (_, region) => labAt(flats, region * 3));
  for (let cell = 0; cell < labels.length; cell++) {
    const p = cell * 3;
    const f = labels[cell]! * 3;
    const grey = (lumaAt(colour.data, p) + FLOOR) / (lumaAt(flats, f) + FLOOR);
    const flat = flatLab[labels[cell]!]!;
    const here = labAt(colour.data, p);
    // Another hue is another thing in the same region, not a shadow on this one.
    // Nor does paper take shadows: what a model paints around a figure is fog there.
    const isPaper = flats[f]! === 255 && flats[f + 1]! === 255 && flats[f + 2]! === 255;
    const sameHue = Math.exp(-((here[1] - flat[1]) ** 2 + (here[2] - flat[2]) ** 2) / HUE_REACH ** 2);
    const dark = isPaper ? 0 : meantDark(1 - grey) * sameHue;
    for (let c = 0; c < 3; c++) {
      const ratio = (colour.data[p + c]! + FLOOR) / (flats[f + c]! + FLOOR);
      const tinted = dark === 0 ? 0 : Math.max(0, dark + TINT * sameHue * (grey - ratio));
      delta[p + c] = -255 * Math.min(1 - DEEPEST, tinted);
    }
  }
  const white = new Uint8Array(cover.regionCount * 3).fill(255);
  return paintResidual(regions, spreadResidual(spreadResidual(residual, 2, false), SMOOTHING, true), white);
}

function meantDark(dark: number): number {
  return Math.min(dark, (Math.max(0, dark - NOISE) * MEANT) / (MEANT - NOISE));
}

function labAt(rgb: Uint8Array, at: number): Oklab {
  return toOklab(rgb[at]!, rgb[at + 1]!, rgb[at + 2]!);
}

function lumaAt(rgb: Uint8Array, at: number): number {
  return luma(rgb[at]!, rgb[at + 1]!, rgb[at + 2]!);
}
