import type { Spread } from './spread.ts';
import type { Plane } from './shrink.ts';

/** What makes a region too small to stand alone. */
export interface Smallness {
  /** Pixels off the lines. */
  readonly minAreaPx: number;
  /** Radius of the largest ball: below it a region is a sliver between two strokes. */
  readonly minRadiusPx: number;
}

/** A sliver may stand alone once it, or the clump it is part of, is this many times the smallest area. */
const CLUMP = 8;

/**
 * Lets every region that is too small be adopted by a neighbour: first slivers by slivers, so that hair and hatching
 * clump together, then the rest by the neighbour with the longest common border, faint lines counting for more than
 * black ones.
 * @param ink grey, 255 paper: how dark the border between two regions is.
 * @returns for each old label the label that stands for it.
 */
export function adoptSmall(spread: Spread, ink: Plane, smallness: Smallness): Int32Array {
  const { labels, radius } = spread;
  const count = spread.openArea.length;
  const area = Float64Array.from(spread.openArea);
  const widest = Float32Array.from(radius);
  const parent = Int32Array.from({ length: count }, (_, i) => i);
  const find = (label: number): number => {
    while (parent[label] !== label) label = parent[label] = parent[parent[label]!]!;
    return label;
  };
  const isSmall = (label: number): boolean =>
    area[label]! < smallness.minAreaPx ||
    (widest[label]! < smallness.minRadiusPx && area[label]! < CLUMP * smallness.minAreaPx);

  const borders = measureBorders(labels, ink, count, isSmall);
  const merge = (small: number, host: number): void => {
    parent[small] = host;
    area[host]! += area[small]!;
    widest[host] = Math.max(widest[host]!, widest[small]!);
    const from = borders[small];
    const to = borders[host];
    // A host that can stand alone asks nobody: its borders need no keeping.
    if (from && to) for (const [other, length] of from) to.set(other, (to.get(other) ?? 0) + length);
    borders[small] = undefined;
  };
  const bestHost = (small: number, wanted: (host: number) => boolean): number => {
    const lengths = new Map<number, number>();
    for (const [other, length] of borders[small] ?? []) {
      const root = find(other);
      if (root !== small) lengths.set(root, (lengths.get(root) ?? 0) + length);
    }
    borders[small] = lengths;
    let best = -1;
    let longest = 0;
    for (const [host, length] of lengths) {
      if (!wanted(host) || length < longest || (length === longest && host > best)) continue;
      best = host;
      longest = length;
    }
    return best;
  };

  for (const wanted of [isSmall, () => true]) {
    let changed = true;
    while (changed) {
      changed = false;
      const small: number[] = [];
      for (let label = 0; label < count; label++)
        if (parent[label] === label && spread.openArea[label]! > 0 && isSmall(label)) small.push(label);
      small.sort((a, b) => area[a]! - area[b]! || a - b);
      for (const label of small) {
        if (parent[label] !== label || !isSmall(label)) continue;
        const host = bestHost(label, wanted);
        if (host === -1) continue;
        merge(label, host);
        changed = true;
      }
    }
  }
  return Int32Array.from(parent, (_, label) => find(label));
}

/** Length of the border of each small region with each neighbour, a pixel of faint border counting for more. */
function measureBorders(
  labels: Int32Array,
  ink: Plane,
  count: number,
  isSmall: (label: number) => boolean,
): (Map<number, number> | undefined)[] {
  const { width, height } = ink;
  const small = Uint8Array.from({ length: count }, (_, label) => (isSmall(label) ? 1 : 0));
  const borders: (Map<number, number> | undefined)[] = [];
  const add = (label: number, other: number, length: number): void => {
    const lengths = (borders[label] ??= new Map<number, number>());
    lengths.set(other, (lengths.get(other) ?? 0) + length);
  };
  const meet = (p: number, q: number): void => {
    const a = labels[p]!;
    const b = labels[q]!;
    if (small[a] === 0 && small[b] === 0) return;
    const length = 64 + Math.min(ink.data[p]!, ink.data[q]!);
    if (small[a] === 1) add(a, b, length);
    if (small[b] === 1) add(b, a, length);
  };
  for (let y = 0, p = 0; y < height; y++) {
    for (let x = 0; x < width; x++, p++) {
      if (x < width - 1 && labels[p] !== labels[p + 1]) meet(p, p + 1);
      if (y < height - 1 && labels[p] !== labels[p + width]) meet(p, p + width);
    }
  }
  return borders;
}
