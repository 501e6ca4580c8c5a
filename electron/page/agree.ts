import { WEAK_LINE, type Borders } from './borders.ts';
import { commonestCell, type CellColours, type RegionCells } from './cells.ts';

/** Which regions share a colour, and why. */
export interface Agreement {
  /** The first region of the object a region is part of: pieces of one thing, divided by a weak line or none. */
  readonly objectOf: Int32Array;
  /** The region whose colour this one takes because it is too small to have its own; itself if it has. */
  readonly hostOf: Int32Array;
  /** The cell whose colour a region has, after both; -1 where the grid has nothing to say. */
  readonly cellOf: Int32Array;
}

/** Own cells from which a region's colour is its own. */
const OWN_COLOUR = 1.5;
/** Own cells at which a colour is half certain. */
const HALF_CERTAIN = 25;
/** OKLab distances up to which neighbours are one object: across an open border, across a weak line. */
const NEAR_OPEN = 0.075;
const NEAR_WEAK = 0.03;
/** What is added where one of the two is so small that its colour is a guess. */
const SLACK = 0.11;

/**
 * Lets regions agree on colours. Neighbours that no line, or only a weak one, divides and whose colours are near are
 * one object; so are neighbours of like colour of which one is too small to be certain of its own (hatching, folds,
 * strands of hair), across any line. Regions too small for the model's grid (letter holes, slivers) take the colour of
 * the neighbour they share most border with, open borders and near colours counting for more.
 */
export function agreeOnColours(borders: Borders, cells: CellColours, regions: RegionCells): Agreement {
  const count = regions.own.length;
  const alone = Int32Array.from({ length: count }, (_, region) => commonestCell(cells, regions, [region]));
  const objectOf = formObjects(borders, cells, regions, alone);
  const hostOf = adoptTiny(borders, cells, regions, alone);
  const members: number[][] = [];
  for (let region = 0; region < count; region++) (members[objectOf[region]!] ??= []).push(region);
  const cellOf = alone.slice();
  for (const object of members) {
    if (!object || object.length === 1) continue;
    const cell = commonestCell(cells, regions, object);
    for (const region of object) cellOf[region] = cell;
  }
  for (let region = 0; region < count; region++) cellOf[region] = cellOf[hostOf[region]!]!;
  return { objectOf, hostOf, cellOf };
}

/** Joins neighbours, nearest colours first; an object keeps the colour of its largest part, so that none drifts. */
function formObjects(
  { one, other, line, lengthPx, count }: Borders,
  { lab }: CellColours,
  { own }: RegionCells,
  alone: Int32Array,
): Int32Array {
  const parent = Int32Array.from({ length: own.length }, (_, i) => i);
  const find = (region: number): number => {
    while (parent[region] !== region) region = parent[region] = parent[parent[region]!]!;
    return region;
  };
  const size = Float64Array.from(own);
  const head = Int32Array.from(parent);
  const apart = (a: number, b: number): number => {
    let sum = 0;
    for (let c = 0; c < 3; c++) sum += (lab[alone[a]! * 3 + c]! - lab[alone[b]! * 3 + c]!) ** 2;
    return Math.sqrt(sum);
  };
  const reach = (border: number, a: number, b: number): number => {
    const strength = line[border]!;
    const near =
      strength >= WEAK_LINE
        ? 0
        : NEAR_OPEN + ((NEAR_WEAK - NEAR_OPEN) * Math.max(0, strength - 0.2)) / (WEAK_LINE - 0.2);
    return near + SLACK / (1 + Math.min(size[a]!, size[b]!) / HALF_CERTAIN) ** 2;
  };
  const order: { border: number; ratio: number }[] = [];
  for (let border = 0; border < count; border++) {
    const a = one[border]!;
    const b = other[border]!;
    if (own[a]! < OWN_COLOUR || own[b]! < OWN_COLOUR) continue;
    const ratio = apart(a, b) / reach(border, a, b);
    if (ratio < 1) order.push({ border, ratio });
  }
  order.sort((x, y) => x.ratio - y.ratio || lengthPx[y.border]! - lengthPx[x.border]! || x.border - y.border);
  for (const { border } of order) {
    const a = find(one[border]!);
    const b = find(other[border]!);
    if (a === b || apart(head[a]!, head[b]!) >= reach(border, a, b)) continue;
    const [low, high] = a < b ? [a, b] : [b, a];
    if (size[high]! > size[low]!) head[low] = head[high]!;
    size[low]! += size[high]!;
    parent[high] = low;
  }
  return Int32Array.from(parent, (_, region) => find(region));
}

/** Gives regions without a colour of their own the best of the neighbours that have one, rings of them inwards. */
function adoptTiny(
  { one, other, line, lengthPx, count }: Borders,
  { lab }: CellColours,
  { own }: RegionCells,
  alone: Int32Array,
): Int32Array {
  const hostOf = Int32Array.from({ length: own.length }, (_, i) => i);
  const around = new Map<number, { to: number; pull: number }[]>();
  const note = (tiny: number, to: number, pull: number): void => {
    if (own[tiny]! >= OWN_COLOUR) return;
    const list = around.get(tiny);
    if (list) list.push({ to, pull });
    else around.set(tiny, [{ to, pull }]);
  };
  for (let border = 0; border < count; border++) {
    const pull = lengthPx[border]! * (1.25 - line[border]!);
    note(one[border]!, other[border]!, pull);
    note(other[border]!, one[border]!, pull);
  }
  const liking = (tiny: number, host: number): number => {
    if (alone[tiny] === -1 || alone[host] === -1) return 1;
    let apart = 0;
    for (let c = 0; c < 3; c++) apart += (lab[alone[tiny]! * 3 + c]! - lab[alone[host]! * 3 + c]!) ** 2;
    return 0.2 + Math.exp(-apart / (2 * 0.12 ** 2));
  };
  const settled = (region: number): boolean => own[region]! >= OWN_COLOUR || hostOf[region] !== region;
  let waiting = [...around.keys()].sort((a, b) => a - b);
  while (waiting.length > 0) {
    const found: [number, number][] = [];
    for (const tiny of waiting) {
      let best = -1;
      let most = 0;
      for (const { to, pull } of around.get(tiny)!) {
        if (!settled(to)) continue;
        const host = hostOf[to]!;
        const wanted = pull * liking(tiny, host);
        if (wanted > most) {
          most = wanted;
          best = host;
        }
      }
      if (best !== -1) found.push([tiny, best]);
    }
    if (found.length === 0) break;
    for (const [tiny, host] of found) hostOf[tiny] = host;
    waiting = waiting.filter((tiny) => hostOf[tiny] === tiny);
  }
  return hostOf;
}
