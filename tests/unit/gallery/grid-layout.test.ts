import { describe, expect, it } from 'vitest';
import { inSight, layOut, scrollTo } from '../../../renderer/gallery/grid-layout.ts';

describe('the grid of pictures', () => {
  it('fills its width with as many columns as fit, one at least', () => {
    for (const width of [40, 99, 296, 416, 936]) {
      const { columns, tilePx } = layOut(50, width);
      expect(columns * tilePx + (columns - 1) * 8).toBeLessThanOrEqual(width);
      expect(columns).toBeGreaterThanOrEqual(1);
    }
    expect(layOut(50, 416).columns).toBe(3);
    expect(layOut(50, 424).columns).toBe(4);
  });

  it('draws what is in sight of thousands and little more, wherever it is scrolled to', () => {
    const layout = layOut(5000, 416);
    for (const scroll of [0, 1, 777, 31_415, layout.heightPx - 600]) {
      const { first, last } = inSight(layout, 5000, scroll, 600);
      const { columns, rowPx } = layout;
      expect(first).toBeLessThanOrEqual(Math.floor(scroll / rowPx) * columns);
      expect(last).toBeGreaterThanOrEqual(Math.min(5000, Math.ceil((scroll + 600) / rowPx) * columns));
      expect(last - first).toBeLessThan(40);
    }
  });

  it('draws nothing where there is nothing', () => {
    expect(inSight(layOut(0, 416), 0, 0, 600)).toEqual({ first: 0, last: 0 });
    expect(layOut(0, 0).heightPx).toBe(0);
  });

  it('scrolls no farther than needed to show a picture whole', () => {
    const layout = layOut(300, 416);
    const { rowPx } = layout;
    expect(scrollTo(layout, 3, 0, 3 * rowPx)).toBe(0);
    expect(scrollTo(layout, 9, 0, 3 * rowPx)).toBe(rowPx);
    expect(scrollTo(layout, 0, 5 * rowPx, 3 * rowPx)).toBe(0);
  });
});
