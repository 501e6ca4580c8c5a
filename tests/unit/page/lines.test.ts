import { expect, test } from 'vitest';
import { drawLines } from '../../../electron/page/lines.ts';
import { asRgb, blankPage, drawRing, paint } from './drawings.ts';

/** The darkest level within two pixels. */
function darkestNear(
  lines: { data: Uint8Array; width: number; height: number },
  cx: number,
  cy: number,
): number {
  let darkest = 255;
  for (let y = Math.max(0, cy - 2); y <= Math.min(lines.height - 1, cy + 2); y++)
    for (let x = Math.max(0, cx - 2); x <= Math.min(lines.width - 1, cx + 2); x++)
      darkest = Math.min(darkest, lines.data[y * lines.width + x]!);
  return darkest;
}

test.each([
  ['a disc brighter than its ground', [240, 200, 180], [90, 60, 50]],
  ['a disc in a dark scene', [80, 40, 35], [20, 20, 40]],
  ['a disc that differs in hue alone', [200, 90, 90], [70, 147, 90]],
] as const)('%s is outlined, and nothing else', async (_, disc, ground) => {
  const picture = paint(240, 240, (x, y) => (Math.hypot(x - 120, y - 120) < 70 ? disc : ground));
  const lines = await drawLines(picture);
  expect(lines).toMatchObject({ width: 240, height: 240, channels: 1, space: 'grey' });
  let drawn = 0;
  for (let angle = 0; angle < 360; angle += 5) {
    const a = (angle * Math.PI) / 180;
    if (darkestNear(lines, Math.round(120 + 70 * Math.cos(a)), Math.round(120 + 70 * Math.sin(a))) < 128)
      drawn++;
  }
  expect(drawn).toBeGreaterThan(68);
  for (let y = 0; y < 240; y++)
    for (let x = 0; x < 240; x++)
      if (Math.abs(Math.hypot(x - 120, y - 120) - 70) > 8 && lines.data[y * 240 + x] !== 255)
        throw new Error(`a mark of ${lines.data[y * 240 + x]} at ${x},${y}`);
});

test('the picture’s own thin ink is kept, dark and thin', async () => {
  const page = blankPage(240, 240);
  drawRing(page, 120, 120, 80, 2);
  const lines = await drawLines(asRgb(page));
  expect(lines.data[120 * 240 + 40]).toBeLessThan(60);
  expect(lines.data[120 * 240 + 46]).toBe(255);
  expect(lines.data[120 * 240 + 34]).toBe(255);
});

test('strips leave no seams and the same picture gives the same lines', async () => {
  const picture = paint(200, 1200, (x) => (x < 100 ? [230, 200, 160] : [60, 80, 120]));
  const one = await drawLines(picture);
  const two = await drawLines(picture);
  expect(Buffer.compare(one.data, two.data)).toBe(0);
  const row = (y: number): string => one.data.subarray(y * 200, y * 200 + 200).join();
  for (const y of [511, 512, 513, 1023, 1024, 1025]) expect(row(y)).toBe(row(300));
});

test('cancelling stops it', async () => {
  await expect(drawLines(asRgb(blankPage(64, 64)), { signal: AbortSignal.abort() })).rejects.toMatchObject({
    kind: 'cancelled',
  });
});
