/** A point of a curve: how hard is pressed, and what comes of it; each 0–1. */
export type CurvePoint = readonly [pressure: number, value: number];

export const MAX_CURVE_POINTS = 8;

/**
 * A smooth curve through points (first at 0, last at 1, pressures rising) that never overshoots them (Fritsch and Carlson
 * 1980): between two points of equal value it is flat. @returns the value at a pressure.
 */
export function valueOn(points: readonly CurvePoint[], pressure: number): number {
  const count = points.length;
  if (count === 0) return 1;
  const at = Math.min(1, Math.max(0, pressure));
  if (at <= points[0]![0]) return points[0]![1];
  if (at >= points[count - 1]![0]) return points[count - 1]![1];
  let right = 1;
  while (points[right]![0] < at) right++;
  const [x0, y0] = points[right - 1]!;
  const [x1, y1] = points[right]!;
  const width = x1 - x0;
  if (width <= 0) return y1;
  const t = (at - x0) / width;
  const m0 = tangent(points, right - 1) * width;
  const m1 = tangent(points, right) * width;
  const [t2, t3] = [t * t, t * t * t];
  const value = (2 * t3 - 3 * t2 + 1) * y0 + (t3 - 2 * t2 + t) * m0 + (3 * t2 - 2 * t3) * y1 + (t3 - t2) * m1;
  return Math.min(1, Math.max(0, value));
}

const slope = (points: readonly CurvePoint[], at: number): number =>
  (points[at + 1]![1] - points[at]![1]) / Math.max(1e-6, points[at + 1]![0] - points[at]![0]);

/** The harmonic mean of the slopes beside a point; 0 at a peak. */
function tangent(points: readonly CurvePoint[], at: number): number {
  if (at === 0) return slope(points, 0);
  if (at === points.length - 1) return slope(points, at - 1);
  const [before, after] = [slope(points, at - 1), slope(points, at)];
  return before * after <= 0 ? 0 : (2 * before * after) / (before + after);
}

/** Points in order, within the square, with an end at either side; the first of two at the same pressure counts. */
export function sorted(points: readonly CurvePoint[]): CurvePoint[] {
  const limit = (value: number): number => Math.min(1, Math.max(0, value));
  const inside = points.map(([x, y]): CurvePoint => [limit(x), limit(y)]).sort(([a], [b]) => a - b);
  const apart = inside.filter(([x], at) => at === 0 || x - inside[at - 1]![0] > 0.01);
  if (apart.length === 0)
    return [
      [0, 0],
      [1, 1],
    ];
  const [first, last] = [apart[0]!, apart.at(-1)!];
  if (first[0] > 0) apart[0] = [0, first[1]];
  if (last[0] < 1)
    if (apart.length > 1) apart[apart.length - 1] = [1, last[1]];
    else apart.push([1, last[1]]);
  return apart.slice(0, MAX_CURVE_POINTS);
}
