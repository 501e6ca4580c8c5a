import type { Mask } from './mask.ts';
import { TILE, TILE_BYTES, tileRect, tilesIn, unite, type Rect, type Tile, type Tiles } from './tiles.ts';

/*
 * What the artist painted herself on a layer that colouring made: every pixel that is no longer as it was made. Layers
 * share their tiles with what was made until they are painted on, so only tiles that are not the same are looked into.
 */

/** Colours of her paint that soft edges are explained by, and the share of her pixels from which a colour is one. */
const MOST_COLOURS = 12;
const LEAST_SHARE = 0.004;
/** A pixel this near (sum over channels) to a mixture of paint and what was made is one. */
const NEAR = 9;

const same = (a: Tile, b: Tile, at: number): boolean =>
  a[at] === b[at] && a[at + 1] === b[at + 1] && a[at + 2] === b[at + 2] && a[at + 3] === b[at + 3];

const EMPTY: Tile = new Uint8Array(TILE_BYTES);

/**
 * A made layer's fresh pixels with the artist's own kept: what she painted stays, what she erased stays erased, and the
 * soft rim of a stroke is laid anew over the fresh colour. @param now the layer as it stands. @param made as colouring
 * last made it; undefined: nothing of it is hers.
 */
export function keepOwnPaint(now: Tiles, made: Tiles | undefined, fresh: Tiles): Tiles {
  if (!made) return fresh;
  const touched = touchedKeys(now, made);
  if (touched.length === 0) return fresh;
  const paints = paintsIn(now, made, touched);
  const result = new Map(fresh);
  for (const key of touched) {
    const was = made.get(key) ?? EMPTY;
    const is = now.get(key) ?? EMPTY;
    const tile = (fresh.get(key) ?? EMPTY).slice();
    for (let at = 0; at < TILE_BYTES; at += 4) if (!same(is, was, at)) keepPixel(tile, is, was, at, paints);
    result.set(key, tile);
  }
  return result;
}

function touchedKeys(now: Tiles, made: Tiles): number[] {
  const keys: number[] = [];
  for (const [key, tile] of now) if (made.get(key) !== tile) keys.push(key);
  for (const key of made.keys()) if (!now.has(key)) keys.push(key);
  return keys;
}

function keepPixel(tile: Tile, is: Tile, was: Tile, at: number, paints: readonly number[]): void {
  const [a, before] = [is[at + 3]!, was[at + 3]!];
  const isErased =
    a < before && is[at] === was[at] && is[at + 1] === was[at + 1] && is[at + 2] === was[at + 2];
  if (a === 0 || isErased) {
    tile[at + 3] = Math.min(tile[at + 3]!, a);
    return;
  }
  if (a === 255 && before === 255 && tile[at + 3] === 255) {
    const part = mixOf(is, was, at, paints);
    if (part) {
      const { paint, share } = part;
      for (let c = 0; c < 3; c++) {
        const colour = (paint >> (16 - 8 * c)) & 255;
        tile[at + c] = tile[at + c]! + (colour - tile[at + c]!) * share + 0.5;
      }
      return;
    }
  }
  for (let c = 0; c < 4; c++) tile[at + c] = is[at + c]!;
}

/** The paint and how much of it, if the pixel is a mixture of one of them and what was made. */
function mixOf(
  is: Tile,
  was: Tile,
  at: number,
  paints: readonly number[],
): { paint: number; share: number } | undefined {
  let best: { paint: number; share: number } | undefined;
  let least = NEAR;
  for (const paint of paints) {
    let dot = 0;
    let length = 0;
    for (let c = 0; c < 3; c++) {
      const way = ((paint >> (16 - 8 * c)) & 255) - was[at + c]!;
      dot += way * (is[at + c]! - was[at + c]!);
      length += way * way;
    }
    if (length === 0) continue;
    const share = dot / length;
    if (share <= 0 || share > 1) continue;
    let away = 0;
    for (let c = 0; c < 3; c++) {
      const way = ((paint >> (16 - 8 * c)) & 255) - was[at + c]!;
      away += Math.abs(was[at + c]! + way * share - is[at + c]!);
    }
    if (away < least) {
      least = away;
      best = { paint, share };
    }
  }
  return best;
}

/** The commonest opaque colours among her pixels, 0xrrggbb. */
function paintsIn(now: Tiles, made: Tiles, keys: readonly number[]): number[] {
  const counts = new Map<number, number>();
  let total = 0;
  for (const key of keys) {
    const is = now.get(key);
    const was = made.get(key) ?? EMPTY;
    if (!is) continue;
    for (let at = 0; at < TILE_BYTES; at += 4) {
      if (is[at + 3] !== 255 || same(is, was, at)) continue;
      const rgb = (is[at]! << 16) | (is[at + 1]! << 8) | is[at + 2]!;
      counts.set(rgb, (counts.get(rgb) ?? 0) + 1);
      total++;
    }
  }
  return [...counts]
    .filter(([, count]) => count >= total * LEAST_SHARE)
    .sort((a, b) => b[1] - a[1])
    .slice(0, MOST_COLOURS)
    .map(([rgb]) => rgb);
}

/** Her pixels of a page as lengths of runs, row by row: not hers, hers, not hers … What lies off the page is left out. */
export function ownRuns(now: Tiles, made: Tiles, page: Rect): number[] {
  const width = page.right - page.left;
  const rows = new Map<number, [from: number, to: number][]>();
  for (const key of touchedKeys(now, made)) {
    const { left, top } = tileRect(key);
    const is = now.get(key) ?? EMPTY;
    const was = made.get(key) ?? EMPTY;
    for (let y = Math.max(0, page.top - top); y < TILE && top + y < page.bottom; y++) {
      const list = rows.get(top + y) ?? [];
      for (let x = Math.max(0, page.left - left); x < TILE && left + x < page.right; x++) {
        if (same(is, was, (y * TILE + x) * 4)) continue;
        const last = list.at(-1);
        if (last?.[1] === left + x) last[1]++;
        else list.push([left + x, left + x + 1]);
      }
      if (list.length > 0) rows.set(top + y, list);
    }
  }
  const runs: number[] = [];
  let end = 0;
  for (const [y, list] of [...rows].sort((a, b) => a[0] - b[0]))
    for (const [from, to] of list.sort((a, b) => a[0] - b[0])) {
      const at = (y - page.top) * width + from - page.left;
      if (runs.length > 0 && at === end) runs[runs.length - 1]! += to - from;
      else runs.push(at - end, to - from);
      end = at + to - from;
    }
  return runs;
}

/** What was made, as far as it is still known from a layer and the runs of it that are hers: there, nothing was made. */
export function madeFromRuns(now: Tiles, runs: readonly number[], page: Rect): Tiles {
  if (runs.length === 0) return now;
  const width = page.right - page.left;
  const made = new Map(now);
  const own = new Map<number, Tile>();
  const end = width * (page.bottom - page.top);
  for (let i = 0, at = 0; i + 1 < runs.length && at < end; i += 2) {
    at += runs[i]!;
    for (let left = runs[i + 1]!; left > 0 && at < end; left--, at++) {
      const x = page.left + (at % width);
      const y = page.top + Math.floor(at / width);
      const [key] = tilesIn({ left: x, top: y, right: x + 1, bottom: y + 1 });
      let tile = own.get(key!);
      if (!tile) own.set(key!, (tile = (now.get(key!) ?? EMPTY).slice()));
      const rect = tileRect(key!);
      const p = ((y - rect.top) * TILE + x - rect.left) * 4;
      // Anything but what is there: a pixel is hers by differing.
      if (tile[p + 3] === 0) tile[p + 3] = 255;
      else tile.fill(0, p, p + 4);
    }
  }
  for (const [key, tile] of own) made.set(key, tile);
  return made;
}

/** Her pixels as a mask; undefined without any. */
export function ownMask(now: Tiles, made: Tiles): Mask | undefined {
  const tiles = new Map<number, Uint8Array>();
  let bounds: Rect | undefined;
  for (const key of touchedKeys(now, made)) {
    const is = now.get(key) ?? EMPTY;
    const was = made.get(key) ?? EMPTY;
    let through: Uint8Array | undefined;
    for (let at = 0, i = 0; at < TILE * TILE; at++, i += 4)
      if (!same(is, was, i)) (through ??= new Uint8Array(TILE * TILE))[at] = 255;
    if (!through) continue;
    tiles.set(key, through);
    bounds = unite(bounds, tileRect(key));
  }
  return bounds && { tiles, bounds };
}
