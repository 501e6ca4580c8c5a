import { createRaster, type Raster } from '../../../electron/raster.ts';
import { randomFrom } from '../../../electron/quality/warp.ts';

/** An sRGB picture whose pixels a function gives. */
export function painted(
  width: number,
  height: number,
  colourAt: (x: number, y: number) => readonly [number, number, number],
): Raster {
  const out = createRaster(width, height, 3);
  for (let y = 0; y < height; y++)
    for (let x = 0; x < width; x++) out.data.set(colourAt(x, y), (y * width + x) * 3);
  return out;
}

/** A drawing: white paper, ink where a function says so. */
export function inked(width: number, height: number, isInk: (x: number, y: number) => boolean): Raster {
  const out = createRaster(width, height, 1);
  for (let y = 0; y < height; y++)
    for (let x = 0; x < width; x++) out.data[y * width + x] = isInk(x, y) ? 0 : 255;
  return out;
}

/** Random bytes, always the same for the same seed. */
export function noise(width: number, height: number, seed: number): Raster {
  const random = randomFrom(seed);
  return painted(width, height, () => [random() * 256, random() * 256, random() * 256]);
}
