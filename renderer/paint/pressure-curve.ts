/** Points of a curve from (0, ·) to (1, ·), left to right; both from 0 to 1. */
export type CurvePoints = readonly (readonly [x: number, y: number])[];

/**
 * A curve through all points that rises only where they rise: cubic pieces with the slopes of Fritsch and Carlson,
 * Monotone Piecewise Cubic Interpolation (1980). @param x 0–1. @returns 0–1.
 */
export function onCurve(points: CurvePoints, x: number): number {
  const count = points.length;
  if (count < 2) return x;
  const at = Math.min(1, Math.max(0, x));
  let piece = 0;
  while (piece < count - 2 && at > points[piece + 1]![0]) piece++;
  const [x0, y0] = points[piece]!;
  const [x1, y1] = points[piece + 1]!;
  const width = x1 - x0;
  const t = (at - x0) / width;
  const rise0 = slopeAt(points, piece) * width;
  const rise1 = slopeAt(points, piece + 1) * width;
  const t2 = t * t;
  const t3 = t2 * t;
  const y =
    (2 * t3 - 3 * t2 + 1) * y0 + (t3 - 2 * t2 + t) * rise0 + (3 * t2 - 2 * t3) * y1 + (t3 - t2) * rise1;
  return Math.min(1, Math.max(0, y));
}

/** The curve's slope at a point: level at a turn, else the weighted harmonic mean of its neighbours'. */
function slopeAt(points: CurvePoints, index: number): number {
  const secant = (i: number): number => {
    const [x0, y0] = points[i]!;
    const [x1, y1] = points[i + 1]!;
    return (y1 - y0) / (x1 - x0);
  };
  if (index === 0) return secant(0);
  if (index === points.length - 1) return secant(index - 1);
  const before = secant(index - 1);
  const after = secant(index);
  if (before * after <= 0) return 0;
  const left = points[index]![0] - points[index - 1]![0];
  const right = points[index + 1]![0] - points[index]![0];
  const a = 2 * right + left;
  const b = right + 2 * left;
  return (a + b) / (a / before + b / after);
}
