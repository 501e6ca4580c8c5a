import type { Rect } from './tiles.ts';

/** RGBA bytes, straight alpha. */
export interface Picture {
  readonly data: Uint8Array;
  readonly width: number;
  readonly height: number;
}

export interface FillOptions {
  /** 0–255: how far a colour may be from that of the pressed place, in its most different channel. */
  readonly tolerance: number;
  /** Gaps in the lines up to this wide do not let the fill through. */
  readonly gapPx: number;
  /** How far the area reaches under the lines around it. */
  readonly growPx: number;
}

/** An area as one byte a pixel (0 or 255) of its rectangle. */
export interface Area {
  readonly rect: Rect;
  readonly bytes: Uint8Array;
}

/**
 * The connected area of like colour around a place, seen over white. With `gapPx`, the area is first shrunk by half the
 * gap, so that narrow openings close, then grown back inside what it was (trapped ball, Zhang et al. 2009). If
 * the place itself lies in such a narrow part, gaps stay open. Undefined outside the picture.
 */
export function areaAround(picture: Picture, x: number, y: number, options: FillOptions): Area | undefined {
  const { width, height } = picture;
  if (x < 0 || y < 0 || x >= width || y >= height) return undefined;
  const seed = y * width + x;
  const inside = new Uint8Array(width * height);
  const rect = flood(width, height, seed, likeness(picture, seed, options.tolerance), inside);
  const closed =
    options.gapPx > 0 ? closeGaps(inside, width, height, rect, x, y, options.gapPx / 2) : undefined;
  const area = closed ?? cut(inside, width, rect);
  return options.growPx > 0 ? grow(area, options.growPx, width, height) : area;
}

function likeness({ data }: Picture, seed: number, tolerance: number): (at: number) => boolean {
  const over = (at: number, c: number): number => {
    const a = data[at * 4 + 3]!;
    return a === 255 ? data[at * 4 + c]! : 255 + ((data[at * 4 + c]! - 255) * a) / 255;
  };
  const [r, g, b] = [over(seed, 0), over(seed, 1), over(seed, 2)];
  return (at) =>
    Math.abs(over(at, 0) - r) <= tolerance &&
    Math.abs(over(at, 1) - g) <= tolerance &&
    Math.abs(over(at, 2) - b) <= tolerance;
}

/** Marks all that is connected (by sides) to the seed; returns its rectangle. Runs of a row are taken at once. */
function flood(
  width: number,
  height: number,
  seed: number,
  like: (at: number) => boolean,
  inside: Uint8Array,
): Rect {
  const stack = [seed];
  let [left, top, right, bottom] = [width, height, 0, 0];
  for (let at = stack.pop(); at !== undefined; at = stack.pop()) {
    if (inside[at]) continue;
    const y = Math.floor(at / width);
    const row = y * width;
    let from = at;
    while (from > row && !inside[from - 1] && like(from - 1)) from--;
    let to = at + 1;
    while (to < row + width && !inside[to] && like(to)) to++;
    inside.fill(1, from, to);
    left = Math.min(left, from - row);
    right = Math.max(right, to - row);
    top = Math.min(top, y);
    bottom = Math.max(bottom, y + 1);
    for (const step of [-width, width]) {
      if (y + Math.sign(step) < 0 || y + Math.sign(step) >= height) continue;
      let open = false;
      for (let here = from + step; here < to + step; here++) {
        const goes = !inside[here] && like(here);
        if (goes && !open) stack.push(here);
        open = goes;
      }
    }
  }
  return { left, top, right, bottom };
}

function cut(inside: Uint8Array, stride: number, rect: Rect): Area {
  const width = rect.right - rect.left;
  const bytes = new Uint8Array(width * (rect.bottom - rect.top));
  for (let y = rect.top; y < rect.bottom; y++)
    for (let x = rect.left; x < rect.right; x++)
      if (inside[y * stride + x]) bytes[(y - rect.top) * width + x - rect.left] = 255;
  return { rect, bytes };
}

function closeGaps(
  inside: Uint8Array,
  stride: number,
  pageHeight: number,
  rect: Rect,
  seedX: number,
  seedY: number,
  radius: number,
): Area | undefined {
  const area = cut(inside, stride, rect);
  const width = rect.right - rect.left;
  const height = rect.bottom - rect.top;
  const page = {
    left: rect.left === 0,
    top: rect.top === 0,
    right: rect.right === stride,
    bottom: rect.bottom === pageHeight,
  };
  const distance = distances(area.bytes, width, height, page);
  const reach = radius * 3;
  const seed = widestNear(distance, width, height, seedX - rect.left, seedY - rect.top, reach, radius);
  if (seed === undefined) return undefined;
  const core = new Uint8Array(width * height);
  const found = flood(width, height, seed, (at) => distance[at]! > reach, core);
  // Grown back inside the area, a little further than it shrank, so that it fills corners.
  const depth = Math.ceil(radius * 1.4) + 1;
  const all = growInside(core, area.bytes, width, height, found, depth);
  return trim(all, width, height, rect);
}

/** The distance of every pixel of the area to what is outside, in thirds of a pixel (chamfer 3-4, Borgefors 1986). */
function distances(
  area: Uint8Array,
  width: number,
  height: number,
  page: { left: boolean; top: boolean; right: boolean; bottom: boolean },
): Int32Array {
  const FAR = 1 << 28;
  const out = new Int32Array(width * height);
  const at = (x: number, y: number): number => {
    // Beyond the page nothing closes the area; beyond its rectangle, a line does.
    if (x < 0) return page.left ? FAR : 0;
    if (x >= width) return page.right ? FAR : 0;
    if (y < 0) return page.top ? FAR : 0;
    if (y >= height) return page.bottom ? FAR : 0;
    return out[y * width + x]!;
  };
  for (let i = 0; i < out.length; i++) out[i] = area[i] ? FAR : 0;
  for (let y = 0; y < height; y++)
    for (let x = 0; x < width; x++) {
      const i = y * width + x;
      if (out[i] === 0) continue;
      out[i] = Math.min(
        out[i]!,
        at(x - 1, y) + 3,
        at(x, y - 1) + 3,
        at(x - 1, y - 1) + 4,
        at(x + 1, y - 1) + 4,
      );
    }
  for (let y = height - 1; y >= 0; y--)
    for (let x = width - 1; x >= 0; x--) {
      const i = y * width + x;
      if (out[i] === 0) continue;
      out[i] = Math.min(
        out[i]!,
        at(x + 1, y) + 3,
        at(x, y + 1) + 3,
        at(x + 1, y + 1) + 4,
        at(x - 1, y + 1) + 4,
      );
    }
  return out;
}

/** The place within `radius` of the pressed one that lies farthest from the lines, if the ball fits there. */
function widestNear(
  distance: Int32Array,
  width: number,
  height: number,
  x: number,
  y: number,
  reach: number,
  radius: number,
): number | undefined {
  const near = Math.ceil(radius) + 1;
  let best: number | undefined;
  for (let py = Math.max(0, y - near); py <= Math.min(height - 1, y + near); py++)
    for (let px = Math.max(0, x - near); px <= Math.min(width - 1, x + near); px++) {
      const at = py * width + px;
      if (distance[at]! > reach && (best === undefined || distance[at]! > distance[best]!)) best = at;
    }
  return best;
}

function growInside(
  core: Uint8Array,
  area: Uint8Array,
  width: number,
  height: number,
  rect: Rect,
  depth: number,
): Uint8Array {
  const open = (at: number): boolean => area[at] !== 0 && core[at] === 0;
  let edge: number[] = [];
  for (let y = rect.top; y < rect.bottom; y++)
    for (let x = rect.left; x < rect.right; x++) {
      const at = y * width + x;
      if (!core[at]) continue;
      const atRim =
        (x > 0 && open(at - 1)) ||
        (x < width - 1 && open(at + 1)) ||
        (y > 0 && open(at - width)) ||
        (y < height - 1 && open(at + width));
      if (atRim) edge.push(at);
    }
  for (let step = 0; step < depth && edge.length > 0; step++) {
    const next: number[] = [];
    const visit = (at: number): void => {
      if (core[at] || !area[at]) return;
      core[at] = 1;
      next.push(at);
    };
    for (const at of edge) {
      const x = at % width;
      if (x > 0) visit(at - 1);
      if (x < width - 1) visit(at + 1);
      if (at >= width) visit(at - width);
      if (at < width * (height - 1)) visit(at + width);
    }
    edge = next;
  }
  return core;
}

function trim(mask: Uint8Array, width: number, height: number, rect: Rect): Area {
  let [left, top, right, bottom] = [width, height, 0, 0];
  for (let y = 0; y < height; y++)
    for (let x = 0; x < width; x++)
      if (mask[y * width + x]) {
        left = Math.min(left, x);
        right = Math.max(right, x + 1);
        top = Math.min(top, y);
        bottom = y + 1;
      }
  const part = cut(mask, width, { left, top, right, bottom });
  return {
    bytes: part.bytes,
    rect: {
      left: rect.left + left,
      top: rect.top + top,
      right: rect.left + right,
      bottom: rect.top + bottom,
    },
  };
}

/** Reaches out by `px` on all sides, within the page. */
function grow({ rect, bytes }: Area, px: number, pageWidth: number, pageHeight: number): Area {
  const out = {
    left: Math.max(0, rect.left - px),
    top: Math.max(0, rect.top - px),
    right: Math.min(pageWidth, rect.right + px),
    bottom: Math.min(pageHeight, rect.bottom + px),
  };
  const width = out.right - out.left;
  const height = out.bottom - out.top;
  const from = rect.right - rect.left;
  const wide = new Uint8Array(width * height);
  for (let y = 0; y < rect.bottom - rect.top; y++)
    for (let x = 0; x < from; x++) {
      if (!bytes[y * from + x]) continue;
      const at = (y + rect.top - out.top) * width + x + rect.left - out.left;
      const column = at % width;
      wide.fill(255, at - Math.min(px, column), at + Math.min(px, width - 1 - column) + 1);
    }
  const grown = wide.slice();
  for (let step = 1; step <= px; step++) {
    const shift = step * width;
    for (let at = 0; at + shift < wide.length; at++) {
      if (wide[at + shift]) grown[at] = 255;
      if (wide[at]) grown[at + shift] = 255;
    }
  }
  return { rect: out, bytes: grown };
}
