import type { Rgb } from '../page/oklab.ts';
import type { Guidance } from './method.ts';

/** A dot (one point) or stroke of colour; points are pixels of the full-size drawing, measured from its corner. */
export interface HintStroke {
  readonly points: readonly (readonly [x: number, y: number])[];
  readonly colour: Rgb;
}

/** About as many dots as all strokes together may become; beyond it they lie farther apart. */
const DOTS = 1024;

/**
 * Strokes as dots no farther apart than `spacingPx` (unless there would be too many), with their first and last points,
 * at places 0–1 of a drawing of this size.
 */
export function dotsOf(
  strokes: readonly HintStroke[],
  drawing: { readonly width: number; readonly height: number },
  spacingPx: number,
): Guidance['hints'] {
  const total = strokes.reduce((sum, { points }) => sum + lengthOf(points), 0);
  const spacing = Math.max(spacingPx, total / DOTS);
  return strokes.flatMap(({ points, colour }) =>
    along(points, spacing).map(([x, y]) => ({ x: x / drawing.width, y: y / drawing.height, colour })),
  );
}

function lengthOf(points: HintStroke['points']): number {
  let length = 0;
  for (let i = 1; i < points.length; i++) length += distance(points[i - 1]!, points[i]!);
  return length;
}

const distance = (a: readonly [number, number], b: readonly [number, number]): number =>
  Math.hypot(b[0] - a[0], b[1] - a[1]);

/** Points of a polyline at equal distances of at most `spacing`, its ends among them. */
function along(points: HintStroke['points'], spacing: number): [number, number][] {
  const [first] = points;
  if (!first) return [];
  const dots: [number, number][] = [[...first]];
  const length = lengthOf(points);
  const count = Math.ceil(length / spacing);
  let walked = 0;
  let segment = 1;
  for (let i = 1; i <= count; i++) {
    const at = (length * i) / count;
    while (segment < points.length - 1 && walked + distance(points[segment - 1]!, points[segment]!) < at) {
      walked += distance(points[segment - 1]!, points[segment]!);
      segment++;
    }
    const [from, to] = [points[segment - 1]!, points[segment]!];
    const step = distance(from, to);
    const part = step > 0 ? Math.min(1, (at - walked) / step) : 1;
    dots.push([from[0] + (to[0] - from[0]) * part, from[1] + (to[1] - from[1]) * part]);
  }
  return dots;
}
