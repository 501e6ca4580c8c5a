import type { Raster } from '../raster.ts';
import type { Layer, RasterLayer } from './model.ts';
import { shown } from './shown.ts';

/** A rectangle in whole pixels; in document coordinates unless said otherwise. Empty when a side is 0. */
export interface Region {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

const NOTHING: Region = { x: 0, y: 0, width: 0, height: 0 };

/** The part two rectangles share; empty if none. */
export function intersect(a: Region, b: Region): Region {
  const x = Math.max(a.x, b.x);
  const y = Math.max(a.y, b.y);
  const width = Math.min(a.x + a.width, b.x + b.width) - x;
  const height = Math.min(a.y + a.height, b.y + b.height) - y;
  return width > 0 && height > 0 ? { x, y, width, height } : NOTHING;
}

/** The smallest rectangle around two; an empty one counts for nothing. */
export function unite(a: Region, b: Region): Region {
  if (a.width === 0) return b;
  if (b.width === 0) return a;
  const x = Math.min(a.x, b.x);
  const y = Math.min(a.y, b.y);
  return {
    x,
    y,
    width: Math.max(a.x + a.width, b.x + b.width) - x,
    height: Math.max(a.y + a.height, b.y + b.height) - y,
  };
}

/** Where a layer's buffer lies, transparent rims included; for a group, around all that is in it. */
export function placeOf(layer: Layer): Region {
  if (layer.kind === 'raster')
    return { x: layer.x, y: layer.y, width: layer.pixels.width, height: layer.pixels.height };
  return layer.children.map(placeOf).reduce(unite, NOTHING);
}

/** The rectangle of an RGBA raster, in its own pixels, outside which alpha is 0; empty if all of it is. */
export function opaqueBounds(pixels: Raster): Region {
  const { data, width, height } = pixels;
  const rowIsEmpty = (y: number) => {
    for (let i = y * width * 4 + 3, end = (y + 1) * width * 4; i < end; i += 4)
      if (data[i] !== 0) return false;
    return true;
  };
  let top = 0;
  while (top < height && rowIsEmpty(top)) top++;
  if (top === height) return NOTHING;
  let bottom = height;
  while (rowIsEmpty(bottom - 1)) bottom--;
  let left = width;
  let right = 0;
  for (let y = top; y < bottom; y++) {
    const row = y * width * 4 + 3;
    let x = 0;
    while (x < left && data[row + x * 4] === 0) x++;
    left = x;
    x = width;
    while (x > right && data[row + (x - 1) * 4] === 0) x--;
    right = x;
  }
  return { x: left, y: top, width: right - left, height: bottom - top };
}

/**
 * Throws a RangeError unless the layer's pixels are RGBA sRGB bytes of the length their sides say and its place is in
 * whole pixels. The format writers and `flatten` rely on it instead of checking again.
 */
export function assertPixels(layer: RasterLayer): void {
  const { data, width, height, channels, space } = layer.pixels;
  if (channels !== 4 || space !== 'srgb' || data.length !== width * height * 4)
    throw new RangeError(
      `Layer "${shown(layer.name)}" must hold ${width}x${height} RGBA sRGB pixels; it holds ${data.length} bytes in ` +
        `${channels} channels of ${space}.`,
    );
  if (!Number.isInteger(layer.x) || !Number.isInteger(layer.y))
    throw new RangeError(
      `Layer "${shown(layer.name)}" must lie on whole pixels; it lies at ${layer.x}, ${layer.y}.`,
    );
}
