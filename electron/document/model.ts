import { BLEND_MODES } from '../../pixels/modes.ts';
import type { BlendMode } from '../../pixels/modes.ts';
import type { Raster } from '../raster.ts';
import type { JsonValue } from './ora-entry.ts';

export { BLEND_MODES };
export type { BlendMode };

interface LayerCommon {
  /** Unique in its document; stable across saves. */
  readonly id: string;
  readonly name: string;
  readonly visible: boolean;
  /** 0–1. */
  readonly opacity: number;
  readonly blend: BlendMode;
  readonly locked: boolean;
  /** Painting changes its colours but not its alpha. */
  readonly alphaLocked?: boolean;
  /** Shown only where the nearest layer below that is not clipped shows, and blended with that one first. */
  readonly clipped?: boolean;
}

/** Pixels at an offset from the document's top left corner. RGBA, sRGB, straight alpha. */
export interface RasterLayer extends LayerCommon {
  readonly kind: 'raster';
  readonly x: number;
  readonly y: number;
  readonly pixels: Raster;
}

/** A folder; blended as one picture (isolated) unless it passes through. */
export interface GroupLayer extends LayerCommon {
  readonly kind: 'group';
  /**
   * Its layers blend with what lies below the group, as if they stood in its place; `blend` then counts for nothing.
   * A group that is clipped, or that others are clipped to, is one picture all the same.
   */
  readonly passThrough?: boolean;
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
  /**
   * What no other format has a place for, by the part of Inkwash it belongs to ("paint": texts, rulers …). Kept word for
   * word in an .ora's extra entry; nothing here is needed to show the document.
   */
  readonly extra?: Readonly<Record<string, JsonValue>>;
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

/** A stack as layers with those clipped to them, bottom first. A clipped layer with nothing below stands by itself. */
export function clipGroups(layers: readonly Layer[]): { base: Layer; clipped: Layer[] }[] {
  const groups: { base: Layer; clipped: Layer[] }[] = [];
  for (const layer of layers) {
    const below = groups.at(-1);
    if (layer.clipped && below) below.clipped.push(layer);
    else groups.push({ base: layer, clipped: [] });
  }
  return groups;
}
