import { marksOf, type Pin } from '../../paint/marks.ts';
import type { OpenDocument } from '../../state/open-document.svelte.ts';
import { marks, type PinDraft } from '../../state/marks.svelte.ts';
import { references, type Reference } from '../../state/references.svelte.ts';
import { stageSize } from '../../state/stage-size.svelte.ts';
import type { PointerFollower } from '../gestures.ts';
import { toDocument, toStage, type Point } from '../view.ts';
import type { ToolPlace } from './tool.ts';

/** How near, on the screen, a pin's end must be pressed to be taken. */
const NEAR_PX = 12;

const pointerOf = ({ clientX: x, clientY: y }: PointerEvent): Point => ({ x, y });

/** A reference's picture under the pointer, and where on it: any picture that says whose it is (`data-reference`). */
export function referenceUnder({ x, y }: Point): PinDraft['on'] {
  for (const element of document.elementsFromPoint(x, y)) {
    const picture = element.closest<HTMLElement>('[data-reference]');
    const reference = picture && references.byKey(picture.dataset['reference'] ?? '');
    if (picture && reference) return { reference, ...placeOn(picture, reference, x, y) };
  }
  return undefined;
}

/** Where on a reference, 0–1, a place of the window lies; thumbnails show a part of theirs (`data-cover`). */
function placeOn(picture: HTMLElement, { info }: Reference, x: number, y: number): { u: number; v: number } {
  const box = picture.getBoundingClientRect();
  const limited = (value: number): number => Math.min(1, Math.max(0, value));
  const [across, down] = [(x - box.left) / box.width, (y - box.top) / box.height];
  if (picture.dataset['cover'] === undefined) return { u: limited(across), v: limited(down) };
  const scale = Math.max(box.width / info.widthPx, box.height / info.heightPx);
  const [width, height] = [info.widthPx * scale, info.heightPx * scale];
  // As `object-position: 50% 25%` cuts it.
  const u = (across * box.width + (width - box.width) * 0.5) / width;
  const v = (down * box.height + (height - box.height) * 0.25) / height;
  return { u: limited(u), v: limited(v) };
}

/** A place of the window on the drawing, where the stage is under the pointer. */
export function drawingUnder(open: OpenDocument, { x, y }: Point): Point | undefined {
  const stage = document.elementsFromPoint(x, y)[0]?.closest('.stage');
  const { view, painted } = open;
  if (!stage || !view) return undefined;
  const { left, top } = stage.getBoundingClientRect();
  const at = toDocument(view, stageSize, { x: x - left, y: y - top });
  return at.x >= 0 && at.y >= 0 && at.x < painted.width && at.y < painted.height ? at : undefined;
}

/** From a place of the drawing to a place of a reference; pressed on a pin's end, that end is moved instead. */
export function pinFromDrawing(event: PointerEvent, place: ToolPlace): PointerFollower | undefined {
  const { document: open } = place;
  const at = place.toDocument(event);
  const there = pinAt(place, event);
  if (!there && !drawingUnder(open, pointerOf(event))) {
    marks.select('pins', undefined);
    return undefined;
  }
  if (there) marks.select('pins', there.id);
  const update = (to: PointerEvent): void => {
    const pointer = pointerOf(to);
    const moving = there?.id;
    const own = there && references.byKey(there.reference);
    marks.draft = there
      ? {
          document: open,
          at: place.toDocument(to),
          on: own && { reference: own, u: there.u, v: there.v },
          pointer,
          moving,
        }
      : { document: open, at, on: referenceUnder(pointer), pointer, moving };
  };
  update(event);
  return {
    move: (events) => update(events.at(-1)!),
    end(to) {
      update(to);
      const { draft } = marks;
      marks.draft = undefined;
      const moved = Math.hypot(to.clientX - event.clientX, to.clientY - event.clientY) > 3;
      if (there && draft?.at && moved) marks.movePin(open, there.id, { x: draft.at.x, y: draft.at.y });
      else if (!there && draft?.on) marks.addPin(open, at, draft.on.reference, draft.on.u, draft.on.v);
    },
    cancel: () => (marks.draft = undefined),
  };
}

function pinAt({ document: open, toDocument: place }: ToolPlace, event: PointerEvent): Pin | undefined {
  const { view, painted } = open;
  if (!view) return undefined;
  const pressed = toStage(view, stageSize, place(event));
  return marksOf(painted).pins.findLast((pin) => {
    const { x, y } = toStage(view, stageSize, pin);
    return Math.hypot(x - pressed.x, y - pressed.y) <= NEAR_PX;
  });
}

/**
 * From a place of a reference's picture to a place of the drawing; pressed on a pin's end there, that end is moved. To be
 * called at the press on the picture, which must have `data-reference`.
 */
export function pinFromReference(event: PointerEvent, open: OpenDocument): void {
  const from = referenceUnder(pointerOf(event));
  const element = event.currentTarget;
  if (event.button !== 0 || !from || !(element instanceof HTMLElement)) return;
  const { width, height } = element.getBoundingClientRect();
  const pin = marksOf(open.painted).pins.findLast(
    ({ reference, u, v }) =>
      reference === from.reference.key && Math.hypot((u - from.u) * width, (v - from.v) * height) <= NEAR_PX,
  );
  event.preventDefault();
  event.stopPropagation();
  element.setPointerCapture(event.pointerId);
  if (pin) marks.select('pins', pin.id);
  const listening = new AbortController();
  const { signal } = listening;
  const update = (to: PointerEvent): void => {
    const pointer = pointerOf(to);
    marks.draft = pin
      ? { document: open, at: pin, on: referenceUnder(pointer), pointer, moving: pin.id }
      : { document: open, at: drawingUnder(open, pointer), on: from, pointer, moving: undefined };
  };
  update(event);
  element.addEventListener('pointermove', update, { signal });
  element.addEventListener(
    'pointerup',
    (to) => {
      update(to);
      const { draft } = marks;
      marks.draft = undefined;
      listening.abort();
      const moved = Math.hypot(to.clientX - event.clientX, to.clientY - event.clientY) > 3;
      if (pin && draft?.on && moved) {
        const { reference, u, v } = draft.on;
        marks.movePin(open, pin.id, { reference: reference.key, u, v });
      } else if (!pin && draft?.at) marks.addPin(open, draft.at, from.reference, from.u, from.v);
    },
    { signal },
  );
  element.addEventListener(
    'pointercancel',
    () => {
      marks.draft = undefined;
      listening.abort();
    },
    { signal },
  );
}
