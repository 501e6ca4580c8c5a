import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { differenceCiede2000 } from 'culori';
import sharp from 'sharp';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { inkwash, scratchFolder } from './run-cli.ts';

/**
 * Two pages of one book with the same people on them ("Conscience", see CREDITS.md in tests/fixtures/pairs): the lines of
 * one page, and the grandmother and the boy of the other, each cut out as a model sheet of her and his own.
 */
const PAIRS = fileURLToPath(new URL('../fixtures/pairs/', import.meta.url));
const PAGE = join(PAIRS, 'conscience-2.webp');
const OTHER_PAGE = join(PAIRS, 'conscience-1.webp');

type Box = readonly [left: number, top: number, width: number, height: number];
type Rgb = readonly [number, number, number];

/** Where each wears what: on the page, and on the other page. */
const JACKET = { page: [34, 80, 28, 40], sheet: [38, 95, 40, 40] } as const;
const SHORTS = { page: [203, 158, 14, 16], sheet: [192, 160, 22, 16] } as const;
const SHIRT = { page: [198, 92, 22, 20], sheet: [196, 125, 22, 14] } as const;

let scratch: Awaited<ReturnType<typeof scratchFolder>>;
beforeAll(async () => {
  scratch = await scratchFolder();
});
afterAll(() => scratch.remove());

/** The other page with everything but a strip of it left white. */
async function modelSheet(name: string, left: number, width: number): Promise<string> {
  const strip = await sharp(OTHER_PAGE).extract({ left, top: 0, width, height: 256 }).png().toBuffer();
  const out = scratch.path(name);
  await sharp({ create: { width: 256, height: 256, channels: 3, background: '#fff' } })
    .composite([{ input: strip, left, top: 0 }])
    .png()
    .toFile(out);
  return out;
}

/** The median colour of a box: lines in it don't count. */
async function colourOf(picture: string, [left, top, width, height]: Box): Promise<Rgb> {
  const pixels = await sharp(picture)
    .removeAlpha()
    .toColourspace('srgb')
    .extract({ left, top, width, height })
    .raw()
    .toBuffer();
  const median = (channel: number): number =>
    [...pixels.filter((_, i) => i % 3 === channel)].sort((a, b) => a - b)[Math.floor(pixels.length / 6)]!;
  return [median(0), median(1), median(2)];
}

const difference = differenceCiede2000();
function apart(one: Rgb, other: Rgb): number {
  const colour = ([r, g, b]: Rgb) => ({ mode: 'rgb' as const, r: r / 255, g: g / 255, b: b / 255 });
  return difference(colour(one), colour(other));
}

test('two characters of one drawing are coloured each from the reference it is on', async () => {
  const lines = scratch.path('lines.png');
  expect(await inkwash(['lines', PAGE, '--out', lines])).toMatchObject({ code: 0 });
  const grandmother = await modelSheet('grandmother.png', 0, 100);
  const boy = await modelSheet('boy.png', 185, 71);
  const layers = scratch.path('layers');
  const words = ['--reference', grandmother, '--reference', boy, '--layers', layers];
  expect(await inkwash(['colorize', lines, ...words, '--out', scratch.path('out.png')])).toMatchObject({
    code: 0,
  });
  const flats = join(
    layers,
    (await readdir(layers)).find((name) => /flats/i.test(name))!,
  );
  const [jacket, shorts, shirt] = await Promise.all(
    [JACKET, SHORTS, SHIRT].map(async ({ page, sheet }) => ({
      made: await colourOf(flats, page),
      own: await colourOf(OTHER_PAGE, sheet),
    })),
  );
  // Her jacket is brown as on her sheet and nothing that he wears; his things are his blues and not her brown.
  expect(apart(jacket!.made, jacket!.own)).toBeLessThan(apart(jacket!.made, shirt!.own));
  expect(apart(jacket!.made, jacket!.own)).toBeLessThan(apart(jacket!.made, shorts!.own));
  expect(apart(shorts!.made, shorts!.own)).toBeLessThan(apart(shorts!.made, jacket!.own));
  expect(apart(shirt!.made, shirt!.own)).toBeLessThan(apart(shirt!.made, jacket!.own));
});
