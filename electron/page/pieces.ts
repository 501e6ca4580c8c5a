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

/** Lead of the strongest piece over the next from which a pixel is plainly its own. */
const PLAIN = 0.5;
/** Ink darker than this (of 255 paper) is what the border between two pieces looks for. */
const INKED = 200;
const NONE = -1;

/**
 * Cuts regions into pieces at full resolution. Away from the border between two pieces each pixel goes with its cell;
 * near it, the pieces grow towards each other at one speed through open paper and only then into the lines, so that the
 * border runs smoothly where nothing is drawn and along the line where one is.
 * @param ink grey, 255 paper, at the size of the map.
 */
export function cutRegions(map: RegionMap, ink: Raster, grids: readonly PieceGrid[]): CutMap {
  if (grids.length === 0)
    return { map, wholeOf: Int32Array.from({ length: map.count }, (_, i) => i) };
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
  const members = grids.map(membershipOf);
  const band: number[] = [];
  const { width, height } = map;
  for (let y = 0, p = 0; y < height; y++)
    for (let x = 0; x < width; x++, p++) {
      const i = gridOf[map.labels[p]!]!;
      if (i === NONE) continue;
      const piece = pieceAt(grids[i]!, members[i]!, x, y);
      if (piece >= 0) labels[p] = numberOf(i, piece);
      else {
        labels[p] = UNDECIDED;
        band.push(p);
      }
    }
  growInto(labels, map, ink, Uint32Array.from(band), (p) => map.labels[p]!);
  const areasPx = new Uint32Array(wholeOf.length);
  for (const label of labels) areasPx[label]!++;
  return { map: { labels, width, height, count: wholeOf.length, areasPx }, wholeOf: Int32Array.from(wholeOf) };
}

const UNDECIDED = -1;

/** For each 2x2 block of cells: the piece all of them are, or -1 where they differ; and each cell's own. */
interface Membership {
  readonly even: Int16Array;
  /** Per cell and piece, 0–1: pieces around, smoothed. */
  readonly soft: Float32Array;
}

function membershipOf({ columns, rows, pieceOf, pieces }: PieceGrid): Membership {
  const count = columns * rows;
  let soft = new Float32Array(count * pieces);
  for (let cell = 0; cell < count; cell++) if (pieceOf[cell]! >= 0) soft[cell * pieces + pieceOf[cell]!] = 1;
  for (let round = 0; round < 2; round++) soft = smoothWithin(soft, pieceOf, columns, rows, pieces);
  const even = new Int16Array(count).fill(NONE);
  for (let y = 0; y < rows; y++)
    for (let x = 0; x < columns; x++) {
      let piece = NONE;
      let same = true;
      for (const v of [y, Math.min(rows - 1, y + 1)])
        for (const u of [x, Math.min(columns - 1, x + 1)]) {
          const here = pieceOf[v * columns + u]!;
          if (here < 0) continue;
          if (piece === NONE) piece = here;
          else if (piece !== here) same = false;
        }
      if (!same || piece === NONE) continue;
      let plain = true;
      for (const v of [y, Math.min(rows - 1, y + 1)])
        for (const u of [x, Math.min(columns - 1, x + 1)]) {
          const cell = v * columns + u;
          if (pieceOf[cell]! >= 0 && soft[cell * pieces + piece]! < (1 + PLAIN) / 2) plain = false;
        }
      if (plain) even[y * columns + x] = piece;
    }
  return { even, soft };
}

/** Blurs 3 x 3 over the cells of the region alone. */
function smoothWithin(
  soft: Float32Array,
  pieceOf: Int16Array,
  columns: number,
  rows: number,
  pieces: number,
): Float32Array<ArrayBuffer> {
  const out = new Float32Array(soft.length);
  for (let y = 0, cell = 0; y < rows; y++)
    for (let x = 0; x < columns; x++, cell++) {
      if (pieceOf[cell]! < 0) continue;
      let weights = 0;
      for (let v = Math.max(0, y - 1); v <= Math.min(rows - 1, y + 1); v++)
        for (let u = Math.max(0, x - 1); u <= Math.min(columns - 1, x + 1); u++) {
          const near = v * columns + u;
          if (pieceOf[near]! < 0) continue;
          const weight = (u === x ? 2 : 1) * (v === y ? 2 : 1);
          weights += weight;
          for (let k = 0; k < pieces; k++) out[cell * pieces + k]! += weight * soft[near * pieces + k]!;
        }
      for (let k = 0; k < pieces; k++) out[cell * pieces + k]! /= weights;
    }
  return out;
}

/** The piece of a pixel, or -1 where two are near. */
function pieceAt(grid: PieceGrid, { even, soft }: Membership, x: number, y: number): number {
  const { columns, rows, pieces } = grid;
  const u = Math.min(columns - 1, Math.max(0, (x + 0.5 - grid.left) / grid.cellWidth - 0.5));
  const v = Math.min(rows - 1, Math.max(0, (y + 0.5 - grid.top) / grid.cellHeight - 0.5));
  const left = Math.floor(u);
  const top = Math.floor(v);
  const block = even[top * columns + left]!;
  if (block >= 0) return block;
  const right = Math.min(columns - 1, left + 1);
  const bottom = Math.min(rows - 1, top + 1);
  const across = u - left;
  const along = v - top;
  let best = NONE;
  let most = 0;
  let next = 0;
  let sum = 0;
  for (let k = 0; k < pieces; k++) {
    const member =
      (soft[(top * columns + left) * pieces + k]! * (1 - across) + soft[(top * columns + right) * pieces + k]! * across) *
        (1 - along) +
      (soft[(bottom * columns + left) * pieces + k]! * (1 - across) +
        soft[(bottom * columns + right) * pieces + k]! * across) *
        along;
    sum += member;
    if (member > most) {
      next = most;
      most = member;
      best = k;
    } else if (member > next) next = member;
  }
  return most - next >= PLAIN * sum && best !== NONE ? best : NONE;
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
          side === 0 ? (x > 0 ? p - 1 : -1) : side === 1 ? (x < width - 1 ? p + 1 : -1) : side === 2 ? p - width : p + width;
        if (q < 0 || q >= area || !passable(q) || wholeOf(q) !== whole) continue;
        labels[q] = labels[p]!;
        queue[tail++] = q;
      }
    }
  }
  for (const p of band) if (labels[p] === UNDECIDED) labels[p] = wholeOf(p);
}
