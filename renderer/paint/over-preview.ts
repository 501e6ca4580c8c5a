import type { BlendMode } from '../../pixels/modes.ts';
import type { Layer, PaintDocument } from './document.ts';
import { PREVIEW_ID, withPreview } from './preview-layer.ts';
import { TILE_BYTES, tilesIn, type Tile, type Tiles } from './tiles.ts';

/**
 * A document with black, and with white, in the place of its live preview. Where every layer that lies over the preview
 * takes the colour below it in proportion, these two say all: what it adds is what black becomes, and how much of the
 * colour below stays is what white becomes less that.
 */
export interface OverPreview {
  readonly black: PaintDocument;
  readonly white: PaintDocument;
}

/** Modes whose result is a part of the backdrop and something added (W3C Compositing and Blending, section 9). */
const IN_PROPORTION: readonly BlendMode[] = ['normal', 'multiply', 'screen'];

const known = new WeakMap<PaintDocument, OverPreview | undefined>();

/** Undefined where a layer over the preview blends otherwise: then the document is flattened with the preview in it. */
export function overPreview(document: PaintDocument): OverPreview | undefined {
  if (!known.has(document)) known.set(document, made(document));
  return known.get(document);
}

function made(document: PaintDocument): OverPreview | undefined {
  const black = withPreview(document, solid(document, BLACK));
  if (!isInProportion(black.layers)) return undefined;
  const white = withPreview(document, solid(document, WHITE));
  return { black: withoutHidden(black), white: withoutHidden(white) };
}

const isPreviewIn = (layer: Layer): boolean =>
  layer.id === PREVIEW_ID || (layer.kind === 'group' && layer.children.some(isPreviewIn));

/** Whether the preview, among these layers, shows through all that lies over it in proportion. */
function isInProportion(layers: readonly Layer[]): boolean {
  const at = layers.findIndex(isPreviewIn);
  const holder = layers[at];
  const inside = holder?.kind !== 'group' || isInProportion(holder.children);
  return inside && layers.slice(at).every(takesInProportion);
}

const takesInProportion = (layer: Layer): boolean =>
  !layer.visible ||
  (IN_PROPORTION.includes(layer.blend) &&
    (layer.kind !== 'group' || !layer.passThrough || layer.children.every(takesInProportion)));

/** What lies under a preview that nothing shows through is not drawn. */
function withoutHidden(document: PaintDocument): PaintDocument {
  const at = document.layers.findIndex(isPreviewIn);
  const { kind, visible, opacity, blend, clipped } = document.layers[at]!;
  const hides = kind === 'group' && visible && opacity === 1 && blend === 'normal' && !clipped;
  return hides ? { ...document, layers: document.layers.slice(at) } : document;
}

const solidTile = (value: number): Tile =>
  new Uint8Array(TILE_BYTES).map((_, at) => (at % 4 === 3 ? 255 : value));
const BLACK = solidTile(0);
const WHITE = solidTile(255);

const solid = ({ width, height }: PaintDocument, tile: Tile): Tiles =>
  new Map([...tilesIn({ left: 0, top: 0, right: width, bottom: height })].map((key) => [key, tile]));
