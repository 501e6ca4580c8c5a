/**
 * The five components of a face (Chen et al., DeepFaceDrawing, 2020, section 3), in the order in which banks and graphs
 * hold them. `rest` is the paper's remainder: the whole sketch with the other four windows left white.
 */
export const FACE_PARTS = ['left-eye', 'right-eye', 'nose', 'mouth', 'rest'] as const;
export type FacePart = (typeof FACE_PARTS)[number];

/** Which people of the bank a sketch is compared with. */
export const FACE_SPACES = ['all', 'feminine', 'masculine'] as const;
export type FaceSpace = (typeof FACE_SPACES)[number];

/** A sketch is a square of this many pixels a side: eyes at (192,240) and (320,240), mouth at (256,374). */
export const CANVAS_PX = 512;

/** A square of a sketch: its left top corner and its side, px. */
export interface FaceWindow {
  readonly xPx: number;
  readonly yPx: number;
  readonly sizePx: number;
}

/** One value a part. */
export type PerPart<T> = Readonly<Record<FacePart, T>>;

export function perPart<T>(make: (part: FacePart, index: number) => T): Record<FacePart, T> {
  const [leftEye, rightEye, nose, mouth, rest] = FACE_PARTS;
  return {
    [leftEye]: make(leftEye, 0),
    [rightEye]: make(rightEye, 1),
    [nose]: make(nose, 2),
    [mouth]: make(mouth, 3),
    [rest]: make(rest, 4),
  };
}

/** The parts' windows on the canvas, px; they overlap. */
export const FACE_WINDOWS: PerPart<FaceWindow> = {
  'left-eye': { xPx: 108, yPx: 156, sizePx: 128 },
  'right-eye': { xPx: 255, yPx: 156, sizePx: 128 },
  nose: { xPx: 182, yPx: 232, sizePx: 160 },
  mouth: { xPx: 169, yPx: 301, sizePx: 192 },
  rest: { xPx: 0, yPx: 0, sizePx: CANVAS_PX },
};
