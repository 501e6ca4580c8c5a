import { describe, expect, it } from 'vitest';
import { areaAround, type Area, type Picture } from '../../../renderer/paint/fill.ts';
import { combine, maskAt, polygonMask, rectMask } from '../../../renderer/paint/mask.ts';

/** White with a black frame from 20 to 180, open by `gap` pixels in the middle of its top. */
function framed(gap: number): Picture {
  const [width, height] = [200, 200];
  const data = new Uint8Array(width * height * 4).fill(255);
  const ink = (x: number, y: number): void => data.set([0, 0, 0, 255], (y * width + x) * 4);
  for (let i = 20; i < 180; i++)
    for (let t = 0; t < 3; t++) {
      if (Math.abs(i - 100) >= gap / 2) ink(i, 20 + t);
      ink(i, 177 + t);
      ink(20 + t, i);
      ink(177 + t, i);
    }
  return { data, width, height };
}
const holds = (area: Area | undefined, x: number, y: number): boolean => {
  if (!area) return false;
  const { left, top, right, bottom } = area.rect;
  if (x < left || y < top || x >= right || y >= bottom) return false;
  return area.bytes[(y - top) * (right - left) + x - left] === 255;
};
const plain = { tolerance: 20, gapPx: 0, growPx: 0 };

describe('fill', () => {
  it('stays inside closed lines and fills them to the corners', () => {
    const area = areaAround(framed(0), 100, 100, plain);
    expect(area?.rect).toEqual({ left: 23, top: 23, right: 177, bottom: 177 });
    expect(area?.bytes.every((value) => value === 255)).toBe(true);
  });

  it('runs out through a gap, unless gaps so wide are closed', () => {
    const open = framed(8);
    expect(holds(areaAround(open, 100, 100, plain), 5, 5)).toBe(true);
    const closed = areaAround(open, 100, 100, { ...plain, gapPx: 12 });
    expect(holds(closed, 5, 5)).toBe(false);
    expect(holds(closed, 100, 10)).toBe(false);
    for (const [x, y] of [
      [25, 25],
      [174, 25],
      [25, 174],
      [174, 174],
      [100, 100],
    ] as const)
      expect(holds(closed, x, y)).toBe(true);
    expect(holds(areaAround(framed(40), 100, 100, { ...plain, gapPx: 12 }), 5, 5)).toBe(true);
  });

  it('closes gaps for a press outside as well', () => {
    const outside = areaAround(framed(8), 5, 100, { ...plain, gapPx: 12 });
    expect(holds(outside, 100, 100)).toBe(false);
    expect(holds(outside, 0, 0)).toBe(true);
    expect(holds(outside, 199, 199)).toBe(true);
  });

  it('reaches under the lines as far as asked', () => {
    const area = areaAround(framed(0), 100, 100, { ...plain, growPx: 2 });
    expect(area?.rect).toEqual({ left: 21, top: 21, right: 179, bottom: 179 });
  });

  it('takes transparent for paper', () => {
    const { data, width, height } = framed(0);
    for (let at = 0; at < data.length; at += 4) if (data[at] === 255) data.set([0, 0, 0, 0], at);
    expect(areaAround({ data, width, height }, 100, 100, plain)?.rect.left).toBe(23);
  });

  it('finds nothing outside the page', () => {
    expect(areaAround(framed(0), -1, 5, plain)).toBeUndefined();
  });
});

describe('selections', () => {
  const page = { left: 0, top: 0, right: 400, bottom: 400 };
  const a = rectMask({ left: 10, top: 10, right: 200, bottom: 200 });
  const b = rectMask({ left: 150, top: 150, right: 300, bottom: 300 });
  const at = (mask: typeof a, ...places: [number, number][]) =>
    places.map(([x, y]) => (mask ? maskAt(mask, x, y) : 0));

  it('add, subtract and intersect', () => {
    const places: [number, number][] = [
      [20, 20],
      [170, 170],
      [250, 250],
      [350, 350],
    ];
    expect(at(combine(a, b, 'add'), ...places)).toEqual([255, 255, 255, 0]);
    expect(at(combine(a, b, 'subtract'), ...places)).toEqual([255, 0, 0, 0]);
    expect(at(combine(a, b, 'intersect'), ...places)).toEqual([0, 255, 0, 0]);
    expect(combine(a, a, 'subtract')).toBeUndefined();
  });

  it('follow a lasso with a soft edge', () => {
    const corners = [
      { x: 100, y: 20 },
      { x: 180, y: 180 },
      { x: 20, y: 180 },
    ];
    const mask = polygonMask(corners, page);
    expect(at(mask, [100, 120], [30, 30])).toEqual([255, 0]);
    const row = Array.from({ length: 400 }, (_, x) => maskAt(mask, x, 100));
    expect(row.some((value) => value > 0 && value < 255)).toBe(true);
    const area = row.reduce((sum, value) => sum + value / 255, 0);
    expect(Math.abs(area - 80)).toBeLessThan(1);
  });
});
