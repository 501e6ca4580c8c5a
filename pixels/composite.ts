import { blendColour, blendTable, isNonSeparable } from './blend.ts';
import type { NonSeparableMode } from './blend.ts';
import type { BlendMode } from './modes.ts';

/*
 * One row of a layer onto one row of its backdrop, by the W3C's formula for source-over with blending (Compositing and
 * Blending Level 1, section 5.8):
 *
 *   αr      = αs + αb − αs·αb
 *   αr · Cr = (1 − αb)·αs·Cs + (1 − αs)·αb·Cb + αs·αb·B(Cb, Cs)
 *
 * Rounding: αs is the pixel's alpha times the layer's opacity, B is one byte, and Cr and αr are computed in whole
 * numbers and rounded to the nearest byte (halves up) once per layer. Nothing depends on the size of the strip or region.
 */

/** A run of RGBA pixels (straight alpha, sRGB bytes) somewhere in a buffer. */
export interface PixelRun {
  readonly data: Uint8Array;
  /** Byte index of the first pixel. */
  readonly offset: number;
}

/** Nearest byte to v/255 for v in 0–65025. */
const divideBy255 = (v: number) => (v + 128 + ((v + 128) >> 8)) >> 8;

/** One channel of the formula above; all arguments are bytes, αr is not zero. */
function mix(as: number, ab: number, cs: number, cb: number, blended: number): number {
  const alpha = 255 * (as + ab) - as * ab;
  const colour = as * (255 - ab) * cs + (255 - as) * ab * cb + as * ab * blended;
  return ((2 * colour + alpha) / (2 * alpha)) | 0;
}

/**
 * Composites `count` pixels of `source` onto `target` in place. `opacity` is 0–255. `x` and `y` are the first pixel's
 * place in the document: `dissolve` draws its fixed grain from them.
 */
export function compositeRow(
  target: PixelRun,
  source: PixelRun,
  count: number,
  mode: BlendMode,
  opacity: number,
  x: number,
  y: number,
): void {
  if (mode === 'normal') compositeNormal(target, source, count, opacity);
  else if (mode === 'dissolve') compositeDissolve(target, source, count, opacity, x, y);
  else if (isNonSeparable(mode)) compositeColour(target, source, count, mode, opacity);
  else compositeTable(target, source, count, blendTable(mode), opacity);
}

function compositeNormal(target: PixelRun, source: PixelRun, count: number, opacity: number): void {
  const out = target.data;
  const src = source.data;
  let d = target.offset;
  let s = source.offset;
  for (const end = d + count * 4; d < end; d += 4, s += 4) {
    const alpha = src[s + 3]!;
    if (alpha === 0) continue;
    const as = opacity === 255 ? alpha : divideBy255(alpha * opacity);
    if (as === 0) continue;
    const ab = out[d + 3]!;
    if (as === 255 || ab === 0) {
      out[d] = src[s]!;
      out[d + 1] = src[s + 1]!;
      out[d + 2] = src[s + 2]!;
      out[d + 3] = as;
    } else if (ab === 255) {
      const under = 255 - as;
      out[d] = divideBy255(under * out[d]! + as * src[s]!);
      out[d + 1] = divideBy255(under * out[d + 1]! + as * src[s + 1]!);
      out[d + 2] = divideBy255(under * out[d + 2]! + as * src[s + 2]!);
    } else {
      for (let c = 0; c < 3; c++) {
        const cs = src[s + c]!;
        out[d + c] = mix(as, ab, cs, out[d + c]!, cs);
      }
      out[d + 3] = as + ab - divideBy255(as * ab);
    }
  }
}

function compositeTable(
  target: PixelRun,
  source: PixelRun,
  count: number,
  table: Uint8Array,
  opacity: number,
): void {
  const out = target.data;
  const src = source.data;
  let d = target.offset;
  let s = source.offset;
  for (const end = d + count * 4; d < end; d += 4, s += 4) {
    const alpha = src[s + 3]!;
    if (alpha === 0) continue;
    const as = opacity === 255 ? alpha : divideBy255(alpha * opacity);
    if (as === 0) continue;
    const ab = out[d + 3]!;
    if (ab === 255 && as === 255) {
      out[d] = table[(out[d]! << 8) | src[s]!]!;
      out[d + 1] = table[(out[d + 1]! << 8) | src[s + 1]!]!;
      out[d + 2] = table[(out[d + 2]! << 8) | src[s + 2]!]!;
    } else if (ab === 255) {
      const under = 255 - as;
      for (let c = 0; c < 3; c++) {
        const cb = out[d + c]!;
        out[d + c] = divideBy255(under * cb + as * table[(cb << 8) | src[s + c]!]!);
      }
    } else {
      for (let c = 0; c < 3; c++) {
        const cs = src[s + c]!;
        const cb = out[d + c]!;
        out[d + c] = mix(as, ab, cs, cb, table[(cb << 8) | cs]!);
      }
      out[d + 3] = as + ab - divideBy255(as * ab);
    }
  }
}

const blended = new Float64Array(3);

function compositeColour(
  target: PixelRun,
  source: PixelRun,
  count: number,
  mode: NonSeparableMode,
  opacity: number,
): void {
  const out = target.data;
  const src = source.data;
  let d = target.offset;
  let s = source.offset;
  for (const end = d + count * 4; d < end; d += 4, s += 4) {
    const as = divideBy255(src[s + 3]! * opacity);
    if (as === 0) continue;
    const ab = out[d + 3]!;
    blendColour(mode, out[d]!, out[d + 1]!, out[d + 2]!, src[s]!, src[s + 1]!, src[s + 2]!, blended);
    for (let c = 0; c < 3; c++) out[d + c] = mix(as, ab, src[s + c]!, out[d + c]!, blended[c]!);
    out[d + 3] = as + ab - divideBy255(as * ab);
  }
}

/** A fixed grain, 0–254, for a place in the document (integer hash after Wellons' "lowbias32"). */
function grainAt(x: number, y: number): number {
  let h = (Math.imul(x, 0x9e3779b1) ^ Math.imul(y, 0x85ebca6b)) | 0;
  h = Math.imul(h ^ (h >>> 16), 0x7feb352d);
  h = Math.imul(h ^ (h >>> 15), 0x846ca68b);
  return ((h ^ (h >>> 16)) >>> 0) % 255;
}

/** Photoshop's dissolve: a pixel is either there, opaque, or not, with its alpha as the chance. */
function compositeDissolve(
  target: PixelRun,
  source: PixelRun,
  count: number,
  opacity: number,
  x: number,
  y: number,
): void {
  const out = target.data;
  const src = source.data;
  for (let i = 0, d = target.offset, s = source.offset; i < count; i++, d += 4, s += 4) {
    if (grainAt(x + i, y) >= divideBy255(src[s + 3]! * opacity)) continue;
    out[d] = src[s]!;
    out[d + 1] = src[s + 1]!;
    out[d + 2] = src[s + 2]!;
    out[d + 3] = 255;
  }
}

/**
 * Takes a run part of the way from what it was to what it is: what a group that its layers blend through shows at an
 * opacity (0–255) below full. `before` is what lay there before its layers were drawn.
 */
export function mixRow(target: PixelRun, before: PixelRun, count: number, opacity: number): void {
  const { data: out } = target;
  const { data: was } = before;
  for (let d = target.offset, s = before.offset, end = d + count * 4; d < end; d += 4, s += 4) {
    const there = out[d + 3]! * opacity;
    const left = was[s + 3]! * (255 - opacity);
    const sum = there + left;
    if (sum === 0) {
      out[d] = out[d + 1] = out[d + 2] = out[d + 3] = 0;
      continue;
    }
    for (let c = 0; c < 3; c++)
      out[d + c] = ((2 * (out[d + c]! * there + was[s + c]! * left) + sum) / (2 * sum)) | 0;
    out[d + 3] = divideBy255(sum);
  }
}

let alphas = new Uint8Array(0);

/**
 * The same inside what is there already: the target's alpha stays, and nothing comes where it is 0. This is how a layer
 * clipped to the one below it is drawn (PDF 1.7, section 11.4.6: as onto an opaque backdrop).
 */
export function compositeRowInside(
  target: PixelRun,
  source: PixelRun,
  count: number,
  mode: BlendMode,
  opacity: number,
  x: number,
  y: number,
): void {
  if (alphas.length < count) alphas = new Uint8Array(count);
  const { data, offset } = target;
  for (let i = 0, at = offset + 3; i < count; i++, at += 4) {
    alphas[i] = data[at]!;
    data[at] = 255;
  }
  compositeRow(target, source, count, mode, opacity, x, y);
  for (let i = 0, at = offset + 3; i < count; i++, at += 4) data[at] = alphas[i]!;
}
