import type { Raster } from '../raster.ts';
import type { RegionMap } from './regions.ts';

/** Who touches whom in a region map, and how strong the line between them is. Border i joins one[i] < other[i]. */
export interface Borders {
  readonly one: Int32Array;
  readonly other: Int32Array;
  /** Pixel pairs. */
  readonly lengthPx: Float32Array;
  /** 0 an open border (no line), 1 a line as dark as this page's lines are; the mean over the border. */
  readonly line: Float32Array;
  readonly count: number;
}

/** Line strength up to which a border counts as weak. */
export const WEAK_LINE = 0.6;
/** Darkness (0–255) from which a border pixel is part of a line at all. */
const FAINT = 24;

/**
 * Measures the borders between the regions of a page. How dark a line is is judged against the page's own lines, so
 * that pencil parts as ink does.
 * @param ink grey, 255 paper, at the size of the map.
 */
export function measureBorders(map: RegionMap, ink: Raster): Borders {
  const { labels, width, height, count } = map;
  const slots = new Map<number, number>();
  const keys: number[] = [];
  const lengths: number[] = [];
  const darkness: number[] = [];
  const histogram = new Uint32Array(256);
  let lastKey = -1;
  let slot = 0;
  const meet = (p: number, q: number): void => {
    const a = labels[p]!;
    const b = labels[q]!;
    const key = a < b ? a * count + b : b * count + a;
    if (key !== lastKey) {
      lastKey = key;
      const known = slots.get(key);
      if (known === undefined) {
        slot = keys.length;
        slots.set(key, slot);
        keys.push(key);
        lengths.push(0);
        darkness.push(0);
      } else slot = known;
    }
    const dark = 255 - Math.min(ink.data[p]!, ink.data[q]!);
    lengths[slot]!++;
    histogram[dark]!++;
    darkness[slot]! += dark;
  };
  for (let y = 0, p = 0; y < height; y++)
    for (let x = 0; x < width; x++, p++) {
      if (x < width - 1 && labels[p] !== labels[p + 1]) meet(p, p + 1);
      if (y < height - 1 && labels[p] !== labels[p + width]) meet(p, p + width);
    }
  const usual = usualDarkness(histogram);
  return {
    one: Int32Array.from(keys, (key) => Math.floor(key / count)),
    other: Int32Array.from(keys, (key) => key % count),
    lengthPx: Float32Array.from(lengths),
    line: Float32Array.from(darkness, (sum, i) => Math.min(1, sum / lengths[i]! / usual)),
    count: keys.length,
  };
}

/** The middle darkness of all border pixels that lie on a line. */
function usualDarkness(histogram: Uint32Array): number {
  let total = 0;
  for (let v = FAINT; v < 256; v++) total += histogram[v]!;
  if (total === 0) return 255;
  let v = FAINT;
  for (let below = histogram[v]!; below < total / 2;) below += histogram[++v]!;
  return v;
}
