/** Colour spaces a pixel buffer can be in. `srgb` and `grey` are gamma-encoded, 0–255 for bytes and 0–1 for floats. */
export type ColourSpace = 'srgb' | 'grey' | 'oklab' | 'linear-rgb';

/**
 * The one pixel buffer of the program: rows from the top, pixels from the left, channels interleaved.
 * `channels`: 1 (grey), 3 (rgb or lab) or 4 (rgb + straight, not premultiplied, alpha).
 */
export interface Raster<D extends Uint8Array | Float32Array = Uint8Array> {
  readonly data: D;
  readonly width: number;
  readonly height: number;
  readonly channels: 1 | 3 | 4;
  readonly space: ColourSpace;
}

/** A new byte raster, zero-filled. Width and height in pixels, at least 1. */
export function createRaster(
  width: number,
  height: number,
  channels: 1 | 3 | 4,
  space: ColourSpace = channels === 1 ? 'grey' : 'srgb',
): Raster {
  if (!Number.isInteger(width) || !Number.isInteger(height) || width < 1 || height < 1)
    throw new RangeError(`A raster needs whole, positive sides; got ${width}x${height}.`);
  return { data: new Uint8Array(width * height * channels), width, height, channels, space };
}

/** Number of pixels. */
export function areaOf(raster: Pick<Raster, 'width' | 'height'>): number {
  return raster.width * raster.height;
}
