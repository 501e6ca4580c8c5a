import type { Agreement } from './agree.ts';
import type { CellColours, RegionCells } from './cells.ts';
import { distanceSquared, paintDistanceSquared, toOklab, type Oklab, type Rgb } from './oklab.ts';

/**
 * Which of a few colours each place of a drawing is meant to have, as a model says that compares it with pictures. A
 * model that is unsure between brown and purple paints their grey; its votes still name the two.
 */
export interface ColourVotes {
  /** Grid over the whole page; cells of a model's colour lie in its tokens, whole numbers of them. */
  readonly columns: number;
  readonly rows: number;
  /** Colours that the sources have. */
  readonly colours: readonly Rgb[];
  /** [rows*columns, colours], row-major; a row sums to at most 1, the rest is "none of them". */
  readonly weights: Float32Array;
}

/** Colours this near in OKLab vote together. */
const ALIKE = 0.05;
/** How far a colour's votes are divided by what it gets everywhere: what covers a picture is looked at by all. */
const PRIOR_POWER = 0.35;
const LEAST_PRIOR = 1e-4;
/** A colour this far (`paintDistanceSquared`) from what the model painted is less likely by a factor of e^-0.5. */
const PAINTED_REACH = 0.25;
/** Tokens a region must have nearly to itself to vote alone. */
const ALONE_TOKENS = 2.5;
/** Where less than this share of a region's votes names a colour, none is elected. */
const LEAST_TURNOUT = 0.3;

/**
 * Elects a colour for every region: a large one by its own votes and those of the pieces that no line divides from it,
 * a smaller one by those of the object it is part of, one without a colour of its own with its host. Colours alike
 * count for each other, and all are weighed by how near they are to what the model painted.
 * @param wholeOf the region each was cut from.
 * @returns by region; undefined where too few votes name a colour.
 */
export function electColours(
  votes: ColourVotes,
  agreement: Agreement,
  cells: CellColours,
  regions: RegionCells,
  wholeOf: Int32Array,
): (Rgb | undefined)[] {
  const labs = votes.colours.map((rgb) => toOklab(...rgb));
  const prior = priorOf(votes);
  const kinship = labs.map((one) =>
    labs.map((other) => Math.exp(-distanceSquared(one, other) / (2 * ALIKE ** 2))),
  );
  const elect = ({ counts, total, cell }: Constituency): Rgb | undefined => {
    if (counts.reduce((sum, count) => sum + count, 0) < LEAST_TURNOUT * total) return undefined;
    const painted: Oklab = [cells.lab[cell * 3]!, cells.lab[cell * 3 + 1]!, cells.lab[cell * 3 + 2]!];
    let best: Rgb | undefined;
    let most = 0;
    labs.forEach((lab, k) => {
      let score = 0;
      for (let j = 0; j < labs.length; j++) score += (kinship[k]![j]! * counts[j]!) / prior[j]!;
      score *= Math.exp(-paintDistanceSquared(lab, painted) / (2 * PAINTED_REACH ** 2));
      if (score <= most) return;
      most = score;
      best = votes.colours[k];
    });
    return best;
  };
  const constituencyOf = countVotes(votes, agreement, cells, regions, wholeOf);
  const elected = new Map<Constituency, Rgb | undefined>();
  for (const one of constituencyOf) if (one && !elected.has(one)) elected.set(one, elect(one));
  return constituencyOf.map((one) => one && elected.get(one));
}

/** What each colour gets over the whole drawing, to the power it is divided by. */
function priorOf({ colours, weights }: ColourVotes): number[] {
  const tokens = weights.length / colours.length;
  const sums = colours.map(() => 0);
  for (let i = 0; i < weights.length; i++) sums[i % colours.length]! += weights[i]!;
  return sums.map((sum) => (sum / tokens + LEAST_PRIOR) ** PRIOR_POWER);
}

/** Regions that elect one colour together. */
interface Constituency {
  readonly counts: Float64Array;
  total: number;
  /** Tokens they have nearly to themselves. */
  own: number;
  /** The cell whose colour the model painted them in. */
  readonly cell: number;
}

function countVotes(
  { columns, rows, colours, weights }: ColourVotes,
  { hostOf, cellOf }: Agreement,
  cells: CellColours,
  { firstOf, cellOf: cellsOf, weightOf, own }: RegionCells,
  wholeOf: Int32Array,
): (Constituency | undefined)[] {
  const count = colours.length;
  const tokenOf = new Uint32Array(cells.columns * cells.rows);
  for (let y = 0, cell = 0; y < cells.rows; y++)
    for (let x = 0; x < cells.columns; x++, cell++)
      tokenOf[cell] =
        Math.floor((y * rows) / cells.rows) * columns + Math.floor((x * columns) / cells.columns);
  const cellsPerToken = tokenOf.length / (columns * rows);
  const objects = new Map<number, Constituency>();
  const undivided = new Map<string, Constituency>();
  const partsOf = Array.from(cellOf, (cell, region) => {
    if (cell === -1) return undefined;
    const parts: [Constituency, Constituency] = [
      at(objects, cell, cell, count),
      at(undivided, `${wholeOf[region]!} ${cell}`, cell, count),
    ];
    for (const part of parts) part.own += own[region]! / cellsPerToken;
    for (let e = firstOf[region]!; e < firstOf[region + 1]!; e++) {
      const weight = weightOf[e]!;
      const first = tokenOf[cellsOf[e]!]! * count;
      for (const part of parts) {
        part.total += weight;
        for (let k = 0; k < count; k++) part.counts[k]! += weight * weights[first + k]!;
      }
    }
    return parts;
  });
  return Array.from(hostOf, (host) => {
    const [object, itself] = partsOf[host] ?? [];
    return itself && itself.own >= ALONE_TOKENS ? itself : object;
  });
}

function at<Key>(known: Map<Key, Constituency>, key: Key, cell: number, colours: number): Constituency {
  let one = known.get(key);
  if (!one) known.set(key, (one = { counts: new Float64Array(colours), total: 0, own: 0, cell }));
  return one;
}
