import type { Browser } from 'playwright-core';
import sharp from 'sharp';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { launchBrowser, openPage, type OpenedPage } from './browser.ts';
import { line, Pen } from './pen.ts';
import { openRealDoor, sample, type RealDoor } from './real-door.ts';
import { StudioPage } from './studio.ts';

/** A busy machine answers late, and opens its models once. */
const SOON = { timeout: 30_000, interval: 200 };

let browser: Browser;
let door: RealDoor;
let opened: OpenedPage;
let studio: StudioPage;
let pen: Pen;
const page = () => opened.page;

beforeAll(async () => {
  browser = await launchBrowser();
  door = await openRealDoor();
  opened = await openPage(browser, door.url, { remembered: { started: true, live: true } });
  studio = new StudioPage(opened.page);
  pen = await Pen.over(opened.page);
  await studio.choose(
    () => page().keyboard.press('Control+o'),
    [sample('first-minute/boy-with-kitten.webp')],
  );
  await studio.drawingShown('boy-with-kitten');
  await studio.button(/^Lines: Locked/).click();
  await page().getByText('Lines', { exact: true }).last().click();
});
afterAll(async () => {
  await page()?.context().close();
  await door?.close();
  await browser?.close();
});

interface Picture {
  readonly data: Buffer;
  readonly channels: number;
}

/** What is on screen around the middle of the drawing. */
async function around(): Promise<Picture> {
  const { x, y } = await studio.middle();
  const clip = { x: x - 150, y: y - 150, width: 300, height: 300 };
  const { data, info } = await sharp(await page().screenshot({ clip }))
    .raw()
    .toBuffer({ resolveWithObject: true });
  return { data, channels: info.channels };
}

/** The share of pixels whose colour is another (the cursor's are some of them); those that are dark in either are lines and count for nothing. */
function shareOfOther(a: Picture, b: Picture): number {
  let other = 0;
  const pixels = a.data.length / a.channels;
  for (let at = 0; at < a.data.length; at += a.channels) {
    const [one, two] = [a, b].map(({ data }) => [...data.subarray(at, at + 3)]) as [number[], number[]];
    const isLine = Math.min(Math.max(...one), Math.max(...two)) < 90;
    if (!isLine && one.some((value, c) => Math.abs(value - two[c]!) > 8)) other++;
  }
  return other / pixels;
}

it('colours the drawing once there is a reference, follows a stroke, and follows its undoing', async () => {
  const bare = await around();
  await studio.choose(
    () => studio.button(/^Add reference/).click(),
    [sample('first-minute/boy-with-cats.webp')],
  );
  await expect.poll(async () => shareOfOther(bare, await around()), SOON).toBeGreaterThan(0.2);
  await page()
    .getByText(/preview 256 px, \d+ ms on CPU/)
    .waitFor();
  /** The picture that stays: the same at two looks, half a second apart, and nothing is under way. */
  const settled = async (): Promise<Picture> => {
    let [before, now] = [await around(), await around()];
    await expect
      .poll(async () => {
        await studio.rest();
        [before, now] = [now, await around()];
        return (
          shareOfOther(before, now) === 0 &&
          (await page()
            .getByText(/^previewing at/)
            .count()) === 0
        );
      }, SOON)
      .toBe(true);
    return now;
  };
  const first = await settled();

  const { x, y } = await studio.middle();
  await page().locator('.stage').focus();
  await page().keyboard.press('b');
  for (const dy of [-60, -20, 20]) await pen.stroke(line([x - 110, y + dy], [x + 110, y + dy + 30], 30));
  await expect.poll(async () => shareOfOther(first, await around()), SOON).toBeGreaterThan(0.01);
  const second = await settled();
  expect(shareOfOther(first, second)).toBeGreaterThan(0.01);
  expect(await studio.layerNames()).toEqual(['Lines']);

  await page().keyboard.press('Control+z');
  await page().keyboard.press('Control+z');
  await page().keyboard.press('Control+z');
  await expect.poll(async () => shareOfOther(first, await around()), SOON).toBeLessThan(0.003);
  await page().keyboard.press('Control+Shift+z');
  await page().keyboard.press('Control+Shift+z');
  await page().keyboard.press('Control+Shift+z');
  await expect.poll(async () => shareOfOther(second, await around()), SOON).toBeLessThan(0.003);
  expect(opened.complaints).toEqual([]);
});
