/** A 2D affine transform [a, b, c, d, e, f] as in CSS and canvas: x' = a·x + c·y + e, y' = b·x + d·y + f. */
export type Matrix = [number, number, number, number, number, number];

export interface Point {
  readonly x: number;
  readonly y: number;
}
export interface Size {
  readonly width: number;
  readonly height: number;
}

/** How the canvas looks at a document. Immutable; every gesture makes a new one. */
export interface View {
  /** The document's point (its pixels) in the middle of the stage. */
  readonly centre: Point;
  /** CSS pixels per document pixel. */
  readonly scale: number;
  /** Clockwise, in (-180, 180]. */
  readonly rotationDeg: number;
  /** Flipped left to right on the screen; the document is untouched. */
  readonly mirrored: boolean;
}

export const MIN_SCALE = 0.01;
export const MAX_SCALE = 40;
/** Room around a fitted picture, in CSS pixels. */
const FIT_MARGIN = 24;

const limitScale = (scale: number): number => Math.min(MAX_SCALE, Math.max(MIN_SCALE, scale));

function linear({ scale, rotationDeg, mirrored }: View): [number, number, number, number] {
  const radians = (rotationDeg * Math.PI) / 180;
  const cos = Math.cos(radians) * scale;
  const sin = Math.sin(radians) * scale;
  return mirrored ? [-cos, sin, sin, cos] : [cos, sin, -sin, cos];
}

/** Document pixels to stage (CSS) pixels. */
export function toMatrix(view: View, stage: Size): Matrix {
  const [a, b, c, d] = linear(view);
  const { x, y } = view.centre;
  return [a, b, c, d, stage.width / 2 - a * x - c * y, stage.height / 2 - b * x - d * y];
}

/**
 * The same with its offset on whole screen pixels while nothing is turned: at 100 % pixels then meet pixels, which is
 * sharper and several times faster to draw.
 */
export function snapped([a, b, c, d, e, f]: Matrix, screenPxPerPx: number): Matrix {
  if (b !== 0 || c !== 0) return [a, b, c, d, e, f];
  const snap = (offset: number): number => Math.round(offset * screenPxPerPx) / screenPxPerPx;
  return [a, b, c, d, snap(e), snap(f)];
}

export function toStage(view: View, stage: Size, point: Point): Point {
  const [a, b, c, d, e, f] = toMatrix(view, stage);
  return { x: a * point.x + c * point.y + e, y: b * point.x + d * point.y + f };
}

export function toDocument(view: View, stage: Size, point: Point): Point {
  const [a, b, c, d] = linear(view);
  const det = a * d - b * c;
  const x = point.x - stage.width / 2;
  const y = point.y - stage.height / 2;
  return { x: view.centre.x + (d * x - c * y) / det, y: view.centre.y + (a * y - b * x) / det };
}

/** The view moved so that `documentPoint` lies under `stagePoint`. */
export function anchored(view: View, stage: Size, stagePoint: Point, documentPoint: Point): View {
  const there = toDocument(view, stage, stagePoint);
  const centre = {
    x: view.centre.x + documentPoint.x - there.x,
    y: view.centre.y + documentPoint.y - there.y,
  };
  return { ...view, centre };
}

/** Scales by `factor`; the document's point under `stagePoint` stays where it is. */
export function zoomed(view: View, stage: Size, stagePoint: Point, factor: number): View {
  const held = toDocument(view, stage, stagePoint);
  return anchored({ ...view, scale: limitScale(view.scale * factor) }, stage, stagePoint, held);
}

export function panned(view: View, stage: Size, dx: number, dy: number): View {
  const middle = { x: stage.width / 2, y: stage.height / 2 };
  return anchored(view, stage, { x: middle.x + dx, y: middle.y + dy }, view.centre);
}

/** Turns around the middle of the stage. */
export function rotated(view: View, rotationDeg: number): View {
  const turned = ((((rotationDeg + 180) % 360) + 360) % 360) - 180;
  return { ...view, rotationDeg: turned === -180 ? 180 : turned };
}

/** The whole document in the stage, keeping rotation and mirroring. */
export function fitted(view: View | undefined, document: Size, stage: Size): View {
  const rotationDeg = view?.rotationDeg ?? 0;
  const radians = (rotationDeg * Math.PI) / 180;
  const cos = Math.abs(Math.cos(radians));
  const sin = Math.abs(Math.sin(radians));
  const width = document.width * cos + document.height * sin;
  const height = document.width * sin + document.height * cos;
  const room = {
    width: Math.max(16, stage.width - 2 * FIT_MARGIN),
    height: Math.max(16, stage.height - 2 * FIT_MARGIN),
  };
  return {
    centre: { x: document.width / 2, y: document.height / 2 },
    scale: limitScale(Math.min(room.width / width, room.height / height)),
    rotationDeg,
    mirrored: view?.mirrored ?? false,
  };
}

/** One step in or out through the scales artists expect (… 25, 33, 50, 67, 100, 150, 200 % …). */
export function nextScale(scale: number, direction: 1 | -1): number {
  const steps = [1, 2, 3, 5, 7, 10, 12.5, 16.7, 25, 33.3, 50, 66.7, 100, 150, 200, 300, 400, 800, 1600, 3200];
  const percent = scale * 100;
  const next =
    direction === 1
      ? steps.find((step) => step > percent * 1.01)
      : steps.filter((step) => step < percent / 1.01).at(-1);
  return next === undefined ? scale : next / 100;
}
