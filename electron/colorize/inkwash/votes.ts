import type { Tensor } from '../../engine/types.ts';
import { distanceSquared, toOklab } from '../../page/oklab.ts';
import { paletteOf } from '../../page/palette.ts';
import type { ColourVotes } from '../../page/votes.ts';
import { createRaster, type Raster } from '../../raster.ts';

/** A token's value ends with its 4x4 half-size pixels, channel by channel, in -1..1, and four numbers of its place. */
const FINE = 4;
const EXTENT = 4;
/** Colours that are voted for. */
const COLOURS = 32;
/** Colours of a token: its quarters'. */
const QUARTERS = 4;
/** Attention under this is not counted. */
const LEAST_ATTENTION = 1e-4;

/**
 * What each token of a drawing votes for: the colours of the tokens it attends to, gathered into a few.
 * @param attention [1,Q,S]. @param values [1,S,D], of references, palette, hints and pins as they stand in `attention`.
 * @param grid the drawing's tokens, Q = columns*rows.
 */
export function votesOf(
  attention: Tensor,
  values: Tensor,
  grid: { readonly columns: number; readonly rows: number },
): ColourVotes {
  const [, tokens, sources] = attention.dims as [number, number, number];
  const quarters = quartersOf(values);
  const colours = paletteOf(quarters, COLOURS).map(({ rgb }) => rgb);
  const nearest = nearestOf(
    quarters,
    colours.map((rgb) => toOklab(...rgb)),
  );
  const count = colours.length;
  const weights = new Float32Array(tokens * count);
  for (let q = 0; q < tokens; q++)
    for (let s = 0; s < sources; s++) {
      const weight = attention.data[q * sources + s]!;
      if (weight < LEAST_ATTENTION) continue;
      for (let i = s * QUARTERS; i < (s + 1) * QUARTERS; i++)
        weights[q * count + nearest[i]!]! += weight / QUARTERS;
    }
  return { ...grid, colours, weights };
}

/** The four quarters of every token, a row of pixels each: sRGB bytes, [S rows, 4 columns]. */
function quartersOf({ data, dims }: Tensor): Raster {
  const [, tokens, depth] = dims as [number, number, number];
  const quarters = createRaster(QUARTERS, tokens, 3);
  for (let token = 0; token < tokens; token++)
    for (let channel = 0; channel < 3; channel++) {
      const first = (token + 1) * depth - EXTENT - (3 - channel) * FINE * FINE;
      for (let quarter = 0; quarter < QUARTERS; quarter++) {
        const at = first + (quarter >> 1) * 2 * FINE + (quarter & 1) * 2;
        const mean = (data[at]! + data[at + 1]! + data[at + FINE]! + data[at + FINE + 1]!) / 4;
        quarters.data[(token * QUARTERS + quarter) * 3 + channel] = Math.round((mean + 1) * 127.5);
      }
    }
  return quarters;
}

/** The colour each quarter is nearest to. */
function nearestOf({ data }: Raster, colours: readonly ReturnType<typeof toOklab>[]): Uint8Array {
  const nearest = new Uint8Array(data.length / 3);
  const known = new Map<number, number>();
  for (let i = 0; i < nearest.length; i++) {
    const [r, g, b] = [data[i * 3]!, data[i * 3 + 1]!, data[i * 3 + 2]!];
    const key = (r << 16) | (g << 8) | b;
    let best = known.get(key);
    if (best === undefined) {
      const lab = toOklab(r, g, b);
      let least = Infinity;
      best = 0;
      for (let k = 0; k < colours.length; k++) {
        const apart = distanceSquared(lab, colours[k]!);
        if (apart >= least) continue;
        least = apart;
        best = k;
      }
      known.set(key, best);
    }
    nearest[i] = best;
  }
  return nearest;
}
