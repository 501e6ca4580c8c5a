import type { Rgb } from './brush/stroke.ts';
import type { RasterLayer } from './document.ts';
import type { Mask } from './mask.ts';
import { isClear, TILE, TILE_BYTES, type Tile, type Tiles } from './tiles.ts';

/**
 * A layer's tiles with paint laid through a mask, and through the selection if there is one; without paint, what is
 * there is erased. Alpha that is locked stays.
 */
export function paintMask(
  layer: RasterLayer,
  mask: Mask,
  selection: Mask | undefined,
  rgb: Rgb | undefined,
): Tiles {
  const tiles = new Map<number, Tile>(layer.tiles);
  for (const [key, through] of mask.tiles) {
    const selected = selection?.tiles.get(key);
    if (selection && !selected) continue;
    const before = layer.tiles.get(key);
    if (!before && (!rgb || layer.alphaLocked)) continue;
    const tile = before ? before.slice() : new Uint8Array(TILE_BYTES);
    for (let at = 0, i = 0; at < TILE * TILE; at++, i += 4) {
      const a = (through[at]! / 255) * (selected ? selected[at]! / 255 : 1);
      if (a === 0) continue;
      if (a === 1 && rgb && !layer.alphaLocked) {
        tile[i] = rgb[0];
        tile[i + 1] = rgb[1];
        tile[i + 2] = rgb[2];
        tile[i + 3] = 255;
        continue;
      }
      const under = tile[i + 3]! / 255;
      if (!rgb) {
        if (!layer.alphaLocked) tile[i + 3] = under * (1 - a) * 255 + 0.5;
        continue;
      }
      const alpha = layer.alphaLocked ? under : a + under * (1 - a);
      if (alpha === 0) continue;
      const part = layer.alphaLocked ? a : a / alpha;
      for (let c = 0; c < 3; c++)
        tile[i + c] = under === 0 ? rgb[c]! : tile[i + c]! + (rgb[c]! - tile[i + c]!) * part + 0.5;
      tile[i + 3] = alpha * 255 + 0.5;
    }
    if (isClear(tile)) tiles.delete(key);
    else tiles.set(key, tile);
  }
  return tiles;
}
