import type { RasterLayer } from './document.ts';
import type { Mask } from './mask.ts';
import { cubic, type Resampling } from './page/resample.ts';
import {
  isClear,
  NO_TILES,
  paintedBounds,
  TILE,
  TILE_BYTES,
  tileKey,
  tileOf,
  tileRect,
  tilesIn,
  type Rect,
  type Tile,
  type Tiles,
} from './tiles.ts';

/** Pixels taken off a layer to be moved, and what stays of it. */
export interface Lifted {
  readonly content: Tiles;
  readonly rest: Tiles;
  /** Of the content. */
  readonly bounds: Rect;
}

/** Where lifted pixels go: their middle to (x, y); scaled, skewed and turned around it, in this order. Negative scales flip. */
export interface Placement {
  readonly x: number;
  readonly y: number;
  readonly scaleX: number;
  readonly scaleY: number;
  /** Radians, clockwise. */
  readonly angle: number;
  /** Radians: how far upright lines lean, to the left at the top; 0 when left out. */
  readonly skew?: number;
}

export interface PutOptions {
  /** How pixels between pixels are read; `nearest` keeps hard edges. */
  readonly resampling: Resampling;
}

/** A placement's linear part, [a, b, c, d]: u' = a·u + c·v, v' = b·u + d·v. */
export function linearOf({ scaleX, scaleY, angle, skew = 0 }: Placement): [number, number, number, number] {
  const [cos, sin] = [Math.cos(angle), Math.sin(angle)];
  const lean = Math.tan(skew);
  return [cos * scaleX, sin * scaleX, (cos * lean - sin) * scaleY, (sin * lean + cos) * scaleY];
}

export const middleOf = ({ left, top, right, bottom }: Rect): { x: number; y: number } => ({
  x: (left + right) / 2,
  y: (top + bottom) / 2,
});

/** Takes what is selected off a layer; without selection, all of it. Undefined when there is nothing. */
export function lift(layer: RasterLayer, selection: Mask | undefined): Lifted | undefined {
  let content = layer.tiles;
  let rest = NO_TILES;
  if (selection) {
    const taken = new Map<number, Tile>();
    const left = new Map<number, Tile>(layer.tiles);
    for (const [key, through] of selection.tiles) {
      const tile = layer.tiles.get(key);
      if (!tile) continue;
      const part = tile.slice();
      const remains = tile.slice();
      for (let at = 0, i = 3; at < TILE * TILE; at++, i += 4) {
        const alpha = Math.round((tile[i]! * through[at]!) / 255);
        part[i] = alpha;
        remains[i] = tile[i]! - alpha;
      }
      if (!isClear(part)) taken.set(key, part);
      if (isClear(remains)) left.delete(key);
      else left.set(key, remains);
    }
    content = taken;
    rest = left;
  }
  const bounds = paintedBounds(content);
  return bounds && { content, rest, bounds };
}

/** The layer's tiles with the lifted pixels at their new place, over what stayed. */
export function put(
  lifted: Lifted,
  placement: Placement,
  page: Rect,
  { resampling }: PutOptions = { resampling: 'bilinear' },
): Tiles {
  const { x, y, scaleX, scaleY, angle, skew = 0 } = placement;
  const middle = middleOf(lifted.bounds);
  const [dx, dy] = [x - middle.x, y - middle.y];
  const whole = Number.isInteger(dx) && Number.isInteger(dy);
  const read =
    whole && scaleX === 1 && scaleY === 1 && angle === 0 && skew === 0
      ? exactly(lifted.content, dx, dy)
      : resampled(lifted, placement, resampling);
  const result = new Map<number, Tile>(lifted.rest);
  for (const key of tilesIn(reach(lifted.bounds, placement, page))) {
    const { left, top } = tileRect(key);
    const under = lifted.rest.get(key);
    const tile = under ? under.slice() : new Uint8Array(TILE_BYTES);
    for (let py = 0, i = 0; py < TILE; py++)
      for (let px = 0; px < TILE; px++, i += 4) {
        if (!read(left + px, top + py)) continue;
        const a = found[3]! / 255;
        const below = tile[i + 3]! / 255;
        const alpha = a + below * (1 - a);
        if (alpha === 0) continue;
        for (let c = 0; c < 3; c++) {
          const value = below === 0 ? found[c]! : (found[c]! * a + tile[i + c]! * below * (1 - a)) / alpha;
          tile[i + c] = value + 0.5;
        }
        tile[i + 3] = alpha * 255 + 0.5;
      }
    if (isClear(tile)) result.delete(key);
    else result.set(key, tile);
  }
  return result;
}

/** Corners of the lifted rectangle at their new place: top left first, clockwise. */
export function cornersOf(bounds: Rect, placement: Placement): { x: number; y: number }[] {
  const [a, b, c, d] = linearOf(placement);
  const width = (bounds.right - bounds.left) / 2;
  const height = (bounds.bottom - bounds.top) / 2;
  return [
    [-width, -height],
    [width, -height],
    [width, height],
    [-width, height],
  ].map(([u = 0, v = 0]) => ({ x: placement.x + a * u + c * v, y: placement.y + b * u + d * v }));
}

/** What of the page, and of a margin of its size around it, the content covers at its new place. */
function reach(bounds: Rect, placement: Placement, page: Rect): Rect {
  const corners = cornersOf(bounds, placement);
  const [w, h] = [page.right - page.left, page.bottom - page.top];
  return {
    left: Math.max(page.left - w, Math.floor(Math.min(...corners.map((at) => at.x))) - 1),
    top: Math.max(page.top - h, Math.floor(Math.min(...corners.map((at) => at.y))) - 1),
    right: Math.min(page.right + w, Math.ceil(Math.max(...corners.map((at) => at.x))) + 1),
    bottom: Math.min(page.bottom + h, Math.ceil(Math.max(...corners.map((at) => at.y))) + 1),
  };
}

/** What the last read found: RGBA, straight alpha. */
const found = new Float64Array(4);

type Read = (x: number, y: number) => boolean;

function exactly(content: Tiles, dx: number, dy: number): Read {
  return (x, y) => {
    const [sx, sy] = [x - dx, y - dy];
    const tile = content.get(tileKey(tileOf(sx), tileOf(sy)));
    if (!tile) return false;
    const at = ((sy - tileOf(sy) * TILE) * TILE + sx - tileOf(sx) * TILE) * 4;
    if (tile[at + 3] === 0) return false;
    for (let c = 0; c < 4; c++) found[c] = tile[at + c]!;
    return true;
  };
}

/** By alpha; shrunk content is read at several places a pixel so that fine lines do not break. */
function resampled({ content, bounds }: Lifted, placement: Placement, resampling: Resampling): Read {
  const middle = middleOf(bounds);
  const [a, b, c, d] = linearOf(placement);
  const det = a * d - b * c;
  const { x, y } = placement;
  const smallest = Math.min(Math.hypot(a, b), Math.abs(det) / Math.max(1e-6, Math.hypot(a, b)));
  const samples = resampling === 'nearest' ? 1 : Math.min(8, Math.max(1, Math.ceil(1 / smallest - 0.01)));
  // Where several places are averaged anyway, sharper curves between them gain nothing.
  const add =
    resampling === 'nearest' ? addNearest : resampling === 'bicubic' && samples === 1 ? addCubic : addAt;
  const sum = new Float64Array(4);
  return (px, py) => {
    sum.fill(0);
    for (let j = 0; j < samples; j++)
      for (let i = 0; i < samples; i++) {
        const u = px + (i + 0.5) / samples - x;
        const v = py + (j + 0.5) / samples - y;
        add(content, middle.x + (d * u - c * v) / det - 0.5, middle.y + (a * v - b * u) / det - 0.5, sum);
      }
    const alpha = sum[3]!;
    if (alpha < 0.25) return false;
    for (let k = 0; k < 3; k++) found[k] = Math.min(255, Math.max(0, sum[k]! / alpha));
    found[3] = Math.min(255, alpha / (samples * samples));
    return true;
  };
}

function addNearest(content: Tiles, x: number, y: number, sum: Float64Array): void {
  addPixel(content, Math.round(x), Math.round(y), 1, sum);
}

/** Sixteen pixels around, by cubic curves. */
function addCubic(content: Tiles, x: number, y: number, sum: Float64Array): void {
  const [left, top] = [Math.floor(x), Math.floor(y)];
  for (let j = -1; j <= 2; j++) {
    const down = cubic(top + j - y);
    if (down === 0) continue;
    for (let i = -1; i <= 2; i++) {
      const across = cubic(left + i - x);
      if (across !== 0) addPixel(content, left + i, top + j, across * down, sum);
    }
  }
}

function addPixel(content: Tiles, x: number, y: number, weight: number, sum: Float64Array): void {
  const tile = content.get(tileKey(tileOf(x), tileOf(y)));
  if (!tile) return;
  const at = ((y - tileOf(y) * TILE) * TILE + x - tileOf(x) * TILE) * 4;
  const alpha = weight * tile[at + 3]!;
  for (let c = 0; c < 3; c++) sum[c]! += tile[at + c]! * alpha;
  sum[3]! += alpha;
}

/** Adds the colour (times alpha) and alpha between four pixels. */
function addAt(content: Tiles, x: number, y: number, sum: Float64Array): void {
  const [left, top] = [Math.floor(x), Math.floor(y)];
  for (let j = 0; j < 2; j++)
    for (let i = 0; i < 2; i++) {
      const [sx, sy] = [left + i, top + j];
      const tile = content.get(tileKey(tileOf(sx), tileOf(sy)));
      if (!tile) continue;
      const at = ((sy - tileOf(sy) * TILE) * TILE + sx - tileOf(sx) * TILE) * 4;
      const weight = (i ? x - left : 1 - x + left) * (j ? y - top : 1 - y + top) * tile[at + 3]!;
      for (let c = 0; c < 3; c++) sum[c]! += tile[at + c]! * weight;
      sum[3]! += weight;
    }
}
