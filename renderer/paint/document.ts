import type { BlendMode } from '../../pixels/modes.ts';
import type { Guides } from './guides/guides.ts';
import type { Marks } from './marks.ts';
import type { Mask } from './mask.ts';
import type { TextBlock } from './text/block.ts';
import type { Tiles } from './tiles.ts';

/** What of a layer is not its pixels. */
export interface LayerLook {
  readonly name: string;
  readonly visible: boolean;
  /** 0–1. */
  readonly opacity: number;
  readonly blend: BlendMode;
  /** Its pixels stay as they are. */
  readonly locked: boolean;
  /** Its alpha stays as it is: one paints only where something is. */
  readonly alphaLocked: boolean;
  /** Shown only where the layer below that is not clipped shows. */
  readonly clipped: boolean;
  /**
   * Of a group: its layers blend with what lies below it, as if they stood in its place; `blend` then counts for nothing.
   * A group that is clipped, or that others are clipped to, is one picture all the same.
   */
  readonly passThrough: boolean;
}

export interface RasterLayer extends LayerLook {
  readonly kind: 'raster';
  readonly id: string;
  readonly tiles: Tiles;
  /** A text layer's words: its pixels are drawn from them, and it can't be painted on until it is made plain. */
  readonly text?: TextBlock;
}

/** A folder, blended as one picture (isolated) unless it passes through. */
export interface GroupLayer extends LayerLook {
  readonly kind: 'group';
  readonly id: string;
  /** Bottom first. */
  readonly children: readonly Layer[];
}

export type Layer = RasterLayer | GroupLayer;

/** A document to paint in. Never changes; operations give a new one that shares what they left alone. */
export interface PaintDocument {
  readonly width: number;
  readonly height: number;
  /** Bottom first. Another array whenever anything that a file holds is different: the page and the guides too. */
  readonly layers: readonly Layer[];
  /** Where painting is let through; undefined: everywhere. */
  readonly selection: Mask | undefined;
  readonly guides?: Guides;
  /** Dots per inch, where it is known. */
  readonly dpi?: number;
  /** Hints, pins and locks for the colouring. */
  readonly marks?: Marks;
  /** Layers that colouring made, by id, as it made them: what differs is the artist's own paint (own-paint.ts). */
  readonly made?: ReadonlyMap<string, Tiles>;
}

const PLAIN: LayerLook = {
  name: 'Layer',
  visible: true,
  opacity: 1,
  blend: 'normal',
  locked: false,
  alphaLocked: false,
  clipped: false,
  passThrough: false,
};

export function rasterLayer(
  id: string,
  look: Partial<LayerLook> = {},
  tiles: Tiles = new Map(),
): RasterLayer {
  return { ...PLAIN, ...look, kind: 'raster', id, tiles };
}

export function groupLayer(
  id: string,
  look: Partial<LayerLook> = {},
  children: readonly Layer[] = [],
): GroupLayer {
  return { ...PLAIN, ...look, kind: 'group', id, children };
}

/** Every layer, bottom first, groups before what is in them. */
export function* walk(layers: readonly Layer[]): Generator<Layer> {
  for (const layer of layers) {
    yield layer;
    if (layer.kind === 'group') yield* walk(layer.children);
  }
}

/** As a list shows them: top first, groups before what is in them. */
export interface ListedLayer {
  readonly layer: Layer;
  /** 0 at the top. */
  readonly depth: number;
  readonly parentId: string | undefined;
  /** Place among its siblings, from the bottom. */
  readonly index: number;
}

export function listed(
  layers: readonly Layer[],
  depth = 0,
  parentId: string | undefined = undefined,
): ListedLayer[] {
  const list: ListedLayer[] = [];
  for (let index = layers.length - 1; index >= 0; index--) {
    const layer = layers[index]!;
    list.push({ layer, depth, parentId, index });
    if (layer.kind === 'group') list.push(...listed(layer.children, depth + 1, layer.id));
  }
  return list;
}

export function layerOf(document: PaintDocument, id: string | undefined): Layer | undefined {
  if (id === undefined) return undefined;
  for (const layer of walk(document.layers)) if (layer.id === id) return layer;
  return undefined;
}

/** The groups a layer lies in, outermost first, and itself last; empty when it is not there. */
export function pathTo(layers: readonly Layer[], id: string): readonly Layer[] {
  for (const layer of layers) {
    if (layer.id === id) return [layer];
    if (layer.kind !== 'group') continue;
    const inner = pathTo(layer.children, id);
    if (inner.length > 0) return [layer, ...inner];
  }
  return [];
}

/** Why a layer can't be painted on; undefined when it can. A group's lock and eye hold for what is in it. */
export function paintingBarrier(
  document: PaintDocument,
  id: string | undefined,
): 'none' | 'group' | 'locked' | 'hidden' | 'text' | undefined {
  const path = id === undefined ? [] : pathTo(document.layers, id);
  const layer = path.at(-1);
  if (!layer) return 'none';
  if (layer.kind === 'group') return 'group';
  if (path.some(({ locked }) => locked)) return 'locked';
  if (path.some(({ visible }) => !visible)) return 'hidden';
  if (layer.text) return 'text';
  return undefined;
}

/** An id no layer of the document has. */
export function freshId(document: PaintDocument, prefix: 'layer' | 'group' = 'layer'): string {
  let highest = 0;
  for (const { id } of walk(document.layers)) {
    const number = /^(?:layer|group)-(\d{1,9})$/.exec(id)?.[1];
    if (number) highest = Math.max(highest, Number(number));
  }
  return `${prefix}-${highest + 1}`;
}

/** The first numbered name, counting from 1, that no layer of the document has. */
export function freshName(document: PaintDocument, nameOf: (number: number) => string): string {
  const taken = new Set([...walk(document.layers)].map(({ name }) => name));
  let number = 1;
  while (taken.has(nameOf(number))) number++;
  return nameOf(number);
}
