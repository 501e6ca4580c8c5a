import type { Manifest } from '../engine/registry.ts';

/** A network's input size in pixels. */
export interface ModelSize {
  readonly width: number;
  readonly height: number;
}

/** No side of a network's input is longer than this many times its nominal size: a strip of 1x100 stays affordable. */
const MAX_ELONGATION = 3;

/**
 * The network input for a picture: same aspect ratio (to the stride), as many pixels as a square of `sizePx`, sides
 * multiples of `stride`.
 */
export function modelSizeFor(picture: ModelSize, sizePx: number, stride: number): ModelSize {
  const aspect = Math.sqrt(picture.width / picture.height);
  const elongation = Math.min(MAX_ELONGATION, Math.max(1 / MAX_ELONGATION, aspect));
  const side = (length: number): number => Math.max(stride, Math.round(length / stride) * stride);
  return { width: side(sizePx * elongation), height: side(sizePx / elongation) };
}

/** The size at which a model looks at references while it looks at the drawing at `sizePx`. */
export function referenceSizePx({ referenceSize }: Manifest, sizePx: number): number {
  return referenceSize ?? sizePx;
}
