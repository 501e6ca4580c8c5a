import {
  freshId,
  layerOf,
  pathTo,
  rasterLayer,
  walk,
  type GroupLayer,
  type Layer,
  type LayerLook,
  type PaintDocument,
} from './document.ts';
import { flattenToTiles } from './flatten.ts';
import { NO_GUIDES, type Guides } from './guides/guides.ts';
import type { Mask } from './mask.ts';
import type { TextBlock } from './text/block.ts';
import type { Tiles } from './tiles.ts';

/*
 * What can be done to a document's layers. Each gives a new document, or the same one when there is nothing to do (an
 * unknown layer, a place that is already taken by it), so that no empty step enters the history.
 */

/** Where a layer stands: in which group (undefined: at the top), and how many siblings lie under it. */
export interface LayerPlace {
  readonly parentId: string | undefined;
  readonly index: number;
}

function mapLayers(
  layers: readonly Layer[],
  id: string,
  change: (layer: Layer) => Layer[],
): readonly Layer[] {
  let changed = false;
  const next = layers.flatMap((layer) => {
    if (layer.id === id) {
      const made = change(layer);
      changed ||= made.length !== 1 || made[0] !== layer;
      return made;
    }
    if (layer.kind !== 'group') return [layer];
    const children = mapLayers(layer.children, id, change);
    if (children === layer.children) return [layer];
    changed = true;
    return [{ ...layer, children }];
  });
  return changed ? next : layers;
}

function withLayers(document: PaintDocument, layers: readonly Layer[]): PaintDocument {
  return layers === document.layers ? document : { ...document, layers };
}

export function changeLook(document: PaintDocument, id: string, look: Partial<LayerLook>): PaintDocument {
  const change = (layer: Layer): Layer[] => {
    const same = (Object.keys(look) as (keyof LayerLook)[]).every((key) => layer[key] === look[key]);
    return [same ? layer : { ...layer, ...look }];
  };
  return withLayers(document, mapLayers(document.layers, id, change));
}

/** Another picture for a layer, which is then no text any more, unless `text` says what it is drawn from. */
export function replaceTiles(
  document: PaintDocument,
  id: string,
  tiles: Tiles,
  text?: TextBlock,
): PaintDocument {
  const change = (layer: Layer): Layer[] => {
    if (layer.kind !== 'raster') return [layer];
    const { text: _before, ...plain } = layer;
    return [{ ...plain, tiles, ...(text && { text }) }];
  };
  return withLayers(document, mapLayers(document.layers, id, change));
}

/** Other guides: a change that is saved, though no picture. */
export function setGuides(document: PaintDocument, change: Partial<Guides>): PaintDocument {
  return {
    ...document,
    layers: [...document.layers],
    guides: { ...(document.guides ?? NO_GUIDES), ...change },
  };
}

export function removeLayer(document: PaintDocument, id: string): PaintDocument {
  return withLayers(
    document,
    mapLayers(document.layers, id, () => []),
  );
}

export function placeOf(document: PaintDocument, id: string): LayerPlace | undefined {
  const path = pathTo(document.layers, id);
  if (path.length === 0) return undefined;
  const parent = path.at(-2) as GroupLayer | undefined;
  const siblings = parent?.children ?? document.layers;
  return { parentId: parent?.id, index: siblings.findIndex((layer) => layer.id === id) };
}

export function insertLayer(document: PaintDocument, layer: Layer, place: LayerPlace): PaintDocument {
  const into = (siblings: readonly Layer[]): Layer[] => [
    ...siblings.slice(0, place.index),
    layer,
    ...siblings.slice(place.index),
  ];
  const { parentId } = place;
  if (parentId === undefined) return { ...document, layers: into(document.layers) };
  const change = (parent: Layer): Layer[] => [
    parent.kind === 'group' ? { ...parent, children: into(parent.children) } : parent,
  ];
  return withLayers(document, mapLayers(document.layers, parentId, change));
}

/** The place just above a layer; at the very top when it is not there. */
export function placeAbove(document: PaintDocument, id: string | undefined): LayerPlace {
  const place = id === undefined ? undefined : placeOf(document, id);
  return place
    ? { ...place, index: place.index + 1 }
    : { parentId: undefined, index: document.layers.length };
}

/** Takes a layer from its place to another; `place` counts the siblings as they are before. */
export function moveLayer(document: PaintDocument, id: string, place: LayerPlace): PaintDocument {
  const layer = layerOf(document, id);
  const from = placeOf(document, id);
  if (!layer || !from) return document;
  const { parentId } = place;
  // A group can't go into itself.
  if (parentId !== undefined && [...walk([layer])].some((inner) => inner.id === parentId)) return document;
  const sameParent = from.parentId === parentId;
  const index = sameParent && from.index < place.index ? place.index - 1 : place.index;
  if (sameParent && index === from.index) return document;
  return insertLayer(removeLayer(document, id), layer, { parentId, index });
}

/** A copy just above, with everything in it. */
export function duplicateLayer(
  document: PaintDocument,
  id: string,
): { document: PaintDocument; id: string | undefined } {
  const layer = layerOf(document, id);
  if (!layer) return { document, id: undefined };
  let number = Number(freshId(document).split('-')[1]);
  const copy = (of: Layer): Layer => {
    const copyId = `${of.kind === 'group' ? 'group' : 'layer'}-${number++}`;
    return of.kind === 'group'
      ? { ...of, id: copyId, children: of.children.map(copy) }
      : { ...of, id: copyId };
  };
  const made = { ...copy(layer), name: `${layer.name} copy`, locked: false };
  return { document: insertLayer(document, made, placeAbove(document, id)), id: made.id };
}

/** Puts a layer into a group of its own, which takes its place. */
export function wrapInGroup(
  document: PaintDocument,
  id: string,
  group: Omit<GroupLayer, 'children'>,
): PaintDocument {
  const change = (layer: Layer): Layer[] => [{ ...group, children: [{ ...layer, clipped: false }] }];
  return withLayers(document, mapLayers(document.layers, id, change));
}

/** The layer another is merged down into: the raster sibling right below; for a group, itself. */
export function mergeTarget(document: PaintDocument, id: string): Layer | undefined {
  const path = pathTo(document.layers, id);
  const layer = path.at(-1);
  if (!layer) return undefined;
  if (layer.kind === 'group') return layer;
  const parent = path.at(-2);
  const siblings = parent?.kind === 'group' ? parent.children : document.layers;
  const below = siblings[siblings.indexOf(layer) - 1];
  return below?.kind === 'raster' && !below.locked && !layer.locked ? below : undefined;
}

/** A layer's look as a raster layer has it. */
const lookOf = ({ name, visible, opacity, blend, locked, alphaLocked, clipped }: LayerLook): LayerLook => ({
  ...{ name, visible, opacity, blend, locked, alphaLocked, clipped, passThrough: false },
});

/**
 * A raster layer drawn onto the one below it, which keeps its name, blend mode and clipping and takes its opacity into
 * its pixels; or a group made one layer.
 */
export function mergeDown(document: PaintDocument, id: string): PaintDocument {
  const layer = layerOf(document, id);
  const target = mergeTarget(document, id);
  if (!layer || !target) return document;
  if (layer.kind === 'group') {
    const { kind: _kind, children, ...look } = layer;
    const merged = rasterLayer(id, { ...look, passThrough: false }, flattenToTiles(children));
    return withLayers(
      document,
      mapLayers(document.layers, id, () => [merged]),
    );
  }
  const base: Layer = { ...target, blend: 'normal', clipped: false, visible: true };
  const tiles = flattenToTiles([base, layer]);
  const merged: Layer = rasterLayer(target.id, { ...lookOf(target), opacity: 1 }, tiles);
  const replaced = mapLayers(document.layers, target.id, () => [merged]);
  return removeLayer({ ...document, layers: replaced }, id);
}

export function select(document: PaintDocument, selection: Mask | undefined): PaintDocument {
  return selection === document.selection ? document : { ...document, selection };
}
