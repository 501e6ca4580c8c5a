/** Pixels along a tile's side. */
export const TILE = 128;
/** Bytes of a picture tile. */
export const TILE_BYTES = TILE * TILE * 4;

/** RGBA bytes, sRGB, straight alpha, TILE × TILE, rows from the top. Never written to once it is in a document. */
export type Tile = Uint8Array;
/** Sparse: where there is no tile, all is transparent. Keys are of `tileKey`. */
export type Tiles = ReadonlyMap<number, Tile>;

export const NO_TILES: Tiles = new Map();

/** A rectangle in whole pixels of the document; `right` and `bottom` lie outside. */
export interface Rect {
  readonly left: number;
  readonly top: number;
  readonly right: number;
  readonly bottom: number;
}

const MIDDLE = 1 << 15;
const ROW = 1 << 16;

/** One number for a tile's place, each coordinate in tiles, from -32768 to 32767. */
export const tileKey = (tx: number, ty: number): number => (ty + MIDDLE) * ROW + tx + MIDDLE;
export const tileColumn = (key: number): number => (key % ROW) - MIDDLE;
export const tileRow = (key: number): number => Math.floor(key / ROW) - MIDDLE;
/** The tile, along one axis, that a pixel lies in. */
export const tileOf = (pixel: number): number => Math.floor(pixel / TILE);

export const isEmpty = ({ left, top, right, bottom }: Rect): boolean => right <= left || bottom <= top;

export function intersect(a: Rect, b: Rect): Rect {
  return {
    left: Math.max(a.left, b.left),
    top: Math.max(a.top, b.top),
    right: Math.min(a.right, b.right),
    bottom: Math.min(a.bottom, b.bottom),
  };
}

/** The smallest rectangle around both; an empty one counts for nothing. */
export function unite(a: Rect | undefined, b: Rect): Rect {
  if (!a || isEmpty(a)) return b;
  if (isEmpty(b)) return a;
  return {
    left: Math.min(a.left, b.left),
    top: Math.min(a.top, b.top),
    right: Math.max(a.right, b.right),
    bottom: Math.max(a.bottom, b.bottom),
  };
}

export const tileRect = (key: number): Rect => {
  const left = tileColumn(key) * TILE;
  const top = tileRow(key) * TILE;
  return { left, top, right: left + TILE, bottom: top + TILE };
};

/** Keys of the tiles a rectangle touches, row by row. */
export function* tilesIn(rect: Rect): Generator<number> {
  if (isEmpty(rect)) return;
  for (let ty = tileOf(rect.top); ty <= tileOf(rect.bottom - 1); ty++)
    for (let tx = tileOf(rect.left); tx <= tileOf(rect.right - 1); tx++) yield tileKey(tx, ty);
}

export function isClear(tile: Tile): boolean {
  for (let at = 3; at < tile.length; at += 4) if (tile[at] !== 0) return false;
  return true;
}

/** The rectangle of all tiles, undefined without any. Up to a tile wider than what is painted. */
export function boundsOf(tiles: ReadonlyMap<number, unknown>): Rect | undefined {
  let bounds: Rect | undefined;
  for (const key of tiles.keys()) bounds = unite(bounds, tileRect(key));
  return bounds;
}

/** The smallest rectangle outside which all is transparent; undefined when all is. */
export function paintedBounds(tiles: Tiles): Rect | undefined {
  let bounds: Rect | undefined;
  for (const [key, tile] of tiles) {
    const whole = tileRect(key);
    // Inner tiles can't widen the bounds.
    if (
      bounds &&
      whole.left >= bounds.left &&
      whole.top >= bounds.top &&
      whole.right <= bounds.right &&
      whole.bottom <= bounds.bottom
    )
      continue;
    let [left, top, right, bottom] = [TILE, TILE, 0, 0];
    for (let y = 0, at = 3; y < TILE; y++)
      for (let x = 0; x < TILE; x++, at += 4)
        if (tile[at] !== 0) {
          if (x < left) left = x;
          if (x >= right) right = x + 1;
          if (y < top) top = y;
          bottom = y + 1;
        }
    if (right > left)
      bounds = unite(bounds, {
        left: whole.left + left,
        top: whole.top + top,
        right: whole.left + right,
        bottom: whole.top + bottom,
      });
  }
  return bounds;
}

/** Cuts `width` × `height` RGBA pixels whose corner lies at (x, y) into tiles; transparent ones are left out. */
export function toTiles(rgba: Uint8Array, x: number, y: number, width: number, height: number): Tiles {
  const tiles = new Map<number, Tile>();
  const place = { left: x, top: y, right: x + width, bottom: y + height };
  for (const key of tilesIn(place)) {
    const whole = tileRect(key);
    const part = intersect(whole, place);
    const tile = new Uint8Array(TILE_BYTES);
    const rowBytes = (part.right - part.left) * 4;
    for (let row = part.top; row < part.bottom; row++) {
      const from = ((row - y) * width + part.left - x) * 4;
      tile.set(rgba.subarray(from, from + rowBytes), ((row - whole.top) * TILE + part.left - whole.left) * 4);
    }
    if (!isClear(tile)) tiles.set(key, tile);
  }
  return tiles;
}

/** The pixels of a rectangle as one RGBA buffer. */
export function fromTiles(tiles: Tiles, rect: Rect): Uint8Array<ArrayBuffer> {
  const width = rect.right - rect.left;
  const rgba = new Uint8Array(width * (rect.bottom - rect.top) * 4);
  for (const key of tilesIn(rect)) {
    const tile = tiles.get(key);
    if (!tile) continue;
    const whole = tileRect(key);
    const part = intersect(whole, rect);
    for (let row = part.top; row < part.bottom; row++) {
      const from = ((row - whole.top) * TILE + part.left - whole.left) * 4;
      rgba.set(
        tile.subarray(from, from + (part.right - part.left) * 4),
        ((row - rect.top) * width + part.left - rect.left) * 4,
      );
    }
  }
  return rgba;
}

/** The pixel at a place: four bytes, straight alpha. */
export function pixelAt(tiles: Tiles, x: number, y: number): readonly [number, number, number, number] {
  const tile = tiles.get(tileKey(tileOf(x), tileOf(y)));
  if (!tile) return [0, 0, 0, 0];
  const at = ((y - tileOf(y) * TILE) * TILE + x - tileOf(x) * TILE) * 4;
  return [tile[at]!, tile[at + 1]!, tile[at + 2]!, tile[at + 3]!];
}
