import type { Raster } from '../raster.ts';
import type { RegionMap } from './regions.ts';

/**
 * Which regions each cell of a model's colour grid lies on, and how much of the cell is theirs. Cell i owns the entries
 * starts[i] to starts[i+1]-1, largest share first.
 */
export interface CellCover {
  readonly columns: number;
  readonly rows: number;
  readonly regionCount: number;
  readonly starts: Uint32Array;
  readonly labels: Int32Array;
  /** 0–1: share of the cell's pixels, inked ones counting little, because a model's colour under a line is the line's. */
  readonly shares: Float32Array;
}

/** Regions kept a cell; more do not fit one in earnest. */
const SLOTS = 6;
/** Least and most a pixel counts, by its ink. */
const INK_WEIGHT = Float32Array.from({ length: 256 }, (_, v) => 0.02 + 0.98 * (v / 255) ** 2);

/**
 * Lays a model's grid of columns x rows over the page (the page is stretched over it, whole cells or not).
 * @param ink grey, 255 paper, at the size of the map.
 */
export function coverCells(regions: RegionMap, ink: Raster, columns: number, rows: number): CellCover {
  const { labels, width, height } = regions;
  if (ink.width !== width || ink.height !== height || ink.channels !== 1)
    throw new RangeError(`The ink must be grey and ${width}x${height}, as the regions are.`);
  const starts = new Uint32Array(columns * rows + 1);
  let entries: Entries = {
    labels: new Int32Array(columns * rows * 2),
    shares: new Float32Array(columns * rows * 2),
  };
  const columnOf = Uint16Array.from({ length: width }, (_, x) => Math.floor(((x + 0.5) * columns) / width));
  const slotLabel = new Int32Array(columns * SLOTS);
  const slotShare = new Float32Array(columns * SLOTS);
  const cellArea = (width / columns) * (height / rows);
  let used = 0;
  for (let row = 0, y = 0; row < rows; row++) {
    slotLabel.fill(-1);
    slotShare.fill(0);
    const top = y;
    for (; y < height && Math.floor(((y + 0.5) * rows) / height) === row; y++)
      addRow(labels, ink.data, y * width, columnOf, slotLabel, slotShare);
    // A grid finer than the page: the row shows what the one above it does.
    if (y === top)
      addRow(labels, ink.data, Math.min(height - 1, top) * width, columnOf, slotLabel, slotShare);
    if (used + columns * SLOTS > entries.labels.length) entries = grown(entries, used + columns * SLOTS);
    for (let column = 0; column < columns; column++) {
      starts[row * columns + column] = used;
      const first = used;
      for (let slot = column * SLOTS; slot < (column + 1) * SLOTS && slotLabel[slot] !== -1; slot++) {
        let at = used++;
        const share = slotShare[slot]! / cellArea;
        for (; at > first && entries.shares[at - 1]! < share; at--) {
          entries.shares[at] = entries.shares[at - 1]!;
          entries.labels[at] = entries.labels[at - 1]!;
        }
        entries.shares[at] = share;
        entries.labels[at] = slotLabel[slot]!;
      }
    }
  }
  starts[columns * rows] = used;
  return {
    columns,
    rows,
    regionCount: regions.count,
    starts,
    labels: entries.labels.slice(0, used),
    shares: entries.shares.slice(0, used),
  };
}

function addRow(
  labels: Int32Array,
  ink: Uint8Array,
  start: number,
  columnOf: Uint16Array,
  slotLabel: Int32Array,
  slotShare: Float32Array,
): void {
  for (let x = 0; x < columnOf.length; x++) {
    const label = labels[start + x]!;
    const weight = INK_WEIGHT[ink[start + x]!]!;
    let slot = columnOf[x]! * SLOTS;
    const end = slot + SLOTS;
    while (slot < end && slotLabel[slot] !== label && slotLabel[slot] !== -1) slot++;
    if (slot === end) continue;
    slotLabel[slot] = label;
    slotShare[slot]! += weight;
  }
}

interface Entries {
  readonly labels: Int32Array;
  readonly shares: Float32Array;
}

function grown(entries: Entries, needed: number): Entries {
  const size = Math.max(needed, Math.ceil(entries.labels.length * 1.5));
  const labels = new Int32Array(size);
  labels.set(entries.labels);
  const shares = new Float32Array(size);
  shares.set(entries.shares);
  return { labels, shares };
}
