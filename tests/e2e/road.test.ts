import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { unzipSync } from 'fflate';
import type { Browser } from 'playwright-core';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { launchBrowser, openPage, type OpenedPage } from './browser.ts';
import { readPsd } from './psd.ts';
import { openRealDoor, sample, type RealDoor } from './real-door.ts';
import { StudioPage } from './studio.ts';

/** The whole road through the built program, in one window, step after step: each test goes on from the one before. */
let door: RealDoor;
let browser: Browser;
let opened: OpenedPage;
let studio: StudioPage;
let folder: string;
let drawing: string;

const page = () => opened.page;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'inkwash-e2e-'));
  drawing = join(
    folder,
    'a cow with a very long name that must never push any control out of the window.png',
  );
  await sharp(sample('book/page-1-cow.webp')).removeAlpha().png().toFile(drawing);
  [door, browser] = await Promise.all([openRealDoor(), launchBrowser()]);
  opened = await openPage(browser, door.url);
  studio = new StudioPage(opened.page);
});
afterAll(async () => {
  await browser?.close();
  await door?.close();
  await rm(folder, { recursive: true, force: true });
});

async function exported(item: string): Promise<{ name: string; bytes: Buffer }> {
  const [download] = await Promise.all([page().waitForEvent('download'), studio.menu('File', item)]);
  return { name: download.suggestedFilename(), bytes: await readFile(await download.path()) };
}

describe('the first minute', () => {
  it('opens the sample with its references and an Apply that can be pressed', async () => {
    await studio.drawingShown('boy-with-kitten');
    expect(await page().locator('.thumb').count()).toBe(2);
    expect(await studio.button(/^Apply/).isEnabled()).toBe(true);
    expect(await studio.layerNames()).toEqual(['Lines']);
  });

  it('colours it in one press, shows the progress, and invites an own drawing', async () => {
    const before = await studio.meanColour();
    await studio.button(/^Apply/).click();
    await page().getByRole('progressbar').waitFor();
    expect(await studio.button(/^Cancel$/).isVisible()).toBe(true);
    await page().getByText('Now drop your own drawing here.').waitFor({ timeout: 100_000 });
    await studio.rest();
    expect(await studio.layerNames()).toEqual([
      'Lines',
      'Colouring',
      'Touch-up',
      'Shading',
      'Flats',
      'Colour',
    ]);
    expect(distance(before, await studio.meanColour())).toBeGreaterThan(15);
  });

  it('shows the other colours when the other reference is pressed, and keeps them by Apply', async () => {
    const before = await studio.meanColour();
    const names = await studio.layerNames();
    const live = page().getByRole('switch', { name: /live/i });
    await live.check();
    await page().locator('.thumb[aria-pressed="false"]').first().click();
    await expect
      .poll(async () => distance(before, await studio.meanColour()), { timeout: 60_000 })
      .toBeGreaterThan(8);
    await studio.button(/^Apply/).click();
    await studio.coloured();
    await live.uncheck();
    await studio.rest();
    expect(await studio.layerNames()).toEqual(names);
    expect(distance(before, await studio.meanColour())).toBeGreaterThan(8);
    expect(await page().getByText('Now drop your own drawing here.').isVisible()).toBe(true);
    await page().keyboard.press('Control+z');
    await studio.rest();
    expect(distance(before, await studio.meanColour())).toBeLessThan(1);
  });
});

describe('the own drawing', () => {
  it('opens by the file chooser, in a tab of its own', async () => {
    await studio.choose(() => page().keyboard.press('Control+o'), [drawing]);
    await studio.drawingShown('a cow');
    expect(await page().locator('.tab').count()).toBe(2);
    expect(await page().getByText('Now drop your own').count()).toBe(0);
    const { width } = (await page().locator('.docks').boundingBox())!;
    expect(width).toBe(264);
  });

  it('opens by dropping it on the canvas', async () => {
    const { x, y } = await studio.middle();
    await studio.drop([sample('book/page-4-pig.webp')], x, y);
    await studio.drawingShown('page-4-pig');
    await page().locator('.tab', { hasText: 'a cow' }).click();
    await studio.drawingShown('a cow');
  });

  it('takes two references, one chosen and one dropped, and uses both', async () => {
    await studio.choose(() => studio.button(/^Add reference/).click(), [sample('book/sizwe.webp')]);
    await page().locator('.thumb').nth(2).waitFor();
    const strip = (await page().locator('.strip').boundingBox())!;
    await studio.drop([sample('first-minute/father-and-daughter.webp')], strip.x + 20, strip.y + 20);
    await page().locator('.thumb').nth(3).waitFor();
    expect(await page().locator('.thumb[aria-pressed="true"]').count()).toBe(2);
  });

  it('reorders references by dragging and by keyboard', async () => {
    const names = () =>
      page()
        .locator('.thumb')
        .evaluateAll((all) => all.map((e) => e.getAttribute('aria-label')));
    const order = (await names()).map((name) => name?.split(',')[0]);
    const from = (await page().locator('.cell').nth(1).boundingBox())!;
    const to = (await page().locator('.cell').nth(0).boundingBox())!;
    await studio.drag(from.x + 30, from.y + 30, to.x + 30, to.y + 30);
    expect((await names()).map((name) => name?.split(',')[0])).toEqual([
      order[1],
      order[0],
      order[2],
      order[3],
    ]);
    await page().locator('.thumb').nth(0).focus();
    await page().keyboard.press('Shift+ArrowRight');
    expect((await names()).map((name) => name?.split(',')[0])).toEqual(order);
  });

  it('is coloured into Lines over Shading, Flats and Colour', async () => {
    await page().keyboard.press('Control+Enter');
    await studio.coloured();
    expect(await studio.layerNames()).toEqual([
      'Lines',
      'Colouring',
      'Touch-up',
      'Shading',
      'Flats',
      'Colour',
    ]);
  });
});

describe('layers', () => {
  it('change the canvas when an eye is shut, and back when it opens', async () => {
    const shown = await studio.meanColour();
    await studio.button('Hide Flats').click();
    await studio.rest();
    expect(distance(shown, await studio.meanColour())).toBeGreaterThan(10);
    await studio.button('Show Flats').click();
    await studio.rest();
    expect(distance(shown, await studio.meanColour())).toBeLessThan(1);
  });

  it('follow the opacity slider under the pointer; a double press puts it back', async () => {
    await page().locator('.list .name', { hasText: 'Flats' }).click();
    const shown = await studio.meanColour();
    const slider = page().locator('.docks').getByRole('slider', { name: 'Opacity', exact: true });
    const box = (await slider.boundingBox())!;
    await studio.drag(box.x + box.width - 4, box.y + 14, box.x + box.width * 0.3, box.y + 14);
    await studio.rest();
    expect(Number(await slider.getAttribute('aria-valuenow'))).toBeLessThan(35);
    expect(distance(shown, await studio.meanColour())).toBeGreaterThan(8);
    await slider.dblclick();
    await studio.rest();
    expect(await slider.getAttribute('aria-valuenow')).toBe('100');
    await slider.focus();
    await page().keyboard.type('60');
    await page().keyboard.press('Enter');
    expect(await slider.getAttribute('aria-valuetext')).toBe('60 %');
  });

  it('take another blend mode and another name', async () => {
    await page().getByLabel('Blend mode').selectOption('soft-light');
    await page().locator('.list .name', { hasText: 'Flats' }).dblclick();
    await page().keyboard.type('Local colour');
    await page().keyboard.press('Enter');
    await page().locator('.list .meta', { hasText: 'Soft light, 60 %' }).waitFor();
    expect(await studio.layerNames()).toContain('Local colour');
  });
});

describe('looking', () => {
  it('wipes between the drawing and the colour by dragging', async () => {
    await page().keyboard.press('\\');
    const { x, y, width } = await studio.middle();
    const wipe = page().getByRole('slider', { name: /^Compare/ });
    await studio.drag(x, y - 100, x - width * 0.3, y - 100);
    await studio.rest();
    expect(Number(await wipe.getAttribute('aria-valuenow'))).toBe(20);
    const coloured = await studio.meanColour();
    await studio.drag(x - width * 0.3, y - 100, x + width * 0.4, y - 100);
    await studio.rest();
    const plain = await studio.meanColour();
    expect(distance(coloured, plain)).toBeGreaterThan(8);
    await wipe.focus();
    await page().keyboard.press('Home');
    expect(await wipe.getAttribute('aria-valuenow')).toBe('0');
    await page().keyboard.press('\\');
    expect(await wipe.count()).toBe(0);
  });

  it('shows where a colour came from while Alt is held', async () => {
    const { x, y } = await studio.middle();
    await page().mouse.move(x - 20, y);
    await page().keyboard.down('Alt');
    await page().mouse.move(x + 10, y + 10, { steps: 5 });
    const lens = page().getByRole('complementary', { name: 'Correspondence lens' });
    await lens.locator('canvas.heat').first().waitFor();
    expect(await lens.locator('figure').count()).toBe(2);
    const spread = await lens
      .locator('canvas.heat')
      .first()
      .evaluate((canvas) => {
        const heat = canvas as HTMLCanvasElement;
        const { data } = heat.getContext('2d')!.getImageData(0, 0, heat.width, heat.height);
        const dimmed = Array.from({ length: data.length / 4 }, (_, at) => data[4 * at + 3]!);
        return Math.max(...dimmed) - Math.min(...dimmed);
      });
    expect(spread).toBeGreaterThan(20);
    await page().keyboard.up('Alt');
    await lens.waitFor({ state: 'detached' });
  });
});

describe('files', () => {
  it('exports a PSD whose layers are those on screen, with the lines untouched', async () => {
    const { name, bytes } = await exported('Export PSD');
    expect(name).toMatch(/^a cow.*\.psd$/);
    const psd = readPsd(bytes);
    const { data: input, info } = await sharp(drawing)
      .removeAlpha()
      .raw()
      .toBuffer({ resolveWithObject: true });
    expect([psd.width, psd.height]).toEqual([info.width, info.height]);
    expect(psd.layers.map((layer) => layer.name)).toEqual(['Lines', 'Colouring']);
    const [lines, group] = psd.layers;
    expect(lines?.blend).toBe('mul ');
    const inside = group!.children.map(({ name: n, blend, hidden }) => ({ name: n, blend, hidden }));
    expect(inside).toEqual([
      { name: 'Touch-up', blend: 'norm', hidden: false },
      { name: 'Shading', blend: 'mul ', hidden: false },
      { name: 'Local colour', blend: 'sLit', hidden: false },
      { name: 'Colour', blend: 'norm', hidden: true },
    ]);
    expect(group!.children[2]!.opacity).toBe(Math.round(0.6 * 255));
    const pixels = await lines!.pixels();
    let different = 0;
    for (let at = 0; at < info.width * info.height; at++)
      for (let c = 0; c < 3; c++) if (pixels[4 * at + c] !== input[3 * at + c]) different++;
    expect(different).toBe(0);
  });

  it('exports OpenRaster and PNG, and knows that the work is saved', async () => {
    const ora = await exported('Export OpenRaster');
    expect(ora.name).toMatch(/\.ora$/);
    const entries = unzipSync(new Uint8Array(ora.bytes));
    expect(new TextDecoder().decode(entries['mimetype'])).toBe('image/openraster');
    expect(new TextDecoder().decode(entries['stack.xml'])).toContain('Local colour');
    const png = await exported('Export PNG');
    const { width, height, format } = await sharp(png.bytes).metadata();
    const input = await sharp(drawing).metadata();
    expect([format, width, height]).toEqual(['png', input.width, input.height]);
    expect(await page().locator('.holder.current .dot').count()).toBe(0);
  });

  it('answers a broken file with one line that can be dismissed', async () => {
    const broken = join(folder, 'broken.png');
    await writeFile(broken, (await readFile(drawing)).subarray(0, 600));
    const { x, y } = await studio.middle();
    await studio.drop([broken], x, y);
    const notice = page().locator('.notice.error');
    await notice.waitFor();
    expect(await notice.locator('p').textContent()).toContain('broken.png');
    await notice.getByRole('button', { name: 'Dismiss' }).click();
    expect(await page().locator('.tab').count()).toBe(3);
  });
});

describe('a long run', () => {
  it('is cancelled by Esc, leaves the drawing as it was, and runs to its end the next time', async () => {
    const large = join(folder, 'large.png');
    await sharp(sample('book/page-3-butter.webp')).resize(2200).png().toFile(large);
    await studio.choose(() => page().keyboard.press('Control+o'), [large]);
    await studio.drawingShown('large.png');
    await page().getByLabel('Model size').selectOption({ index: 1 });
    await page().keyboard.press('Control+Enter');
    await page().getByRole('progressbar').waitFor();
    await page().waitForFunction(
      () => Number(document.querySelector('[role=progressbar]')?.ariaValueNow) > 0,
    );
    await page().keyboard.press('Escape');
    await page().getByRole('progressbar').waitFor({ state: 'detached', timeout: 60_000 });
    expect(await studio.layerNames()).toEqual(['Lines']);
    expect(await page().locator('.notice.error').count()).toBe(0);
    await studio.button(/^Apply/).click();
    await studio.coloured();
    expect(await studio.layerNames()).toContain('Flats');
  });

  it('warns before work that is not exported is closed', async () => {
    await studio.button(/^Close large/).click();
    await page().getByText('large.png has changes you have not saved.').waitFor();
    expect(await page().locator('.tab', { hasText: 'large' }).count()).toBe(1);
    await studio.button('Close anyway').click();
    await page().locator('.tab', { hasText: 'large' }).waitFor({ state: 'detached' });
  });
});

it('says nothing on the console all the way', () => {
  expect(opened.complaints).toEqual([]);
});

function distance(a: readonly number[], b: readonly number[]): number {
  return Math.hypot(...[0, 1, 2].map((c) => a[c]! - b[c]!));
}
