import type { Raster } from '../raster.ts';
import type { CellCover } from './cover.ts';
import { toOklab, type Rgb } from './oklab.ts';

/** A model's colour on its own grid, ready to be pooled. */
export interface CellColours {
  readonly columns: number;
  readonly rows: number;
  /** sRGB bytes, 3 a cell. */
  readonly rgb: Uint8Array;
  /** OKLab, 3 a cell. */
  readonly lab: Float32Array;
  /** 0–1: how far a cell is to be believed. */
  readonly trust: Float32Array;
}

/** The cells each region lies on: region r owns the entries firstOf[r] to firstOf[r+1]-1, in reading order. */
export interface RegionCells {
  readonly firstOf: Uint32Array;
  readonly cellOf: Uint32Array;
  /** 0–1: square of the region's share of the cell, times the cell's trust. */
  readonly weightOf: Float32Array;
  /** Cells a region covers, as a sum of shares. */
  readonly cover: Float32Array;
  /** Cells that a region has nearly to itself, as a sum of squared shares: what its own colour can be known from. */
  readonly own: Float32Array;
}

/** A step of OKLab from one cell to the next from which a cell is between two colours rather than of one. */
const STEP = 0.1;
/** No cell counts for less than this: where all are unsure, the least unsure still decide. */
const LEAST_TRUST = 0.02;

/**
 * Reads a model's colour for pooling. A cell is trusted as far as the model is sure of it and as its neighbours look
 * like it: where colour changes, cells hold mixtures that neither side meant.
 * @param colour sRGB bytes, 3 channels.
 * @param confidence 0–1, one a cell, row by row; 1 everywhere when left out.
 */
export function readCells(colour: Raster, confidence?: Float32Array): CellColours {
  const { width: columns, height: rows, data: rgb } = colour;
  if (colour.channels !== 3) throw new RangeError('A model’s colour is RGB, 3 channels.');
  if (confidence && confidence.length !== columns * rows)
    throw new RangeError(`Confidence for ${columns * rows} cells; got ${confidence.length}.`);
  const lab = new Float32Array(columns * rows * 3);
  for (let i = 0; i < lab.length; i += 3) {
    const [l, a, b] = toOklab(rgb[i]!, rgb[i + 1]!, rgb[i + 2]!);
    lab[i] = l;
    lab[i + 1] = a;
    lab[i + 2] = b;
  }
  const trust = new Float32Array(columns * rows);
  for (let y = 0, cell = 0; y < rows; y++)
    for (let x = 0; x < columns; x++, cell++) {
      const across = labApart(
        lab,
        y * columns + Math.max(0, x - 1),
        y * columns + Math.min(columns - 1, x + 1),
      );
      const along = labApart(lab, Math.max(0, y - 1) * columns + x, Math.min(rows - 1, y + 1) * columns + x);
      const sure = confidence ? Math.min(1, Math.max(0, confidence[cell]! || 0)) : 1;
      trust[cell] = Math.max(LEAST_TRUST, sure / (1 + (across + along) / (2 * STEP) ** 2));
    }
  return { columns, rows, rgb, lab, trust };
}

/** Squared OKLab distance of two cells. */
export function labApart(lab: Float32Array, one: number, other: number): number {
  const l = lab[one * 3]! - lab[other * 3]!;
  const a = lab[one * 3 + 1]! - lab[other * 3 + 1]!;
  const b = lab[one * 3 + 2]! - lab[other * 3 + 2]!;
  return l * l + a * a + b * b;
}

/** Sorts the cells of a cover by region. */
export function cellsByRegion(cover: CellCover, trust: Float32Array): RegionCells {
  const { columns, rows, regionCount, starts, labels, shares } = cover;
  const firstOf = new Uint32Array(regionCount + 1);
  for (const label of labels) firstOf[label + 1]!++;
  for (let region = 0; region < regionCount; region++) firstOf[region + 1]! += firstOf[region]!;
  const next = firstOf.slice();
  const cellOf = new Uint32Array(labels.length);
  const weightOf = new Float32Array(labels.length);
  const total = new Float32Array(regionCount);
  const own = new Float32Array(regionCount);
  for (let cell = 0; cell < columns * rows; cell++)
    for (let e = starts[cell]!; e < starts[cell + 1]!; e++) {
      const region = labels[e]!;
      const share = shares[e]!;
      const at = next[region]!++;
      cellOf[at] = cell;
      weightOf[at] = share * share * trust[cell]!;
      total[region]! += share;
      own[region]! += share * share;
    }
  return { firstOf, cellOf, weightOf, cover: total, own };
}

/** Samples looked at for one colour; more cells are sampled evenly. */
const MOST_SAMPLES = 128;
/** Colours this near in OKLab count as alike when the commonest is looked for. */
const ALIKE = 0.05;

/**
 * The commonest colour of the cells of some regions: the mode of their weighted density in OKLab, then the medoid of
 * what lies around it. Always a colour that a cell has, so that two colours never give the grey between them.
 * @param regions at least one of them must have cells.
 * @returns the cell whose colour it is; -1 when there are no cells.
 */
export function commonestCell(
  { lab }: CellColours,
  { firstOf, cellOf, weightOf }: RegionCells,
  regions: readonly number[],
): number {
  let count = 0;
  for (const region of regions) count += firstOf[region + 1]! - firstOf[region]!;
  if (count === 0) return -1;
  const step = Math.max(1, count / MOST_SAMPLES);
  const samples: number[] = [];
  const weights: number[] = [];
  let before = 0;
  let wanted = step / 2;
  for (const region of regions) {
    const size = firstOf[region + 1]! - firstOf[region]!;
    for (; wanted < before + size; wanted += step) {
      const at = firstOf[region]! + Math.floor(wanted - before);
      samples.push(cellOf[at]!);
      weights.push(weightOf[at]!);
    }
    before += size;
  }
  const density = new Float64Array(samples.length);
  for (let i = 0; i < samples.length; i++) {
    density[i]! += weights[i]!;
    // As near to one as the other is to it.
    for (let j = i + 1; j < samples.length; j++) {
      const apart = labApart(lab, samples[j]!, samples[i]!);
      if (apart >= 9 * ALIKE * ALIKE) continue;
      const alike = Math.exp(-apart / (2 * ALIKE * ALIKE));
      density[i]! += weights[j]! * alike;
      density[j]! += weights[i]! * alike;
    }
  }
  let best = 0;
  for (let i = 1; i < samples.length; i++) if (density[i]! > density[best]!) best = i;
  return medoidAround(lab, samples, weights, samples[best]!);
}

/** The sample nearest to the weighted mean of those alike the one given. */
function medoidAround(
  lab: Float32Array,
  samples: readonly number[],
  weights: readonly number[],
  mode: number,
): number {
  const mean = [0, 0, 0];
  let sum = 0;
  const near = samples.filter((sample, i) => {
    if (labApart(lab, sample, mode) > ALIKE * ALIKE) return false;
    sum += weights[i]!;
    for (let c = 0; c < 3; c++) mean[c]! += weights[i]! * lab[sample * 3 + c]!;
    return true;
  });
  let best = mode;
  let least = Infinity;
  for (const sample of near) {
    let apart = 0;
    for (let c = 0; c < 3; c++) apart += (lab[sample * 3 + c]! - mean[c]! / sum) ** 2;
    if (apart >= least) continue;
    least = apart;
    best = sample;
  }
  return best;
}

/** A cell's colour in sRGB bytes. */
export function rgbOfCell({ rgb }: CellColours, cell: number): Rgb {
  return [rgb[cell * 3]!, rgb[cell * 3 + 1]!, rgb[cell * 3 + 2]!];
}
