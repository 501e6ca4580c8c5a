import type { Raster } from '../raster.ts';
import { oklab } from './colour.ts';
import { transportCost } from './transport.ts';

/** A colour of a palette: OKLab, and the share of the picture it stands for (shares of a palette sum to 1). */
export interface PaletteColour {
  readonly lab: readonly [number, number, number];
  readonly share: number;
}

export const PALETTE_COLOURS = 12;
const ROUNDS = 12;

/**
 * A picture's main colours: k-means in OKLab over the colours that occur (sRGB cut to 5 bits a channel), started from
 * the most frequent colour and then always the one that is frequent and far from those chosen. No chance in it: the
 * same picture gives the same palette.
 * @param picture sRGB bytes, 3 or 4 channels (alpha is left out). @param count at most this many colours, 1–16, by default 12.
 */
export function paletteOf(picture: Raster, count = PALETTE_COLOURS): PaletteColour[] {
  const bins = binned(picture);
  const centres = seeds(bins, Math.min(count, 16));
  let shares: number[] = [];
  for (let round = 0; round < ROUNDS; round++) {
    const sums = centres.map(() => [0, 0, 0, 0]);
    for (const { lab, share } of bins) {
      let nearest = 0;
      for (let k = 1; k < centres.length; k++)
        if (squared(lab, centres[k]!) < squared(lab, centres[nearest]!)) nearest = k;
      const sum = sums[nearest]!;
      for (let c = 0; c < 3; c++) sum[c]! += lab[c]! * share;
      sum[3]! += share;
    }
    shares = sums.map((sum) => sum[3]!);
    sums.forEach(([l, a, b, share], k) => {
      if (share! > 0) centres[k] = [l! / share!, a! / share!, b! / share!];
    });
  }
  return centres.map((lab, k) => ({ lab, share: shares[k]! })).filter(({ share }) => share > 0);
}

/**
 * Earth mover's distance between two palettes (Rubner, Tomasi, Guibas 2000): the least mean OKLab distance over which
 * one palette's shares must be carried to become the other's, solved exactly. 0 for equal palettes, 1 from all black
 * to all white; 0.02 is hardly seen. Each palette's shares must sum to 1.
 */
export function paletteDistance(one: readonly PaletteColour[], other: readonly PaletteColour[]): number {
  return transportCost(
    one.map(({ share }) => share),
    other.map(({ share }) => share),
    (i, j) => Math.sqrt(squared(one[i]!.lab, other[j]!.lab)),
  );
}

function binned(picture: Raster): PaletteColour[] {
  const { data, channels } = picture;
  const pixels = picture.width * picture.height;
  const counts = new Map<number, [number, number, number, number]>();
  for (let i = 0; i < pixels; i++) {
    const [r, g, b] = [data[i * channels]!, data[i * channels + 1]!, data[i * channels + 2]!];
    const key = ((r >> 3) << 10) | ((g >> 3) << 5) | (b >> 3);
    const bin = counts.get(key);
    if (bin) {
      bin[0] += r;
      bin[1] += g;
      bin[2] += b;
      bin[3]++;
    } else counts.set(key, [r, g, b, 1]);
  }
  return [...counts.values()].map(([r, g, b, n]) => ({ lab: oklab(r / n, g / n, b / n), share: n / pixels }));
}

function seeds(bins: readonly PaletteColour[], count: number): [number, number, number][] {
  const first = bins.reduce((best, bin) => (bin.share > best.share ? bin : best));
  const chosen: [number, number, number][] = [[...first.lab]];
  const far = bins.map(({ lab }) => squared(lab, first.lab));
  while (chosen.length < Math.min(count, bins.length)) {
    let best = 0;
    for (let i = 1; i < bins.length; i++)
      if (far[i]! * bins[i]!.share > far[best]! * bins[best]!.share) best = i;
    if (far[best]! === 0) break;
    const lab = bins[best]!.lab;
    chosen.push([...lab]);
    bins.forEach((bin, i) => (far[i] = Math.min(far[i]!, squared(bin.lab, lab))));
  }
  return chosen;
}

function squared(a: readonly number[], b: readonly number[]): number {
  return (a[0]! - b[0]!) ** 2 + (a[1]! - b[1]!) ** 2 + (a[2]! - b[2]!) ** 2;
}
