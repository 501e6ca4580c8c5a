export type SymmetryKind = 'vertical' | 'horizontal' | 'both' | 'radial';

/** Strokes are repeated around a place of the document. */
export interface Symmetry {
  readonly kind: SymmetryKind;
  readonly x: number;
  readonly y: number;
  /** Radial only: how many times around, 2–24. */
  readonly count: number;
  /** Radial only: every other one is a mirror image, as in a kaleidoscope. */
  readonly mirrors: boolean;
}

/** A turn, and a mirror image before it, around a place: where one copy of a stroke lies. */
export interface Copy {
  readonly x: number;
  readonly y: number;
  /** Radians, clockwise; after mirroring. */
  readonly turn: number;
  /** Left to right around the place. */
  readonly mirrored: boolean;
}

export const MAX_COPIES = 24;

/** Where a stroke is drawn beside where the pen is: none without symmetry. The pen's own place is not among them. */
export function copiesOf(symmetry: Symmetry | undefined): readonly Copy[] {
  if (!symmetry) return [];
  const { kind, x, y } = symmetry;
  const left: Copy = { x, y, turn: 0, mirrored: true };
  const top: Copy = { x, y, turn: Math.PI, mirrored: true };
  if (kind === 'vertical') return [left];
  if (kind === 'horizontal') return [top];
  if (kind === 'both') return [left, top, { x, y, turn: Math.PI, mirrored: false }];
  const count = Math.min(MAX_COPIES, Math.max(2, Math.round(symmetry.count)));
  const copies: Copy[] = [];
  for (let at = 0; at < count; at++) {
    const turn = (at * 2 * Math.PI) / count;
    if (at > 0) copies.push({ x, y, turn, mirrored: false });
    if (symmetry.mirrors) copies.push({ x, y, turn, mirrored: true });
  }
  return copies;
}

/** A place and a direction (radians, clockwise), as a copy has them. */
export function copied(
  { x, y, turn, mirrored }: Copy,
  at: { readonly x: number; readonly y: number },
  angle: number,
): { x: number; y: number; angle: number } {
  const dx = mirrored ? x - at.x : at.x - x;
  const dy = at.y - y;
  const [cos, sin] = [Math.cos(turn), Math.sin(turn)];
  return {
    x: x + dx * cos - dy * sin,
    y: y + dx * sin + dy * cos,
    angle: (mirrored ? Math.PI - angle : angle) + turn,
  };
}
