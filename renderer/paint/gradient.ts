import type { Rgb } from './brush/stroke.ts';
import type { RasterLayer } from './document.ts';
import { maskAt, type Mask } from './mask.ts';
import {
  intersect,
  isClear,
  TILE,
  TILE_BYTES,
  tileRect,
  tilesIn,
  type Rect,
  type Tile,
  type Tiles,
} from './tiles.ts';

export const GRADIENT_SHAPES = ['linear', 'radial', 'reflected'] as const;
export type GradientShape = (typeof GRADIENT_SHAPES)[number];

export interface Gradient {
  readonly shape: GradientShape;
  readonly from: { readonly x: number; readonly y: number };
  readonly to: { readonly x: number; readonly y: number };
  readonly start: Rgb;
  /** Undefined: it fades out. */
  readonly end: Rgb | undefined;
  /** 0–1. */
  readonly opacity: number;
}

/** Four by four thresholds (Bayer), ±half a step of a byte: a long gradient in few shades shows no bands. */
const DITHER = [0, 8, 2, 10, 12, 4, 14, 6, 3, 11, 1, 9, 15, 7, 13, 5].map((value) => value / 16 - 0.47);

/** A layer's tiles with a gradient laid over all of the page, or of the selection. Alpha that is locked stays. */
export function layGradient(
  layer: RasterLayer,
  gradient: Gradient,
  page: Rect,
  selection: Mask | undefined,
): Tiles {
  const { shape, from, to, start, end, opacity } = gradient;
  const [dx, dy] = [to.x - from.x, to.y - from.y];
  const length2 = dx * dx + dy * dy || 1;
  const length = Math.sqrt(length2);
  const part = (x: number, y: number): number => {
    const [u, v] = [x + 0.5 - from.x, y + 0.5 - from.y];
    const along = shape === 'radial' ? Math.hypot(u, v) / length : (u * dx + v * dy) / length2;
    return Math.min(1, Math.max(0, shape === 'reflected' ? Math.abs(along) : along));
  };
  const tiles = new Map<number, Tile>(layer.tiles);
  const area = selection ? intersect(selection.bounds, page) : page;
  for (const key of tilesIn(area)) {
    if (selection && !selection.tiles.has(key)) continue;
    const before = layer.tiles.get(key);
    if (!before && layer.alphaLocked) continue;
    const whole = tileRect(key);
    const inside = intersect(whole, area);
    const tile = before ? before.slice() : new Uint8Array(TILE_BYTES);
    for (let y = inside.top; y < inside.bottom; y++)
      for (let x = inside.left; x < inside.right; x++) {
        const t = part(x, y);
        const a = opacity * (end ? 1 : 1 - t) * (maskAt(selection, x, y) / 255);
        if (a <= 0) continue;
        const noise = DITHER[(y & 3) * 4 + (x & 3)]!;
        const i = ((y - whole.top) * TILE + x - whole.left) * 4;
        const under = tile[i + 3]! / 255;
        const alpha = layer.alphaLocked ? under : a + under * (1 - a);
        if (alpha === 0) continue;
        const share = layer.alphaLocked ? a : a / alpha;
        for (let c = 0; c < 3; c++) {
          const paint = end ? start[c]! + (end[c]! - start[c]!) * t : start[c]!;
          const value = under === 0 ? paint : tile[i + c]! + (paint - tile[i + c]!) * share;
          tile[i + c] = Math.min(255, Math.max(0, Math.round(value + noise)));
        }
        tile[i + 3] = Math.min(255, Math.max(0, Math.round(alpha * 255 + (end ? 0 : noise))));
      }
    if (isClear(tile)) tiles.delete(key);
    else tiles.set(key, tile);
  }
  return tiles;
}
