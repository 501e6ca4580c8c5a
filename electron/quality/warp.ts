import { createRaster, type Raster } from '../raster.ts';
import { mirrored } from './plane.ts';

export interface WarpOptions {
  /** Same seed, same warp. */
  readonly seed: number;
  /** Control points a side, on a regular grid over the picture, borders included; at least 2. */
  readonly points?: number;
  /** Largest shift of a control point along each axis, as a share of the picture's side, 0–0.5. */
  readonly strength?: number;
}

/**
 * The reference of the `same` protocol: the picture bent by a random thin-plate spline (Bookstein 1989; the s(·) of
 * Lee et al., CVPR 2020, section 3.1). Sampling is bilinear, and what comes from outside is mirrored at the border.
 * @param picture sRGB or grey bytes. @returns a raster of the same size, channels and space.
 * @throws RangeError for options out of range.
 */
export function warpThinPlate(picture: Raster, options: WarpOptions): Raster {
  const { seed, points = 4, strength = 0.12 } = options;
  if (!Number.isInteger(points) || points < 2 || points > 16 || !(strength >= 0 && strength <= 0.5))
    throw new RangeError(`A warp needs 2–16 points and a strength of 0–0.5; got ${points} and ${strength}.`);
  const { width, height, channels, data } = picture;
  const random = randomFrom(seed);
  const xs: number[] = [];
  const ys: number[] = [];
  const shiftX: number[] = [];
  const shiftY: number[] = [];
  for (let row = 0; row < points; row++)
    for (let column = 0; column < points; column++) {
      xs.push(column / (points - 1));
      ys.push(row / (points - 1));
      shiftX.push((random() * 2 - 1) * strength);
      shiftY.push((random() * 2 - 1) * strength);
    }
  const [bendX, bendY] = solveSpline(xs, ys, [shiftX, shiftY]);
  const out = createRaster(width, height, channels, picture.space);
  const n = xs.length;
  for (let y = 0; y < height; y++)
    for (let x = 0; x < width; x++) {
      const u = (x + 0.5) / width;
      const v = (y + 0.5) / height;
      let dx = bendX![n]! + bendX![n + 1]! * u + bendX![n + 2]! * v;
      let dy = bendY![n]! + bendY![n + 1]! * u + bendY![n + 2]! * v;
      for (let i = 0; i < n; i++) {
        const k = kernel((u - xs[i]!) ** 2 + (v - ys[i]!) ** 2);
        dx += bendX![i]! * k;
        dy += bendY![i]! * k;
      }
      sample(
        data,
        width,
        height,
        channels,
        (u + dx) * width - 0.5,
        (v + dy) * height - 0.5,
        out.data,
        (y * width + x) * channels,
      );
    }
  return out;
}

/** U(r) = r² log r², from the squared distance. */
function kernel(squared: number): number {
  return squared > 1e-12 ? squared * Math.log(squared) : 0;
}

/** Spline weights (one per point, then constant, x and y) for each list of values at the points. */
function solveSpline(
  xs: readonly number[],
  ys: readonly number[],
  values: readonly number[][],
): Float64Array[] {
  const n = xs.length;
  const size = n + 3;
  const columns = size + values.length;
  const m = Array.from({ length: size }, () => new Float64Array(columns));
  for (let i = 0; i < n; i++) {
    for (let j = 0; j < n; j++) m[i]![j] = kernel((xs[i]! - xs[j]!) ** 2 + (ys[i]! - ys[j]!) ** 2);
    const affine = [1, xs[i]!, ys[i]!];
    affine.forEach((a, k) => {
      m[i]![n + k] = a;
      m[n + k]![i] = a;
    });
    values.forEach((list, k) => (m[i]![size + k] = list[i]!));
  }
  for (let pivot = 0; pivot < size; pivot++) {
    let best = pivot;
    for (let row = pivot + 1; row < size; row++)
      if (Math.abs(m[row]![pivot]!) > Math.abs(m[best]![pivot]!)) best = row;
    [m[pivot], m[best]] = [m[best]!, m[pivot]!];
    for (let row = 0; row < size; row++) {
      if (row === pivot) continue;
      const factor = m[row]![pivot]! / m[pivot]![pivot]!;
      if (factor === 0) continue;
      for (let column = pivot; column < columns; column++) m[row]![column]! -= factor * m[pivot]![column]!;
    }
  }
  return values.map((_, k) => Float64Array.from({ length: size }, (_, i) => m[i]![size + k]! / m[i]![i]!));
}

function sample(
  data: Uint8Array,
  width: number,
  height: number,
  channels: number,
  x: number,
  y: number,
  into: Uint8Array,
  at: number,
): void {
  const x0 = Math.floor(x);
  const y0 = Math.floor(y);
  const fx = x - x0;
  const fy = y - y0;
  const left = mirrored(x0, width) * channels;
  const right = mirrored(x0 + 1, width) * channels;
  const top = mirrored(y0, height) * width * channels;
  const bottom = mirrored(y0 + 1, height) * width * channels;
  for (let c = 0; c < channels; c++) {
    const upper = data[top + left + c]! * (1 - fx) + data[top + right + c]! * fx;
    const lower = data[bottom + left + c]! * (1 - fx) + data[bottom + right + c]! * fx;
    into[at + c] = Math.round(upper * (1 - fy) + lower * fy);
  }
}

/** mulberry32: 0–1, the same sequence for the same seed on every machine. */
export function randomFrom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = state;
    t = Math.imul(t ^ (t >>> 15), t | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
}
