import { createRaster, type Raster } from '../raster.ts';
import type { CellCover } from './cover.ts';
import { distanceSquared, toOklab, type Oklab, type Rgb } from './oklab.ts';
import type { RegionMap } from './regions.ts';

export interface PoolOptions {
  /** Colours the references have: each region takes the nearest of them, unless all are far off. */
  readonly snap?: readonly Rgb[] | undefined;
}

/** Samples looked at for one region; a larger region is sampled evenly. */
const MOST_SAMPLES = 96;
/** Colours this near in OKLab count as the same when the commonest is looked for. */
const SAME = 0.06;
/** A palette colour farther off than this in OKLab is not what the model meant. */
const SNAP_REACH = 0.2;
/** A region on less of the model's grid than this, in cells, has no colour of its own there. */
const SMALLEST_SHARE = 0.4;
const WHITE: Rgb = [255, 255, 255];

/**
 * One colour a region: the commonest the model gave it (the mode of its cells in OKLab, cells near lines or shared with
 * other regions counting little), not their mean, which greys where the model was unsure. A region too small for the
 * model's grid takes the colour of the region it shares most cells with; near-white becomes paper white.
 * @param cover the map over the grid of `colour` (`coverCells`).
 * @param colour sRGB bytes, 3 channels, columns x rows of the cover.
 * @returns sRGB bytes, 3 a region.
 */
export function poolRegionColours(cover: CellCover, colour: Raster, options: PoolOptions = {}): Uint8Array {
  const { columns, rows, regionCount, starts, labels, shares } = cover;
  if (colour.width !== columns || colour.height !== rows || colour.channels !== 3)
    throw new RangeError(`The model's colour must be RGB and ${columns}x${rows}, as the grid is.`);
  const total = new Float32Array(regionCount);
  const firstOf = new Uint32Array(regionCount + 1);
  for (let e = 0; e < labels.length; e++) {
    total[labels[e]!]! += shares[e]!;
    firstOf[labels[e]! + 1]!++;
  }
  for (let r = 0; r < regionCount; r++) firstOf[r + 1]! += firstOf[r]!;
  const next = firstOf.slice();
  const cellOf = new Uint32Array(labels.length);
  const weightOf = new Float32Array(labels.length);
  for (let cell = 0; cell < columns * rows; cell++) {
    for (let e = starts[cell]!; e < starts[cell + 1]!; e++) {
      const at = next[labels[e]!]!++;
      cellOf[at] = cell;
      weightOf[at] = shares[e]! ** 2;
    }
  }
  const palette = options.snap?.map((rgb) => ({ rgb, lab: toOklab(...rgb) }));
  const colours = new Uint8Array(regionCount * 3).fill(255);
  for (let region = 0; region < regionCount; region++) {
    if (total[region]! < SMALLEST_SHARE) continue;
    const mode = modeOf(colour, cellOf, weightOf, firstOf[region]!, firstOf[region + 1]!);
    colours.set(settle(mode, palette), region * 3);
  }
  for (let region = 0; region < regionCount; region++) {
    if (total[region]! >= SMALLEST_SHARE) continue;
    const host = largestNeighbour(cover, total, cellOf, firstOf[region]!, firstOf[region + 1]!, region);
    if (host !== -1) colours.copyWithin(region * 3, host * 3, host * 3 + 3);
    else if (firstOf[region]! < firstOf[region + 1]!) {
      const p = cellOf[firstOf[region]!]! * 3;
      colours.set(settle([colour.data[p]!, colour.data[p + 1]!, colour.data[p + 2]!], palette), region * 3);
    }
  }
  return colours;
}

/** Fills every region with its colour: RGBA, opaque, sRGB, at the size of the map. */
export function paintFlats(regions: RegionMap, colours: Uint8Array): Raster {
  const flats = createRaster(regions.width, regions.height, 4);
  const bytes = new Uint8Array(regions.count * 4);
  for (let region = 0; region < regions.count; region++) {
    bytes.set(colours.subarray(region * 3, region * 3 + 3), region * 4);
    bytes[region * 4 + 3] = 255;
  }
  const words = new Uint32Array(bytes.buffer);
  const out = new Uint32Array(flats.data.buffer, flats.data.byteOffset, regions.labels.length);
  for (let p = 0; p < out.length; p++) out[p] = words[regions.labels[p]!]!;
  return flats;
}

/** The sample with most weight of alike samples around it, then the mean of those. */
function modeOf(
  colour: Raster,
  cellOf: Uint32Array,
  weightOf: Float32Array,
  from: number,
  to: number,
): [number, number, number] {
  const step = Math.max(1, Math.floor((to - from) / MOST_SAMPLES));
  const samples: { lab: Oklab; p: number; weight: number }[] = [];
  for (let at = from + (step >> 1); at < to; at += step) {
    const p = cellOf[at]! * 3;
    samples.push({
      lab: toOklab(colour.data[p]!, colour.data[p + 1]!, colour.data[p + 2]!),
      p,
      weight: weightOf[at]!,
    });
  }
  let best = samples[0]!;
  let most = -1;
  for (const candidate of samples) {
    let near = 0;
    for (const { lab, weight } of samples) {
      const apart = distanceSquared(lab, candidate.lab);
      if (apart < 9 * SAME * SAME) near += weight * Math.exp(-apart / (2 * SAME * SAME));
    }
    if (near > most) {
      most = near;
      best = candidate;
    }
  }
  const sum: [number, number, number] = [0, 0, 0];
  let weights = 0;
  for (const { lab, p, weight } of samples) {
    if (distanceSquared(lab, best.lab) > SAME * SAME) continue;
    weights += weight;
    for (let c = 0; c < 3; c++) sum[c]! += weight * colour.data[p + c]!;
  }
  return [Math.round(sum[0] / weights), Math.round(sum[1] / weights), Math.round(sum[2] / weights)];
}

/** Near-white becomes paper; the rest the nearest colour of the palette, if one is near. */
function settle(rgb: Rgb, palette: readonly { rgb: Rgb; lab: Oklab }[] | undefined): Rgb {
  const lab = toOklab(...rgb);
  if (lab[0] > 0.955 && Math.hypot(lab[1], lab[2]) < 0.02) return WHITE;
  let best = rgb;
  let least = SNAP_REACH * SNAP_REACH;
  for (const entry of palette ?? []) {
    const apart = distanceSquared(entry.lab, lab);
    if (apart >= least) continue;
    least = apart;
    best = entry.rgb;
  }
  return best;
}

/** The region with a colour of its own that shares most of the cells a small one lies on; -1 if none does. */
function largestNeighbour(
  cover: CellCover,
  total: Float32Array,
  cellOf: Uint32Array,
  from: number,
  to: number,
  region: number,
): number {
  const near = new Map<number, number>();
  for (let at = from; at < to; at++) {
    const cell = cellOf[at]!;
    for (let e = cover.starts[cell]!; e < cover.starts[cell + 1]!; e++) {
      const label = cover.labels[e]!;
      if (label !== region && total[label]! >= SMALLEST_SHARE)
        near.set(label, (near.get(label) ?? 0) + cover.shares[e]!);
    }
  }
  let best = -1;
  let most = 0;
  for (const [label, share] of near) {
    if (share < most || (share === most && label > best)) continue;
    most = share;
    best = label;
  }
  return best;
}
