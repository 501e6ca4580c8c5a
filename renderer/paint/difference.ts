import type { GroupLayer, Layer, PaintDocument } from './document.ts';
import type { Tiles } from './tiles.ts';

/** Keys of the tiles whose pixels differ; undefined maps count as empty. */
export function changedKeys(before: Tiles | undefined, after: Tiles | undefined, into: Set<number>): void {
  if (before === after) return;
  for (const [key, tile] of before ?? []) if (after?.get(key) !== tile) into.add(key);
  for (const key of after?.keys() ?? []) if (!before?.has(key)) into.add(key);
}

/** The tiles' places where two documents may look different: what must be drawn anew when one takes the other's place. */
export function differingTiles(before: PaintDocument, after: PaintDocument): Set<number> {
  const keys = new Set<number>();
  compareLists(before.layers, after.layers, keys);
  return keys;
}

function compareLists(before: readonly Layer[], after: readonly Layer[], into: Set<number>): void {
  if (before === after) return;
  const old = new Map(before.map((layer) => [layer.id, layer]));
  const fresh = new Set(after.map(({ id }) => id));
  const kept = (layers: readonly Layer[], others: { has(id: string): boolean }): string =>
    layers
      .filter(({ id }) => others.has(id))
      .map(({ id }) => id)
      .join();
  const reordered = kept(before, fresh) !== kept(after, old);
  const moved = before.length !== after.length || reordered;
  const clips = [...before, ...after].some(({ clipped }) => clipped);
  if (reordered || (moved && clips)) {
    for (const layer of [...before, ...after]) collect(layer, into);
    return;
  }
  for (const layer of before) if (!fresh.has(layer.id)) collect(layer, into);
  for (const layer of after) {
    const was = old.get(layer.id);
    if (was === layer) continue;
    if (!was || !looksSame(was, layer)) {
      if (was) collect(was, into);
      collect(layer, into);
      if (was && clips) for (const other of after) collect(other, into);
    } else if (layer.kind === 'raster') {
      if (layer.visible) changedKeys((was as typeof layer).tiles, layer.tiles, into);
    } else if (layer.visible) compareLists((was as GroupLayer).children, layer.children, into);
  }
}

const looksSame = (a: Layer, b: Layer): boolean =>
  a.kind === b.kind &&
  a.visible === b.visible &&
  a.opacity === b.opacity &&
  a.blend === b.blend &&
  a.clipped === b.clipped &&
  a.passThrough === b.passThrough;

function collect(layer: Layer, into: Set<number>): void {
  if (layer.kind === 'raster') for (const key of layer.tiles.keys()) into.add(key);
  else for (const child of layer.children) collect(child, into);
}

/** Bytes of pixels that `before` holds and `after` does not: what keeping `before` costs. */
export function bytesOnlyIn(before: PaintDocument, after: PaintDocument): number {
  const maps = new Map<string, Tiles>();
  const gather = (layers: readonly Layer[]): void => {
    for (const layer of layers)
      if (layer.kind === 'raster') maps.set(layer.id, layer.tiles);
      else gather(layer.children);
  };
  gather(after.layers);
  let bytes = 0;
  const count = (layers: readonly Layer[]): void => {
    for (const layer of layers) {
      if (layer.kind === 'group') count(layer.children);
      else {
        const now = maps.get(layer.id);
        if (now === layer.tiles) continue;
        for (const [key, tile] of layer.tiles) if (now?.get(key) !== tile) bytes += tile.length;
      }
    }
  };
  count(before.layers);
  if (before.selection && before.selection !== after.selection)
    for (const tile of before.selection.tiles.values()) bytes += tile.length;
  return bytes;
}
