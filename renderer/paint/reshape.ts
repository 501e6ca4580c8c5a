import type { Rect } from './tiles.ts';

/** What is done to a selection's edge: moved outwards or inwards, softened, or made a band of its own. */
export type Reshape = 'grow' | 'shrink' | 'feather' | 'border';

/** Values of a rectangle, one byte a pixel. */
export interface Bytes {
  readonly bytes: Uint8Array;
  readonly area: Rect;
}

/** How far beyond a mask's bounds a reshape may reach. */
export const reachOf = (how: Reshape, px: number): number =>
  how === 'grow' || how === 'border' ? Math.ceil(px) + 1 : how === 'feather' ? Math.ceil(px * 1.5) + 1 : 0;

/**
 * A mask (0–255) with another edge, `px` in whole pixels. Growing and shrinking are round; a mask's soft edge stays soft.
 * Feathering is a Gaussian whose standard deviation is half of `px`. The page's rim (`edges`) holds a
 * selection that touches it: shrinking and feathering do not come in from there.
 */
export function reshape(
  bytes: Uint8Array,
  width: number,
  height: number,
  how: Reshape,
  px: number,
  edges: { left: boolean; top: boolean; right: boolean; bottom: boolean },
): Uint8Array {
  switch (how) {
    case 'grow':
      return extreme(bytes, width, height, px, Math.max, 0, edges);
    case 'shrink':
      return extreme(bytes, width, height, px, Math.min, 0, edges);
    case 'border': {
      const outer = extreme(bytes, width, height, Math.ceil(px / 2), Math.max, 0, edges);
      const inner = extreme(bytes, width, height, Math.floor(px / 2), Math.min, 0, edges);
      return outer.map((value, at) => Math.min(value, 255 - inner[at]!));
    }
    case 'feather':
      return feather(bytes, width, height, px, edges);
  }
}

type Edges = Parameters<typeof reshape>[5];

/**
 * The largest or smallest value in a disk around every pixel: per row of the disk one running extreme (van Herk 1992),
 * so that the time does not grow with the disk's area.
 */
function extreme(
  bytes: Uint8Array,
  width: number,
  height: number,
  px: number,
  better: (a: number, b: number) => number,
  outside: number,
  edges: Edges,
): Uint8Array {
  if (px < 1) return bytes.slice();
  const isMin = better(0, 1) === 0;
  const out = new Uint8Array(bytes.length).fill(isMin ? 255 : 0);
  // Rows of the disk of equal half-width are one pass each.
  const halves = new Map<number, number[]>();
  for (let dy = -px; dy <= px; dy++) {
    const half = Math.floor(Math.sqrt((px + 0.5) ** 2 - dy * dy));
    halves.set(half, [...(halves.get(half) ?? []), dy]);
  }
  const row = new Uint8Array(bytes.length);
  for (const [half, shifts] of halves) {
    for (let y = 0; y < height; y++) slide(bytes, row, y * width, width, half, better, isMin, outside, edges);
    for (const dy of shifts)
      for (let y = 0; y < height; y++) {
        let from = y + dy;
        if (from < 0 || from >= height) {
          if (!isMin) continue;
          const held = from < 0 ? edges.top : edges.bottom;
          if (!held) {
            out.fill(outside, y * width, (y + 1) * width);
            continue;
          }
          from = from < 0 ? 0 : height - 1;
        }
        const [a, b] = [y * width, from * width];
        for (let x = 0; x < width; x++) {
          const value = row[b + x]!;
          if (isMin ? value < out[a + x]! : value > out[a + x]!) out[a + x] = value;
        }
      }
  }
  return out;
}

/** The extreme of [x - half, x + half] along a row, by a queue of candidates. */
function slide(
  from: Uint8Array,
  to: Uint8Array,
  start: number,
  width: number,
  half: number,
  better: (a: number, b: number) => number,
  isMin: boolean,
  outside: number,
  edges: Edges,
): void {
  const queue = new Int32Array(width + 2 * half + 2);
  let [head, tail] = [0, 0];
  const valueAt = (x: number): number => {
    if (x < 0) return edges.left && isMin ? from[start]! : outside;
    if (x >= width) return edges.right && isMin ? from[start + width - 1]! : outside;
    return from[start + x]!;
  };
  for (let x = -half; x < width + half; x++) {
    const value = valueAt(x);
    while (tail > head && better(valueAt(queue[tail - 1]!), value) === value) tail--;
    queue[tail++] = x;
    const middle = x - half;
    if (middle < 0) continue;
    while (queue[head]! < middle - half) head++;
    to[start + middle] = valueAt(queue[head]!);
  }
}

/** Three box blurs, which come near a Gaussian (Wells 1986). */
function feather(bytes: Uint8Array, width: number, height: number, px: number, edges: Edges): Uint8Array {
  const sigma = px / 2;
  const radius = Math.max(1, Math.round((Math.sqrt(4 * sigma * sigma + 1) - 1) / 2));
  let across = Float32Array.from(bytes);
  let other = new Float32Array(bytes.length);
  for (let pass = 0; pass < 3; pass++) {
    for (let y = 0; y < height; y++)
      blurLine(across, other, y * width, 1, width, radius, edges.left, edges.right);
    [across, other] = [other, across];
  }
  for (let pass = 0; pass < 3; pass++) {
    for (let x = 0; x < width; x++)
      blurLine(across, other, x, width, height, radius, edges.top, edges.bottom);
    [across, other] = [other, across];
  }
  return Uint8Array.from(across, (value) => value + 0.5);
}

function blurLine(
  from: Float32Array,
  to: Float32Array,
  start: number,
  step: number,
  count: number,
  radius: number,
  heldStart: boolean,
  heldEnd: boolean,
): void {
  const first = heldStart ? from[start]! : 0;
  const last = heldEnd ? from[start + (count - 1) * step]! : 0;
  const at = (i: number): number => (i < 0 ? first : i >= count ? last : from[start + i * step]!);
  const size = 2 * radius + 1;
  let sum = 0;
  for (let i = -radius; i <= radius; i++) sum += at(i);
  for (let i = 0; i < count; i++) {
    to[start + i * step] = sum / size;
    sum += at(i + radius + 1) - at(i - radius);
  }
}
