import { flatsOf, regionAt } from '../../paint/flat-regions.ts';
import type { Mask } from '../../paint/mask.ts';
import type { OpenDocument } from '../../state/open-document.svelte.ts';
import type { Point } from '../view.ts';

/** The region of Flats at a place; undefined off the page and without Flats. */
export function regionUnder({ painted }: OpenDocument, { x, y }: Point): Mask | undefined {
  const flats = flatsOf(painted);
  return flats && regionAt(flats, painted.width, painted.height, x, y);
}
