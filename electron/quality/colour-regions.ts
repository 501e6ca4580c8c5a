import { distanceSquared, toOklab } from '../page/oklab.ts';
import { paletteOf } from '../page/palette.ts';
import type { Raster } from '../raster.ts';
import type { LabelMap } from './regions.ts';

const COLOURS = 12;
/** Smaller areas, in pixels, join their nearest neighbour. */
const LEAST_AREA = 40;

/**
 * The areas a flatter would lay down for a coloured picture: every pixel gets the nearest of the picture's 12 main
 * colours (OKLab), each place the commonest colour of its 5x5 surroundings, and connected areas (8 neighbours) of one
 * colour are regions; areas under 40 px are grown over by those around them. No pixel is without a region. Region
 * accuracy is taken over these and not over the rooms of the drawing: where lines are open, half a page is one room, and
 * one lucky colour would be half the mark. models/training/measures.py finds the same.
 * @param picture sRGB bytes, 3 or 4 channels.
 */
export function colourRegions(picture: Raster): LabelMap {
  const { width, height } = picture;
  const index = smoothed(nearestColours(picture), width, height);
  const labels = new Int32Array(width * height).fill(-1);
  const seen = new Uint8Array(width * height);
  let regions = 0;
  for (let start = 0; start < index.length; start++) {
    if (seen[start]) continue;
    const area = [start];
    seen[start] = 1;
    for (let at = 0; at < area.length; at++)
      forNeighbours(area[at]!, width, height, (j) => {
        if (seen[j] || index[j] !== index[start]) return;
        seen[j] = 1;
        area.push(j);
      });
    if (area.length < LEAST_AREA) continue;
    for (const i of area) labels[i] = regions;
    regions++;
  }
  if (regions === 0) labels.fill(0);
  else joinNearest(labels, width, height);
  return { labels, width, height };
}

function nearestColours(picture: Raster): Uint8Array {
  const { data, width, height, channels } = picture;
  const centres = paletteOf(picture, COLOURS).map(({ rgb }) => toOklab(...rgb));
  const known = new Map<number, number>();
  const out = new Uint8Array(width * height);
  for (let i = 0; i < out.length; i++) {
    const [r, g, b] = [data[i * channels]!, data[i * channels + 1]!, data[i * channels + 2]!];
    const key = (r << 16) | (g << 8) | b;
    let nearest = known.get(key);
    if (nearest === undefined) {
      const lab = toOklab(r, g, b);
      const far = centres.map((centre) => distanceSquared(lab, centre));
      nearest = far.indexOf(Math.min(...far));
      known.set(key, nearest);
    }
    out[i] = nearest;
  }
  return out;
}

/** The commonest value of each 5x5 surroundings; of equally common ones the lowest. */
function smoothed(index: Uint8Array, width: number, height: number): Uint8Array {
  const out = new Uint8Array(index.length);
  const votes = new Uint8Array(COLOURS);
  for (let y = 0; y < height; y++)
    for (let x = 0; x < width; x++) {
      votes.fill(0);
      for (let v = Math.max(0, y - 2); v <= Math.min(height - 1, y + 2); v++)
        for (let u = Math.max(0, x - 2); u <= Math.min(width - 1, x + 2); u++)
          votes[index[v * width + u]!]! += 1;
      let best = 0;
      for (let k = 1; k < COLOURS; k++) if (votes[k]! > votes[best]!) best = k;
      out[y * width + x] = best;
    }
  return out;
}

/** Grows all regions ring by ring: a pixel takes the first of its neighbours, in reading order, that had one a ring ago. */
function joinNearest(labels: Int32Array, width: number, height: number): void {
  let bare = [...labels.keys()].filter((i) => labels[i]! < 0);
  while (bare.length > 0) {
    const found = bare.map((i) => {
      let label = -1;
      forNeighbours(i, width, height, (j) => {
        if (label < 0) label = labels[j]!;
      });
      return label;
    });
    bare.forEach((i, n) => (labels[i] = found[n]!));
    bare = bare.filter((_, n) => found[n]! < 0);
  }
}

function forNeighbours(i: number, width: number, height: number, visit: (j: number) => void): void {
  const x = i % width;
  const y = (i - x) / width;
  for (let v = Math.max(0, y - 1); v <= Math.min(height - 1, y + 1); v++)
    for (let u = Math.max(0, x - 1); u <= Math.min(width - 1, x + 1); u++)
      if (u !== x || v !== y) visit(v * width + u);
}
