import { CANVAS_PX, FACE_PARTS, type FacePart, type FaceWindow, type PerPart } from './parts.ts';

/** A square of floats, row by row. */
export interface Plane {
  readonly data: Float32Array;
  readonly sizePx: number;
}

/** Everything but the remainder. */
export const FEATURES = FACE_PARTS.filter((part) => part !== 'rest');

/**
 * A sketch of the canvas as networks see it: shrunk by area averaging, 1 paper, 0 ink.
 * @param grey CANVAS_PX squared, 255 paper. @param workPx divides CANVAS_PX.
 */
export function workSketch(grey: Uint8Array, workPx: number): Plane {
  const factor = CANVAS_PX / workPx;
  const data = new Float32Array(workPx * workPx);
  for (let y = 0; y < CANVAS_PX; y++) {
    const row = Math.floor(y / factor) * workPx;
    for (let x = 0; x < CANVAS_PX; x++) data[row + Math.floor(x / factor)]! += grey[y * CANVAS_PX + x]!;
  }
  const full = 255 * factor * factor;
  for (let i = 0; i < data.length; i++) data[i]! /= full;
  return { data, sizePx: workPx };
}

/** What a part's encoder sees: its window of the work sketch; for `rest` all of it with the other windows white. */
export function cutPart(sketch: Plane, part: FacePart, windows: PerPart<FaceWindow>): Plane {
  const { xPx, yPx, sizePx } = windows[part];
  const data = new Float32Array(sizePx * sizePx);
  for (let y = 0; y < sizePx; y++) {
    const from = (yPx + y) * sketch.sizePx + xPx;
    data.set(sketch.data.subarray(from, from + sizePx), y * sizePx);
  }
  if (part === 'rest') for (const feature of FEATURES) whiten(data, sizePx, windows[feature]);
  return { data, sizePx };
}

function whiten(data: Float32Array, sidePx: number, { xPx, yPx, sizePx }: FaceWindow): void {
  for (let y = yPx; y < yPx + sizePx; y++) data.fill(1, y * sidePx + xPx, y * sidePx + xPx + sizePx);
}

/**
 * Share of a plane's pixels that ink covers, by its darkness: 0 blank, 1 black all over.
 * @param where only where this is not 0 (territory).
 */
export function inkShare({ data }: Plane, where?: Uint8Array): number {
  let [ink, count] = [0, 0];
  for (let i = 0; i < data.length; i++) {
    if (where && where[i] === 0) continue;
    ink += 1 - data[i]!;
    count++;
  }
  return count > 0 ? ink / count : 0;
}

/**
 * Where a part's lines are its own, 255, and where they rather belong to a part whose window overlaps, 0: the part to whose
 * middle a place is nearer, measured in half windows, has it; the remainder has what no window covers.
 * @returns one byte a pixel of the part's window.
 */
export function territory(part: FacePart, windows: PerPart<FaceWindow>): Uint8Array {
  const own = windows[part];
  const mask = new Uint8Array(own.sizePx * own.sizePx);
  for (let y = 0; y < own.sizePx; y++)
    for (let x = 0; x < own.sizePx; x++) {
      const [px, py] = [own.xPx + x + 0.5, own.yPx + y + 0.5];
      let owner: FacePart = 'rest';
      let nearest = 1;
      for (const feature of FEATURES) {
        const { xPx, yPx, sizePx } = windows[feature];
        const half = sizePx / 2;
        const away = Math.max(Math.abs(px - xPx - half), Math.abs(py - yPx - half)) / half;
        if (away >= nearest) continue;
        nearest = away;
        owner = feature;
      }
      if (owner === part) mask[y * own.sizePx + x] = 255;
    }
  return mask;
}
