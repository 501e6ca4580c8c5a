import { describe, expect, test } from 'vitest';
import { chooseFlats, paintFlats, type FlatColours } from '../../../electron/page/flats.ts';
import { findRegions } from '../../../electron/page/regions.ts';
import type { Raster } from '../../../electron/raster.ts';
import { blankPage, drawRing, drawStroke, paint } from './drawings.ts';

type Colour = readonly [number, number, number];
const SKY: Colour = [120, 180, 230];
const FIELD: Colour = [110, 160, 60];
const SKIN: Colour = [224, 172, 140];

async function flatsOf(page: Raster, colour: Raster, confidence?: Float32Array): Promise<FlatColours> {
  return chooseFlats(await findRegions(page, { gapPx: 4 }), page, colour, { confidence });
}

function colourAt(flats: FlatColours, x: number, y: number): number[] {
  const region = flats.map.labels[y * flats.map.width + x]!;
  return [...flats.colours.subarray(region * 3, region * 3 + 3)];
}

/** A little of another colour on every cell, the same every time. */
function grainy(colour: Colour, x: number, y: number): Colour {
  const shift = ((x * 7 + y * 13) % 9) - 4;
  return [colour[0] + shift, colour[1] + shift, colour[2] - shift];
}

describe('the model’s confidence', () => {
  const page = blankPage(200, 200);
  const colour = paint(50, 50, (x) => (x % 4 < 3 ? [150, 150, 150] : [200, 40, 40]));

  test('decides against the commoner colour where the model was unsure of that', async () => {
    const unsure = Float32Array.from({ length: 2500 }, (_, i) => ((i % 50) % 4 < 3 ? 0.05 : 0.95));
    expect(colourAt(await flatsOf(page, colour, unsure), 100, 100)).toEqual([200, 40, 40]);
  });

  test('left out, the commoner colour wins', async () => {
    expect(colourAt(await flatsOf(page, colour), 100, 100)).toEqual([150, 150, 150]);
  });

  test('that does not fit the colour is refused', async () => {
    await expect(flatsOf(page, colour, new Float32Array(7))).rejects.toThrow(/2500.*7/);
  });
});

describe('open regions', () => {
  test('sky and field with no line between become two flats, parted where the model’s colour changes', async () => {
    const page = blankPage(400, 300);
    const colour = paint(100, 75, (x, y) =>
      grainy(y < 40 + Math.round(2 * Math.sin(x / 9)) ? SKY : FIELD, x, y),
    );
    const flats = await flatsOf(page, colour);
    expect(flats.map.count).toBe(2);
    for (let x = 2; x < 400; x += 9) {
      const [up, down] = [colourAt(flats, x, 140), colourAt(flats, x, 180)];
      expect(up[2]! - up[1]!).toBeGreaterThan(30);
      expect(down[1]! - down[2]!).toBeGreaterThan(60);
    }
  });

  test('the border follows a line that only begins to part them', async () => {
    const page = blankPage(400, 300);
    drawStroke(page, [0, 157], [250, 157], 3);
    const colour = paint(100, 75, (_, y) => (y < 39 ? SKY : FIELD));
    const flats = await flatsOf(page, colour);
    expect(flats.map.count).toBe(2);
    for (let x = 4; x < 240; x += 5) {
      expect(colourAt(flats, x, 154)).toEqual([...SKY]);
      expect(colourAt(flats, x, 160)).toEqual([...FIELD]);
    }
  });

  test('the border is smooth', async () => {
    const page = blankPage(600, 600);
    const flats = await flatsOf(
      page,
      paint(60, 60, (x, y) => (y < 20 + x / 3 ? SKY : FIELD)),
    );
    let last = 0;
    for (let x = 10; x < 590; x++) {
      let y = 0;
      while (colourAt(flats, x, y)[2]! > 200) y++;
      expect(Math.abs(y - (200 + x / 3))).toBeLessThan(8);
      if (x > 10) expect(Math.abs(y - last)).toBeLessThanOrEqual(3);
      last = y;
    }
  });

  test('a gradient, a vignette and a speck of another colour do not split anything', async () => {
    const page = blankPage(400, 300);
    const gradient = paint(100, 75, (_, y) => [60 + 2 * y, 110 + y, 230]);
    expect((await flatsOf(page, gradient)).map.count).toBe(1);
    const speck = paint(100, 75, (x, y) => (Math.hypot(x - 50, y - 30) < 4 ? [200, 40, 40] : SKY));
    expect((await flatsOf(page, speck)).map.count).toBe(1);
  });
});

describe('what belongs together', () => {
  test('parts of one thing divided by an open border agree, and differ from what a line divides', async () => {
    const page = blankPage(300, 300);
    drawRing(page, 150, 150, 120, 3);
    // A fold that nearly crosses the disc: its two sides are parted at a narrow door only.
    drawStroke(page, [30, 150], [147, 150], 3);
    drawStroke(page, [153, 150], [270, 150], 3);
    const colour = paint(75, 75, (x, y) =>
      Math.hypot(x - 37, y - 37) > 30 ? [255, 255, 255] : y < 37 ? [224, 172, 140] : [216, 166, 136],
    );
    const map = await findRegions(page, { gapPx: 12 });
    expect(map.count).toBe(3);
    const flats = chooseFlats(map, page, colour);
    expect(colourAt(flats, 150, 5)).toEqual([255, 255, 255]);
    const [up, down] = [colourAt(flats, 150, 100), colourAt(flats, 150, 200)];
    expect(Math.abs(up[0]! - 220)).toBeLessThan(6);
    // A black line all along keeps them apart unless one is small; the door alone is no reason to join.
    expect(up).not.toEqual(down);
  });

  test('hatching between pale lines has one colour', async () => {
    const page = blankPage(400, 400);
    drawRing(page, 200, 200, 150, 3);
    for (let x = 70; x < 340; x += 24) drawStroke(page, [x, 52], [x, 348], 2, 90);
    const colour = paint(100, 100, (x, y) => {
      const shade = Math.floor(x / 6) % 2 === 0 ? 5 : -5;
      return Math.hypot(x - 50, y - 50) > 38 ? [255, 255, 255] : [170 + shade, 110 + shade, 60 + shade];
    });
    const map = await findRegions(page, { gapPx: 4 });
    expect(map.count).toBeGreaterThan(8);
    const { colours } = chooseFlats(map, page, colour);
    const distinct = new Set<string>();
    for (let x = 90; x < 310; x++) distinct.add(pixelOf(paintFlats(map, colours), x, 200));
    expect(distinct.size).toBeLessThanOrEqual(2);
  });

  test('letter holes in a balloon and eyes in a face take the colour around them', async () => {
    const page = blankPage(600, 600);
    drawRing(page, 300, 300, 200, 4);
    for (let i = 0; i < 5; i++) drawRing(page, 220 + i * 40, 300, 10, 5);
    const colour = paint(75, 75, (x, y) => (Math.hypot(x - 37, y - 37) < 25 ? SKIN : SKY));
    const map = await findRegions(page, { gapPx: 4 });
    const flats = chooseFlats(map, page, colour);
    for (let i = 0; i < 5; i++) expect(colourAt(flats, 220 + i * 40, 300)).toEqual([...SKIN]);
  });
});

function pixelOf({ data, width }: Raster, x: number, y: number): string {
  return data.subarray((y * width + x) * 4, (y * width + x) * 4 + 3).join();
}
