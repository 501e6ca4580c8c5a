import { describe, expect, test } from 'vitest';
import { chooseGapPx, lineWidthOf } from '../../../electron/page/gap.ts';
import { findRegions } from '../../../electron/page/regions.ts';
import type { Raster } from '../../../electron/raster.ts';
import { blankPage, drawRing, drawStroke } from './drawings.ts';

/** A figure on a sheet of 8 x 6 inches at `dpi`: lines 0.4 mm wide, one of them open over 1 mm, one over 6 mm. */
function sheet(dpi: number, darkness: number): Raster {
  const mm = dpi / 25.4;
  const page = blankPage(Math.round(100 * mm), Math.round(75 * mm));
  drawRing(page, 28 * mm, 37 * mm, 20 * mm, 0.4 * mm, 1 * mm, darkness);
  drawRing(page, 74 * mm, 37 * mm, 20 * mm, 0.4 * mm, 6 * mm, darkness);
  drawStroke(page, [5 * mm, 70 * mm], [95 * mm, 72 * mm], 0.4 * mm, darkness);
  return page;
}

describe('the gap chosen by the drawing', () => {
  test.each([
    ['ink at 150 dpi', 150, 255],
    ['ink at 300 dpi', 300, 255],
    ['ink at 600 dpi', 600, 255],
    ['pencil at 150 dpi', 150, 110],
    ['pencil at 300 dpi', 300, 110],
    ['pencil at 600 dpi', 600, 110],
  ])('closes what looks closed and leaves open what does not: %s', async (_, dpi, darkness) => {
    const page = sheet(dpi, darkness);
    const gapPx = chooseGapPx(page, dpi);
    expect((gapPx / dpi) * 25.4).toBeGreaterThan(0.9);
    expect((gapPx / dpi) * 25.4).toBeLessThan(2);
    const { labels, width } = await findRegions(page, { gapPx });
    const at = (x: number, y: number): number =>
      labels[Math.round((y * dpi) / 25.4) * width + Math.round((x * dpi) / 25.4)]!;
    expect(at(28, 37)).not.toBe(at(2, 2));
    expect(at(74, 37)).toBe(at(2, 2));
  });

  test('does without a resolution, or with one that can’t be true', () => {
    const page = sheet(300, 255);
    const known = chooseGapPx(page, 300);
    for (const dpi of [undefined, 72, 4000]) expect(Math.abs(chooseGapPx(page, dpi) - known)).toBeLessThan(8);
  });

  test('bold lines close wider gaps than fine ones', () => {
    const fine = blankPage(1200, 1200);
    const bold = blankPage(1200, 1200);
    for (let i = 0; i < 6; i++) {
      drawRing(fine, 600, 600, 80 + 80 * i, 1.5);
      drawRing(bold, 600, 600, 80 + 80 * i, 6);
    }
    expect(chooseGapPx(bold)).toBeGreaterThan(chooseGapPx(fine) + 2);
  });

  test('a blank page and a black one have some gap, within what can be asked for', () => {
    const black = blankPage(300, 300);
    black.data.fill(0);
    for (const page of [blankPage(300, 300), black, blankPage(1, 1), blankPage(9000, 40)]) {
      const gapPx = chooseGapPx(page, 300);
      expect(gapPx).toBeGreaterThanOrEqual(2);
      expect(gapPx).toBeLessThanOrEqual(64);
    }
  });
});

test.each([
  [2, 2],
  [5, 5],
  [9, 9],
])('lines drawn %d px wide measure so', (drawn, wide) => {
  const page = blankPage(800, 800);
  drawRing(page, 400, 400, 300, drawn);
  drawRing(page, 400, 400, 150, drawn);
  drawStroke(page, [20, 30], [780, 500], drawn);
  expect(Math.abs(lineWidthOf(page) - wide)).toBeLessThanOrEqual(1 + 0.2 * wide);
});
