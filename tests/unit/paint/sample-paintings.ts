import { BLEND_MODES } from '../../../pixels/modes.ts';
import { PRESETS, type Brush } from '../../../renderer/paint/brush/brush.ts';
import type { PenSample } from '../../../renderer/paint/brush/path.ts';
import { SmudgeStroke } from '../../../renderer/paint/brush/smudge.ts';
import { PaintStroke, type Rgb, type Stroke } from '../../../renderer/paint/brush/stroke.ts';
import {
  layerOf,
  rasterLayer,
  walk,
  type Layer,
  type PaintDocument,
  type RasterLayer,
} from '../../../renderer/paint/document.ts';
import { flattenToTiles } from '../../../renderer/paint/flatten.ts';
import { fromTiles, toTiles, type Rect } from '../../../renderer/paint/tiles.ts';

export const page = (width: number, height: number, layers: readonly Layer[]): PaintDocument => ({
  width,
  height,
  layers,
  selection: undefined,
});

export const wholeOf = ({ width, height }: PaintDocument): Rect => ({
  left: 0,
  top: 0,
  right: width,
  bottom: height,
});

export const preset = (id: string, change: Partial<Brush> = {}): Brush => ({
  ...PRESETS.find((brush) => brush.id === id)!,
  ...change,
});

export const sample = (x: number, y: number, pressure = 1, timeMs = 0): PenSample => ({
  x,
  y,
  pressure,
  tilt: 0,
  azimuth: 0,
  timeMs,
});

/** Readings along a straight line, 4 ms apart. */
export function along(
  from: readonly [number, number],
  to: readonly [number, number],
  count: number,
  pressure: (part: number) => number = () => 1,
): PenSample[] {
  return Array.from({ length: count }, (_, i) => {
    const part = count === 1 ? 0 : i / (count - 1);
    return sample(
      from[0] + (to[0] - from[0]) * part,
      from[1] + (to[1] - from[1]) * part,
      pressure(part),
      i * 4,
    );
  });
}

export function stroke(
  document: PaintDocument,
  layerId: string,
  brush: Brush,
  samples: readonly PenSample[],
  rgb: Rgb = [0, 0, 0],
): PaintDocument {
  const layer = layerOf(document, layerId) as RasterLayer;
  const under: Stroke =
    brush.kind === 'smudge'
      ? new SmudgeStroke(document, layer, brush)
      : new PaintStroke(document, layer, brush, rgb);
  under.add(samples);
  const tiles = under.end();
  const replace = (layers: readonly Layer[]): Layer[] =>
    layers.map((other) =>
      other.id === layerId && other.kind === 'raster'
        ? { ...other, tiles }
        : other.kind === 'group'
          ? { ...other, children: replace(other.children) }
          : other,
    );
  return { ...document, layers: replace(document.layers) };
}

/** Everything a document is, as one string: each layer's look and pixels, and the composite. */
export function fingerprint(document: PaintDocument): string {
  const rect = wholeOf(document);
  const parts: string[] = [];
  for (const layer of walk(document.layers)) {
    const { id, kind, name, visible, opacity, blend, locked, alphaLocked, clipped, passThrough } = layer;
    const pixels = layer.kind === 'raster' ? sum(fromTiles(layer.tiles, rect)) : layer.children.length;
    const flags = [visible, locked, alphaLocked, clipped, passThrough];
    parts.push([id, kind, name, opacity, blend, ...flags, pixels].join('|'));
  }
  return `${parts.join('\n')}\n${sum(fromTiles(flattenToTiles(document.layers), rect))}`;
}

/** FNV-1a. */
function sum(bytes: Uint8Array): number {
  let hash = 0x811c9dc5;
  for (const byte of bytes) hash = Math.imul(hash ^ byte, 0x01000193);
  return hash >>> 0;
}

export function noiseLayer(
  random: () => number,
  id: string,
  width: number,
  height: number,
  look: Partial<RasterLayer> = {},
): RasterLayer {
  const rgba = Uint8Array.from({ length: width * height * 4 }, () => Math.floor(random() * 256));
  return rasterLayer(id, { name: id, ...look }, toTiles(rgba, 0, 0, width, height));
}

export const anyBlend = (random: () => number) => BLEND_MODES[Math.floor(random() * BLEND_MODES.length)]!;
