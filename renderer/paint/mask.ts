import {
  intersect,
  isEmpty,
  TILE,
  tileKey,
  tileOf,
  tileRect,
  tilesIn,
  unite,
  type Rect,
  type Tiles,
} from './tiles.ts';

/** One byte a pixel, TILE × TILE: 0 lets nothing through, 255 all. */
export type MaskTile = Uint8Array;

/** A soft-edged area of the document, sparse: where there is no tile, it is 0. Never changes. */
export interface Mask {
  readonly tiles: ReadonlyMap<number, MaskTile>;
  /** Outside it the mask is 0. */
  readonly bounds: Rect;
}

export type Combine = 'replace' | 'add' | 'subtract' | 'intersect';

/** What the mask lets through at a place, 0–255; a document without selection lets all through. */
export function maskAt(mask: Mask | undefined, x: number, y: number): number {
  if (!mask) return 255;
  const tile = mask.tiles.get(tileKey(tileOf(x), tileOf(y)));
  return tile ? tile[(y - tileOf(y) * TILE) * TILE + x - tileOf(x) * TILE]! : 0;
}

/** A mask whose value at the middle of each pixel of `area` is told by `valueAt` (0–255). Undefined if nothing is in it. */
export function makeMask(area: Rect, valueAt: (x: number, y: number) => number): Mask | undefined {
  return collect(area, (key, tile) => {
    const whole = tileRect(key);
    const part = intersect(whole, area);
    for (let y = part.top; y < part.bottom; y++)
      for (let x = part.left; x < part.right; x++)
        tile[(y - whole.top) * TILE + x - whole.left] = valueAt(x, y);
  });
}

export const rectMask = (area: Rect): Mask | undefined => makeMask(area, () => 255);

/** A mask from one byte a pixel, row by row, of `area`. */
export function maskFrom(bytes: Uint8Array, area: Rect): Mask | undefined {
  const width = area.right - area.left;
  return collect(area, (key, tile) => {
    const whole = tileRect(key);
    const part = intersect(whole, area);
    for (let y = part.top; y < part.bottom; y++) {
      const from = (y - area.top) * width + part.left - area.left;
      const row = bytes.subarray(from, from + part.right - part.left);
      tile.set(row, (y - whole.top) * TILE + part.left - whole.left);
    }
  });
}

/** A rectangle of a mask as one byte a pixel, row by row; 0 where the mask is not. */
export function bytesOf(mask: Mask, area: Rect): Uint8Array<ArrayBuffer> {
  const width = area.right - area.left;
  const bytes = new Uint8Array(width * (area.bottom - area.top));
  for (const [key, tile] of mask.tiles) {
    const whole = tileRect(key);
    const part = intersect(whole, area);
    if (isEmpty(part)) continue;
    for (let y = part.top; y < part.bottom; y++) {
      const from = (y - whole.top) * TILE + part.left - whole.left;
      const row = tile.subarray(from, from + part.right - part.left);
      bytes.set(row, (y - area.top) * width + part.left - area.left);
    }
  }
  return bytes;
}

/** A mask moved by whole pixels, as much of it as then lies in `within`. */
export function cropMask(mask: Mask, dx: number, dy: number, within: Rect): Mask | undefined {
  const { left, top, right, bottom } = mask.bounds;
  const area = intersect({ left: left + dx, top: top + dy, right: right + dx, bottom: bottom + dy }, within);
  if (isEmpty(area)) return undefined;
  const from = {
    left: area.left - dx,
    top: area.top - dy,
    right: area.right - dx,
    bottom: area.bottom - dy,
  };
  return maskFrom(bytesOf(mask, from), area);
}

/** The smallest rectangle outside which a mask lets nothing through. */
export function maskExtent(mask: Mask): Rect | undefined {
  let extent: Rect | undefined;
  for (const [key, tile] of mask.tiles) {
    const { left, top } = tileRect(key);
    for (let y = 0; y < TILE; y++) {
      const row = tile.subarray(y * TILE, (y + 1) * TILE);
      const first = row.findIndex((value) => value !== 0);
      if (first < 0) continue;
      const last = row.findLastIndex((value) => value !== 0);
      const line = { left: left + first, top: top + y, right: left + last + 1, bottom: top + y + 1 };
      extent = unite(extent, line);
    }
  }
  return extent;
}

/** What shows of a layer, as a mask. */
export function alphaMask(tiles: Tiles, within: Rect): Mask | undefined {
  const masks = new Map<number, MaskTile>();
  let bounds: Rect | undefined;
  for (const [key, tile] of tiles) {
    const part = intersect(tileRect(key), within);
    if (isEmpty(part)) continue;
    const { left, top } = tileRect(key);
    const mask = new Uint8Array(TILE * TILE);
    let any = false;
    for (let y = part.top - top; y < part.bottom - top; y++)
      for (let x = part.left - left; x < part.right - left; x++) {
        const alpha = tile[(y * TILE + x) * 4 + 3]!;
        mask[y * TILE + x] = alpha;
        any ||= alpha !== 0;
      }
    if (!any) continue;
    masks.set(key, mask);
    bounds = unite(bounds, part);
  }
  return bounds && { tiles: masks, bounds };
}

/** The polygon through `points` (even-odd, closed), its edge smoothed over four by four places a pixel. */
export function polygonMask(points: readonly { x: number; y: number }[], within: Rect): Mask | undefined {
  if (points.length < 3) return undefined;
  const area = intersect(around(points), within);
  if (isEmpty(area)) return undefined;
  const width = area.right - area.left;
  const sums = new Uint8Array(width * (area.bottom - area.top));
  const crossings: number[] = [];
  for (let line = 0; line < (area.bottom - area.top) * 4; line++) {
    const y = area.top + (line + 0.5) / 4;
    crossings.length = 0;
    for (let i = 0; i < points.length; i++) {
      const a = points[i]!;
      const b = points[(i + 1) % points.length]!;
      if (a.y <= y === b.y <= y) continue;
      crossings.push(a.x + ((y - a.y) / (b.y - a.y)) * (b.x - a.x));
    }
    crossings.sort((a, b) => a - b);
    const row = Math.floor(line / 4) * width;
    for (let i = 0; i + 1 < crossings.length; i += 2) {
      const from = Math.max(0, Math.ceil((crossings[i]! - area.left) * 4 - 0.5));
      const to = Math.min(width * 4, Math.ceil((crossings[i + 1]! - area.left) * 4 - 0.5));
      for (let at = from; at < to;) {
        const pixel = at >> 2;
        const end = Math.min(to, (pixel + 1) * 4);
        sums[row + pixel] = sums[row + pixel]! + end - at;
        at = end;
      }
    }
  }
  for (let at = 0; at < sums.length; at++) sums[at] = Math.round((sums[at]! * 255) / 16);
  return maskFrom(sums, area);
}

function around(points: readonly { x: number; y: number }[]): Rect {
  let [left, top, right, bottom] = [Infinity, Infinity, -Infinity, -Infinity];
  for (const { x, y } of points) {
    left = Math.min(left, x);
    top = Math.min(top, y);
    right = Math.max(right, x);
    bottom = Math.max(bottom, y);
  }
  return {
    left: Math.floor(left),
    top: Math.floor(top),
    right: Math.ceil(right),
    bottom: Math.ceil(bottom),
  };
}

/** Puts a new area to an old selection. Undefined when nothing is left: everything may then be painted. */
export function combine(old: Mask | undefined, fresh: Mask | undefined, how: Combine): Mask | undefined {
  if (how === 'replace' || (!old && how === 'add')) return fresh;
  if (!old) return how === 'intersect' ? fresh : undefined;
  if (!fresh) return how === 'intersect' ? undefined : old;
  const area =
    how === 'add'
      ? unite(old.bounds, fresh.bounds)
      : how === 'subtract'
        ? old.bounds
        : intersect(old.bounds, fresh.bounds);
  return collect(area, (key, tile) => {
    const a = old.tiles.get(key);
    const b = fresh.tiles.get(key);
    for (let at = 0; at < tile.length; at++) {
      const was = a ? a[at]! : 0;
      const now = b ? b[at]! : 0;
      tile[at] =
        how === 'add'
          ? Math.max(was, now)
          : how === 'subtract'
            ? Math.min(was, 255 - now)
            : Math.min(was, now);
    }
  });
}

/** Everything of the document that the mask is not. */
export function invert(mask: Mask | undefined, whole: Rect): Mask | undefined {
  return mask ? combine(rectMask(whole), mask, 'subtract') : undefined;
}

function collect(area: Rect, fill: (key: number, tile: MaskTile) => void): Mask | undefined {
  const tiles = new Map<number, MaskTile>();
  let bounds: Rect | undefined;
  for (const key of tilesIn(area)) {
    const tile = new Uint8Array(TILE * TILE);
    fill(key, tile);
    if (!tile.some((value) => value !== 0)) continue;
    tiles.set(key, tile);
    bounds = unite(bounds, intersect(tileRect(key), area));
  }
  return bounds && { tiles, bounds };
}
