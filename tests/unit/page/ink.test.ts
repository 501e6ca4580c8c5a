import { describe, expect, test } from 'vitest';
import { isInverted, readInk } from '../../../electron/page/ink.ts';
import { createRaster, type Raster } from '../../../electron/raster.ts';
import { asRgb, blankPage, drawRing, drawStroke, paint } from './drawings.ts';

function at(ink: Raster, x: number, y: number): number {
  return ink.data[y * ink.width + x]!;
}

/** Lays grey ink on paper of a colour that may change over the sheet, in the given ink colour. */
function printOn(
  page: Raster,
  paper: (x: number, y: number) => readonly [number, number, number],
  ink = [0, 0, 0],
): Raster {
  return paint(page.width, page.height, (x, y) => {
    const light = at(page, x, y) / 255;
    const [r, g, b] = paper(x, y);
    return [
      r * light + ink[0]! * (1 - light),
      g * light + ink[1]! * (1 - light),
      b * light + ink[2]! * (1 - light),
    ];
  });
}

function figure(darkness = 255): Raster {
  const page = blankPage(320, 240);
  drawRing(page, 160, 120, 80, 3, 0, darkness);
  drawStroke(page, [20, 20], [300, 220], 2, darkness);
  return page;
}

/** Where the figure's ring is, and where it is not. */
const ON: [number, number] = [80, 120];
const OFF: [number, number][] = [
  [5, 5],
  [200, 90],
  [315, 5],
  [5, 235],
  [160, 150],
];

describe('ink', () => {
  test('a clean digital drawing comes back as it is', () => {
    const page = figure();
    const ink = readInk(asRgb(page));
    expect(ink).toMatchObject({ width: 320, height: 240, channels: 1, space: 'grey' });
    for (let p = 0; p < page.data.length; p++)
      if (Math.abs(ink.data[p]! - page.data[p]!) > 2)
        throw new Error(`${page.data[p]} became ${ink.data[p]}`);
  });

  test.each([
    ['grey scanner paper', (): [number, number, number] => [205, 205, 205]],
    ['yellowed paper', (): [number, number, number] => [240, 222, 170]],
    ['peach paper', (): [number, number, number] => [240, 205, 180]],
    [
      'a sheet photographed in falling light',
      (x: number): [number, number, number] => [250 - x * 0.3, 245 - x * 0.3, 240 - x * 0.32],
    ],
  ])('%s becomes white, the lines stay', (_, paper) => {
    const ink = readInk(printOn(figure(), paper));
    for (const [x, y] of OFF) expect(at(ink, x, y)).toBe(255);
    expect(at(ink, ...ON)).toBeLessThan(30);
  });

  test('pale pencil stays visible and grows no darker than ink', () => {
    const ink = readInk(printOn(figure(70), () => [236, 234, 230]));
    for (const [x, y] of OFF) expect(at(ink, x, y)).toBe(255);
    expect(at(ink, ...ON)).toBeLessThan(175);
    expect(at(ink, ...ON)).toBeGreaterThan(40);
  });

  test.each([
    ['red', [220, 30, 30]],
    ['sky blue', [120, 190, 255]],
    ['yellow', [255, 225, 0]],
  ])('%s lines are ink too', (_, colour) => {
    const ink = readInk(printOn(figure(), () => [255, 255, 255], colour));
    expect(at(ink, ...ON)).toBeLessThan(180);
    expect(at(ink, 5, 5)).toBe(255);
  });

  test('a wash stays a grey, and large blacks stay black', () => {
    const page = figure();
    for (let y = 30; y < 90; y++) page.data.fill(150, y * 320 + 10, y * 320 + 70);
    for (let y = 130; y < 220; y++) page.data.fill(0, y * 320 + 5, y * 320 + 75);
    const ink = readInk(printOn(page, () => [225, 222, 214]));
    expect(at(ink, 40, 60)).toBeGreaterThan(110);
    expect(at(ink, 40, 60)).toBeLessThan(190);
    expect(at(ink, 40, 180)).toBeLessThan(10);
  });

  test('transparent drawings lie on white', () => {
    const picture = createRaster(40, 40, 4);
    for (let y = 0; y < 40; y++) picture.data[(y * 40 + 20) * 4 + 3] = 255;
    const ink = readInk(picture);
    expect(at(ink, 20, 10)).toBe(0);
    expect(at(ink, 5, 10)).toBe(255);
  });

  test('white lines on dark paper are turned round; a night scene is not', () => {
    const drawing = figure();
    const chalk = paint(320, 240, (x, y) => (at(drawing, x, y) < 128 ? [240, 240, 240] : [20, 50, 90]));
    expect(isInverted(chalk)).toBe(true);
    const ink = readInk(chalk);
    expect(at(ink, ...ON)).toBeLessThan(80);
    expect(at(ink, 5, 5)).toBeGreaterThan(250);
    const night = figure();
    for (let y = 40; y < 200; y++) night.data.fill(0, y * 320 + 40, y * 320 + 280);
    expect(isInverted(asRgb(night))).toBe(false);
  });
});
