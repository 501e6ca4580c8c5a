import type { Raster } from '../raster.ts';
import type { Agreement } from './agree.ts';
import { measureBorders, WEAK_LINE, type Borders } from './borders.ts';
import { coverCells } from './cover.ts';
import type { FlatColours } from './flats.ts';
import type { Rgb } from './oklab.ts';
import { cutRegions, fillOut, type PieceGrid } from './pieces.ts';
import { recolourRegions } from './recolour.ts';
import type { RegionMap } from './regions.ts';

/** A place of the drawing, 0–1 from its top left corner, that is to have a colour. */
export interface Mark {
  readonly x: number;
  readonly y: number;
  readonly colour: Rgb;
}

/** Flats that obey marks. */
export interface MarkedFlats extends FlatColours {
  /** The region of the unmarked flats each region is part of. */
  readonly wholeOf: Int32Array;
  /** Regions whose colour marks decided: 1. All others are exactly as they were. */
  readonly marked: Uint8Array;
}

/** Two marks of one region are parted on a grid of at most this many cells. */
const GRID_CELLS = 300_000;
/** How much longer a way through full black is than one over paper. */
const INK_DETOUR = 200;
/** Across a line, a region follows a marked one that is at least this share of its size: a button does not lead its shirt. */
const LEADING_SHARE = 0.25;

/**
 * Gives every marked region exactly its mark's colour. What belongs to it follows: other parts of the same object, and
 * what they adopted; each goes with the marked part that is fewest borders away. A small region that was adopted and is
 * marked itself changes alone. Marks of different colours in one region split it, along the shortest ways over paper.
 * Everything else keeps its colour. Of two marks on one pixel the last counts.
 * @param ink grey, 255 paper, at the size of the map.
 */
export function obeyMarks(flats: FlatColours, ink: Raster, marks: readonly Mark[]): MarkedFlats {
  const { map } = flats;
  const dots = dotsOn(map, marks);
  const { map: cut, wholeOf } = splitBetween(map, ink, dots);
  const isCut = cut !== map;
  const cover = isCut ? coverCells(cut, ink, flats.cover.columns, flats.cover.rows) : flats.cover;
  const borders = isCut ? measureBorders(cut, ink) : flats.borders;
  const agreement = isCut ? agreementOfPieces(flats.agreement, wholeOf) : flats.agreement;
  const colours = new Uint8Array(cut.count * 3);
  wholeOf.forEach((whole, region) =>
    colours.set(flats.colours.subarray(whole * 3, whole * 3 + 3), region * 3),
  );
  const leaders = new Int32Array(cut.count).fill(-1);
  dots.forEach(({ at }, dot) => (leaders[cut.labels[at]!] = dot));
  follow(
    leaders,
    dots.map(({ at }) => cut.areasPx[cut.labels[at]!]!),
    cut.areasPx,
    borders,
    agreement,
  );
  const marked = new Uint8Array(cut.count);
  leaders.forEach((dot, region) => {
    if (dot === -1) return;
    marked[region] = 1;
    colours.set(dots[dot]!.colour, region * 3);
  });
  return { map: cut, cover, borders, agreement, colours, wholeOf, marked };
}

/** The regions marks lie in. */
export function markedRegions(map: RegionMap, marks: readonly Mark[]): Set<number> {
  return new Set(dotsOn(map, marks).map(({ at }) => map.labels[at]!));
}

interface Dot {
  /** Pixel. */
  readonly at: number;
  readonly colour: Rgb;
}

function dotsOn({ width, height }: RegionMap, marks: readonly Mark[]): Dot[] {
  const last = new Map<number, Dot>();
  for (const { x, y, colour } of marks) {
    const column = Math.min(width - 1, Math.max(0, Math.floor(x * width)));
    const row = Math.min(height - 1, Math.max(0, Math.floor(y * height)));
    last.set(row * width + column, { at: row * width + column, colour });
  }
  return [...last.values()];
}

/** Cuts the regions in which there are dots of different colours. */
function splitBetween(
  map: RegionMap,
  ink: Raster,
  dots: readonly Dot[],
): { map: RegionMap; wholeOf: Int32Array } {
  const inRegion = new Map<number, Dot[]>();
  for (const dot of dots) {
    const region = map.labels[dot.at]!;
    const list = inRegion.get(region);
    if (list) list.push(dot);
    else inRegion.set(region, [dot]);
  }
  const torn = [...inRegion].filter(([, list]) => new Set(list.map(({ colour }) => colour.join())).size > 1);
  if (torn.length === 0) return { map, wholeOf: Int32Array.from({ length: map.count }, (_, i) => i) };
  const boxes = boxesOf(
    map,
    torn.map(([region]) => region),
  );
  const grids = torn.map(([region, list], i) => partBetween(map, ink, region, boxes[i]!, list));
  const cut = cutRegions(
    map,
    ink,
    grids.map(({ grid }) => grid),
  );
  // A piece's number at any of its dots: cells may be coarser than dots are close, so dots are put right by hand.
  const { labels, areasPx } = cut.map;
  let extra = map.count;
  torn.forEach(([region, list], i) => {
    const { grid, pieceOfColour } = grids[i]!;
    const first = extra;
    extra += grid.pieces - 1;
    const reach = Math.ceil(grid.cellWidth / 2);
    for (const radius of [reach, 0])
      for (const { at, colour } of list) {
        const piece = pieceOfColour.get(colour.join())!;
        const label = piece === 0 ? region : first + piece - 1;
        const x = at % map.width;
        const y = (at - x) / map.width;
        for (let v = Math.max(0, y - radius); v <= Math.min(map.height - 1, y + radius); v++)
          for (let u = Math.max(0, x - radius); u <= Math.min(map.width - 1, x + radius); u++) {
            const p = v * map.width + u;
            if (map.labels[p] !== region) continue;
            areasPx[labels[p]!]!--;
            areasPx[label]!++;
            labels[p] = label;
          }
      }
  });
  return cut;
}

interface Box {
  left: number;
  top: number;
  right: number;
  bottom: number;
}

function boxesOf({ labels, width, height, count }: RegionMap, regions: readonly number[]): Box[] {
  const boxes = regions.map(() => ({ left: width, top: height, right: -1, bottom: -1 }));
  const boxOf = new Int32Array(count).fill(-1);
  regions.forEach((region, i) => (boxOf[region] = i));
  for (let y = 0, p = 0; y < height; y++)
    for (let x = 0; x < width; x++, p++) {
      const i = boxOf[labels[p]!]!;
      if (i === -1) continue;
      const box = boxes[i]!;
      if (x < box.left) box.left = x;
      if (x > box.right) box.right = x;
      if (y < box.top) box.top = y;
      box.bottom = y;
    }
  return boxes;
}

/** Gives every cell of a region to the colour whose dot is nearest on a way inside the region that avoids ink. */
function partBetween(
  map: RegionMap,
  ink: Raster,
  region: number,
  box: Box,
  dots: readonly Dot[],
): { grid: PieceGrid; pieceOfColour: Map<string, number> } {
  const wide = box.right - box.left + 1;
  const high = box.bottom - box.top + 1;
  const cellPx = Math.max(1, Math.ceil(Math.sqrt((wide * high) / GRID_CELLS)));
  const columns = Math.ceil(wide / cellPx);
  const rows = Math.ceil(high / cellPx);
  const within = new Uint8Array(columns * rows);
  const dark = new Uint8Array(columns * rows);
  for (let y = box.top; y <= box.bottom; y++)
    for (let x = box.left; x <= box.right; x++) {
      const p = y * map.width + x;
      if (map.labels[p] !== region) continue;
      const cell = Math.floor((y - box.top) / cellPx) * columns + Math.floor((x - box.left) / cellPx);
      within[cell] = 1;
      dark[cell] = Math.max(dark[cell]!, 255 - ink.data[p]!);
    }
  const pieceOfColour = new Map<string, number>();
  for (const { colour } of dots)
    if (!pieceOfColour.has(colour.join())) pieceOfColour.set(colour.join(), pieceOfColour.size);
  const seeds = dots.map(({ at, colour }) => {
    const x = at % map.width;
    const y = (at - x) / map.width;
    const cell = Math.floor((y - box.top) / cellPx) * columns + Math.floor((x - box.left) / cellPx);
    return { cell, piece: pieceOfColour.get(colour.join())! };
  });
  const pieceOf = nearestSeeds(within, dark, columns, rows, seeds);
  fillOut(pieceOf, within, columns, rows);
  const grid: PieceGrid = {
    region,
    left: box.left,
    top: box.top,
    cellWidth: cellPx,
    cellHeight: cellPx,
    columns,
    rows,
    pieceOf,
    pieces: pieceOfColour.size,
  };
  return { grid, pieceOfColour };
}

/** Shortest ways from all seeds at once (Dial's buckets; steps of 5 and 7 for straight and diagonal). */
function nearestSeeds(
  within: Uint8Array,
  dark: Uint8Array,
  columns: number,
  rows: number,
  seeds: readonly { readonly cell: number; readonly piece: number }[],
): Int16Array {
  const distance = new Float64Array(columns * rows).fill(Infinity);
  const pieceOf = new Int16Array(columns * rows).fill(-1);
  const longest = 7 * (1 + INK_DETOUR);
  const buckets = Array.from({ length: longest + 1 }, (): number[] => []);
  let waiting = 0;
  for (const { cell, piece } of seeds) {
    distance[cell] = 0;
    pieceOf[cell] = piece;
    buckets[0]!.push(cell);
    waiting++;
  }
  for (let now = 0; waiting > 0; now++) {
    const bucket = buckets[now % buckets.length]!;
    // Steps are at least 5 long, so a bucket never grows while it is emptied.
    for (const cell of bucket) {
      waiting--;
      if (distance[cell] !== now) continue;
      const x = cell % columns;
      const y = (cell - x) / columns;
      for (let v = Math.max(0, y - 1); v <= Math.min(rows - 1, y + 1); v++)
        for (let u = Math.max(0, x - 1); u <= Math.min(columns - 1, x + 1); u++) {
          const near = v * columns + u;
          if (near === cell || within[near] === 0) continue;
          const step = u === x || v === y ? 5 : 7;
          const far = now + Math.round(step * (1 + (INK_DETOUR * dark[near]!) / 255));
          if (far >= distance[near]!) continue;
          distance[near] = far;
          pieceOf[near] = pieceOf[cell]!;
          buckets[far % buckets.length]!.push(near);
          waiting++;
        }
    }
    bucket.length = 0;
  }
  return pieceOf;
}

function agreementOfPieces({ objectOf, hostOf, cellOf }: Agreement, wholeOf: Int32Array): Agreement {
  // Objects and hosts are named by a region of theirs; pieces keep naming the whole one.
  return {
    objectOf: Int32Array.from(wholeOf, (whole) => objectOf[whole]!),
    hostOf: Int32Array.from(wholeOf, (whole, region) => (hostOf[whole] === whole ? region : hostOf[whole]!)),
    cellOf: Int32Array.from(wholeOf, (whole) => cellOf[whole]!),
  };
}

/** Lets the rest of an object, and what it adopted, follow the nearest led region: breadth first over borders. */
function follow(
  leaders: Int32Array,
  leaderAreas: readonly number[],
  areas: Uint32Array,
  borders: Borders,
  { objectOf, hostOf }: Agreement,
): void {
  const count = leaders.length;
  const belongs = (region: number): number => objectOf[hostOf[region]!]!;
  const around = new Map<number, { near: number; isOpen: boolean }[]>();
  const note = (region: number, near: number, isOpen: boolean): void => {
    const list = around.get(region);
    if (list) list.push({ near, isOpen });
    else around.set(region, [{ near, isOpen }]);
  };
  for (let border = 0; border < borders.count; border++) {
    const one = borders.one[border]!;
    const other = borders.other[border]!;
    if (belongs(one) !== belongs(other)) continue;
    const isOpen = borders.line[border]! < WEAK_LINE;
    note(one, other, isOpen);
    note(other, one, isOpen);
  }
  const queue: number[] = [];
  for (let region = 0; region < count; region++)
    if (leaders[region] !== -1 && hostOf[region] === region) queue.push(region);
  for (let head = 0; head < queue.length; head++) {
    const region = queue[head]!;
    const leader = leaders[region]!;
    for (const { near, isOpen } of around.get(region) ?? []) {
      const leads = isOpen || leaderAreas[leader]! >= LEADING_SHARE * areas[near]!;
      if (leaders[near] !== -1 || !leads) continue;
      leaders[near] = leader;
      queue.push(near);
    }
  }
}

/** Cells around a mark that show its colour pure, and from where on the model's own variation is back. */
const PURE = 4;
const VARIED = 10;
/**
 * A model's colour brought in line with marked flats: the cells of marked regions vary around the new colour as they
 * did around the old (light and shadow stay, hue hardly), and are exactly the new one around each mark.
 * @param colour sRGB bytes, 3 channels, on the grid of the flats' cover.
 * @param before what the model meant each region to be, sRGB bytes, 3 a region.
 */
export function recolourMarked(
  colour: Raster,
  flats: MarkedFlats,
  before: Uint8Array,
  marks: readonly Mark[],
): Raster {
  const { cover, marked, colours } = flats;
  const pure = nearMarks(marks, cover.columns, cover.rows);
  return recolourRegions(
    colour,
    cover,
    before,
    colours,
    (cell) => 1 - pure[cell]!,
    (region) => marked[region] === 1,
  );
}

/** 1 at the marks, 0 away from them, per cell. */
function nearMarks(marks: readonly Mark[], columns: number, rows: number): Float32Array {
  const pure = new Float32Array(columns * rows);
  for (const { x, y } of marks) {
    const u = x * columns - 0.5;
    const v = y * rows - 0.5;
    for (let row = Math.max(0, Math.ceil(v - VARIED)); row <= Math.min(rows - 1, v + VARIED); row++)
      for (
        let column = Math.max(0, Math.ceil(u - VARIED));
        column <= Math.min(columns - 1, u + VARIED);
        column++
      ) {
        const far = Math.hypot(column - u, row - v);
        const here = Math.min(1, Math.max(0, (VARIED - far) / (VARIED - PURE)));
        pure[row * columns + column] = Math.max(pure[row * columns + column]!, here);
      }
  }
  return pure;
}
