import type { Raster } from '../raster.ts';
import type { Plane } from './windows.ts';

/** The square of a picture that becomes the canvas; it may reach beyond the picture, which is paper there. */
export interface Placement {
  /** Pixels of the picture. */
  readonly xPx: number;
  readonly yPx: number;
  readonly sidePx: number;
}

export interface FoundFace {
  readonly placement: Placement;
  /** Whether the picture lies on the canvas as it is, as large as fits. */
  readonly asIs: boolean;
  /** How much like faces in general the lines are, −1 to 1; less than FAINT is no face. */
  readonly likeness: number;
  /** Share of the picture's ink that lies on the canvas, 0–1. */
  readonly onCanvas: number;
  /** Whether there is a second place that looks as much like a face. */
  readonly several: boolean;
}

/** What faces have in common, to look for them by: at the size at which they are found, and finer, to put them right. */
export interface FaceTemplate {
  readonly coarse: Plane;
  readonly fine: Plane;
}

/** Side of the canvas at which faces are looked for, px, and at which they are put right. */
const COARSE_PX = 48;
const FINE_PX = 128;
/** Lines less like a face than this are left where they are. */
export const FAINT = 0.12;
/** A picture stays as it is unless another place is clearly more like a face. */
const CLEARLY = 1.4;
/** A second face is nearly as good as the first, and apart from it by more than this of its side. */
const SECOND = { likeness: 0.92, apart: 0.6 };
/** Canvas sides to try, against the picture's longer side, and the steps between. */
const SIDES = { least: 0.28, most: 1.4, step: 1.12 };
const BLUR_PX = 1.2;
/** Steps of putting a face right: of its side, and in size. */
const SETTLING = [
  { move: 0.03, grow: 1.08 },
  { move: 0.008, grow: 1.03 },
] as const;

/** The mean of known sketches. @param sketches of one size, 1 paper, at least one. */
export function faceTemplate(sketches: readonly Plane[]): FaceTemplate {
  return { coarse: meanOf(sketches, COARSE_PX), fine: meanOf(sketches, FINE_PX) };
}

function meanOf(sketches: readonly Plane[], toPx: number): Plane {
  const sum = new Float32Array(toPx * toPx);
  for (const { data, sizePx } of sketches) {
    const small = shrink(darkOf(data, 1), sizePx, sizePx, toPx / sizePx);
    for (let i = 0; i < sum.length; i++) sum[i]! += small.data[i]!;
  }
  return { data: blur({ data: sum, width: toPx, height: toPx }).data, sizePx: toPx };
}

interface Sheet {
  readonly data: Float32Array;
  readonly width: number;
  readonly height: number;
}

interface Candidate extends Placement {
  readonly likeness: number;
}

/**
 * Finds the face in a drawing: places the template over it at many sizes and places, and takes the one whose lines are
 * most like it (normalised cross-correlation), unless the drawing is nearly as good as it lies.
 * @param ink grey, 255 paper, at any size; not blank.
 */
export function findFace(ink: Raster, { coarse: template }: FaceTemplate): FoundFace {
  const { width, height } = ink;
  const longer = Math.max(width, height);
  const dark = darkOf(ink.data, 255);
  const asIs: Placement = { xPx: (width - longer) / 2, yPx: (height - longer) / 2, sidePx: longer };
  const own = lookAt(dark, width, height, asIs, template);
  let best: Candidate[] = [];
  for (let side = SIDES.most * longer; side >= SIDES.least * longer; side /= SIDES.step)
    best.push(...slide(dark, width, height, side, template));
  best = best.toSorted((a, b) => b.likeness - a.likeness);
  const [first] = best;
  if (!first || first.likeness < Math.max(FAINT, own * CLEARLY))
    return { placement: asIs, asIs: true, likeness: own, onCanvas: 1, several: false };
  const several = best.some(
    ({ xPx, yPx, sidePx, likeness }) =>
      likeness > SECOND.likeness * first.likeness &&
      Math.hypot(
        xPx + sidePx / 2 - first.xPx - first.sidePx / 2,
        yPx + sidePx / 2 - first.yPx - first.sidePx / 2,
      ) >
        SECOND.apart * Math.max(sidePx, first.sidePx),
  );
  const { xPx, yPx, sidePx, likeness } = first;
  const placement = { xPx, yPx, sidePx };
  return { placement, asIs: false, likeness, onCanvas: inkWithin(dark, width, height, placement), several };
}

/**
 * Puts a face right that was found roughly: climbs to the place and size nearby whose lines are most like a face.
 * @param around the lines about it, 1 paper. @param at its square there, px of `around`.
 */
export function settleFace(around: Plane, at: Placement, { fine }: FaceTemplate): Placement {
  const dark = darkOf(around.data, 1);
  const lookFrom = (sidePx: number): ((xPx: number, yPx: number) => Candidate) => {
    const scale = fine.sizePx / sidePx;
    const sheet = blur(shrink(dark, around.sizePx, around.sizePx, scale));
    const correlate = correlator(fine);
    return (xPx, yPx) => {
      const [x, y] = [Math.round(xPx * scale), Math.round(yPx * scale)];
      return { xPx: x / scale, yPx: y / scale, sidePx, likeness: correlate(sheet, x, y) };
    };
  };
  let best = lookFrom(at.sidePx)(at.xPx, at.yPx);
  for (const { move, grow } of SETTLING)
    for (let before = -Infinity; best.likeness > before;) {
      before = best.likeness;
      const { xPx, yPx, sidePx } = best;
      for (const size of [sidePx / grow, sidePx, sidePx * grow]) {
        const look = lookFrom(size);
        // A face grows about its middle.
        const [left, top] = [xPx + (sidePx - size) / 2, yPx + (sidePx - size) / 2];
        for (const dy of [-move, 0, move])
          for (const dx of [-move, 0, move]) {
            const found = look(left + dx * size, top + dy * size);
            if (found.likeness > best.likeness) best = found;
          }
      }
    }
  const { xPx, yPx, sidePx } = best;
  return { xPx, yPx, sidePx };
}

/** The best places of one size: the template moved over the picture by two of its pixels at a time. */
function slide(
  dark: Float32Array,
  width: number,
  height: number,
  side: number,
  template: Plane,
): Candidate[] {
  const scale = template.sizePx / side;
  const sheet = blur(shrink(dark, width, height, scale));
  const margin = template.sizePx / 2;
  const found: Candidate[] = [];
  const correlate = correlator(template);
  for (let y = -margin; y <= sheet.height - margin; y += 2)
    for (let x = -margin; x <= sheet.width - margin; x += 2) {
      const likeness = correlate(sheet, x, y);
      if (likeness < FAINT) continue;
      found.push({ xPx: x / scale, yPx: y / scale, sidePx: side, likeness });
    }
  return found.toSorted((a, b) => b.likeness - a.likeness).slice(0, 24);
}

function lookAt(dark: Float32Array, width: number, height: number, at: Placement, template: Plane): number {
  const scale = template.sizePx / at.sidePx;
  const sheet = blur(shrink(dark, width, height, scale));
  return correlator(template)(sheet, Math.round(at.xPx * scale), Math.round(at.yPx * scale));
}

/** Normalised cross-correlation of the template with the square of a sheet at (x, y), paper beyond its rim. */
function correlator(template: Plane): (sheet: Sheet, x: number, y: number) => number {
  const side = template.sizePx;
  const count = template.data.length;
  const mean = template.data.reduce((sum, v) => sum + v, 0) / count;
  const centred = template.data.map((v) => v - mean);
  const norm = Math.hypot(...centred);
  return ({ data, width, height }, x0, y0) => {
    let sum = 0;
    let squares = 0;
    let cross = 0;
    for (let y = Math.max(0, -y0); y < Math.min(side, height - y0); y++)
      for (let x = Math.max(0, -x0); x < Math.min(side, width - x0); x++) {
        const value = data[(y0 + y) * width + x0 + x]!;
        sum += value;
        squares += value * value;
        cross += value * centred[y * side + x]!;
      }
    const spread = squares - (sum * sum) / count;
    return spread > 1e-6 && norm > 0 ? cross / (Math.sqrt(spread) * norm) : 0;
  };
}

/** How dark each value is, 0 at `paper` to 1. */
function darkOf(data: Float32Array | Uint8Array, paper: number): Float32Array {
  return Float32Array.from(data, (value) => 1 - value / paper);
}

/** A sheet at another scale, each pixel the mean of what it covers, or what lies under its middle where it grows. */
function shrink(data: Float32Array, width: number, height: number, scale: number): Sheet {
  const [w, h] = [Math.max(1, Math.round(width * scale)), Math.max(1, Math.round(height * scale))];
  const rows = new Float32Array(w * height);
  const columns = spans(width, w);
  for (let y = 0; y < height; y++)
    for (let x = 0; x < w; x++) {
      const [from, to] = columns[x]!;
      let sum = 0;
      for (let i = from; i < to; i++) sum += data[y * width + i]!;
      rows[y * w + x] = sum / (to - from);
    }
  const out = new Float32Array(w * h);
  for (const [y, [from, to]] of spans(height, h).entries())
    for (let x = 0; x < w; x++) {
      let sum = 0;
      for (let i = from; i < to; i++) sum += rows[i * w + x]!;
      out[y * w + x] = sum / (to - from);
    }
  return { data: out, width: w, height: h };
}

function spans(from: number, to: number): [number, number][] {
  return Array.from({ length: to }, (_, i) => {
    const start = Math.min(from - 1, Math.floor((i * from) / to));
    return [start, Math.max(start + 1, Math.floor(((i + 1) * from) / to))];
  });
}

/** Gaussian of BLUR_PX, paper beyond the rim: lines that nearly meet the template's count too. */
function blur({ data, width, height }: Sheet): Sheet {
  const reach = Math.ceil(3 * BLUR_PX);
  const kernel = Array.from({ length: 2 * reach + 1 }, (_, i) =>
    Math.exp(-((i - reach) ** 2) / 2 / BLUR_PX ** 2),
  );
  const total = kernel.reduce((a, b) => a + b);
  const pass = (
    source: Float32Array,
    step: number,
    place: (i: number) => number,
    length: number,
  ): Float32Array =>
    source.map((_, i) => {
      const at = place(i);
      let sum = 0;
      for (let k = -reach; k <= reach; k++)
        if (at + k >= 0 && at + k < length) sum += source[i + k * step]! * kernel[k + reach]!;
      return sum / total;
    });
  const across = pass(data, 1, (i) => i % width, width);
  return { data: pass(across, width, (i) => Math.floor(i / width), height), width, height };
}

function inkWithin(
  dark: Float32Array,
  width: number,
  height: number,
  { xPx, yPx, sidePx }: Placement,
): number {
  let [within, all] = [0, 0];
  for (let y = 0; y < height; y++)
    for (let x = 0; x < width; x++) {
      const value = dark[y * width + x]!;
      all += value;
      if (x >= xPx && y >= yPx && x < xPx + sidePx && y < yPx + sidePx) within += value;
    }
  return all > 0 ? within / all : 1;
}
