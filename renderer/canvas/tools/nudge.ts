import { marksOf } from '../../paint/marks.ts';
import type { OpenDocument } from '../../state/open-document.svelte.ts';
import { marks } from '../../state/marks.svelte.ts';
import type { Tool } from '../../state/studio.svelte.ts';

/** On a reference, arrows move a pin's end by this part of it. */
const REFERENCE_STEP = 0.01;

/**
 * Arrow keys move the mark in hand: a hint by a pixel of the drawing (Shift: 10), a pin's end on the drawing (Shift: its
 * end on the reference). @returns whether there was one.
 */
export function nudgeMark(
  document: OpenDocument,
  tool: Tool,
  [dx, dy]: readonly [number, number],
  shift: boolean,
): boolean {
  const { hints, pins } = marksOf(document.painted);
  if (tool === 'hint') {
    const hint = hints.find(({ id }) => id === marks.in(document, 'hints'));
    const by = shift ? 10 : 1;
    if (hint) marks.moveHint(document, hint, dx * by, dy * by, true);
    return hint !== undefined;
  }
  if (tool !== 'pin') return false;
  const pin = pins.find(({ id }) => id === marks.in(document, 'pins'));
  if (!pin) return false;
  const { x, y, u, v } = pin;
  if (shift) marks.movePin(document, pin.id, { u: u + dx * REFERENCE_STEP, v: v + dy * REFERENCE_STEP });
  else marks.movePin(document, pin.id, { x: x + dx, y: y + dy });
  return true;
}
