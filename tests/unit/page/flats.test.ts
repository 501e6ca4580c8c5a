import { describe, expect, test } from 'vitest';
import { coverCells } from '../../../electron/page/cover.ts';
import { chooseFlats, paintFlats } from '../../../electron/page/flats.ts';
import { bandPalette, paletteOf } from '../../../electron/page/palette.ts';
import type { Rgb } from '../../../electron/page/oklab.ts';
import type { RegionMap } from '../../../electron/page/regions.ts';
import { shadeFlats } from '../../../electron/page/shading.ts';
import { upsampleColour } from '../../../electron/page/upsample.ts';
import { createRaster, type Raster } from '../../../electron/raster.ts';
import { blankPage, drawStroke, paint } from './drawings.ts';

/** A map from a function of the pixel; labels must be contiguous from 0. */
function mapOf(width: number, height: number, labelAt: (x: number, y: number) => number): RegionMap {
  const labels = Int32Array.from({ length: width * height }, (_, p) =>
    labelAt(p % width, Math.floor(p / width)),
  );
  const count = Math.max(...labels) + 1;
  const areasPx = new Uint32Array(count);
  for (const label of labels) areasPx[label]!++;
  return { labels, width, height, count, areasPx };
}

function pixel(raster: Raster, x: number, y: number): number[] {
  const p = (y * raster.width + x) * raster.channels;
  return [...raster.data.subarray(p, p + 3)];
}

const halves = mapOf(200, 100, (x) => (x < 100 ? 0 : 1));
const paper = blankPage(200, 100);
const lineBetween = blankPage(200, 100);
drawStroke(lineBetween, [100, -5], [100, 105], 3);

describe('region colours', () => {
  test('an unsure region takes one of the model’s colours, not the grey between them', () => {
    const colour = paint(40, 20, (x, y) => ((x + y) % 5 < 3 ? [220, 40, 40] : [40, 200, 60]));
    const flats = chooseFlats(halves, paper, colour).colours;
    expect([...flats.subarray(0, 3)]).toEqual([220, 40, 40]);
  });

  test('what the model painted of the lines does not darken a region', () => {
    const ink = blankPage(200, 100);
    for (let y = 0; y < 100; y++) for (let x = 0; x < 200; x++) if (x % 20 < 12) ink.data[y * 200 + x] = 0;
    const colour = paint(40, 20, (x) => (x % 4 < 2 ? [30, 30, 30] : [250, 200, 160]));
    const flats = chooseFlats(halves, ink, colour).colours;
    expect([...flats.subarray(0, 3)]).toEqual([250, 200, 160]);
  });

  test('near-white becomes paper, and cream stays cream', () => {
    const flats = chooseFlats(
      halves,
      lineBetween,
      paint(40, 20, (x) => (x < 20 ? [249, 251, 248] : [255, 240, 210])),
    ).colours;
    expect([...flats]).toEqual([255, 255, 255, 255, 240, 210]);
  });

  test('snapping gives only colours of the palette, and leaves what none of them is near to', () => {
    const colour = paint(40, 20, (x) => (x < 20 ? [205, 50, 45] : [20, 220, 60]));
    const flats = chooseFlats(halves, paper, colour, {
      snap: [
        [220, 40, 40],
        [250, 220, 190],
      ],
    }).colours;
    expect([...flats]).toEqual([220, 40, 40, 20, 220, 60]);
  });

  test('a colour the model dulled snaps to the paint of its hue, not to a nearer grey or brown', () => {
    const dull: Rgb[] = [
      [96, 126, 88], // of the green
      [150, 92, 84], // of the red
    ];
    const colour = paint(40, 20, (x) => dull[x < 20 ? 0 : 1]!);
    const green: Rgb = [72, 160, 64];
    const red: Rgb = [190, 60, 56];
    const snap: Rgb[] = [green, [116, 100, 76], red];
    expect([...chooseFlats(halves, paper, colour, { snap }).colours]).toEqual([...green, ...red]);
  });

  test('rooms of one colour can still be told apart where a line divides them, unless they are paper', () => {
    const flatsOf = (rgb: Rgb): number[] => [
      ...chooseFlats(
        halves,
        lineBetween,
        paint(40, 20, () => rgb),
      ).colours,
    ];
    const [r, g, b, ...second] = flatsOf([180, 60, 40]);
    expect([r, g, b]).toEqual([180, 60, 40]);
    expect(second).toEqual([180, 60, 41]);
    expect(flatsOf([255, 255, 255])).toEqual([255, 255, 255, 255, 255, 255]);
  });

  test('a region too small for the model’s grid takes its neighbour’s colour', () => {
    const map = mapOf(200, 100, (x, y) => (x === 50 && y === 50 ? 2 : x < 100 ? 0 : 1));
    const flats = chooseFlats(
      map,
      paper,
      paint(20, 10, (x) => (x < 10 ? [10, 90, 200] : [200, 90, 10])),
    ).colours;
    expect([...flats.subarray(6, 9)]).toEqual([10, 90, 200]);
  });

  test('flats are opaque and exactly the colours given', () => {
    const flats = paintFlats(halves, Uint8Array.from([1, 2, 3, 250, 251, 252]));
    expect(flats).toMatchObject({ width: 200, height: 100, channels: 4, space: 'srgb' });
    expect(pixel(flats, 99, 50)).toEqual([1, 2, 3]);
    expect(pixel(flats, 100, 50)).toEqual([250, 251, 252]);
    expect(flats.data.every((value, i) => i % 4 !== 3 || value === 255)).toBe(true);
  });

  test('a grid finer than the drawing works too', () => {
    const small = mapOf(10, 10, (x) => (x < 5 ? 0 : 1));
    const colour = paint(64, 64, (x) => (x < 32 ? [200, 0, 0] : [0, 0, 200]));
    const flats = chooseFlats(small, blankPage(10, 10), colour).colours;
    expect([...flats]).toEqual([200, 0, 0, 0, 0, 200]);
  });
});

describe('the colour layer', () => {
  // The border of the regions does not fall between cells, so some cells mix both sides.
  const map = mapOf(200, 100, (x) => (x < 103 ? 0 : 1));
  const colour = paint(20, 10, (x) =>
    x < 10 ? [180 + x * 4, 60, 60] : x === 10 ? [140, 70, 120] : [60, 60, 220 - x * 3],
  );
  const cover = coverCells(map, paper, 20, 10);
  const flats = chooseFlats(map, paper, colour).colours;
  const layer = upsampleColour(map, cover, colour, flats);

  test('no colour crosses a region’s border', () => {
    for (let y = 0; y < 100; y += 9) {
      const left = pixel(layer, 102, y);
      const right = pixel(layer, 103, y);
      expect(left[0]! - left[2]!).toBeGreaterThan(110);
      expect(right[2]! - right[0]!).toBeGreaterThan(80);
    }
  });

  test('inside a region it is as smooth as the model made it', () => {
    for (let x = 10; x < 90; x++) {
      const step = Math.abs(pixel(layer, x + 1, 50)[0]! - pixel(layer, x, 50)[0]!);
      expect(step).toBeLessThanOrEqual(2);
    }
    expect(pixel(layer, 85, 50)[0]! - pixel(layer, 15, 50)[0]!).toBeGreaterThan(18);
  });
});

describe('the shading layer', () => {
  const cover = coverCells(halves, paper, 40, 20);
  const skin: [number, number, number] = [240, 190, 160];
  const shadow: [number, number, number] = [180, 140, 118];

  test('is pure white where the model painted flat', () => {
    const colour = paint(40, 20, () => skin);
    const shading = shadeFlats(
      halves,
      cover,
      colour,
      chooseFlats(halves, paper, colour, { split: false }).colours,
    );
    expect(shading.data.every((value) => value === 255)).toBe(true);
  });

  test('times the flats is about the model’s colour where it painted a shadow', () => {
    const colour = paint(40, 20, (x, y) => (x < 20 && y >= 13 ? shadow : skin));
    const flats = chooseFlats(halves, paper, colour, { split: false }).colours;
    expect([...flats.subarray(0, 3)]).toEqual(skin);
    const shading = shadeFlats(halves, cover, colour, flats);
    const shaded = pixel(shading, 40, 90).map((value, c) => (value * skin[c]!) / 255);
    for (let c = 0; c < 3; c++) expect(Math.abs(shaded[c]! - shadow[c]!)).toBeLessThan(16);
    expect(pixel(shading, 40, 20)).toEqual([255, 255, 255]);
    expect(pixel(shading, 102, 90)).toEqual([255, 255, 255]);
  });

  test('another hue in a region is not taken for a shadow', () => {
    const colour = paint(40, 20, (_, y) => (y >= 14 ? [40, 60, 190] : skin));
    const shading = shadeFlats(
      halves,
      cover,
      colour,
      chooseFlats(halves, paper, colour, { split: false }).colours,
    );
    expect(Math.min(...pixel(shading, 40, 95))).toBeGreaterThan(235);
  });
});

describe('palettes', () => {
  const flag = paint(80, 80, (x, y) =>
    y < 20
      ? x < 60
        ? [20, 60, 200]
        : [250, 250, 250]
      : y < 40
        ? [200, 30, 40]
        : y < 60
          ? [240, 200, 40]
          : [20, 20, 20],
  );

  test('a palette holds the picture’s colours, commonest first, with their shares', () => {
    const palette = paletteOf(flag, 5);
    const found = palette.map(({ rgb }) => rgb.join());
    expect(new Set(found)).toEqual(
      new Set(['200,30,40', '240,200,40', '20,20,20', '20,60,200', '250,250,250']),
    );
    expect(found.at(-1)).toBe('250,250,250');
    expect(palette[0]!.share).toBeCloseTo(0.25, 5);
    expect(palette.reduce((sum, { share }) => sum + share, 0)).toBeCloseTo(1, 5);
    expect(paletteOf(flag, 5)).toEqual(palette);
  });

  test('asking for more colours than there are gives those there are', () => {
    expect(
      paletteOf(
        paint(8, 8, () => [9, 9, 9]),
        6,
      ),
    ).toEqual([{ rgb: [9, 9, 9], share: 1 }]);
  });

  test('band palettes go from the top, commonest first, and repeat where a band has fewer than four', () => {
    const bands = bandPalette(flag);
    expect(bands).toHaveLength(4);
    expect(bands[0]).toEqual([
      [20, 60, 200],
      [250, 250, 250],
      [250, 250, 250],
      [250, 250, 250],
    ]);
    expect(bands[3]).toEqual(Array.from({ length: 4 }, () => [20, 20, 20]));
  });

  test('transparent parts have no colour', () => {
    const picture = createRaster(10, 10, 4);
    expect(paletteOf(picture, 3)).toEqual([]);
    expect(bandPalette(picture)[0]![0]).toEqual([255, 255, 255]);
  });
});
