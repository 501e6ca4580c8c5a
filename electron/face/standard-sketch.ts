import type { Raster } from '../raster.ts';
import type { Placement } from './place.ts';
import { resizePlane } from './shadow.ts';
import type { Plane } from './windows.ts';

/** The drawing is made at this many pixels a side, that of the bank's sketches. */
export const STANDARD_PX = 256;
/** Contrast is evened over a neighbourhood seen at a quarter of the size. */
const EVEN = { shrink: 4, sigma: 3, floor: 0.0015 };
/** Narrower Gaussian, px, the wider one's share over it, and what their difference is multiplied with. */
const WAVE = { sigma: 1, wider: 1.25, gain: 3 };
/** Hysteresis: from faint to sure ink. */
const WEAK = [0.175, 0.4] as const;
const STRONG = [0.475, 0.625] as const;
/** Faint ink is kept this far from sure ink: so many times two pixels. */
const REACH = 6;
/** Ink with less ink around it than this is a speck. */
const SPECKS = { sigma: 4, least: [0.03, 0.07] as const };

/**
 * The standard drawing of a photograph, the one that the known faces were drawn with: differences of Gaussians of its
 * brightness, whose contrast was made the same everywhere first, then hysteresis (`standard` in
 * models/training/face/sketches.py). A photograph drawn like this is compared with known faces as like with like.
 * @param photograph sRGB bytes, 3 or 4 channels (alpha is laid on white). @param at the square that becomes the drawing; paper
 * where it reaches beyond the photograph.
 * @returns STANDARD_PX a side, 1 paper, 0 ink.
 */
export function standardSketch(photograph: Raster, at: Placement): Plane {
  const grey = { data: greySquare(photograph, at, STANDARD_PX), sizePx: STANDARD_PX };
  const ink = edges(evened(grey).data, STANDARD_PX);
  const { width, height } = photograph;
  const scale = at.sidePx / STANDARD_PX;
  const sketch = new Float32Array(ink.length).fill(1);
  for (let y = 0, i = 0; y < STANDARD_PX; y++)
    for (let x = 0; x < STANDARD_PX; x++, i++) {
      const [u, v] = [at.xPx + (x + 0.5) * scale, at.yPx + (y + 0.5) * scale];
      if (u >= 0 && v >= 0 && u < width && v < height) sketch[i] = 1 - ink[i]!;
    }
  return { data: sketch, sizePx: STANDARD_PX };
}

/** A square's brightness, 0–1, at another size: each pixel the mean of what it covers, the rim going on beyond the picture. */
function greySquare(
  { data, width, height, channels }: Raster,
  { xPx, yPx, sidePx }: Placement,
  toPx: number,
): Float32Array {
  const columns = covered(xPx, sidePx, toPx, width);
  const rows = covered(yPx, sidePx, toPx, height);
  const [top, bottom] = [rows[0]!.from, rows.at(-1)!.to];
  const narrow = new Float32Array((bottom - top) * toPx);
  for (let y = top; y < bottom; y++)
    for (let x = 0; x < toPx; x++) {
      const { from, weights } = columns[x]!;
      let sum = 0;
      for (let i = 0; i < weights.length; i++) {
        const p = (y * width + from + i) * channels;
        const opaque = channels === 4 ? data[p + 3]! / 255 : 1;
        const light = (0.299 * data[p]! + 0.587 * data[p + 1]! + 0.114 * data[p + 2]!) / 255;
        sum += weights[i]! * (1 + (light - 1) * opaque);
      }
      narrow[(y - top) * toPx + x] = sum;
    }
  const out = new Float32Array(toPx * toPx);
  for (let y = 0; y < toPx; y++) {
    const { from, weights } = rows[y]!;
    for (let i = 0; i < weights.length; i++)
      for (let x = 0; x < toPx; x++) out[y * toPx + x]! += weights[i]! * narrow[(from - top + i) * toPx + x]!;
  }
  return out;
}

interface Covered {
  readonly from: number;
  /** One past the last. */
  readonly to: number;
  /** Of each pixel from `from` on; they sum to 1. */
  readonly weights: readonly number[];
}

/** Which pixels of a line of `length` each of `to` pixels over its stretch covers, and how far. */
function covered(start: number, side: number, to: number, length: number): Covered[] {
  const scale = side / to;
  const within = (i: number): number => Math.min(length - 1, Math.max(0, i));
  return Array.from({ length: to }, (_, k) => {
    // A stretch of less than a pixel still lies on two of them.
    const wide = Math.max(1, scale);
    const middle = start + (k + 0.5) * scale;
    const [begin, end] = [middle - wide / 2, middle + wide / 2];
    const from = within(Math.floor(begin));
    const last = within(Math.ceil(end) - 1);
    const weights = new Array<number>(last - from + 1).fill(0);
    for (let i = Math.floor(begin); i < end; i++)
      weights[within(i) - from]! += (Math.min(end, i + 1) - Math.max(begin, i)) / wide;
    return { from, to: last + 1, weights };
  });
}

/** Contrast made the same everywhere: soft light and dark skin are drawn like any other. */
function evened({ data, sizePx }: Plane): Plane {
  const mean = wide(data, sizePx);
  const around = data.map((value, i) => value - mean[i]!);
  const spread = wide(
    around.map((value) => value * value),
    sizePx,
  );
  return { data: around.map((value, i) => value / Math.sqrt(spread[i]! + EVEN.floor)), sizePx };
}

/** The mean of each pixel's wide neighbourhood. */
function wide(data: Float32Array, sizePx: number): Float32Array {
  const side = sizePx / EVEN.shrink;
  const small = new Float32Array(side * side);
  for (let y = 0; y < sizePx; y++)
    for (let x = 0; x < sizePx; x++)
      small[Math.floor(y / EVEN.shrink) * side + Math.floor(x / EVEN.shrink)]! +=
        data[y * sizePx + x]! / EVEN.shrink ** 2;
  return resizePlane({ data: blurred(small, side, EVEN.sigma), sizePx: side }, sizePx).data;
}

/** Dark lines and the dark sides of borders, as ink: 0 paper, 1 ink. */
function edges(light: Float32Array, sizePx: number): Float32Array {
  const narrow = blurred(light, sizePx, WAVE.sigma);
  const broad = blurred(narrow, sizePx, WAVE.sigma * WAVE.wider);
  const wave = narrow.map((value, i) => (broad[i]! - value) * WAVE.gain);
  const weak = wave.map((value) => smoothStep(value, ...WEAK));
  let found = wave.map((value) => smoothStep(value, ...STRONG));
  for (let k = 0; k < REACH; k++) found = grown(found, sizePx).map((value, i) => Math.min(value, weak[i]!));
  const around = blurred(found, sizePx, SPECKS.sigma);
  return found.map((value, i) => value * smoothStep(around[i]!, ...SPECKS.least));
}

/** From 0 at `low` to 1 at `high`. */
function smoothStep(value: number, low: number, high: number): number {
  const t = Math.min(1, Math.max(0, (value - low) / (high - low)));
  return t * t * (3 - 2 * t);
}

/** Each pixel the darkest of the 5x5 around it. */
function grown(ink: Float32Array, sizePx: number): Float32Array {
  return along(along(ink, sizePx, 1), sizePx, sizePx);
}

function along(ink: Float32Array, sizePx: number, step: number): Float32Array {
  const out = new Float32Array(ink.length);
  for (let i = 0; i < ink.length; i++) {
    const place = step === 1 ? i % sizePx : Math.floor(i / sizePx);
    let most = 0;
    for (let k = Math.max(-2, -place); k <= Math.min(2, sizePx - 1 - place); k++)
      most = Math.max(most, ink[i + k * step]!);
    out[i] = most;
  }
  return out;
}

/** Gaussian to three sigmas, mirrored at the rim without repeating its pixel. */
function blurred(data: Float32Array, sizePx: number, sigma: number): Float32Array {
  const reach = Math.max(1, Math.floor(sigma * 3 + 0.5));
  const kernel = Array.from({ length: 2 * reach + 1 }, (_, i) =>
    Math.exp(-((i - reach) ** 2) / 2 / sigma ** 2),
  );
  const total = kernel.reduce((a, b) => a + b);
  const mirrored = (i: number): number => {
    const j = Math.abs(i);
    return j < sizePx ? j : 2 * (sizePx - 1) - j;
  };
  const pass = (source: Float32Array, step: number, across: number): Float32Array => {
    const out = new Float32Array(source.length);
    for (let line = 0; line < sizePx; line++)
      for (let i = 0; i < sizePx; i++) {
        let sum = 0;
        for (let k = -reach; k <= reach; k++)
          sum += kernel[k + reach]! * source[line * across + mirrored(i + k) * step]!;
        out[line * across + i * step] = sum / total;
      }
    return out;
  };
  return pass(pass(data, 1, sizePx), sizePx, 1);
}
