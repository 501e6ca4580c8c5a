import type { Basins } from './basins.ts';
import type { Plane } from './shrink.ts';

/** Labels of every pixel of the page before small regions are adopted. */
export interface Spread {
  readonly labels: Int32Array;
  /** Pixels off the lines, one entry a label; 0 for labels out of use. */
  readonly openArea: Uint32Array;
  /** Radius of the largest ball that fits, pixels of the page. */
  readonly radius: Float32Array;
}

const OPEN = -1;
const LINE = -2;
/** Labels given while the rim of the flood is being collected are held as -3, -4, … so that they do not count yet. */
const held = (label: number): number => -3 - label;

/**
 * Carries rooms found at working size to every pixel of the page. Open pixels take the room they are connected to,
 * pockets too narrow for the working size become rooms of their own, and last the pixels of the lines are shared out
 * to the nearest room, so that colours meet in the middle under a line.
 * @param barrier 1 on lines, at full resolution.
 * @param factor page pixels a working pixel.
 * @param open true joins rooms that touch anywhere off the lines (no gap is closed).
 */
export function spreadBasins(basins: Basins, barrier: Plane, factor: number, open: boolean): Spread {
  const { width, height } = barrier;
  const labels = new Int32Array(width * height);
  let waiting = 0;
  const columnOf = Uint16Array.from({ length: width }, (_, x) => Math.floor(x / factor));
  for (let y = 0, p = 0; y < height; y++) {
    const row = ((y / factor) | 0) * basins.width;
    for (let x = 0; x < width; x++, p++) {
      const room = barrier.data[p] === 0 ? basins.labels[row + columnOf[x]!]! : LINE;
      labels[p] = room;
      if (room < 0) waiting++;
    }
  }
  const queue = new Uint32Array(waiting);
  flood(labels, width, OPEN, queue);
  const radius = [...basins.radius].map((r) => r * factor);
  const pockets = fillPockets(labels, width, radius.length, queue);
  for (let i = 0; i < pockets; i++) radius.push(factor / 2);
  if (open) joinTouching(labels, barrier, radius.length);
  const openArea = new Uint32Array(Math.max(1, radius.length));
  for (const label of labels) if (label >= 0) openArea[label]!++;
  if (radius.length === 0) labels.fill(0);
  else flood(labels, width, LINE, queue);
  return { labels, openArea, radius: Float32Array.from(radius.length === 0 ? [0] : radius) };
}

/** Grows all labels at once, a pixel a turn (4-connected), over the pixels that hold `into`. */
function flood(labels: Int32Array, width: number, into: number, queue: Uint32Array): void {
  const area = labels.length;
  let tail = 0;
  for (let p = 0; p < area; p++) {
    if (labels[p] !== into) continue;
    const x = p % width;
    let from = -1;
    if (x > 0) from = labels[p - 1]!;
    if (from < 0 && x < width - 1) from = labels[p + 1]!;
    if (from < 0 && p >= width) from = labels[p - width]!;
    if (from < 0 && p < area - width) from = labels[p + width]!;
    if (from < 0) continue;
    labels[p] = held(from);
    queue[tail++] = p;
  }
  for (let i = 0; i < tail; i++) labels[queue[i]!] = held(labels[queue[i]!]!);
  for (let head = 0; head < tail; head++) {
    const p = queue[head]!;
    const label = labels[p]!;
    const x = p % width;
    if (x > 0 && labels[p - 1] === into) {
      labels[p - 1] = label;
      queue[tail++] = p - 1;
    }
    if (x < width - 1 && labels[p + 1] === into) {
      labels[p + 1] = label;
      queue[tail++] = p + 1;
    }
    if (p >= width && labels[p - width] === into) {
      labels[p - width] = label;
      queue[tail++] = p - width;
    }
    if (p < area - width && labels[p + width] === into) {
      labels[p + width] = label;
      queue[tail++] = p + width;
    }
  }
}

/** Gives every connected rest of open pixels a label of its own, from `next` on. Returns how many there were. */
function fillPockets(labels: Int32Array, width: number, next: number, queue: Uint32Array): number {
  const area = labels.length;
  let count = 0;
  for (let start = 0; start < area; start++) {
    if (labels[start] !== OPEN) continue;
    const label = next + count++;
    labels[start] = label;
    queue[0] = start;
    let tail = 1;
    for (let head = 0; head < tail; head++) {
      const p = queue[head]!;
      const x = p % width;
      for (const q of [x > 0 ? p - 1 : -1, x < width - 1 ? p + 1 : -1, p - width, p + width]) {
        if (q < 0 || q >= area || labels[q] !== OPEN) continue;
        labels[q] = label;
        queue[tail++] = q;
      }
    }
  }
  return count;
}

/** Makes one of all labels that touch (4-connected) off the lines. */
function joinTouching(labels: Int32Array, barrier: Plane, count: number): void {
  const parent = Int32Array.from({ length: count }, (_, i) => i);
  const find = (label: number): number => {
    while (parent[label] !== label) label = parent[label] = parent[parent[label]!]!;
    return label;
  };
  const join = (a: number, b: number): void => {
    if (a < 0 || b < 0 || a === b) return;
    const [low, high] = [find(a), find(b)].sort((x, y) => x - y);
    parent[high!] = low!;
  };
  const { width } = barrier;
  for (let p = 0; p < labels.length; p++) {
    if (p % width < width - 1) join(labels[p]!, labels[p + 1]!);
    if (p + width < labels.length) join(labels[p]!, labels[p + width]!);
  }
  for (let p = 0; p < labels.length; p++) if (labels[p]! >= 0) labels[p] = find(labels[p]!);
}
