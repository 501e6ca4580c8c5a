import type { Raster } from '../raster.ts';

/** Photoshop's blend modes, named as in the PSD specification's layer records (spelled out). */
export const BLEND_MODES = [
  'normal',
  'dissolve',
  'darken',
  'multiply',
  'color-burn',
  'linear-burn',
  'darker-color',
  'lighten',
  'screen',
  'color-dodge',
  'linear-dodge',
  'lighter-color',
  'overlay',
  'soft-light',
  'hard-light',
  'vivid-light',
  'linear-light',
  'pin-light',
  'hard-mix',
  'difference',
  'exclusion',
  'subtract',
  'divide',
  'hue',
  'saturation',
  'color',
  'luminosity',
] as const;
export type BlendMode = (typeof BLEND_MODES)[number];

interface LayerCommon {
  /** Unique in its document; stable across saves. */
  readonly id: string;
  readonly name: string;
  readonly visible: boolean;
  /** 0–1. */
  readonly opacity: number;
  readonly blend: BlendMode;
  readonly locked: boolean;
}

/** Pixels at an offset from the document's top left corner. RGBA, sRGB, straight alpha. */
export interface RasterLayer extends LayerCommon {
  readonly kind: 'raster';
  readonly x: number;
  readonly y: number;
  readonly pixels: Raster;
}

/** A folder; blended as one picture (isolated). */
export interface GroupLayer extends LayerCommon {
  readonly kind: 'group';
  /** Bottom first. */
  readonly children: readonly Layer[];
}

export type Layer = RasterLayer | GroupLayer;

export interface InkDocument {
  readonly width: number;
  readonly height: number;
  /** Dots per inch of the scan or canvas; 72 when unknown. */
  readonly dpi: number;
  /** Bottom first. */
  readonly layers: readonly Layer[];
}

/** Every layer, bottom first, groups before their children, with its path of names from the top. */
export function* walkLayers(
  layers: readonly Layer[],
  path: readonly string[] = [],
): Generator<{ layer: Layer; path: readonly string[] }> {
  for (const layer of layers) {
    const here = [...path, layer.name];
    yield { layer, path: here };
    if (layer.kind === 'group') yield* walkLayers(layer.children, here);
  }
}
