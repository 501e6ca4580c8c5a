import { texts } from '../app/texts.ts';
import type { Point } from '../canvas/view.ts';
import { pixelAt } from '../paint/tiles.ts';
import { flatsOf } from '../paint/flat-regions.ts';
import {
  addMark,
  changeMark,
  clearMarks,
  freshMarkId,
  marksOf,
  onPage,
  removeMark,
  simplified,
  type Hint,
  type MarkKind,
  type Pin,
} from '../paint/marks.ts';
import type { OpenDocument } from './open-document.svelte.ts';
import { references, type Reference } from './references.svelte.ts';

/** Points a stroke keeps at most, as the host takes them. */
const MOST_POINTS = 512;
/** Strokes are simplified to within this many pixels of the document for each pixel of the screen. */
const TOLERANCE_CSS_PX = 1;

interface Selected {
  readonly kind: MarkKind;
  readonly id: number;
}

/** A pin being drawn: its end on the drawing (document pixels) and its end on a reference, as far as they are known. */
export interface PinDraft {
  readonly document: OpenDocument;
  readonly at: Point | undefined;
  readonly on: { readonly reference: Reference; readonly u: number; readonly v: number } | undefined;
  /** Where the pointer is, in the window. */
  readonly pointer: Point;
  /** The pin whose end is being moved. */
  readonly moving: number | undefined;
}

/** The hint, pin or lock in hand; everything done to them is a step that can be undone. */
class MarksInHand {
  selected = $state.raw<Selected | undefined>(undefined);
  draft = $state.raw<PinDraft | undefined>(undefined);

  select(kind: MarkKind, id: number | undefined): void {
    this.selected = id === undefined ? undefined : { kind, id };
  }

  addHint(document: OpenDocument, points: readonly Point[], colour: string): number {
    const id = freshMarkId(document.painted);
    const perCssPx = 1 / (document.view?.scale ?? 1);
    let kept = simplified(
      points.map(({ x, y }) => onPage(document.painted, x, y)),
      TOLERANCE_CSS_PX * perCssPx,
    );
    if (kept.length > MOST_POINTS)
      kept = kept.filter((_, i) => i % Math.ceil(kept.length / MOST_POINTS) === 0);
    document.change(
      (now) => addMark(now, 'hints', { id, points: kept, colour }),
      'now',
      texts.marks.history.hint,
    );
    this.select('hints', id);
    return id;
  }

  /** Moves a hint as a whole. */
  moveHint(document: OpenDocument, hint: Hint, dx: number, dy: number, isDone: boolean): void {
    const points = hint.points.map(([x, y]) => onPage(document.painted, x + dx, y + dy));
    document.change(
      (now) => changeMark(now, 'hints', hint.id, { points }),
      isDone ? 'now' : 'never',
      texts.marks.history.moveHint,
    );
  }

  recolour(document: OpenDocument, id: number, colour: string): void {
    document.change((now) => changeMark(now, 'hints', id, { colour }), 'now', texts.marks.history.recolour);
  }

  addPin(document: OpenDocument, at: Point, reference: Reference, u: number, v: number): void {
    const id = freshMarkId(document.painted);
    const [x, y] = onPage(document.painted, at.x, at.y);
    const pin: Pin = { id, x, y, reference: reference.key, u, v };
    document.change((now) => addMark(now, 'pins', pin), 'now', texts.marks.history.pin);
    this.select('pins', id);
  }

  movePin(document: OpenDocument, id: number, change: Partial<Omit<Pin, 'id'>>): void {
    const limited = { ...change };
    if (change.x !== undefined && change.y !== undefined)
      [limited.x, limited.y] = onPage(document.painted, change.x, change.y);
    if (change.u !== undefined) limited.u = Math.min(1, Math.max(0, change.u));
    if (change.v !== undefined) limited.v = Math.min(1, Math.max(0, change.v));
    document.change((now) => changeMark(now, 'pins', id, limited), 'now', texts.marks.history.movePin);
    this.select('pins', id);
  }

  /** @returns whether there was a region to lock. */
  addLock(document: OpenDocument, { x, y }: Point, everywhere: boolean): boolean {
    const flats = flatsOf(document.painted);
    if (!flats || pixelAt(flats, Math.floor(x), Math.floor(y))[3] === 0) return false;
    const id = freshMarkId(document.painted);
    document.change(
      (now) => addMark(now, 'locks', { id, x, y, everywhere }),
      'now',
      texts.marks.history.lock,
    );
    this.select('locks', id);
    return true;
  }

  changeLock(document: OpenDocument, id: number, everywhere: boolean): void {
    document.change((now) => changeMark(now, 'locks', id, { everywhere }), 'now', texts.marks.history.lock);
  }

  remove(document: OpenDocument, kind: MarkKind, id: number): void {
    document.change((now) => removeMark(now, kind, id), 'now', texts.marks.history.remove[kind]);
    if (this.selected?.id === id) this.selected = undefined;
  }

  clear(document: OpenDocument, kind: MarkKind): void {
    document.change((now) => clearMarks(now, kind), 'now', texts.marks.history.clear[kind]);
    if (this.selected?.kind === kind) this.selected = undefined;
  }

  /** The selected mark, if the document still has it. */
  in(document: OpenDocument | undefined, kind: MarkKind): number | undefined {
    const { selected } = this;
    if (!document || selected?.kind !== kind) return undefined;
    return marksOf(document.painted)[kind].some(({ id }) => id === selected.id) ? selected.id : undefined;
  }

  /** Pins that reach the host: those to references in use. */
  isHeard(pin: Pin): boolean {
    return references.byKey(pin.reference)?.used ?? false;
  }
}

export const marks = new MarksInHand();
