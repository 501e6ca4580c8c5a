import type { PaintDocument } from './document.ts';

/** A dot (one point) or a stroke of colour that says which colour belongs at a place. */
export interface Hint {
  readonly id: number;
  /** Pixels of the document. */
  readonly points: readonly (readonly [x: number, y: number])[];
  /** `#rrggbb`. */
  readonly colour: string;
}

/** The place (x, y) of the drawing takes the colour of the place (u, v), 0–1, of a reference. */
export interface Pin {
  readonly id: number;
  readonly x: number;
  readonly y: number;
  /** The window's own key of the reference; the host's ids change with every connection. */
  readonly reference: string;
  readonly u: number;
  readonly v: number;
}

/** A region that stays as it is when the colouring is applied again: the one at a place, or all of its colour. */
export interface Lock {
  readonly id: number;
  readonly x: number;
  readonly y: number;
  readonly everywhere: boolean;
}

/** What the artist told the colouring on the drawing itself. Part of the document, so that it is undone with it. */
export interface Marks {
  readonly hints: readonly Hint[];
  readonly pins: readonly Pin[];
  readonly locks: readonly Lock[];
}

export const NO_MARKS: Marks = { hints: [], pins: [], locks: [] };
export type MarkKind = keyof Marks;

export const marksOf = ({ marks = NO_MARKS }: PaintDocument): Marks => marks;

/** An id no mark of the document has. */
export function freshMarkId(document: PaintDocument): number {
  const { hints, pins, locks } = marksOf(document);
  return 1 + Math.max(0, ...[...hints, ...pins, ...locks].map(({ id }) => id));
}

export function withMarks(document: PaintDocument, change: Partial<Marks>): PaintDocument {
  return { ...document, marks: { ...marksOf(document), ...change } };
}

type MarkOf<K extends MarkKind> = Marks[K][number];

export function addMark<K extends MarkKind>(
  document: PaintDocument,
  kind: K,
  mark: MarkOf<K>,
): PaintDocument {
  return withMarks(document, { [kind]: [...marksOf(document)[kind], mark] });
}

/** Changes one mark; an unknown one leaves the document as it is. */
export function changeMark<K extends MarkKind>(
  document: PaintDocument,
  kind: K,
  id: number,
  change: Partial<MarkOf<K>>,
): PaintDocument {
  const list = marksOf(document)[kind];
  if (!list.some((mark) => mark.id === id)) return document;
  return withMarks(document, {
    [kind]: list.map((mark) => (mark.id === id ? { ...mark, ...change } : mark)),
  });
}

export function removeMark(document: PaintDocument, kind: MarkKind, id: number): PaintDocument {
  const list = marksOf(document)[kind];
  const left = list.filter((mark) => mark.id !== id);
  return left.length === list.length ? document : withMarks(document, { [kind]: left });
}

export function clearMarks(document: PaintDocument, kind: MarkKind): PaintDocument {
  return marksOf(document)[kind].length === 0 ? document : withMarks(document, { [kind]: [] });
}

/** Keeps a place on the page: hosts refuse places outside the drawing. */
export function onPage({ width, height }: PaintDocument, x: number, y: number): readonly [number, number] {
  return [Math.min(width, Math.max(0, x)), Math.min(height, Math.max(0, y))];
}

/** A drawn stroke with the points left out that lie within `tolerance` px of the line without them (Douglas and Peucker). */
export function simplified(
  points: readonly (readonly [number, number])[],
  tolerance: number,
): readonly (readonly [number, number])[] {
  const first = points[0];
  const last = points.at(-1);
  if (!first || !last || points.length < 3) return points;
  const length = Math.hypot(last[0] - first[0], last[1] - first[1]);
  let far = 0;
  let split = 0;
  for (let i = 1; i < points.length - 1; i++) {
    const [x, y] = points[i]!;
    const away =
      length === 0
        ? Math.hypot(x - first[0], y - first[1])
        : Math.abs((last[0] - first[0]) * (first[1] - y) - (first[0] - x) * (last[1] - first[1])) / length;
    if (away > far) {
      far = away;
      split = i;
    }
  }
  if (far <= tolerance) return [first, last];
  const before = simplified(points.slice(0, split + 1), tolerance);
  return [...before.slice(0, -1), ...simplified(points.slice(split), tolerance)];
}
