import type { Point } from '../canvas/view.ts';
import { partAt, type FacePart } from './face-sketch.ts';
import { face } from './face.svelte.ts';

/** Where the pen is over the sketch, and which part lies there. */
class FacePointer {
  at = $state.raw<Point | undefined>(undefined);
  readonly part = $derived<FacePart | undefined>(this.at && partAt(face.windows, this.at.x, this.at.y));
}

export const facePointer = new FacePointer();
