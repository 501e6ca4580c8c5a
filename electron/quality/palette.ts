import { distanceSquared, toOklab } from '../page/oklab.ts';
import { paletteOf, type PaletteColour } from '../page/palette.ts';
import type { Raster } from '../raster.ts';
import { transportCost } from './transport.ts';

const COLOURS = 12;

/** A picture's main colours, at most 12, as they are compared. @param picture sRGB bytes, 3 or 4 channels. */
export function measuredPalette(picture: Raster): PaletteColour[] {
  return paletteOf(picture, COLOURS);
}

/**
 * Earth mover's distance between two palettes (Rubner, Tomasi, Guibas 2000): the least mean OKLab distance over which
 * one palette's shares must be carried to become the other's, solved exactly. 0 for equal palettes, 1 from all black
 * to all white; 0.02 is hardly seen. @param one, other palettes of at least one colour; shares are brought to sum 1.
 */
export function paletteDistance(one: readonly PaletteColour[], other: readonly PaletteColour[]): number {
  const sides = [one, other].map((palette) => {
    const total = palette.reduce((sum, { share }) => sum + share, 0);
    return palette.map(({ rgb, share }) => ({ lab: toOklab(...rgb), mass: share / total }));
  });
  const [from, to] = [sides[0]!, sides[1]!];
  return transportCost(
    from.map(({ mass }) => mass),
    to.map(({ mass }) => mass),
    (i, j) => Math.sqrt(distanceSquared(from[i]!.lab, to[j]!.lab)),
  );
}
