import type { Raster } from '../raster.ts';
import type { RegionMap } from './regions.ts';

/** A region cut into pieces on a grid of square-ish cells laid over (a part of) the page. */
export interface PieceGrid {
  readonly region: number;
  /** Corner of the grid and size of its cells, pixels of the page. */
  readonly left: number;
  readonly top: number;
  readonly cellWidth: number;
  readonly cellHeight: number;
  readonly columns: number;
  readonly rows: number;
  /** Piece of each cell, 0 … pieces-1; -1 where the region is not. */
  readonly pieceOf: Int16Array;
  readonly pieces: number;
}

/** A page cut further: a region that was cut keeps its number for its first piece, the others are numbered after all regions. */
export interface CutMap {
  readonly map: RegionMap;
  /** The region of the old map each region is part of. */
  readonly wholeOf: Int32Array;
}

/** Share of the cells around from which a pixel is plainly one piece's. */
const PLAIN = 0.94;
/** Ink darker than this (of 255 paper) is what the border between two pieces looks for. */
const INKED = 200;
const NONE = -1;
const UNDECIDED = -1;

/**
 * Cuts regions into pieces at full resolution. Away from the border between two pieces each pixel goes with its cell;
 * near it, the pieces grow towards each other at one speed through open paper and only then into the lines, so that the
 * border runs smoothly where nothing is drawn and along the line where one is.
 * @param ink grey, 255 paper, at the size of the map.
 */
export function cutRegions(map: RegionMap, ink: Raster, grids: readonly PieceGrid[]): CutMap {
  if (grids.length === 0) return { map, wholeOf: Int32Array.from({ length: map.count }, (_, i) => i) };
  const gridOf = new Int16Array(map.count).fill(NONE);
  const firstPiece: number[] = [];
  const wholeOf = Array.from({ length: map.count }, (_, i) => i);
  const labels = map.labels.slice();
  grids.forEach(({ region, pieces }, i) => {
    gridOf[region] = i;
    firstPiece.push(wholeOf.length - 1);
    for (let piece = 1; piece < pieces; piece++) wholeOf.push(region);
  });
  const numberOf = (grid: number, piece: number): number =>
    piece === 0 ? grids[grid]!.region : firstPiece[grid]! + piece;
  const even = grids.map(evenBlocks);
  const band: number[] = [];
  const { width, height } = map;
  for (let y = 0, p = 0; y < height; y++)
    for (let x = 0; x < width; x++, p++) {
      const i = gridOf[map.labels[p]!]!;
      if (i === NONE) continue;
      const piece = pieceAt(grids[i]!, even[i]!, x, y);
      if (piece >= 0) labels[p] = numberOf(i, piece);
      else {
        labels[p] = UNDECIDED;
        band.push(p);
      }
    }
  growInto(labels, map, ink, Uint32Array.from(band), (p) => map.labels[p]!);
  const areasPx = new Uint32Array(wholeOf.length);
  for (const label of labels) areasPx[label]!++;
  return {
    map: { labels, width, height, count: wholeOf.length, areasPx },
    wholeOf: Int32Array.from(wholeOf),
  };
}

/** For each cell: the piece that the 4 x 4 cells around its lower right corner all are, or -1 where they differ. */
function evenBlocks({ columns, rows, pieceOf }: PieceGrid): Int16Array {
  const even = new Int16Array(columns * rows).fill(NONE);
  for (let y = 0; y < rows; y++)
    for (let x = 0; x < columns; x++) {
      let piece = NONE;
      let same = true;
      for (let v = Math.max(0, y - 1); v <= Math.min(rows - 1, y + 2); v++)
        for (let u = Math.max(0, x - 1); u <= Math.min(columns - 1, x + 2); u++) {
          const here = pieceOf[v * columns + u]!;
          if (here < 0 || here === piece) continue;
          if (piece !== NONE) same = false;
          piece = here;
        }
      if (same) even[y * columns + x] = piece;
    }
  return even;
}

/** Weights of the four cells around a place (uniform cubic B-spline), `t` 0–1 between the middle two. */
function splineWeights(t: number, out: Float64Array): void {
  out[0] = (1 - t) ** 3 / 6;
  out[1] = (3 * t ** 3 - 6 * t ** 2 + 4) / 6;
  out[2] = (-3 * t ** 3 + 3 * t ** 2 + 3 * t + 1) / 6;
  out[3] = t ** 3 / 6;
}

const across = new Float64Array(4);
const along = new Float64Array(4);

/** The piece of a pixel, or -1 where the border of two is near. */
function pieceAt(grid: PieceGrid, even: Int16Array, x: number, y: number): number {
  const { columns, rows, pieceOf } = grid;
  const u = Math.min(columns - 1, Math.max(0, (x + 0.5 - grid.left) / grid.cellWidth - 0.5));
  const v = Math.min(rows - 1, Math.max(0, (y + 0.5 - grid.top) / grid.cellHeight - 0.5));
  const left = Math.floor(u);
  const top = Math.floor(v);
  const block = even[top * columns + left]!;
  if (block >= 0) return block;
  splineWeights(u - left, across);
  splineWeights(v - top, along);
  const found: number[] = [];
  const weights: number[] = [];
  let sum = 0;
  for (let j = 0; j < 4; j++)
    for (let i = 0; i < 4; i++) {
      const column = left + i - 1;
      const row = top + j - 1;
      if (column < 0 || column >= columns || row < 0 || row >= rows) continue;
      const piece = pieceOf[row * columns + column]!;
      if (piece < 0) continue;
      const weight = across[i]! * along[j]!;
      sum += weight;
      const known = found.indexOf(piece);
      if (known === -1) {
        found.push(piece);
        weights.push(weight);
      } else weights[known]! += weight;
    }
  const most = Math.max(...weights);
  return most >= PLAIN * sum ? found[weights.indexOf(most)]! : NONE;
}

/** Gives cells where the region is but that have no piece the piece of the nearest cell that has one. */
export function fillOut(pieceOf: Int16Array, within: Uint8Array, columns: number, rows: number): void {
  const queue: number[] = [];
  let missing = 0;
  for (let cell = 0; cell < pieceOf.length; cell++) {
    if (pieceOf[cell]! >= 0) queue.push(cell);
    else if (within[cell] !== 0) missing++;
  }
  const reached: number[] = [];
  const around = new Int32Array(4);
  for (let head = 0; head < queue.length && missing > 0; head++) {
    const cell = queue[head]!;
    const count = neighbours(cell, columns, rows, around);
    for (let side = 0; side < count; side++) {
      const near = around[side]!;
      if (pieceOf[near]! >= 0) continue;
      pieceOf[near] = pieceOf[cell]!;
      queue.push(near);
      reached.push(near);
      if (within[near] !== 0) missing--;
    }
  }
  for (const cell of reached) if (within[cell] === 0) pieceOf[cell] = NONE;
}

/** Writes the cells left, right, above and below into `near`. @returns how many there are. */
export function neighbours(cell: number, columns: number, rows: number, near: Int32Array): number {
  const x = cell % columns;
  let count = 0;
  if (x > 0) near[count++] = cell - 1;
  if (x < columns - 1) near[count++] = cell + 1;
  if (cell >= columns) near[count++] = cell - columns;
  if (cell < columns * (rows - 1)) near[count++] = cell + columns;
  return count;
}

/** Grows the labels around into undecided pixels of the same old region, through paper first. What nothing reaches keeps its old number. */
function growInto(
  labels: Int32Array,
  { width, height }: RegionMap,
  ink: Raster,
  band: Uint32Array,
  wholeOf: (p: number) => number,
): void {
  const area = width * height;
  const queue = new Uint32Array(band.length);
  for (const throughInk of [false, true]) {
    const passable = (p: number): boolean => labels[p] === UNDECIDED && (throughInk || ink.data[p]! >= INKED);
    const from = (p: number, whole: number): number => {
      const x = p % width;
      for (const q of [x > 0 ? p - 1 : -1, x < width - 1 ? p + 1 : -1, p - width, p + width])
        if (q >= 0 && q < area && labels[q]! >= 0 && wholeOf(q) === whole) return labels[q]!;
      return UNDECIDED;
    };
    let tail = 0;
    const rim: number[] = [];
    for (const p of band) {
      if (!passable(p)) continue;
      const label = from(p, wholeOf(p));
      if (label === UNDECIDED) continue;
      queue[tail++] = p;
      rim.push(label);
    }
    for (let i = 0; i < tail; i++) labels[queue[i]!] = rim[i]!;
    for (let head = 0; head < tail; head++) {
      const p = queue[head]!;
      const whole = wholeOf(p);
      const x = p % width;
      for (let side = 0; side < 4; side++) {
        const q =
          side === 0
            ? x > 0
              ? p - 1
              : -1
            : side === 1
              ? x < width - 1
                ? p + 1
                : -1
              : side === 2
                ? p - width
                : p + width;
        if (q < 0 || q >= area || !passable(q) || wholeOf(q) !== whole) continue;
        labels[q] = labels[p]!;
        queue[tail++] = q;
      }
    }
  }
  for (const p of band) if (labels[p] === UNDECIDED) labels[p] = wholeOf(p);
}
