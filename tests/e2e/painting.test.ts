import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser } from 'playwright-core';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readOraBytes } from '../../electron/document/read-ora.ts';
import { launchBrowser, openPage, type OpenedPage } from './browser.ts';
import { line, Pen } from './pen.ts';
import { openRealDoor, sample, type RealDoor } from './real-door.ts';
import { StudioPage } from './studio.ts';

/** A drawing from a blank page to a saved file and back, in the built program, step after step. */
let door: RealDoor;
let browser: Browser;
let opened: OpenedPage;
let studio: StudioPage;
let pen: Pen;
let folder: string;

const page = () => opened.page;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'inkwash-paint-'));
  [door, browser] = await Promise.all([openRealDoor(), launchBrowser()]);
  opened = await openPage(browser, door.url, { remembered: { started: true } });
  studio = new StudioPage(opened.page);
  pen = await Pen.over(opened.page);
});
afterAll(async () => {
  await browser?.close();
  await door?.close();
  await rm(folder, { recursive: true, force: true });
});

/** What the stage shows, RGB, in the pixels of the window. */
async function shown(): Promise<{ data: Buffer; width: number; at: (x: number, y: number) => number[] }> {
  const box = (await page().locator('.stage').boundingBox())!;
  await page().mouse.move(box.x + 3, box.y + 3);
  await page().evaluate(
    () => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(() => done(0)))),
  );
  const png = await page().screenshot({ clip: box });
  const { data, info } = await sharp(png).removeAlpha().raw().toBuffer({ resolveWithObject: true });
  const at = (x: number, y: number): number[] => {
    const i = (Math.round(y - box.y) * info.width + Math.round(x - box.x)) * 3;
    return [...data.subarray(i, i + 3)];
  };
  return { data, width: info.width, at };
}

/** How many pixels across a line is dark, going down through a place. */
async function thickness(x: number, y: number): Promise<number> {
  const { at } = await shown();
  let dark = 0;
  for (let dy = -30; dy <= 30; dy++) dark += (255 - at(x, y + dy)[0]!) / 255;
  return dark;
}

async function saved(press: () => Promise<void>): Promise<{ name: string; bytes: Buffer }> {
  const [download] = await Promise.all([page().waitForEvent('download'), press()]);
  return { name: download.suggestedFilename(), bytes: await readFile(await download.path()) };
}

describe('a new drawing', () => {
  it('is made in the size that is asked for', async () => {
    await studio.button(/^New drawing/).click();
    await page().getByLabel('Width').fill('800');
    await page().getByLabel('Height').fill('600');
    await page().getByRole('button', { name: 'Create' }).click();
    await studio.drawingShown('Drawing 1');
    expect(await studio.layerNames()).toEqual(['Layer 1', 'Paper']);
    await page().getByText('800 × 600 px').waitFor();
    await page().keyboard.press('Control+1');
  });

  it('takes ink as thick as the pen is pressed', async () => {
    const { x, y } = await studio.middle();
    await pen.stroke(line([x - 200, y - 100, 0.1], [x + 200, y - 100, 1], 60));
    const [light, heavy] = [await thickness(x - 170, y - 100), await thickness(x + 170, y - 100)];
    expect(heavy).toBeGreaterThan(8);
    expect(heavy).toBeGreaterThan(light * 2);
    expect(light).toBeGreaterThan(0.4);
  });

  it('undoes and redoes it to the same picture', async () => {
    const drawn = await shown();
    await page().keyboard.press('Control+z');
    const empty = await shown();
    expect(empty.data.equals(drawn.data)).toBe(false);
    await page().keyboard.press('Control+Shift+z');
    expect((await shown()).data.equals(drawn.data)).toBe(true);
  });

  it('shows while drawing exactly what stands there afterwards', async () => {
    const { x, y } = await studio.middle();
    const points = line([x - 150, y + 40, 0.4], [x + 150, y + 90, 1], 30);
    await pen.down(points[0]!);
    for (const point of points.slice(1)) await pen.move(point);
    await page().waitForTimeout(400);
    const during = await page().screenshot({ clip: { x: x - 200, y: y - 20, width: 340, height: 160 } });
    await pen.up(points.at(-1)!);
    await page().waitForTimeout(100);
    const after = await page().screenshot({ clip: { x: x - 200, y: y - 20, width: 340, height: 160 } });
    const [a, b] = await Promise.all([during, after].map((png) => sharp(png).raw().toBuffer()));
    let most = 0;
    for (let i = 0; i < a!.length; i++) most = Math.max(most, Math.abs(a![i]! - b![i]!));
    expect(most).toBeLessThanOrEqual(2);
    await page().keyboard.press('Control+z');
  });
});

describe('tools', () => {
  it('erase with E, and paint in a picked colour with I', async () => {
    const { x, y } = await studio.middle();
    await page().keyboard.press('e');
    await pen.stroke(line([x + 170, y - 160], [x + 170, y - 40], 20));
    expect(await thickness(x + 170, y - 100)).toBeLessThan(1);
    await page().keyboard.press('b');
    const hex = page().getByLabel('Hex');
    await hex.fill('#c83214');
    await hex.press('Enter');
    await pen.stroke(line([x - 100, y], [x + 100, y], 20));
    await page().keyboard.press('x');
    expect(await hex.inputValue()).toBe('#ffffff');
    await page().keyboard.press('i');
    await page().mouse.click(x, y);
    expect(await hex.inputValue()).toBe('#c83214');
    await page().keyboard.press('d');
    expect(await hex.inputValue()).toBe('#000000');
  });

  it('fill with G closes the gap that was left in an outline', async () => {
    const { x, y } = await studio.middle();
    await page()
      .getByRole('button', { name: /^New layer/ })
      .first()
      .click();
    await page().keyboard.press('b');
    // A box with a gap of some pixels in its lower side.
    const [left, right, top, bottom] = [x - 60, x + 60, y + 60, y + 160];
    for (const [from, to] of [
      [
        [left, top],
        [right, top],
      ],
      [
        [right, top],
        [right, bottom],
      ],
      [
        [left, top],
        [left, bottom],
      ],
      [
        [left, bottom],
        [x - 8, bottom],
      ],
      [
        [x + 8, bottom],
        [right, bottom],
      ],
    ] as const)
      await pen.stroke(line([from[0], from[1], 0.5], [to[0], to[1], 0.5], 16));
    await page().keyboard.press('g');
    await page().getByRole('slider', { name: 'Close gaps' }).focus();
    await page().keyboard.type('24');
    await page().keyboard.press('Enter');
    const hex = page().getByLabel('Hex');
    await hex.fill('#3c78d2');
    await hex.press('Enter');
    await page().mouse.click(x, y + 110);
    // Areas are found beside the window's thread.
    await expect.poll(async () => (await shown()).at(x, y + 110)).toEqual([60, 120, 210]);
    const { at } = await shown();
    expect(at(x + 50, y + 70)).toEqual([60, 120, 210]);
    expect(at(x, y + 190)).toEqual([255, 255, 255]);
  });

  it('a selection lets paint only into it; Ctrl+D lets it everywhere', async () => {
    const { x, y } = await studio.middle();
    await page().keyboard.press('m');
    await studio.drag(x - 150, y - 180, x - 50, y - 130);
    await page().keyboard.press('b');
    await pen.stroke(line([x - 200, y - 155], [x + 50, y - 155], 30));
    const { at } = await shown();
    expect(at(x - 100, y - 155)[0]).toBeLessThan(100);
    expect(at(x, y - 155)).toEqual([255, 255, 255]);
    await page().keyboard.press('Control+d');
    await pen.stroke(line([x, y - 155], [x + 60, y - 155], 20));
    expect((await shown()).at(x + 30, y - 155)[0]).toBeLessThan(100);
  });

  it('what is selected moves with V, is scaled by a corner and put back by Esc', async () => {
    const { x, y } = await studio.middle();
    const before = await shown();
    await page().keyboard.press('m');
    await studio.drag(x - 80, y + 40, x + 80, y + 180);
    await page().keyboard.press('v');
    await studio.drag(x, y + 110, x - 150, y + 110);
    expect((await shown()).at(x - 150, y + 110)).toEqual([60, 120, 210]);
    expect((await shown()).at(x + 40, y + 110)).toEqual([255, 255, 255]);
    const small = await shown();
    // The lower right corner of the box, half way to its upper left one.
    await studio.drag(x - 90 + 1, y + 160 + 1, x - 150, y + 110);
    const scaled = await shown();
    expect(scaled.data.equals(small.data)).toBe(false);
    expect(scaled.at(x - 120, y + 145)).toEqual([255, 255, 255]);
    expect(scaled.at(x - 190, y + 80)).toEqual([60, 120, 210]);
    await page().keyboard.press('Escape');
    await page().keyboard.press('Control+d');
    await page().keyboard.press('b');
    expect((await shown()).data.equals(before.data)).toBe(true);
  });

  it('a locked layer says so and offers a new one', async () => {
    const { x, y } = await studio.middle();
    await page().locator('.list .name', { hasText: 'Paper' }).click();
    await pen.stroke(line([x - 20, y], [x + 20, y], 5));
    const notice = page().locator('.notice', { hasText: 'Paper is locked' });
    await notice.getByRole('button', { name: 'New layer' }).click();
    expect(await studio.layerNames()).toEqual(['Layer 2', 'Layer 1', 'Layer 3', 'Paper']);
    await page().keyboard.press('Control+z');
    expect(await studio.layerNames()).toEqual(['Layer 2', 'Layer 1', 'Paper']);
  });

  it('two fingers move the page and leave no mark', async () => {
    const { x, y } = await studio.middle();
    const before = await shown();
    const session = await page().context().newCDPSession(page());
    const touch = (type: 'touchStart' | 'touchMove' | 'touchEnd', ...points: [number, number][]) =>
      session.send('Input.dispatchTouchEvent', {
        type,
        touchPoints: points.map(([px, py], id) => ({ x: px, y: py, id })),
      });
    await touch('touchStart', [x - 40, y]);
    await touch('touchStart', [x - 40, y], [x + 40, y]);
    await touch('touchMove', [x - 40, y + 30], [x + 40, y + 30]);
    await touch('touchMove', [x - 40, y], [x + 40, y]);
    await touch('touchEnd');
    expect((await shown()).data.equals(before.data)).toBe(true);
  });
});

describe('layers', () => {
  it('are reordered by dragging, as one step', async () => {
    const box = async (name: string) => (await page().locator('li', { hasText: name }).boundingBox())!;
    const [from, to] = [await box('Layer 1'), await box('Layer 2')];
    await studio.drag(from.x + 120, from.y + 20, to.x + 120, to.y + 6);
    expect(await studio.layerNames()).toEqual(['Layer 1', 'Layer 2', 'Paper']);
    await page().keyboard.press('Control+z');
    expect(await studio.layerNames()).toEqual(['Layer 2', 'Layer 1', 'Paper']);
  });

  it('are duplicated, grouped, merged and deleted, and all of it is undone step by step', async () => {
    const before = await shown();
    await page().locator('.list .name', { hasText: 'Layer 2' }).click();
    await page().keyboard.press('Control+j');
    expect(await studio.layerNames()).toEqual(['Layer 2 copy', 'Layer 2', 'Layer 1', 'Paper']);
    await page().keyboard.press('Control+e');
    expect(await studio.layerNames()).toEqual(['Layer 2', 'Layer 1', 'Paper']);
    await page().keyboard.press('Control+g');
    expect(await studio.layerNames()).toEqual(['Group 1', 'Layer 2', 'Layer 1', 'Paper']);
    await page().keyboard.press('Control+Delete');
    expect(await studio.layerNames()).toHaveLength(3);
    for (let i = 0; i < 4; i++) await page().keyboard.press('Control+z');
    expect(await studio.layerNames()).toEqual(['Layer 2', 'Layer 1', 'Paper']);
    expect((await shown()).data.equals(before.data)).toBe(true);
  });

  it('a drag of the opacity slider is one step', async () => {
    await studio.button('History').click();
    const steps = page().getByRole('list', { name: 'Steps, oldest first' }).getByRole('button');
    const count = await steps.count();
    const slider = (await page().locator('.opacity .slider').boundingBox())!;
    await studio.drag(slider.x + slider.width - 4, slider.y + 14, slider.x + slider.width / 2, slider.y + 14);
    await page().waitForTimeout(800);
    expect(await steps.last().textContent()).toContain('Opacity');
    const added = (await steps.count()) - count;
    // What was undone before is gone; one step came.
    expect(added).toBeLessThanOrEqual(1);
    await page().keyboard.press('Control+z');
    expect(await page().getByRole('slider', { name: 'Opacity' }).last().getAttribute('aria-valuenow')).toBe(
      '100',
    );
    await studio.button('History').click();
  });
});

describe('the file', () => {
  it('that is saved holds every layer, and opens again as it was', async () => {
    await page().keyboard.press('Control+0');
    const before = await shown();
    const file = await saved(() => page().keyboard.press('Control+s'));
    expect(file.name).toBe('Drawing 1.ora');
    const { document } = await readOraBytes(file.bytes, file.name);
    expect(document.layers.map(({ name }) => name)).toEqual(['Paper', 'Layer 1', 'Layer 2']);
    await expect.poll(() => page().getByRole('img', { name: 'not saved yet' }).count()).toBe(0);
    const path = join(folder, 'again.ora');
    await writeFile(path, file.bytes);
    await studio.choose(() => page().keyboard.press('Control+o'), [path]);
    await studio.drawingShown('again.ora');
    expect(await studio.layerNames()).toEqual(['Layer 2', 'Layer 1', 'Paper']);
    await page().keyboard.press('Control+0');
    while ((await studio.button('Dismiss').count()) > 0) await studio.button('Dismiss').first().click();
    const after = await shown();
    let most = 0;
    for (let i = 0; i < after.data.length; i++)
      most = Math.max(most, Math.abs(after.data[i]! - before.data[i]!));
    expect(most).toBeLessThanOrEqual(1);
  });

  it('exported as PNG shows what is on the screen', async () => {
    const { at } = await shown();
    const { bytes } = await saved(() => studio.menu('File', 'Export PNG'));
    const { data, info } = await sharp(bytes).removeAlpha().raw().toBuffer({ resolveWithObject: true });
    expect([info.width, info.height]).toEqual([800, 600]);
    const { x, y } = await studio.middle();
    // The box that was filled, 110 below the middle at 100 %.
    const i = ((300 + 110) * 800 + 400) * 3;
    expect([...data.subarray(i, i + 3)]).toEqual([60, 120, 210]);
    expect(at(x, y)).toHaveLength(3);
  });
});

describe('colouring', () => {
  it('keeps what the artist painted, and is one step that can be undone', async () => {
    await studio.choose(() => page().keyboard.press('Control+o'), [sample('book/page-4-pig.webp')]);
    await studio.drawingShown('page-4-pig');
    await studio.choose(() => studio.button(/^Add reference/).click(), [sample('book/sizwe.webp')]);
    await page().locator('.thumb').first().waitFor();
    await page()
      .getByRole('button', { name: /^New layer/ })
      .first()
      .click();
    await page().keyboard.press('b');
    const { x, y } = await studio.middle();
    await pen.stroke(line([x - 80, y], [x + 80, y], 20));
    await page().keyboard.press('Control+Enter');
    await studio.coloured();
    const names = ['Layer 1', 'Lines', 'Colouring', 'Touch-up', 'Shading', 'Flats', 'Colour'];
    expect(await studio.layerNames()).toEqual(names);
    expect((await shown()).at(x, y)[0]).toBeLessThan(120);
    await page().keyboard.press('Control+z');
    expect(await studio.layerNames()).toEqual(['Layer 1', 'Lines']);
    await page().keyboard.press('Control+Shift+z');
    await page().keyboard.press('Control+Enter');
    await studio.coloured();
    expect(await studio.layerNames()).toEqual(names);
  });
});

it('nothing was complained of', () => {
  expect(opened.complaints).toEqual([]);
});
