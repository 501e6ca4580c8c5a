import { cellsByRegion, commonestCell, readCells, rgbOfCell } from '../page/cells.ts';
import type { MarkedFlats, Mark } from '../page/marks.ts';
import { distanceSquared, toOklab, type Oklab } from '../page/oklab.ts';
import { createRaster, type Raster } from '../raster.ts';
import type { ModelColour } from './method.ts';

/** A region follows a mark from afar when the model now gives it a colour this near to the mark's (OKLab) … */
const NEAR = 0.1;
/** … and nearer than before by this. */
const NEARER = 0.04;
/** So near it takes the mark's colour itself. */
const SAME = 0.05;

/**
 * Lets a model that understands hints spread them: regions joined to a marked one whose colour the hints moved towards
 * a mark's follow it (the second sleeve, the rest of a skirt). All others stay as they were without hints, whatever
 * else the model changed.
 * @param plain the model's colour without marks. @param hinted with them, on the same grid.
 * @returns the flats, the raster both colours make together, and what the model meant each region to be.
 */
export function spreadHints(
  flats: MarkedFlats,
  plain: Raster,
  hinted: ModelColour,
  marks: readonly Mark[],
): { flats: MarkedFlats; colour: Raster; before: Uint8Array } {
  const { map, cover, borders, agreement } = flats;
  const cells = readCells(hinted.colour, hinted.confidence);
  const regions = cellsByRegion(cover, cells.trust);
  const meant = new Uint8Array(map.count * 3);
  for (let region = 0; region < map.count; region++) {
    const cell = commonestCell(cells, regions, [agreement.hostOf[region]!]);
    meant.set(cell === -1 ? [255, 255, 255] : rgbOfCell(cells, cell), region * 3);
  }
  const targets = marks.map(({ colour }) => ({ colour, lab: toOklab(...colour) }));
  const led = Array.from({ length: map.count }, (_, region) => {
    const now = labOf(meant, region);
    const then = labOf(flats.colours, region);
    return targets.find(({ lab }) => {
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
        marked[to] = 1;
        changed = true;
        const own = meant.subarray(to * 3, to * 3 + 3);
        const isSame = distanceSquared(labOf(meant, to), target.lab) < SAME * SAME;
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

function labOf(colours: Uint8Array, region: number): Oklab {
  return toOklab(colours[region * 3]!, colours[region * 3 + 1]!, colours[region * 3 + 2]!);
}
