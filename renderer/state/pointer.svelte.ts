import type { Point } from '../canvas/view.ts';

/** The place under the pointer, in the active document's pixels; undefined off the canvas. */
class PointerPlace {
  at = $state.raw<Point | undefined>(undefined);
}

export const pointer = new PointerPlace();
