import { cellsByRegion, commonestCell, readCells, rgbOfCell } from '../page/cells.ts';
import { measureBorders, WEAK_LINE } from '../page/borders.ts';
import { coverCells, type CellCover } from '../page/cover.ts';
import type { FlatColours } from '../page/flats.ts';
import { markedRegions, type MarkedFlats, type Mark } from '../page/marks.ts';
import { distanceSquared, toOklab, type Oklab, type Rgb } from '../page/oklab.ts';
import { cutRegions } from '../page/pieces.ts';
import { findPieces } from '../page/split.ts';
import { createRaster, type Raster } from '../raster.ts';
import type { ModelColour } from './method.ts';

/** A region follows a mark from afar when the model now gives it a colour this near to the mark's (OKLab) … */
const NEAR = 0.1;
/** … and nearer than before by this. */
const NEARER = 0.04;
/** So near it takes the mark's colour itself. */
const SAME = 0.05;
/** Nothing farther from a mark than this part of the page's diagonal follows it. */
const REACH = 0.12;
/** Across a drawn line a region follows only if it was this like the marked one before (OKLab): sleeve and sleeve. */
const LIKE_BEFORE = 0.06;

/**
 * Lets a model that understands hints spread them: regions joined to a marked one whose colour the hints moved towards
 * a mark's follow it (the second sleeve, the rest of a skirt). All others stay as they were without hints, whatever
 * else the model changed.
 * @param plain the model's colour without marks. @param hinted with them, on the same grid.
 * @param unmarked the flats' colours without marks, 3 bytes a region before marks split any.
 * @returns the flats, the raster both colours make together, and what the model meant each region to be.
 */
export function spreadHints(
  flats: MarkedFlats,
  plain: Raster,
  hinted: ModelColour,
  marks: readonly Mark[],
  unmarked: Uint8Array,
): { flats: MarkedFlats; colour: Raster; before: Uint8Array } {
  const { map, cover, borders, agreement } = flats;
  const cells = readCells(hinted.colour, hinted.confidence);
  const regions = cellsByRegion(cover, cells.trust);
  const meant = new Uint8Array(map.count * 3);
  for (let region = 0; region < map.count; region++) {
    const cell = commonestCell(cells, regions, [agreement.hostOf[region]!]);
    meant.set(cell === -1 ? [255, 255, 255] : rgbOfCell(cells, cell), region * 3);
  }
  const targets = targetsOf(marks, cover);
  const led = Array.from({ length: map.count }, (_, region) => {
    const now = labOf(meant, region);
    const then = labOf(flats.colours, region);
    return targets.find(({ lab, reached }) => {
      if (reached[region] === 0) return false;
      const near = Math.sqrt(distanceSquared(now, lab));
      return near < NEAR && Math.sqrt(distanceSquared(then, lab)) - near > NEARER;
    });
  });
  const marked = flats.marked.slice();
  const colours = flats.colours.slice();
  for (let changed = true; changed;) {
    changed = false;
    for (let border = 0; border < borders.count; border++)
      for (const [from, to] of [
        [borders.one[border]!, borders.other[border]!],
        [borders.other[border]!, borders.one[border]!],
      ] as const) {
        const target = led[to];
        if (marked[from] === 0 || marked[to] === 1 || !target) continue;
        const own = meant.subarray(to * 3, to * 3 + 3);
        const isSame = distanceSquared(labOf(meant, to), target.lab) < SAME * SAME;
        const isDrawn = borders.line[border]! >= WEAK_LINE;
        const wasLike =
          distanceSquared(labOf(unmarked, flats.wholeOf[from]!), labOf(unmarked, flats.wholeOf[to]!)) <
          LIKE_BEFORE * LIKE_BEFORE;
        if (isDrawn && !(isSame && wasLike)) continue;
        marked[to] = 1;
        changed = true;
        colours.set(isSame ? target.colour : own, to * 3);
      }
  }
  const colour = createRaster(plain.width, plain.height, 3);
  for (let cell = 0; cell < plain.width * plain.height; cell++) {
    const from = marked[cover.labels[cover.starts[cell]!]!] === 1 ? hinted.colour : plain;
    colour.data.set(from.data.subarray(cell * 3, cell * 3 + 3), cell * 3);
  }
  return { flats: { ...flats, marked, colours }, colour, before: meant };
}

/** The colours of the marks, each with the regions that one of its marks can reach. */
function targetsOf(
  marks: readonly Mark[],
  { columns, rows, starts, labels, regionCount }: CellCover,
): { colour: Rgb; lab: Oklab; reached: Uint8Array }[] {
  const targets = new Map<string, { colour: Rgb; lab: Oklab; reached: Uint8Array }>();
  const reach = REACH * Math.hypot(columns, rows);
  for (const { x, y, colour } of marks) {
    let target = targets.get(colour.join());
    if (!target)
      targets.set(
        colour.join(),
        (target = { colour, lab: toOklab(...colour), reached: new Uint8Array(regionCount) }),
      );
    const [u, v] = [x * columns - 0.5, y * rows - 0.5];
    for (let row = Math.max(0, Math.ceil(v - reach)); row <= Math.min(rows - 1, v + reach); row++) {
      const half = Math.sqrt(reach * reach - (row - v) ** 2);
      for (let column = Math.max(0, Math.ceil(u - half)); column <= Math.min(columns - 1, u + half); column++)
        target.reached[labels[starts[row * columns + column]!]!] = 1;
    }
  }
  return [...targets.values()];
}

/**
 * Cuts marked regions where a model that understands hints stops spreading them, so that a hint in a drawing of open
 * lines does not take the whole page. Every piece begins with the colour its region had.
 * @param ink grey, 255 paper, at the size of the map.
 */
export function cutByHints(
  found: FlatColours,
  ink: Raster,
  hinted: ModelColour,
  marks: readonly Mark[],
): FlatColours {
  const { map, cover, agreement, colours } = found;
  const cells = readCells(hinted.colour, hinted.confidence);
  const grids = findPieces(map, cover, cells, markedRegions(map, marks));
  if (grids.length === 0) return found;
  const cut = cutRegions(map, ink, grids);
  const isNew = (region: number): boolean => region >= map.count;
  return {
    map: cut.map,
    cover: coverCells(cut.map, ink, cover.columns, cover.rows),
    borders: measureBorders(cut.map, ink),
    agreement: {
      objectOf: Int32Array.from(cut.wholeOf, (whole, region) =>
        isNew(region) ? region : agreement.objectOf[whole]!,
      ),
      hostOf: Int32Array.from(cut.wholeOf, (whole, region) =>
        isNew(region) ? region : agreement.hostOf[whole]!,
      ),
      cellOf: Int32Array.from(cut.wholeOf, (whole) => agreement.cellOf[whole]!),
    },
    colours: Uint8Array.from(
      { length: cut.map.count * 3 },
      (_, i) => colours[cut.wholeOf[Math.floor(i / 3)]! * 3 + (i % 3)]!,
    ),
  };
}

function labOf(colours: Uint8Array, region: number): Oklab {
  return toOklab(colours[region * 3]!, colours[region * 3 + 1]!, colours[region * 3 + 2]!);
}
