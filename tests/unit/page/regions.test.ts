import { describe, expect, test } from 'vitest';
import { chooseFlats, paintFlats } from '../../../electron/page/flats.ts';
import { findRegions, type RegionMap } from '../../../electron/page/regions.ts';
import type { Raster } from '../../../electron/raster.ts';
import { blankPage, drawRing, drawStroke, paint } from './drawings.ts';

function at(map: RegionMap, x: number, y: number): number {
  return map.labels[y * map.width + x]!;
}

/** Every pixel has a label below count, every label is used, and the areas add up. */
function expectWhole(map: RegionMap): void {
  const areas = new Uint32Array(map.count);
  for (const label of map.labels) {
    if (label < 0 || label >= map.count) throw new Error(`label ${label} of ${map.count}`);
    areas[label]!++;
  }
  expect([...areas]).toEqual([...map.areasPx]);
  expect(Math.min(...areas)).toBeGreaterThan(0);
}

function ringPage(gapPx: number, darkness = 255): Raster {
  const page = blankPage(240, 240);
  drawRing(page, 120, 120, 80, 1, gapPx, darkness);
  return page;
}

describe('regions', () => {
  test('a hair-thin closed line parts inside from outside', async () => {
    const map = await findRegions(ringPage(0), { gapPx: 0 });
    expectWhole(map);
    expect(map.count).toBe(2);
    for (let angle = 0; angle < 360; angle += 3) {
      const [c, s] = [Math.cos((angle * Math.PI) / 180), Math.sin((angle * Math.PI) / 180)];
      expect(at(map, Math.round(120 + 77 * c), Math.round(120 + 77 * s))).toBe(at(map, 120, 120));
      expect(at(map, Math.round(120 + 83 * c), Math.round(120 + 83 * s))).toBe(at(map, 2, 2));
    }
  });

  test('pencil holds as ink does', async () => {
    const map = await findRegions(ringPage(0, 70), { gapPx: 0 });
    expect(map.count).toBe(2);
  });

  test('a gap is closed when it is no wider than asked, and open otherwise', async () => {
    const page = ringPage(7);
    const closed = await findRegions(page, { gapPx: 9 });
    expect(at(closed, 120, 120)).not.toBe(at(closed, 2, 2));
    for (const gapPx of [0, 3]) {
      const open = await findRegions(page, { gapPx });
      expect(at(open, 120, 120)).toBe(at(open, 2, 2));
    }
  });

  test('the border over a closed gap runs straight across it', async () => {
    const map = await findRegions(ringPage(7), { gapPx: 9 });
    const inside = at(map, 120, 120);
    for (let x = 190; x < 197; x++) expect(at(map, x, 120)).toBe(inside);
    for (let x = 204; x < 212; x++) expect(at(map, x, 120)).not.toBe(inside);
  });

  test('flats meet in the middle under a thick line', async () => {
    const page = blankPage(200, 200);
    drawStroke(page, [100, -5], [100, 205], 5);
    const map = await findRegions(page, { gapPx: 0 });
    expect(map.count).toBe(2);
    for (let y = 0; y < 200; y += 5) {
      expect(at(map, 99, y)).toBe(at(map, 0, 0));
      expect(at(map, 101, y)).toBe(at(map, 199, 0));
    }
  });

  test('a large page keeps its thinnest lines, and its gaps open when none is to be closed', async () => {
    const page = blankPage(2400, 2400);
    drawRing(page, 700, 1200, 400, 1);
    drawRing(page, 1700, 1200, 400, 2, 6);
    const closed = await findRegions(page, { gapPx: 8 });
    expectWhole(closed);
    expect(closed.count).toBe(3);
    for (let angle = 0; angle < 360; angle += 1) {
      const [c, s] = [Math.cos((angle * Math.PI) / 180), Math.sin((angle * Math.PI) / 180)];
      expect(at(closed, Math.round(700 + 397 * c), Math.round(1200 + 397 * s))).toBe(at(closed, 700, 1200));
      expect(at(closed, Math.round(700 + 403 * c), Math.round(1200 + 403 * s))).toBe(at(closed, 2, 2));
    }
    const open = await findRegions(page, { gapPx: 0 });
    expect(at(open, 1700, 1200)).toBe(at(open, 2, 2));
    expect(at(open, 700, 1200)).not.toBe(at(open, 2, 2));
  });

  test('hatching does not become confetti', async () => {
    const page = blankPage(400, 400);
    drawRing(page, 200, 200, 150, 2);
    for (let x = 120; x < 280; x += 5) drawStroke(page, [x, 150], [x + 30, 250], 1.5);
    const map = await findRegions(page, { gapPx: 4 });
    expectWhole(map);
    expect(map.count).toBeLessThanOrEqual(6);
    expect(at(map, 200, 80)).not.toBe(at(map, 5, 5));
  });

  test('specks, dots and slivers are adopted by what surrounds them', async () => {
    const page = blankPage(400, 400);
    drawRing(page, 200, 200, 150, 2);
    for (let i = 0; i < 12; i++) drawRing(page, 120 + (i % 4) * 50, 140 + Math.floor(i / 4) * 50, 2, 1);
    const map = await findRegions(page, { gapPx: 4 });
    expect(map.count).toBe(2);
    expect(at(map, 120, 140)).toBe(at(map, 200, 200));
  });

  test('grey wash and screentone dots do not part the paper into thousands', async () => {
    const page = blankPage(600, 600);
    for (let y = 0; y < 600; y++)
      for (let x = 0; x < 300; x++)
        page.data[y * 600 + x] = 190 + Math.round(20 * Math.sin(x / 40) * Math.cos(y / 50));
    for (let y = 2; y < 600; y += 5) for (let x = 302; x < 600; x += 5) drawStroke(page, [x, y], [x, y], 2.5);
    const map = await findRegions(page, { gapPx: 4 });
    expectWhole(map);
    expect(map.count).toBeLessThan(8);
  });

  test('a wash and a solid black are regions of their own', async () => {
    const page = blankPage(300, 300);
    for (let y = 40; y < 140; y++) page.data.fill(110, y * 300 + 40, y * 300 + 260);
    for (let y = 160; y < 260; y++) page.data.fill(0, y * 300 + 40, y * 300 + 260);
    const map = await findRegions(page, { gapPx: 4 });
    expect(map.count).toBe(3);
    expect(new Set([at(map, 5, 5), at(map, 150, 90), at(map, 150, 210)]).size).toBe(3);
  });

  test('blank, black and tiny pages are one region', async () => {
    const black = blankPage(64, 48);
    black.data.fill(0);
    for (const page of [blankPage(64, 48), black, blankPage(1, 1), blankPage(16, 16)]) {
      const map = await findRegions(page, { gapPx: 4 });
      expectWhole(map);
      expect(map.count).toBe(1);
    }
  });

  test('the same drawing gives the same map', async () => {
    const page = blankPage(300, 300);
    for (let i = 0; i < 40; i++)
      drawRing(page, 30 + ((i * 71) % 240), 30 + ((i * 37) % 240), 12 + (i % 9) * 4, 1.5, i % 6);
    const one = await findRegions(page, { gapPx: 5 });
    const two = await findRegions(page, { gapPx: 5 });
    expect(one.count).toBeGreaterThan(20);
    expect(Buffer.compare(Buffer.from(one.labels.buffer), Buffer.from(two.labels.buffer))).toBe(0);
  });

  test('it reports progress and stops when told', async () => {
    const seen: number[] = [];
    await findRegions(ringPage(0), { gapPx: 3, progress: (fraction) => seen.push(fraction) });
    expect(seen.at(-1)).toBe(1);
    expect(seen).toEqual([...seen].sort((a, b) => a - b));
    const stop = new AbortController();
    const running = findRegions(ringPage(0), { gapPx: 3, signal: stop.signal, progress: () => stop.abort() });
    await expect(running).rejects.toMatchObject({ kind: 'cancelled' });
  });

  test('values out of range are named', async () => {
    await expect(findRegions(blankPage(20, 20), { gapPx: -1 })).rejects.toThrow(/gapPx.*-1/);
    await expect(
      findRegions(
        paint(20, 20, () => [255, 255, 255]),
        { gapPx: 1 },
      ),
    ).rejects.toThrow(/1 channel/);
  });
});

test('flats never bleed over a line', async () => {
  const page = ringPage(0);
  const map = await findRegions(page, { gapPx: 3 });
  const colour = paint(48, 48, (x, y) =>
    Math.hypot(x - 23.5, y - 23.5) < 16 ? [200, 40, 40] : [40, 60, 200],
  );
  const flats = paintFlats(map, chooseFlats(map, page, colour).colours);
  for (let y = 0; y < 240; y++)
    for (let x = 0; x < 240; x++) {
      const away = Math.hypot(x - 120, y - 120) - 80;
      if (Math.abs(away) < 2) continue;
      const p = (y * 240 + x) * 4;
      if ([...flats.data.subarray(p, p + 4)].join() !== (away < 0 ? '200,40,40,255' : '40,60,200,255'))
        throw new Error(`${[...flats.data.subarray(p, p + 4)].join()} at ${x},${y}`);
    }
});

test('dots of screentone merge into one tone, and a line across them still parts it', async () => {
  const page = blankPage(900, 900);
  for (let y = 0; y < 900; y++)
    for (let x = 100; x < 800; x++)
      if (y >= 100 && y < 800 && Math.hypot(((x + y) % 6) - 3, ((x - y + 900) % 6) - 3) < 2)
        page.data[y * 900 + x] = 20;
  drawStroke(page, [100, 100], [800, 100], 3);
  drawStroke(page, [800, 100], [800, 800], 3);
  drawStroke(page, [800, 800], [100, 800], 3);
  drawStroke(page, [100, 800], [100, 100], 3);
  drawStroke(page, [450, 100], [450, 800], 4);
  const map = await findRegions(page, { gapPx: 4 });
  expect(map.count).toBeLessThan(25);
  const left = at(map, 275, 450);
  const right = at(map, 625, 450);
  expect(new Set([left, right, at(map, 20, 20)]).size).toBe(3);
  expect(map.areasPx[left]).toBeGreaterThan(220_000);
  expect(map.areasPx[right]).toBeGreaterThan(220_000);
});
