import { cellsByRegion, labApart, type CellColours, type RegionCells } from './cells.ts';
import type { CellCover } from './cover.ts';
import { fillOut, neighbours, type PieceGrid } from './pieces.ts';
import type { RegionMap } from './regions.ts';

/** Regions under this share of the page are one thing. */
const LEAST_REGION = 0.03;
/** A piece is at least this share of the page, and this share of its region. */
const LEAST_PIECE = 0.012;
const LEAST_SHARE = 0.06;
/** OKLab distance of two things in one region: of one open to the rim of the page (sky, ground), and of a closed one. */
const APART_OPEN = 0.11;
const APART_CLOSED = 0.17;
/** Between two greys of some darkness half the distance counts: light and shade on one thing more often than two things. */
const GREY_CHROMA = 0.035;
const GREY_LIGHTNESS = 0.9;
const GREY_SHARE = 0.5;
/** Share of the distance between two pieces that lies within the width of their border: less is a gradient. */
const STEEP = 0.45;
/** Half-width of a border, as a share of the grid's side. */
const BORDER_REACH = 0.022;
const MOST_PIECES = 5;
/** Cost of a neighbour in another piece, against a distance of 0.06 OKLab to the piece's colour. */
const NEIGHBOUR = 0.35;
const SOFT = 0.06;
/** More than there are pieces: two of them as one number. */
const PAIR = 1 << 16;

/**
 * Finds regions that hold two things because no line lies between them (sky and field, a figure open to the ground),
 * by the model's colour: coherent areas of clearly different colours that meet in a step, not in a gradient.
 * Regions closed all round are held together more strongly than those open to the rim of the page.
 * @param among only these regions; all when left out.
 */
export function findPieces(
  map: RegionMap,
  cover: CellCover,
  cells: CellColours,
  among?: ReadonlySet<number>,
): PieceGrid[] {
  const regions = cellsByRegion(cover, cells.trust);
  const rim = touchingRim(map);
  const page = cells.columns * cells.rows;
  const grids: PieceGrid[] = [];
  for (let region = 0; region < cover.regionCount; region++) {
    if (among?.has(region) === false) continue;
    if (regions.cover[region]! < LEAST_REGION * page || regions.own[region]! < 64) continue;
    const grid = findPiecesOf(region, map, cells, regions, rim[region] === 1 ? APART_OPEN : APART_CLOSED);
    if (grid) grids.push(grid);
  }
  return grids;
}

function touchingRim({ labels, width, height, count }: RegionMap): Uint8Array {
  const rim = new Uint8Array(count);
  for (let x = 0; x < width; x++) rim[labels[x]!] = rim[labels[(height - 1) * width + x]!] = 1;
  for (let y = 0; y < height; y++) rim[labels[y * width]!] = rim[labels[y * width + width - 1]!] = 1;
  return rim;
}

function findPiecesOf(
  region: number,
  map: RegionMap,
  cells: CellColours,
  regions: RegionCells,
  apart: number,
): PieceGrid | undefined {
  const { columns, rows } = cells;
  const area = regionArea(region, cells, regions);
  const modes = modesOf(area, regions.own[region]!, columns * rows, apart);
  if (modes.length < 2) return undefined;
  let pieceOf = nearestModes(area, modes, columns, rows);
  const least = Math.max(LEAST_PIECE * columns * rows, LEAST_SHARE * area.members.length);
  pieceOf = dropSmallPieces(pieceOf, area, least);
  pieceOf = joinGradients(pieceOf, area, apart);
  const pieces = renumber(pieceOf);
  if (pieces < 2) return undefined;
  fillOut(pieceOf, area.any, columns, rows);
  return {
    region,
    left: 0,
    top: 0,
    cellWidth: map.width / columns,
    cellHeight: map.height / rows,
    columns,
    rows,
    pieceOf,
    pieces,
  };
}

/** A region on the grid, its colour smoothed within it. */
interface Area {
  readonly columns: number;
  readonly rows: number;
  /** Cells that are mostly the region's, in reading order. */
  readonly members: Uint32Array;
  /** 1 for members. */
  readonly inside: Uint8Array;
  /** 1 for every cell the region has part of. */
  readonly any: Uint8Array;
  /** OKLab, 3 a cell, of the whole grid; only members are filled. */
  readonly lab: Float32Array;
  readonly weight: Float32Array;
}

function regionArea(region: number, cells: CellColours, regions: RegionCells): Area {
  const { columns, rows } = cells;
  const from = regions.firstOf[region]!;
  const to = regions.firstOf[region + 1]!;
  const inside = new Uint8Array(columns * rows);
  const any = new Uint8Array(columns * rows);
  const weight = new Float32Array(columns * rows);
  const members: number[] = [];
  for (let at = from; at < to; at++) {
    const cell = regions.cellOf[at]!;
    any[cell] = 1;
    const share = Math.sqrt(regions.weightOf[at]! / cells.trust[cell]!);
    if (share < 0.35) continue;
    inside[cell] = 1;
    weight[cell] = regions.weightOf[at]!;
    members.push(cell);
  }
  const list = Uint32Array.from(members);
  let lab = cells.lab;
  const reach = Math.max(1, Math.round(Math.sqrt(columns * rows) / 160));
  for (let round = 0; round < 2; round++) lab = blurWithin(lab, weight, list, columns, rows, reach);
  return { columns, rows, members: list, inside, any, lab, weight };
}

function blurWithin(
  lab: Float32Array,
  weight: Float32Array,
  members: Uint32Array,
  columns: number,
  rows: number,
  reach: number,
): Float32Array<ArrayBuffer> {
  const out = new Float32Array(lab.length);
  for (const cell of members) {
    const x = cell % columns;
    const y = (cell - x) / columns;
    const first = Math.max(0, x - reach);
    const last = Math.min(columns - 1, x + reach);
    const bottom = Math.min(rows - 1, y + reach);
    let weights = 0;
    let l = 0;
    let a = 0;
    let b = 0;
    // Cells outside the region weigh nothing.
    for (let v = Math.max(0, y - reach); v <= bottom; v++)
      for (let near = v * columns + first, end = v * columns + last; near <= end; near++) {
        const w = weight[near]!;
        weights += w;
        l += w * lab[near * 3]!;
        a += w * lab[near * 3 + 1]!;
        b += w * lab[near * 3 + 2]!;
      }
    out[cell * 3] = l / weights;
    out[cell * 3 + 1] = a / weights;
    out[cell * 3 + 2] = b / weights;
  }
  return out;
}

/** Cells whose colours are the region's commonest, each at least `apart` from the others and common enough to be a thing. */
function modesOf({ lab, members, weight }: Area, own: number, page: number, apart: number): number[] {
  const step = Math.max(1, members.length / 320);
  const samples: number[] = [];
  for (let at = step / 2; at < members.length; at += step) samples.push(members[Math.floor(at)]!);
  const density = samples.map((one) => {
    let near = 0;
    for (const other of samples)
      near += weight[other]! * Math.exp(-labApart(lab, one, other) / (2 * 0.03 * 0.03));
    return near;
  });
  const total = samples.reduce((sum, cell) => sum + weight[cell]!, 0);
  const least = Math.max(0.5 * LEAST_SHARE, (0.5 * LEAST_PIECE * page) / own) * total;
  const modes: number[] = [];
  const order = samples.map((_, i) => i).sort((a, b) => density[b]! - density[a]! || a - b);
  for (const i of order) {
    if (density[i]! < least || modes.length === MOST_PIECES) break;
    if (modes.every((mode) => labApart(lab, mode, samples[i]!) >= apart * apart)) modes.push(samples[i]!);
  }
  return modes;
}

/** Nearest mode a cell, neighbours leaning towards one another (iterated conditional modes, Besag, 1986). */
function nearestModes(area: Area, modes: readonly number[], columns: number, rows: number): Int16Array {
  const { lab, members } = area;
  const cost = new Float32Array(columns * rows * modes.length);
  const pieceOf = new Int16Array(columns * rows).fill(-1);
  for (const cell of members) {
    let best = 0;
    for (let k = 0; k < modes.length; k++) {
      const unlike = labApart(lab, cell, modes[k]!) / (SOFT * SOFT);
      cost[cell * modes.length + k] = Math.min(6, unlike);
      if (unlike < cost[cell * modes.length + best]!) best = k;
    }
    pieceOf[cell] = best;
  }
  const like = new Uint8Array(modes.length);
  for (let round = 0; round < 8; round++) {
    let changed = 0;
    for (const cell of members) {
      const x = cell % columns;
      const y = (cell - x) / columns;
      const first = Math.max(0, x - 1);
      const last = Math.min(columns - 1, x + 1);
      const bottom = Math.min(rows - 1, y + 1);
      let around = 0;
      like.fill(0);
      for (let v = Math.max(0, y - 1); v <= bottom; v++)
        for (let u = first; u <= last; u++) {
          const near = pieceOf[v * columns + u]!;
          if (near < 0) continue;
          around++;
          like[near]!++;
        }
      let best = pieceOf[cell]!;
      let least = Infinity;
      for (let k = 0; k < modes.length; k++) {
        let sum = cost[cell * modes.length + k]!;
        for (let unlike = around - like[k]!; unlike > 0; unlike--) sum += NEIGHBOUR;
        if (sum < least) {
          least = sum;
          best = k;
        }
      }
      if (best !== pieceOf[cell]) changed++;
      pieceOf[cell] = best;
    }
    if (changed === 0) break;
  }
  return pieceOf;
}

/** Makes every connected part a piece of its own, then gives those under `least` cells to the neighbour they touch most. */
function dropSmallPieces(modeOf: Int16Array, area: Area, least: number): Int16Array {
  const { members, columns, rows } = area;
  const part = new Int32Array(columns * rows).fill(-1);
  const sizes: number[] = [];
  const stack: number[] = [];
  const around = new Int32Array(4);
  for (const start of members) {
    if (part[start] !== -1) continue;
    const number = sizes.length;
    let size = 0;
    part[start] = number;
    stack.push(start);
    while (stack.length > 0) {
      const cell = stack.pop()!;
      size++;
      const count = neighbours(cell, columns, rows, around);
      for (let side = 0; side < count; side++) {
        const near = around[side]!;
        if (part[near] !== -1 || modeOf[near]! < 0 || modeOf[near] !== modeOf[cell]) continue;
        part[near] = number;
        stack.push(near);
      }
    }
    sizes.push(size);
  }
  const touch = new Map<number, Map<number, number>>();
  const add = (a: number, b: number, n: number): void => {
    const list = touch.get(a) ?? new Map<number, number>();
    touch.set(a, list.set(b, (list.get(b) ?? 0) + n));
  };
  for (const cell of members) {
    const count = neighbours(cell, columns, rows, around);
    for (let side = 0; side < count; side++) {
      const near = around[side]!;
      if (part[near]! >= 0 && part[near] !== part[cell]) add(part[cell]!, part[near]!, 1);
    }
  }
  const into = Int32Array.from({ length: sizes.length }, (_, i) => i);
  for (;;) {
    let small = -1;
    for (let i = 0; i < sizes.length; i++)
      if (into[i] === i && sizes[i]! < least && touch.has(i) && (small === -1 || sizes[i]! < sizes[small]!))
        small = i;
    if (small === -1) break;
    const list = touch.get(small)!;
    touch.delete(small);
    let host = -1;
    let most = 0;
    for (const [other, n] of list)
      if (n > most || (n === most && other < host)) {
        most = n;
        host = other;
      }
    for (let i = 0; i < into.length; i++) if (into[i] === small) into[i] = host;
    sizes[host]! += sizes[small]!;
    for (const [other, n] of list) {
      const theirs = touch.get(other);
      theirs?.delete(small);
      if (other === host) continue;
      add(host, other, n);
      add(other, host, n);
    }
    if (touch.get(host)?.size === 0) touch.delete(host);
  }
  // Parts too small that touch nothing (islands behind other regions) go with the largest.
  let largest = 0;
  for (let i = 0; i < sizes.length; i++) if (into[i] === i && sizes[i]! > sizes[largest]!) largest = i;
  const pieceOf = new Int16Array(columns * rows).fill(-1);
  for (const cell of members) {
    const root = into[part[cell]!]!;
    pieceOf[cell] = sizes[root]! < least ? largest : root;
  }
  return pieceOf;
}

/** Rejoins pieces whose colours turn out alike or pass into each other gradually. */
function joinGradients(pieceOf: Int16Array, area: Area, apart: number): Int16Array {
  const { members, columns, rows, lab, inside } = area;
  const reach = Math.max(2, Math.round(BORDER_REACH * Math.sqrt(columns * rows)));
  const steps = new Map<string, { sum: number; count: number; one: number; other: number }>();
  const sums = new Map<number, { lab: number[]; count: number }>();
  for (const cell of members) {
    const piece = pieceOf[cell]!;
    let sum = sums.get(piece);
    if (!sum) sums.set(piece, (sum = { lab: [0, 0, 0], count: 0 }));
    sum.count++;
    for (let c = 0; c < 3; c++) sum.lab[c]! += lab[cell * 3 + c]!;
    const x = cell % columns;
    const y = (cell - x) / columns;
    for (let dx = 1; dx >= 0; dx--) {
      const dy = 1 - dx;
      const near = cell + dx + dy * columns;
      if (x + dx >= columns || y + dy >= rows || pieceOf[near]! < 0 || pieceOf[near] === piece) continue;
      const back = Math.min(reach, dx === 1 ? x : y);
      const forth = Math.min(reach, dx === 1 ? columns - 1 - x : rows - 1 - y);
      const here = cell - back * (dx + dy * columns);
      const there = cell + forth * (dx + dy * columns);
      if (inside[here] === 0 || inside[there] === 0) continue;
      const [one, other] = piece < pieceOf[near]! ? [piece, pieceOf[near]!] : [pieceOf[near]!, piece];
      const key = `${one} ${other}`;
      const step = steps.get(key) ?? { sum: 0, count: 0, one, other };
      steps.set(key, step);
      step.sum += Math.sqrt(labApart(lab, here, there));
      step.count++;
    }
  }
  const into = new Map([...sums.keys()].map((piece) => [piece, piece]));
  const root = (piece: number): number => {
    let at = piece;
    while (into.get(at) !== at) at = into.get(at)!;
    return at;
  };
  const touching = new Set<number>();
  const around = new Int32Array(4);
  for (const cell of members) {
    const piece = pieceOf[cell]!;
    if (piece < 0) continue;
    const count = neighbours(cell, columns, rows, around);
    for (let side = 0; side < count; side++) {
      const near = pieceOf[around[side]!]!;
      if (near > piece) touching.add(piece * PAIR + near);
    }
  }
  const pairs = [...touching].map((pair) => [Math.floor(pair / PAIR), pair % PAIR] as const);
  for (const key of pairs.map((pair) => pair.join(' ')).sort()) {
    const [one, other] = key.split(' ').map(Number) as [number, number];
    const a = sums.get(one)!;
    const b = sums.get(other)!;
    const means = [a, b].map(({ lab: sum, count }) => sum.map((value) => value / count));
    const isGrey = means.every(([l, u, v]) => l! < GREY_LIGHTNESS && Math.hypot(u!, v!) < GREY_CHROMA);
    const distance = Math.hypot(...[0, 1, 2].map((c) => means[0]![c]! - means[1]![c]!));
    const step = steps.get(key);
    const steep = step ? step.sum / step.count / distance : 1;
    if ((isGrey ? GREY_SHARE : 1) * distance >= apart && steep >= STEEP) continue;
    const [low, high] = [root(one), root(other)].sort((x, y) => x - y) as [number, number];
    into.set(high, low);
  }
  const joined = pieceOf.slice();
  for (const cell of members) joined[cell] = root(pieceOf[cell]!);
  return joined;
}

function renumber(pieceOf: Int16Array): number {
  const numbers = new Map<number, number>();
  for (let cell = 0; cell < pieceOf.length; cell++) {
    const piece = pieceOf[cell]!;
    if (piece < 0) continue;
    let number = numbers.get(piece);
    if (number === undefined) numbers.set(piece, (number = numbers.size));
    pieceOf[cell] = number;
  }
  return numbers.size;
}
