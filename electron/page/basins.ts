import { matOf, withMats, type Cv } from './opencv.ts';
import type { Plane } from './shrink.ts';

/** Rooms between lines, at working size. */
export interface Basins {
  /** Room of each working pixel, from 0; -1 on barriers. Not contiguous. */
  readonly labels: Int32Array;
  readonly width: number;
  readonly height: number;
  /** Radius of the largest ball that fits a room, working pixels; one entry a label in use. */
  readonly radius: Float32Array;
}

/** Distances are sorted in steps of an eighth of a pixel, up to this many steps. */
const STEPS = 8;
const MOST = 4096;
/** A room opens into the next without a door when the passage is this large a share of its own width. */
const DOOR = 0.5;

/**
 * Parts the page into rooms a ball cannot leave: the trapped-ball idea (Zhang, Chen, Zhang, Hu, Martin: Vectorizing
 * cartoon animations, TVCG 2009) with all radii at once. The distance to the nearest line is flooded from its peaks
 * down, as a watershed; where two rooms meet, the distance is half the width of the passage. They become one if
 * the passage is wider than `gapPx`, or if it is hardly narrower than the smaller room, which then is part of the other
 * and not a room behind a gap (a tapering strip of hair, the space between two hatching strokes). Otherwise the gap
 * stays closed, and the border runs where the passage is narrowest.
 * @param barrier non-zero where a line is.
 * @param gapPx widest gap to close, working pixels; 0 closes none.
 */
export function findBasins(cv: Cv, barrier: Plane, gapPx: number): Basins {
  const { width, height } = barrier;
  const area = width * height;
  const steps = measureDistance(cv, barrier);
  const order = sortDown(steps);

  const labels = new Int32Array(area).fill(-1);
  const parent: number[] = [];
  const peak: number[] = [];
  const find = (label: number): number => {
    let root = label;
    while (parent[root]! !== root) root = parent[root]!;
    while (parent[label]! !== root) {
      const next = parent[label]!;
      parent[label] = root;
      label = next;
    }
    return root;
  };

  const around = [0, 0, 0, 0];
  for (const p of order) {
    const x = p % width;
    around[0] = x > 0 ? labels[p - 1]! : -1;
    around[1] = x < width - 1 ? labels[p + 1]! : -1;
    around[2] = p >= width ? labels[p - width]! : -1;
    around[3] = p < area - width ? labels[p + width]! : -1;
    const step = steps[p]!;
    let mine = -1;
    for (let i = 0; i < 4; i++) {
      if (around[i] === -1) continue;
      const other = find(around[i]!);
      if (mine === -1) mine = other;
      else if (other !== mine) {
        const [high, low] = peak[mine]! >= peak[other]! ? [mine, other] : [other, mine];
        if (opens(step / STEPS, peak[low]! / STEPS, gapPx)) parent[low] = high;
        mine = high;
      }
    }
    if (mine === -1) {
      mine = parent.length;
      parent.push(mine);
      peak.push(step);
    }
    labels[p] = mine;
  }
  for (let p = 0; p < area; p++) if (labels[p] !== -1) labels[p] = find(labels[p]!);
  return { labels, width, height, radius: Float32Array.from(peak, (step) => step / STEPS) };
}

/** Whether a passage of half-width `passage` (pixels, centre to line) joins a room whose largest ball has radius `room`. */
function opens(passage: number, room: number, gapPx: number): boolean {
  return 2 * passage - 1 > gapPx || passage >= DOOR * room || room - passage <= 1;
}

/** Distance to the nearest barrier or to the rim of the page, in steps; 0 on barriers. */
function measureDistance(cv: Cv, barrier: Plane): Uint16Array {
  const { width, height } = barrier;
  return withMats((keep) => {
    const from = keep(matOf(cv, barrier.data, width, height));
    const free = keep(new cv.Mat());
    cv.threshold(from, free, 0, 1, cv.THRESH_BINARY_INV);
    const framed = keep(new cv.Mat());
    cv.copyMakeBorder(free, framed, 1, 1, 1, 1, cv.BORDER_CONSTANT, new cv.Scalar(0, 0, 0, 0));
    const distance = keep(new cv.Mat());
    cv.distanceTransform(framed, distance, cv.DIST_L2, cv.DIST_MASK_5);
    const far = distance.data32F;
    const steps = new Uint16Array(width * height);
    for (let y = 0, p = 0; y < height; y++)
      for (let x = 0, q = (y + 1) * (width + 2) + 1; x < width; x++, p++, q++)
        steps[p] = Math.min(MOST - 1, (far[q]! * STEPS + 0.5) | 0);
    return steps;
  });
}

/** Pixels off the barriers, largest distance first, ties in reading order. */
function sortDown(steps: Uint16Array): Uint32Array {
  const starts = new Uint32Array(MOST + 1);
  let free = 0;
  for (const step of steps) {
    if (step === 0) continue;
    starts[MOST - 1 - step]!++;
    free++;
  }
  let sum = 0;
  for (let i = 0; i <= MOST; i++) {
    const count = starts[i]!;
    starts[i] = sum;
    sum += count;
  }
  const order = new Uint32Array(free);
  for (let p = 0; p < steps.length; p++) {
    const step = steps[p]!;
    if (step !== 0) order[starts[MOST - 1 - step]!++] = p;
  }
  return order;
}
