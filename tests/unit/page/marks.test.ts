import { describe, expect, test } from 'vitest';
import { chooseFlats, paintFlats, type FlatColours } from '../../../electron/page/flats.ts';
import { obeyMarks, recolourMarked, type Mark } from '../../../electron/page/marks.ts';
import { colourAt } from '../../../electron/page/pick.ts';
import { findRegions } from '../../../electron/page/regions.ts';
import { upsampleColour } from '../../../electron/page/upsample.ts';
import type { Raster } from '../../../electron/raster.ts';
import { blankPage, drawRing, drawStroke, paint } from './drawings.ts';

type Colour = readonly [number, number, number];
const RED: Colour = [200, 40, 50];
const BLUE: Colour = [40, 70, 200];
const SHIRT: Colour = [190, 190, 120];
const SKY: Colour = [150, 200, 235];

function rgbAt({ data, width }: Raster, x: number, y: number): number[] {
  const p = (Math.floor(y) * width + Math.floor(x)) * 4;
  return [...data.subarray(p, p + 3)];
}

/** A disc (a shirt) and a small ring in it (a button) on a page; another disc far away. */
async function shirtPage(): Promise<{ page: Raster; flats: FlatColours; colour: Raster }> {
  const page = blankPage(600, 400);
  drawRing(page, 180, 200, 130, 3);
  drawRing(page, 180, 200, 9, 5);
  drawRing(page, 470, 200, 90, 3);
  const colour = paint(96, 64, (x, y) => {
    const inShirt = Math.hypot(x - 28.8, y - 32) < 20;
    const inOther = Math.hypot(x - 75.2, y - 32) < 14;
    const shade = inShirt && y > 40 ? -40 : 0;
    return inShirt || inOther ? [SHIRT[0] + shade, SHIRT[1] + shade, SHIRT[2] + shade] : SKY;
  });
  const flats = chooseFlats(await findRegions(page, { gapPx: 4 }), page, colour);
  return { page, flats, colour };
}

function mark(x: number, y: number, colour: Colour, page: Raster): Mark {
  return { x: (x + 0.5) / page.width, y: (y + 0.5) / page.height, colour };
}

describe('a mark', () => {
  test('gives its region its colour to the byte, what it adopted follows, and no other pixel changes', async () => {
    const { page, flats } = await shirtPage();
    const before = paintFlats(flats.map, flats.colours);
    const marked = obeyMarks(flats, page, [mark(120, 150, RED, page)]);
    const after = paintFlats(marked.map, marked.colours);
    expect(rgbAt(after, 120, 150)).toEqual([...RED]);
    expect(rgbAt(after, 230, 260)).toEqual([...RED]);
    expect(rgbAt(after, 180, 200)).toEqual([...RED]);
    const shirt = new Set(
      [
        [120, 150],
        [180, 200],
      ].map(([x, y]) => flats.map.labels[y! * 600 + x!]!),
    );
    for (let p = 0; p < 600 * 400; p++)
      if (!shirt.has(flats.map.labels[p]!) && after.data[p * 4] !== before.data[p * 4])
        throw new Error(`changed at ${p % 600}, ${Math.floor(p / 600)}`);
    expect(rgbAt(after, 470, 200)).toEqual([...SHIRT]);
  });

  test('on a small thing changes that alone', async () => {
    const { page, flats } = await shirtPage();
    const marked = obeyMarks(flats, page, [mark(180, 200, BLUE, page)]);
    const after = paintFlats(marked.map, marked.colours);
    expect(rgbAt(after, 180, 200)).toEqual([...BLUE]);
    expect(rgbAt(after, 120, 150)).toEqual([...SHIRT]);
  });

  test('shows in the colour layer too, exactly where it is, and keeps the shadow of what it recolours', async () => {
    const { page, flats, colour } = await shirtPage();
    const marks = [mark(150, 130, RED, page)];
    const marked = obeyMarks(flats, page, marks);
    const raster = recolourMarked(colour, marked, flats.colours, marks);
    const layer = upsampleColour(marked.map, marked.cover, raster, marked.colours);
    expect(rgbAt(layer, 150, 130)).toEqual([...RED]);
    const shadow = rgbAt(layer, 180, 300);
    expect(shadow[0]!).toBeLessThan(RED[0] - 15);
    expect(shadow[0]! - shadow[2]!).toBeGreaterThan(60);
    expect(rgbAt(layer, 470, 200)).toEqual([...SHIRT]);
  });

  test('of two colours in one region parts it between them, all of it to one or the other', async () => {
    const { page, flats } = await shirtPage();
    const marks = [mark(90, 200, RED, page), mark(270, 200, BLUE, page), mark(270, 230, BLUE, page)];
    const marked = obeyMarks(flats, page, marks);
    const after = paintFlats(marked.map, marked.colours);
    expect(rgbAt(after, 90, 200)).toEqual([...RED]);
    expect(rgbAt(after, 270, 200)).toEqual([...BLUE]);
    expect(rgbAt(after, 130, 150)).toEqual([...RED]);
    expect(rgbAt(after, 240, 130)).toEqual([...BLUE]);
    expect(rgbAt(after, 470, 200)).toEqual([...SHIRT]);
    const region = flats.map.labels[150 * 600 + 130]!;
    for (let p = 0; p < 600 * 400; p++)
      if (flats.map.labels[p] === region && ![RED[0], BLUE[0]].includes(after.data[p * 4]! as 200 | 40))
        throw new Error('a part of the region is neither');
    expect([...marked.map.areasPx].reduce((sum, area) => sum + area, 0)).toBe(600 * 400);
  });

  test('parts a region along an open path, not as the crow flies', async () => {
    const page = blankPage(400, 300);
    // A comb: two rooms joined at the bottom.
    drawStroke(page, [200, -5], [200, 250], 3);
    const flats = chooseFlats(
      await findRegions(page, { gapPx: 0 }),
      page,
      paint(100, 75, () => SKY),
    );
    expect(flats.map.count).toBe(1);
    const marked = obeyMarks(flats, page, [mark(190, 30, RED, page), mark(390, 280, BLUE, page)]);
    const after = paintFlats(marked.map, marked.colours);
    expect(rgbAt(after, 195, 120)).toEqual([...RED]);
    expect(rgbAt(after, 206, 30)).toEqual([...BLUE]);
  });

  test('close to another of a different colour still holds at its own pixel', async () => {
    const page = blankPage(3000, 2000);
    const flats = chooseFlats(
      await findRegions(page, { gapPx: 0 }),
      page,
      paint(100, 66, () => SKY),
    );
    const marks = [mark(1500, 1000, RED, page), mark(1502, 1000, BLUE, page), mark(1504, 1000, RED, page)];
    const marked = obeyMarks(flats, page, marks);
    const after = paintFlats(marked.map, marked.colours);
    expect([1500, 1502, 1504].map((x) => rgbAt(after, x, 1000))).toEqual([[...RED], [...BLUE], [...RED]]);
  });

  test('given twice on one pixel, the last counts; none changes nothing', async () => {
    const { page, flats } = await shirtPage();
    const twice = obeyMarks(flats, page, [mark(120, 150, RED, page), mark(120, 150, BLUE, page)]);
    expect(rgbAt(paintFlats(twice.map, twice.colours), 120, 150)).toEqual([...BLUE]);
    expect(obeyMarks(flats, page, []).colours).toEqual(flats.colours);
  });
});

describe('the colour of a place', () => {
  test('is what is commonest just there, whatever thin line runs over it', () => {
    const picture = paint(300, 300, (x) => (x === 150 ? [0, 0, 0] : x < 200 ? SHIRT : SKY));
    expect(colourAt(picture, 150.5 / 300, 0.5)).toEqual([...SHIRT]);
    expect(colourAt(picture, 0.9, 0.5)).toEqual([...SKY]);
    expect(colourAt(picture, 1, 1)).toEqual([...SKY]);
  });

  test('lies on white where the picture is transparent', () => {
    expect(
      colourAt({ data: new Uint8Array(4 * 16), width: 4, height: 4, channels: 4, space: 'srgb' }, 0.5, 0.5),
    ).toEqual([255, 255, 255]);
  });
});
