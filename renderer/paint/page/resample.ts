import { fromTiles, paintedBounds, toTiles, type Rect, type Tiles } from '../tiles.ts';

/** How a picture is scaled: pixels as squares, straight between them, or sharper, by cubic curves. */
export const RESAMPLINGS = ['nearest', 'bilinear', 'bicubic'] as const;
export type Resampling = (typeof RESAMPLINGS)[number];

/** Catmull-Rom (Keys 1981, a = -1/2). */
export function cubic(x: number): number {
  const t = Math.abs(x);
  if (t < 1) return (1.5 * t - 2.5) * t * t + 1;
  if (t < 2) return ((-0.5 * t + 2.5) * t - 4) * t + 2;
  return 0;
}
const linear = (x: number): number => Math.max(0, 1 - Math.abs(x));

/** For every target pixel along one axis: the first source pixel it takes from, and the weights of it and those after. */
interface Weights {
  readonly first: Int32Array;
  readonly taps: number;
  /** `taps` a target pixel; each pixel's add up to 1. */
  readonly weights: Float32Array;
}

/** Source pixels [0, length) lie from `from` on the scaled axis; scaled by `scale`, target pixels run from `start` to `end`. */
function weightsFor(
  from: number,
  scale: number,
  start: number,
  end: number,
  resampling: Resampling,
): Weights {
  const kernel = resampling === 'bicubic' ? cubic : linear;
  // A smaller picture takes every pixel of the larger in: the kernel widens.
  const stretch = Math.max(1, 1 / scale);
  const reach = (resampling === 'bicubic' ? 2 : 1) * stretch;
  const taps = resampling === 'nearest' ? 1 : Math.ceil(reach) * 2 + 1;
  const count = end - start;
  const first = new Int32Array(count);
  const weights = new Float32Array(count * taps);
  for (let i = 0; i < count; i++) {
    const middle = (start + i + 0.5) / scale - from;
    if (resampling === 'nearest') {
      first[i] = Math.floor(middle);
      weights[i] = 1;
      continue;
    }
    const low = Math.floor(middle - 0.5) - Math.ceil(reach) + 1;
    first[i] = low;
    let sum = 0;
    for (let k = 0; k < taps; k++) {
      const weight = kernel((low + k + 0.5 - middle) / stretch);
      weights[i * taps + k] = weight;
      sum += weight;
    }
    for (let k = 0; k < taps; k++) weights[i * taps + k]! /= sum;
  }
  return { first, taps, weights };
}

/**
 * A layer's tiles scaled with the page around its top left corner. Colours are weighed by their alpha, so that
 * transparent places bring none of their own; outside what is painted all is transparent.
 * @param progress told how much is done, 0–1.
 */
export function resampleTiles(
  tiles: Tiles,
  scaleX: number,
  scaleY: number,
  resampling: Resampling,
  progress: (part: number) => void = () => undefined,
): Tiles {
  const bounds = paintedBounds(tiles);
  if (!bounds) return new Map();
  const room = resampling === 'bicubic' ? 2 : 1;
  const target: Rect = {
    left: Math.floor((bounds.left - room) * scaleX),
    top: Math.floor((bounds.top - room) * scaleY),
    right: Math.ceil((bounds.right + room) * scaleX),
    bottom: Math.ceil((bounds.bottom + room) * scaleY),
  };
  const width = bounds.right - bounds.left;
  const height = bounds.bottom - bounds.top;
  const outWidth = target.right - target.left;
  const outHeight = target.bottom - target.top;
  const source = fromTiles(tiles, bounds);
  const across = weightsFor(bounds.left, scaleX, target.left, target.right, resampling);
  const down = weightsFor(bounds.top, scaleY, target.top, target.bottom, resampling);

  // Rows that are scaled across are kept as long as rows below take from them: premultiplied, 0–255.
  const rows = new Map<number, Float32Array>();
  const rowAt = (y: number): Float32Array | undefined => {
    if (y < 0 || y >= height) return undefined;
    let row = rows.get(y);
    if (!row) rows.set(y, (row = scaledRow(source, y * width * 4, width, across, outWidth)));
    return row;
  };
  const out = new Uint8Array(outWidth * outHeight * 4);
  const sum = new Float32Array(outWidth * 4);
  for (let y = 0; y < outHeight; y++) {
    if ((y & 63) === 0) progress(y / outHeight);
    sum.fill(0);
    for (let k = 0; k < down.taps; k++) {
      const weight = down.weights[y * down.taps + k]!;
      const row = weight === 0 ? undefined : rowAt(down.first[y]! + k);
      if (row) for (let at = 0; at < sum.length; at++) sum[at]! += row[at]! * weight;
    }
    for (const known of rows.keys()) if (known < down.first[y]!) rows.delete(known);
    for (let x = 0, at = y * outWidth * 4; x < outWidth; x++, at += 4) {
      const alpha = sum[x * 4 + 3]!;
      if (alpha < 0.5) continue;
      for (let c = 0; c < 3; c++)
        out[at + c] = Math.min(255, Math.max(0, (sum[x * 4 + c]! * 255) / alpha)) + 0.5;
      out[at + 3] = Math.min(255, alpha + 0.5);
    }
  }
  return toTiles(out, target.left, target.top, outWidth, outHeight);
}

function scaledRow(
  source: Uint8Array,
  offset: number,
  width: number,
  { first, taps, weights }: Weights,
  outWidth: number,
): Float32Array {
  const row = new Float32Array(outWidth * 4);
  for (let x = 0; x < outWidth; x++) {
    let [r, g, b, a] = [0, 0, 0, 0];
    const from = first[x]!;
    for (let k = 0; k < taps; k++) {
      const at = from + k;
      if (at < 0 || at >= width) continue;
      const i = offset + at * 4;
      const alpha = source[i + 3]!;
      if (alpha === 0) continue;
      const weight = weights[x * taps + k]! * alpha;
      r += source[i]! * weight;
      g += source[i + 1]! * weight;
      b += source[i + 2]! * weight;
      a += weight;
    }
    row[x * 4] = r / 255;
    row[x * 4 + 1] = g / 255;
    row[x * 4 + 2] = b / 255;
    row[x * 4 + 3] = a;
  }
  return row;
}
