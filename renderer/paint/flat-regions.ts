import { areaAround } from './fill.ts';
import { layerOf, type PaintDocument } from './document.ts';
import type { Lock } from './marks.ts';
import { combine, maskFrom, type Mask } from './mask.ts';
import { fromTiles, pixelAt, TILE, TILE_BYTES, tileRect, type Tile, type Tiles } from './tiles.ts';

/** The layer whose regions are one colour each. */
export const FLATS_ID = 'flats';

/** The document's Flats, if it was coloured by regions. */
export function flatsOf(document: PaintDocument): Tiles | undefined {
  const layer = layerOf(document, FLATS_ID);
  return layer?.kind === 'raster' ? layer.tiles : undefined;
}

const pictures = new WeakMap<Tiles, Uint8Array>();

/** The region of a flat layer at a place: all that is joined to it and has exactly its colour. Undefined off the page and where nothing is. */
export function regionAt(
  tiles: Tiles,
  width: number,
  height: number,
  x: number,
  y: number,
): Mask | undefined {
  const [px, py] = [Math.floor(x), Math.floor(y)];
  if (px < 0 || py < 0 || px >= width || py >= height || pixelAt(tiles, px, py)[3] === 0) return undefined;
  let data = pictures.get(tiles);
  if (!data)
    pictures.set(tiles, (data = fromTiles(tiles, { left: 0, top: 0, right: width, bottom: height })));
  const area = areaAround({ data, width, height }, px, py, { tolerance: 0, gapPx: 0, growPx: 0 });
  return area && maskFrom(area.bytes, area.rect);
}

/** Everything of a flat layer that has exactly the colour at a place. */
export function alikeAt(tiles: Tiles, x: number, y: number): Mask | undefined {
  const [r, g, b, a] = pixelAt(tiles, Math.floor(x), Math.floor(y));
  if (a === 0) return undefined;
  const through = new Map<number, Uint8Array>();
  let bounds: Mask['bounds'] | undefined;
  for (const [key, tile] of tiles) {
    let mask: Uint8Array | undefined;
    for (let at = 0, i = 0; at < TILE * TILE; at++, i += 4)
      if (tile[i] === r && tile[i + 1] === g && tile[i + 2] === b && tile[i + 3] === a)
        (mask ??= new Uint8Array(TILE * TILE))[at] = 255;
    if (!mask) continue;
    through.set(key, mask);
    const rect = tileRect(key);
    bounds = bounds
      ? {
          left: Math.min(bounds.left, rect.left),
          top: Math.min(bounds.top, rect.top),
          right: Math.max(bounds.right, rect.right),
          bottom: Math.max(bounds.bottom, rect.bottom),
        }
      : rect;
  }
  return bounds && { tiles: through, bounds };
}

/** What the locks hold, as Flats stand now. */
export function lockedMask(document: PaintDocument, locks: readonly Lock[]): Mask | undefined {
  const flats = flatsOf(document);
  if (!flats) return undefined;
  const { width, height } = document;
  let mask: Mask | undefined;
  for (const { x, y, everywhere } of locks) {
    const fresh = everywhere ? alikeAt(flats, x, y) : regionAt(flats, width, height, x, y);
    if (fresh) mask = combine(mask, fresh, 'add');
  }
  return mask;
}

/** `fresh` with the pixels of `now` wherever the mask is set. */
export function keepMasked(now: Tiles, fresh: Tiles, mask: Mask): Tiles {
  const result = new Map(fresh);
  for (const [key, through] of mask.tiles) {
    const is = now.get(key);
    const to: Tile = (fresh.get(key) ?? new Uint8Array(TILE_BYTES)).slice();
    for (let at = 0, i = 0; at < TILE * TILE; at++, i += 4) {
      if (through[at] === 0) continue;
      for (let c = 0; c < 4; c++) to[i + c] = is ? is[i + c]! : 0;
    }
    result.set(key, to);
  }
  return result;
}
