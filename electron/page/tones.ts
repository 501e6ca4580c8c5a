import { matOf, withMats, type Cv } from './opencv.ts';
import type { Plane } from './shrink.ts';

/** A page with its screentones and dense cross-hatching turned into even grey. */
export interface Descreened {
  readonly ink: Plane;
  /** 1 for blocks of tone, `blockPx` a side; absent when the page has none. */
  readonly tone: Plane | undefined;
  readonly blockPx: number;
}

/** Less tone than this share of the page is not worth evening out. */
const LEAST_SHARE = 0.004;
/** A pixel counts as darker or lighter than its surroundings from this difference on. */
const SWING = 14;

/**
 * Finds screentone: places where brightness crosses its local mean often, in rows and in columns alike (lines cross
 * seldom, hatching often in one direction only), and averages it over its own pitch, so that what was dots is a wash
 * and what was a line across the dots still is one.
 * @param ink grey, 255 paper.
 */
export function evenTones(cv: Cv, ink: Plane): Descreened {
  const often = Math.min(0.33, Math.max(0.16, 640 / Math.hypot(ink.width, ink.height)));
  const blockPx = Math.max(4, Math.round(1.4 / often));
  const columns = Math.ceil(ink.width / blockPx);
  const rows = Math.ceil(ink.height / blockPx);
  const mean = meanAround(ink, blockPx, columns, rows);
  const [across, along] = countCrossings(ink, mean, blockPx, columns, rows);
  const tone = new Uint8Array(columns * rows);
  let found = 0;
  let crossings = 0;
  for (let y = 0; y < rows; y++) {
    for (let x = 0; x < columns; x++) {
      const area = areaAround(ink, x, y, blockPx, columns, rows);
      const rowwise = sumAround(across, x, y, columns, rows) / area;
      const columnwise = sumAround(along, x, y, columns, rows) / area;
      if (Math.min(rowwise, columnwise) < often) continue;
      tone[y * columns + x] = 1;
      found++;
      crossings += (rowwise + columnwise) / 2;
    }
  }
  if (found < LEAST_SHARE * tone.length) return { ink, tone: undefined, blockPx };
  const pitch = 2 / (crossings / found);
  const side = 2 * Math.round(pitch / 2) + 1;
  const even = withMats((keep) => {
    const mat = keep(matOf(cv, ink.data, ink.width, ink.height));
    const size = new cv.Size(side, side);
    const anchor = new cv.Point(-1, -1);
    cv.blur(mat, mat, size, anchor, cv.BORDER_REPLICATE);
    cv.blur(mat, mat, size, anchor, cv.BORDER_REPLICATE);
    return mat.data.slice();
  });
  for (let y = 0, p = 0; y < ink.height; y++) {
    const row = Math.floor(y / blockPx) * columns;
    for (let x = 0; x < ink.width; x++, p++)
      if (tone[row + Math.floor(x / blockPx)] === 0) even[p] = ink.data[p]!;
  }
  return {
    ink: { data: even, width: ink.width, height: ink.height },
    tone: { data: tone, width: columns, height: rows },
    blockPx,
  };
}

function meanAround(ink: Plane, blockPx: number, columns: number, rows: number): Float32Array {
  const sums = new Uint32Array(columns * rows);
  for (let y = 0, p = 0; y < ink.height; y++) {
    const row = Math.floor(y / blockPx) * columns;
    for (let column = 0; column < columns; column++) {
      let sum = 0;
      for (const end = Math.min(p + blockPx, (y + 1) * ink.width); p < end; p++) sum += ink.data[p]!;
      sums[row + column]! += sum;
    }
  }
  const mean = new Float32Array(columns * rows);
  for (let y = 0; y < rows; y++)
    for (let x = 0; x < columns; x++)
      mean[y * columns + x] =
        sumAround(sums, x, y, columns, rows) / areaAround(ink, x, y, blockPx, columns, rows);
  return mean;
}

/** How often brightness goes from clearly above the local mean to clearly below or back, a block: along rows, along columns. */
function countCrossings(
  ink: Plane,
  mean: Float32Array,
  blockPx: number,
  columns: number,
  rows: number,
): [Uint32Array, Uint32Array] {
  const { width, height, data } = ink;
  const across = new Uint32Array(columns * rows);
  const along = new Uint32Array(columns * rows);
  const above = new Int8Array(width);
  for (let y = 0, p = 0; y < height; y++) {
    const row = Math.floor(y / blockPx) * columns;
    let left = 0;
    for (let column = 0; column < columns; column++) {
      const block = row + column;
      const high = mean[block]! + SWING;
      const low = mean[block]! - SWING;
      const end = Math.min(width, (column + 1) * blockPx);
      for (let x = column * blockPx; x < end; x++, p++) {
        const value = data[p]!;
        const side = value > high ? 1 : value < low ? -1 : 0;
        if (side === 0) continue;
        if (side === -left) across[block]!++;
        if (side === -above[x]!) along[block]!++;
        left = side;
        above[x] = side;
      }
    }
  }
  return [across, along];
}

/** Sum over a block and its neighbours. */
function sumAround(values: Uint32Array, x: number, y: number, columns: number, rows: number): number {
  let sum = 0;
  for (let v = Math.max(0, y - 1); v <= Math.min(rows - 1, y + 1); v++)
    for (let u = Math.max(0, x - 1); u <= Math.min(columns - 1, x + 1); u++) sum += values[v * columns + u]!;
  return sum;
}

/** Pixels of a block and its neighbours. */
function areaAround(
  ink: Plane,
  x: number,
  y: number,
  blockPx: number,
  columns: number,
  rows: number,
): number {
  const right = Math.min(ink.width, Math.min(columns, x + 2) * blockPx);
  const bottom = Math.min(ink.height, Math.min(rows, y + 2) * blockPx);
  return (right - Math.max(0, x - 1) * blockPx) * (bottom - Math.max(0, y - 1) * blockPx);
}
