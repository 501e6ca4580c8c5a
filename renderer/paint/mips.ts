import { TILE, type Tile } from './tiles.ts';

/** Times a tile's side can be halved. */
export const SMALLEST_LEVEL = 5;

const known = new WeakMap<Tile, Uint8Array[]>();
const makers = new WeakMap<Tile, (level: number) => Uint8Array>();

/**
 * A tile whose pixels are made at the level they are looked at, for pictures that are only shown: its own bytes are
 * empty. @param make the RGBA bytes of a level, TILE >> level pixels a side.
 */
export function tileMadeWhenSeen(make: (level: number) => Uint8Array): Tile {
  const tile = new Uint8Array(0);
  makers.set(tile, make);
  return tile;
}

/** A tile at a level: its side halved `level` times, colours averaged by their alpha. Level 0 is the tile itself. */
export function tileAtLevel(tile: Tile, level: number): Uint8Array {
  const make = tile.length === 0 ? makers.get(tile) : undefined;
  if (make) return make(level);
  if (level === 0) return tile;
  let levels = known.get(tile);
  if (!levels) known.set(tile, (levels = []));
  for (let made = levels.length; made < level; made++) {
    const side = TILE >> (made + 1);
    const half = new Uint8Array(side * side * 4);
    halve(made === 0 ? tile : levels[made - 1]!, half, side, 0, 0, side, side);
    levels.push(half);
  }
  return levels[level - 1]!;
}

/** Says that pixels [left, right) × [top, bottom) of a tile under a stroke changed: the levels already made follow. */
export function refreshLevels(tile: Tile, left: number, top: number, right: number, bottom: number): void {
  const levels = known.get(tile);
  if (!levels) return;
  for (let level = 1; level <= levels.length; level++) {
    const side = TILE >> level;
    const round = (1 << level) - 1;
    halve(
      level === 1 ? tile : levels[level - 2]!,
      levels[level - 1]!,
      side,
      left >> level,
      top >> level,
      Math.min(side, (right + round) >> level),
      Math.min(side, (bottom + round) >> level),
    );
  }
}

/** Averages two by two pixels of `from` (side twice `side`) into a part of `to`. */
function halve(
  from: Uint8Array,
  to: Uint8Array,
  side: number,
  left: number,
  top: number,
  right: number,
  bottom: number,
): void {
  const row = side * 8;
  for (let y = top; y < bottom; y++) {
    let at = (y * side + left) * 4;
    let a = y * 2 * row + left * 8;
    for (let x = left; x < right; x++, at += 4, a += 8) {
      const b = a + 4;
      const c = a + row;
      const d = c + 4;
      const [wa, wb, wc, wd] = [from[a + 3]!, from[b + 3]!, from[c + 3]!, from[d + 3]!];
      const sum = wa + wb + wc + wd;
      if (sum === 0) {
        to[at] = to[at + 1] = to[at + 2] = to[at + 3] = 0;
        continue;
      }
      if (sum === 1020) {
        to[at] = (from[a]! + from[b]! + from[c]! + from[d]! + 2) >> 2;
        to[at + 1] = (from[a + 1]! + from[b + 1]! + from[c + 1]! + from[d + 1]! + 2) >> 2;
        to[at + 2] = (from[a + 2]! + from[b + 2]! + from[c + 2]! + from[d + 2]! + 2) >> 2;
        to[at + 3] = 255;
        continue;
      }
      for (let k = 0; k < 3; k++)
        to[at + k] =
          (from[a + k]! * wa + from[b + k]! * wb + from[c + k]! * wc + from[d + k]! * wd + (sum >> 1)) / sum;
      to[at + 3] = (sum + 2) >> 2;
    }
  }
}
