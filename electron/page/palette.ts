import type { Raster } from '../raster.ts';
import { distanceSquared, toOklab, type Oklab, type Rgb } from './oklab.ts';

/** Attentioned Deep Paint's palette: horizontal bands from the top, and colours in each. */
export const BANDS = 4;
export const BAND_COLOURS = 4;

/** A colour of a picture and the share of its area it stands for, 0–1. */
export interface PaletteColour {
  readonly rgb: Rgb;
  readonly share: number;
}

interface Bin {
  readonly rgb: Rgb;
  readonly lab: Oklab;
  readonly weight: number;
}

/** At most this many pixels of a picture are looked at. */
const SAMPLES = 160_000;
const ROUNDS = 12;

/**
 * A few colours that stand for a picture, commonest first: k-medoids in OKLab over a histogram of 5 bits a channel,
 * started at the weighted farthest colours, so the same picture always gives the same palette. Every entry is a colour
 * the picture has.
 * @param picture sRGB bytes, 3 or 4 channels; pixels under half opaque do not count.
 * @param count 1–64. Fewer colours come back when the picture has fewer.
 */
export function paletteOf(picture: Raster, count: number): PaletteColour[] {
  return cluster(histogram(picture, 0, picture.height), count);
}

/**
 * The palette of Attentioned Deep Paint: four horizontal bands from the top, the four commonest colours of each,
 * commonest first. A band with fewer colours repeats its last; one without opaque pixels is white.
 * models/training/palettes.py computes the same, number for number.
 */
export function bandPalette(picture: Raster): Rgb[][] {
  return bandColours(picture).map((band) => {
    const colours = band.map(({ rgb }) => rgb);
    while (colours.length < BAND_COLOURS) colours.push(colours.at(-1) ?? [255, 255, 255]);
    return colours;
  });
}

/** The same with the share of its band that each colour stands for, and without repetition: at most four a band. */
export function bandColours(picture: Raster): PaletteColour[][] {
  return Array.from({ length: BANDS }, (_, band) => {
    const top = Math.floor((picture.height * band) / BANDS);
    const bottom = Math.max(top + 1, Math.floor((picture.height * (band + 1)) / BANDS));
    return cluster(histogram(picture, top, Math.min(picture.height, bottom)), BAND_COLOURS);
  });
}

/** The same choice among colours that already stand for something. @param count of colours wanted, at least 1. */
export function commonest(colours: readonly PaletteColour[], count: number): PaletteColour[] {
  return cluster(
    colours.map(({ rgb, share }) => ({ rgb, lab: labOf(rgb), weight: share })),
    count,
  );
}

function histogram(picture: Raster, top: number, bottom: number): Bin[] {
  const { data, width, channels } = picture;
  const counts = new Uint32Array(32768);
  const sums = new Float64Array(32768 * 3);
  const step = Math.max(1, Math.floor(Math.sqrt((width * (bottom - top)) / SAMPLES)));
  for (let y = top; y < bottom; y += step) {
    for (let x = 0; x < width; x += step) {
      const p = (y * width + x) * channels;
      if (channels === 4 && data[p + 3]! < 128) continue;
      const r = data[p]!;
      const g = channels === 1 ? r : data[p + 1]!;
      const b = channels === 1 ? r : data[p + 2]!;
      const bin = ((r >> 3) << 10) | ((g >> 3) << 5) | (b >> 3);
      counts[bin]!++;
      sums[bin * 3]! += r;
      sums[bin * 3 + 1]! += g;
      sums[bin * 3 + 2]! += b;
    }
  }
  const bins: Bin[] = [];
  for (let bin = 0; bin < counts.length; bin++) {
    const weight = counts[bin]!;
    if (weight === 0) continue;
    const mean = (c: number): number => Math.round(sums[bin * 3 + c]! / weight);
    const rgb: Rgb = [mean(0), mean(1), mean(2)];
    bins.push({ rgb, lab: labOf(rgb), weight });
  }
  return bins;
}

/** To single precision: cube roots differ in their last bit between machines, and a tie must not hang on that. */
function labOf(rgb: Rgb): Oklab {
  const [l, a, b] = toOklab(...rgb);
  return [Math.fround(l), Math.fround(a), Math.fround(b)];
}

function cluster(bins: readonly Bin[], count: number): PaletteColour[] {
  if (bins.length === 0) return [];
  let centres = startingCentres(bins, Math.min(count, bins.length));
  let owner = nearestCentres(bins, centres);
  for (let round = 0; round < ROUNDS; round++) {
    const moved = centres.map((centre, i) => medoidOf(bins.filter((_, b) => owner[b] === i)) ?? centre);
    if (moved.every((centre, i) => centre === centres[i])) break;
    centres = moved;
    owner = nearestCentres(bins, centres);
  }
  const total = bins.reduce((sum, bin) => sum + bin.weight, 0);
  const weights = centres.map(() => 0);
  bins.forEach((bin, b) => (weights[owner[b]!]! += bin.weight));
  return centres
    .map(({ rgb }, i) => ({ rgb, share: weights[i]! / total }))
    .sort((one, other) => other.share - one.share);
}

/** The commonest colour, then again and again the one farthest from all chosen, weighted by how common it is. */
function startingCentres(bins: readonly Bin[], count: number): Bin[] {
  const apart = new Float64Array(bins.length).fill(1);
  const centres: Bin[] = [];
  while (centres.length < count) {
    let best = 0;
    for (let b = 1; b < bins.length; b++)
      if (apart[b]! * Math.sqrt(bins[b]!.weight) > apart[best]! * Math.sqrt(bins[best]!.weight)) best = b;
    if (apart[best] === 0) break;
    const centre = bins[best]!;
    bins.forEach((bin, b) => {
      const distance = distanceSquared(bin.lab, centre.lab);
      apart[b] = centres.length === 0 ? distance : Math.min(apart[b]!, distance);
    });
    centres.push(centre);
  }
  return centres;
}

function nearestCentres(bins: readonly Bin[], centres: readonly Bin[]): number[] {
  return bins.map((bin) => {
    let best = 0;
    let least = Infinity;
    for (let i = 0; i < centres.length; i++) {
      const distance = distanceSquared(bin.lab, centres[i]!.lab);
      if (distance < least) {
        least = distance;
        best = i;
      }
    }
    return best;
  });
}

/** The bin nearest to the weighted mean of a cluster. */
function medoidOf(members: readonly Bin[]): Bin | undefined {
  const sum = [0, 0, 0];
  let weight = 0;
  for (const member of members) {
    weight += member.weight;
    for (let c = 0; c < 3; c++) sum[c]! += member.weight * member.lab[c]!;
  }
  const mean: Oklab = [sum[0]! / weight, sum[1]! / weight, sum[2]! / weight];
  let best: Bin | undefined;
  let least = Infinity;
  for (const member of members) {
    const distance = distanceSquared(member.lab, mean);
    if (distance >= least) continue;
    least = distance;
    best = member;
  }
  return best;
}
