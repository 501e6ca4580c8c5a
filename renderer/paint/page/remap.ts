import {
  fromTiles,
  intersect,
  isEmpty,
  paintedBounds,
  TILE,
  tileKey,
  tileOf,
  tileRect,
  toTiles,
  type Rect,
  type Tiles,
} from '../tiles.ts';

/** Exact changes of a whole page: every pixel keeps its value and goes to another place. */
export type Remap = 'quarter-right' | 'quarter-left' | 'half' | 'flip-x' | 'flip-y';

/** A page's size after a remap. */
export function remappedSize(
  { width, height }: { width: number; height: number },
  how: Remap,
): { width: number; height: number } {
  return how === 'quarter-right' || how === 'quarter-left'
    ? { width: height, height: width }
    : { width, height };
}

/** Where a place of the page (a pixel's corner, not its middle) comes to lie. */
export function remappedPlace(
  { x, y }: { readonly x: number; readonly y: number },
  page: { width: number; height: number },
  how: Remap,
): { x: number; y: number } {
  switch (how) {
    case 'quarter-right':
      return { x: page.height - y, y: x };
    case 'quarter-left':
      return { x: y, y: page.width - x };
    case 'half':
      return { x: page.width - x, y: page.height - y };
    case 'flip-x':
      return { x: page.width - x, y };
    case 'flip-y':
      return { x, y: page.height - y };
  }
}

export function remappedRect(rect: Rect, page: { width: number; height: number }, how: Remap): Rect {
  const a = remappedPlace({ x: rect.left, y: rect.top }, page, how);
  const b = remappedPlace({ x: rect.right, y: rect.bottom }, page, how);
  return {
    left: Math.min(a.x, b.x),
    top: Math.min(a.y, b.y),
    right: Math.max(a.x, b.x),
    bottom: Math.max(a.y, b.y),
  };
}

/** A rectangle's values, row by row, at their new places in the rectangle's new one. One value a pixel. */
export function remapBuffer<T extends Uint32Array | Uint8Array>(
  from: T,
  width: number,
  height: number,
  how: Remap,
): T {
  const to = new (from.constructor as new (length: number) => T)(from.length);
  const outWidth = how === 'quarter-right' || how === 'quarter-left' ? height : width;
  for (let y = 0; y < height; y++) {
    const row = y * width;
    let at: number;
    let step: number;
    if (how === 'flip-x') [at, step] = [row + width - 1, -1];
    else if (how === 'flip-y') [at, step] = [(height - 1 - y) * width, 1];
    else if (how === 'half') [at, step] = [(height - y) * width - 1, -1];
    else if (how === 'quarter-right') [at, step] = [outWidth - 1 - y, outWidth];
    else [at, step] = [(width - 1) * outWidth + y, -outWidth];
    for (let x = 0; x < width; x++, at += step) to[at] = from[row + x]!;
  }
  return to;
}

/** A layer's tiles after a remap of the page. */
export function remapTiles(tiles: Tiles, page: { width: number; height: number }, how: Remap): Tiles {
  const bounds = paintedBounds(tiles);
  if (!bounds) return new Map();
  const [width, height] = [bounds.right - bounds.left, bounds.bottom - bounds.top];
  const rgba = fromTiles(tiles, bounds);
  const moved = remapBuffer(new Uint32Array(rgba.buffer), width, height, how);
  const place = remappedRect(bounds, page, how);
  return toTiles(
    new Uint8Array(moved.buffer),
    place.left,
    place.top,
    place.right - place.left,
    place.bottom - place.top,
  );
}

/**
 * Tiles moved by whole pixels; with `within`, only what lies in it afterwards. Of pictures (four bytes a pixel) or
 * masks (one). Tiles with nothing in them are left out.
 */
export function shiftTiles(
  tiles: ReadonlyMap<number, Uint8Array>,
  dx: number,
  dy: number,
  bytesAPixel: 1 | 4,
  within?: Rect,
): Map<number, Uint8Array> {
  const result = new Map<number, Uint8Array>();
  const inTiles = dx % TILE === 0 && dy % TILE === 0;
  for (const [key, tile] of tiles) {
    const from = tileRect(key);
    const there = {
      left: from.left + dx,
      top: from.top + dy,
      right: from.right + dx,
      bottom: from.bottom + dy,
    };
    const part = within ? intersect(there, within) : there;
    if (isEmpty(part)) continue;
    const whole = part.right - part.left === TILE && part.bottom - part.top === TILE;
    if (inTiles && whole) {
      result.set(tileKey(tileOf(there.left), tileOf(there.top)), tile);
      continue;
    }
    for (let top = part.top; top < part.bottom;) {
      const ty = tileOf(top);
      const bottom = Math.min(part.bottom, (ty + 1) * TILE);
      for (let left = part.left; left < part.right;) {
        const tx = tileOf(left);
        const right = Math.min(part.right, (tx + 1) * TILE);
        const to = tileKey(tx, ty);
        let made = result.get(to);
        if (!made) result.set(to, (made = new Uint8Array(TILE * TILE * bytesAPixel)));
        const bytes = (right - left) * bytesAPixel;
        for (let y = top; y < bottom; y++) {
          const at = ((y - dy - from.top) * TILE + left - dx - from.left) * bytesAPixel;
          made.set(tile.subarray(at, at + bytes), ((y - ty * TILE) * TILE + left - tx * TILE) * bytesAPixel);
        }
        left = right;
      }
      top = bottom;
    }
  }
  for (const [key, tile] of result) if (hasNothing(tile, bytesAPixel)) result.delete(key);
  return result;
}

function hasNothing(tile: Uint8Array, bytesAPixel: 1 | 4): boolean {
  for (let at = bytesAPixel - 1; at < tile.length; at += bytesAPixel) if (tile[at] !== 0) return false;
  return true;
}
