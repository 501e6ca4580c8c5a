import sharp from 'sharp';
import { Failure } from '../failure.ts';
import { type BlendMode, type InkDocument, type Layer, walkLayers } from './model.ts';

/** A layer without its pixels, as lists show it. */
export interface LayerSummary {
  readonly id: string;
  readonly name: string;
  readonly kind: 'raster' | 'group';
  readonly depth: number;
  readonly visible: boolean;
  readonly opacity: number;
  readonly blend: BlendMode;
  readonly locked: boolean;
  readonly alphaLocked?: boolean;
  readonly clipped?: boolean;
  readonly passThrough?: boolean;
  readonly revision: number;
}

/** All layers, top first, a group before its children. */
export function layerInfos(document: InkDocument, revisionOf: (layerId: string) => number): LayerSummary[] {
  const list = (layers: readonly Layer[], depth: number): LayerSummary[] =>
    layers.toReversed().flatMap((layer) => {
      const { id, name, kind, visible, opacity, blend, locked } = layer;
      const own = {
        ...{ id, name, kind, depth, visible, opacity, blend, locked },
        alphaLocked: layer.alphaLocked ?? false,
        clipped: layer.clipped ?? false,
        ...(layer.kind === 'group' && layer.passThrough && { passThrough: true }),
        revision: revisionOf(id),
      };
      return layer.kind === 'group' ? [own, ...list(layer.children, depth + 1)] : [own];
    });
  return list(document.layers, 0);
}

export interface LayerChange {
  readonly visible?: boolean | undefined;
  readonly opacity?: number | undefined;
  readonly blend?: BlendMode | undefined;
  readonly name?: string | undefined;
}

/** The document with one layer changed. @throws Failure `words` when there is no such layer. */
export function changeLayer(document: InkDocument, layerId: string, change: LayerChange): InkDocument {
  let found = false;
  const visit = (layers: readonly Layer[]): Layer[] =>
    layers.map((layer) => {
      if (layer.id === layerId) {
        found = true;
        return {
          ...layer,
          visible: change.visible ?? layer.visible,
          opacity: change.opacity ?? layer.opacity,
          blend: change.blend ?? layer.blend,
          name: change.name ?? layer.name,
        };
      }
      return layer.kind === 'group' ? { ...layer, children: visit(layer.children) } : layer;
    });
  const layers = visit(document.layers);
  if (!found) throw new Failure('words', 'This layer is not in the document any more.');
  return { ...document, layers };
}

/**
 * A raster layer's pixels for the screen: RGBA, straight alpha, scaled down so that the document's longer side is at
 * most `maxSidePx`. @throws Failure `words` for groups and unknown ids.
 */
export async function layerPixels(
  document: InkDocument,
  layerId: string,
  maxSidePx: number,
): Promise<{ widthPx: number; heightPx: number; xPx: number; yPx: number; rgba: Uint8Array }> {
  for (const { layer } of walkLayers(document.layers)) {
    if (layer.id !== layerId || layer.kind !== 'raster') continue;
    const { data, width, height, channels } = layer.pixels;
    const scale = Math.min(1, maxSidePx / Math.max(document.width, document.height));
    const widthPx = Math.max(1, Math.round(width * scale));
    const heightPx = Math.max(1, Math.round(height * scale));
    let image = sharp(data, { raw: { width, height, channels } });
    if (channels !== 4) image = image.toColourspace('srgb').ensureAlpha();
    if (scale < 1) image = image.resize(widthPx, heightPx, { fit: 'fill', kernel: 'lanczos3' });
    const rgba = scale < 1 || channels !== 4 ? await image.raw().toBuffer() : data;
    return { widthPx, heightPx, xPx: layer.x * scale, yPx: layer.y * scale, rgba };
  }
  throw new Failure('words', 'This layer has no pixels to show.');
}
