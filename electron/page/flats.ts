import { createRaster, type Raster } from '../raster.ts';
import { agreeOnColours, type Agreement } from './agree.ts';
import { measureBorders, WEAK_LINE, type Borders } from './borders.ts';
import { cellsByRegion, readCells, rgbOfCell, type RegionCells } from './cells.ts';
import { coverCells, type CellCover } from './cover.ts';
import { paintDistanceSquared, toOklab, type Oklab, type Rgb } from './oklab.ts';
import { cutRegions } from './pieces.ts';
import type { RegionMap } from './regions.ts';
import { findPieces } from './split.ts';
import { electColours, type ColourVotes } from './votes.ts';

export interface FlatOptions {
  /** How sure the model is, 0–1, a cell of its colour, row by row; as sure everywhere when left out. */
  readonly confidence?: Float32Array | undefined;
  /** Colours the references have: each region takes the nearest of them, unless all are far off. */
  readonly snap?: readonly Rgb[] | undefined;
  /** Each region takes the colour they elect, or that of `snap` where they don't. */
  readonly votes?: ColourVotes | undefined;
  /** Whether regions that hold two things (no line lies between) are split by the model's colour; true by default. */
  readonly split?: boolean | undefined;
}

/** One colour a region, and what is known of how regions belong together. */
export interface FlatColours {
  /** The map given, open regions split. */
  readonly map: RegionMap;
  readonly cover: CellCover;
  readonly borders: Borders;
  readonly agreement: Agreement;
  /** sRGB bytes, 3 a region. */
  readonly colours: Uint8Array;
}

/** Flats, and what the model itself painted of each region: sRGB bytes, 3 a region. */
export interface ChosenFlats extends FlatColours {
  readonly painted: Uint8Array;
}

/** A palette colour farther off than this (`paintDistanceSquared`) is not what the model meant. */
const SNAP_REACH = 0.15;
/** Steps of blue by which neighbours are told apart at most. */
const MOST_STEPS = 4;
/** Cells a region has nearly to itself from which it is told apart. */
const LARGE = 100;
const PAPER = 0xffffff;
const WHITE: Rgb = [255, 255, 255];

/**
 * One colour a region, from a model's colour of any size: open regions split where the model's colour changes, the
 * commonest colour of each (the mode in OKLab, by the model's confidence), not the mean, which greys where the model
 * was unsure; pieces of one object agree, and what is too small for the model's grid takes a neighbour's; near-white
 * becomes paper white. The same input gives the same bytes.
 * @param ink grey, 255 paper, at the size of the map.
 * @param colour sRGB bytes, 3 channels, stretched over the whole page.
 */
export function chooseFlats(
  map: RegionMap,
  ink: Raster,
  colour: Raster,
  options: FlatOptions = {},
): ChosenFlats {
  const cells = readCells(colour, options.confidence);
  const whole = coverCells(map, ink, colour.width, colour.height);
  const grids = options.split === false ? [] : findPieces(map, whole, cells);
  const { map: cut, wholeOf } = cutRegions(map, ink, grids);
  const cover = cut === map ? whole : coverCells(cut, ink, colour.width, colour.height);
  const borders = measureBorders(cut, ink);
  const regions = cellsByRegion(cover, cells.trust);
  const agreement = agreeOnColours(borders, cells, regions);
  const painted = settleAll(agreement, (cell) => whitened(rgbOfCell(cells, cell)));
  const palette = options.snap?.map((rgb) => ({ rgb, lab: toOklab(...rgb) }));
  const colours = palette
    ? settleAll(agreement, (cell) => nearest(rgbOfCell(cells, cell), palette))
    : painted.slice();
  if (options.votes)
    electColours(options.votes, agreement, cells, regions, wholeOf).forEach((rgb, region) => {
      if (rgb) colours.set(whitened(rgb), region * 3);
    });
  return { map: cut, cover, borders, agreement, colours: toldApart(colours, borders, regions), painted };
}

/**
 * Large neighbours of one colour with a line between them, a step of blue apart: nobody sees it, and whoever presses a
 * flat (a lock, a wand, another program's fill) gets that region and not all that is joined to it under the lines. Paper
 * stays white, and what is small goes with a large neighbour of its colour.
 */
function toldApart(
  colours: Uint8Array,
  { one, other, line, count }: Borders,
  { own }: RegionCells,
): Uint8Array {
  const apart = colours.slice();
  const codeIn = (of: Uint8Array, region: number): number =>
    (of[region * 3]! << 16) | (of[region * 3 + 1]! << 8) | of[region * 3 + 2]!;
  const alike: number[][] = Array.from(own, () => []);
  for (let border = 0; border < count; border++) {
    const [a, b] = [one[border]!, other[border]!];
    const code = codeIn(colours, a);
    if (line[border]! < WEAK_LINE || code === PAPER || code !== codeIn(colours, b)) continue;
    alike[a]!.push(b);
    alike[b]!.push(a);
  }
  const isLarge = (region: number): boolean => own[region]! >= LARGE;
  alike.forEach((around, region) => {
    if (!isLarge(region)) return;
    const before = around.filter((near) => near < region && isLarge(near));
    const taken = new Set(before.map((near) => codeIn(apart, near)));
    const blue = colours[region * 3 + 2]!;
    for (let step = 1; step <= MOST_STEPS && taken.has(codeIn(apart, region)); step++)
      apart[region * 3 + 2] = blue < 128 ? blue + step : blue - step;
  });
  alike.forEach((around, region) => {
    const host = isLarge(region) ? undefined : around.find(isLarge);
    if (host !== undefined) apart.copyWithin(region * 3, host * 3, host * 3 + 3);
  });
  return apart;
}

/** The colours agreed on: sRGB bytes, 3 a region; white where nothing is known. */
function settleAll({ cellOf }: Agreement, colourOf: (cell: number) => Rgb): Uint8Array {
  const colours = new Uint8Array(cellOf.length * 3).fill(255);
  const known = new Map<number, Rgb>();
  cellOf.forEach((cell, region) => {
    if (cell === -1) return;
    let rgb = known.get(cell);
    if (!rgb) known.set(cell, (rgb = colourOf(cell)));
    colours.set(rgb, region * 3);
  });
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

/** Near-white becomes paper. */
function whitened(rgb: Rgb): Rgb {
  const [lightness, a, b] = toOklab(...rgb);
  return lightness > 0.955 && Math.hypot(a, b) < 0.02 ? WHITE : rgb;
}

/** The nearest colour of the palette, if one is near and this is not paper. */
function nearest(rgb: Rgb, palette: readonly { rgb: Rgb; lab: Oklab }[]): Rgb {
  const lab = toOklab(...rgb);
  let best = whitened(rgb);
  if (best === WHITE) return best;
  let least = SNAP_REACH * SNAP_REACH;
  for (const entry of palette) {
    const apart = paintDistanceSquared(entry.lab, lab);
    if (apart >= least) continue;
    least = apart;
    best = entry.rgb;
  }
  return best;
}
