import { describe, expect, it } from 'vitest';
import { onCurve, type CurvePoints } from '../../../renderer/paint/pressure-curve.ts';

const even: CurvePoints = [
  [0, 0],
  [1, 1],
];
const soft: CurvePoints = [
  [0, 0],
  [0.4, 0.65],
  [1, 1],
];
const steep: CurvePoints = [
  [0, 0.1],
  [0.2, 0.1],
  [0.25, 0.9],
  [1, 0.9],
];

describe('the pressure curve', () => {
  it('of two corners leaves pressure as it is', () => {
    for (let x = 0; x <= 1; x += 0.1) expect(onCurve(even, x)).toBeCloseTo(x, 10);
  });

  it.each([soft, steep])('goes through its points, %j', (...points) => {
    for (const [x, y] of points) expect(onCurve(points, x)).toBeCloseTo(y, 10);
  });

  it.each([[soft], [steep]])('never gives less for pressing harder, %j', (points) => {
    let last = 0;
    for (let x = 0; x <= 1; x += 0.005) {
      const y = onCurve(points, x);
      expect(y).toBeGreaterThanOrEqual(last - 1e-9);
      expect(y).toBeLessThanOrEqual(1);
      last = y;
    }
  });

  it('takes what is out of range for the ends', () => {
    expect(onCurve(soft, -1)).toBe(0);
    expect(onCurve(soft, 2)).toBe(1);
  });
});
