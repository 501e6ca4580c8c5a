import type { Assistant } from './assistants.ts';
import type { Symmetry } from './symmetry.ts';

/** What helps to draw and is saved with the document, but is no picture. */
export interface Guides {
  readonly assistants: readonly Assistant[];
  /** Strokes follow the assistants. */
  readonly snaps: boolean;
  /** Undefined: strokes are drawn once. */
  readonly symmetry: Symmetry | undefined;
}

export const NO_GUIDES: Guides = { assistants: [], snaps: true, symmetry: undefined };
