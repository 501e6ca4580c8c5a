import type {
  BlendMode,
  GroupLayer,
  InkDocument,
  Layer,
  RasterLayer,
} from '../../../electron/document/model.ts';
import { createRaster } from '../../../electron/raster.ts';
import type { Raster } from '../../../electron/raster.ts';

export type Rgba = readonly [number, number, number, number];

/** An RGBA raster whose pixels `colourAt` tells. */
export function painted(width: number, height: number, colourAt: (x: number, y: number) => Rgba): Raster {
  const raster = createRaster(width, height, 4);
  for (let y = 0; y < height; y++)
    for (let x = 0; x < width; x++) raster.data.set(colourAt(x, y), (y * width + x) * 4);
  return raster;
}

export const filled = (width: number, height: number, colour: Rgba) => painted(width, height, () => colour);

export function layerOf(name: string, pixels: Raster, rest: Partial<RasterLayer> = {}): RasterLayer {
  return {
    kind: 'raster',
    id: `id-${name}`,
    name,
    visible: true,
    opacity: 1,
    blend: 'normal',
    locked: false,
    x: 0,
    y: 0,
    pixels,
    ...rest,
  };
}

export function groupOf(name: string, children: Layer[], rest: Partial<GroupLayer> = {}): GroupLayer {
  return {
    kind: 'group',
    id: `id-${name}`,
    name,
    visible: true,
    opacity: 1,
    blend: 'normal',
    locked: false,
    children,
    ...rest,
  };
}

export function documentOf(width: number, height: number, layers: Layer[], dpi = 72): InkDocument {
  return { width, height, dpi, layers };
}

export function pixelAt(raster: Raster, x: number, y: number): number[] {
  const at = (y * raster.width + x) * 4;
  return [...raster.data.subarray(at, at + 4)];
}

/** Pixels that are different everywhere, alpha included, and the same in every run. */
export function noise(width: number, height: number, seed: number, opaque = false): Raster {
  let state = seed;
  const next = () => (state = (Math.imul(state, 1664525) + 1013904223) >>> 0) >>> 24;
  return painted(width, height, () => [next(), next(), next(), opaque ? 255 : next()]);
}

/** A page as the studio makes it: flats and colour in a group, shading, and inked lines on white paper on top. */
export function inkedPage(width = 60, height = 40): InkDocument {
  const flats = painted(width, height, (x) => (x < width / 2 ? [230, 120, 90, 255] : [90, 140, 220, 255]));
  const touch = painted(12, 9, (x, y) => [255, 230, 0, x === 0 || y === 0 ? 0 : 128 + x * 10]);
  const shading = painted(width, height, (x, y) => [200 + (x % 40), 190 + (y % 50), 210, 255]);
  const lines = painted(width, height, (x, y) =>
    x % 15 < 2 || y === 20 ? [0, 0, 0, 255] : [255, 255, 255, 255],
  );
  return documentOf(
    width,
    height,
    [
      layerOf('Paper', filled(width, height, [255, 255, 255, 255])),
      groupOf(
        'Colours 色',
        [layerOf('Flats', flats, { locked: true }), layerOf('Touch-ups ✎', touch, { x: 30, y: 6 })],
        {
          opacity: 0.8,
        },
      ),
      layerOf('Shading', shading, { blend: 'multiply', opacity: 0.5 }),
      layerOf('Notes', filled(5, 5, [255, 0, 0, 255]), { visible: false, x: -2, y: 37, blend: 'hard-light' }),
      layerOf('Lines', lines, { blend: 'multiply' }),
    ],
    300,
  );
}

export function overlay(backdrop: Rgba, source: Rgba, blend: BlendMode, opacity = 1): InkDocument {
  return documentOf(1, 1, [
    layerOf('Below', filled(1, 1, backdrop)),
    layerOf('Above', filled(1, 1, source), { blend, opacity }),
  ]);
}
