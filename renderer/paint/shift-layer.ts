import { layerOf, walk, type Layer, type PaintDocument } from './document.ts';
import { replaceTiles } from './operations.ts';
import { shiftTiles } from './page/remap.ts';

/** A layer, or all that is in a group, moved by whole pixels. Texts keep their words; what is locked stays where it is. */
export function shiftLayer(document: PaintDocument, id: string, dx: number, dy: number): PaintDocument {
  const layer = layerOf(document, id);
  if (!layer || (dx === 0 && dy === 0)) return document;
  let result = document;
  for (const each of unlocked(layer)) {
    if (each.kind !== 'raster') continue;
    const { text, tiles } = each;
    const words = text && { ...text, x: text.x + dx, y: text.y + dy };
    result = replaceTiles(result, each.id, shiftTiles(tiles, dx, dy, 4), words);
  }
  return result;
}

function* unlocked(layer: Layer): Generator<Layer> {
  if (layer.locked) return;
  yield layer;
  if (layer.kind === 'group') for (const child of layer.children) yield* unlocked(child);
}

/** How many tiles would be written to move it: what it costs. */
export function tilesIn(layer: Layer): number {
  let count = 0;
  for (const each of walk([layer])) if (each.kind === 'raster') count += each.tiles.size;
  return count;
}
