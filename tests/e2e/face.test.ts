import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import type { Browser } from 'playwright-core';
import sharp from 'sharp';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { launchBrowser, openPage, type OpenedPage } from './browser.ts';
import { FacePage } from './face-page.ts';
import { startFakeHost, type FakeHost } from './fake-host.ts';
import { sample } from './real-door.ts';
import { StudioPage } from './studio.ts';

let host: FakeHost;
let browser: Browser;
let opened: OpenedPage;
let room: FacePage;
let axe: string;

const page = () => opened.page;

beforeAll(async () => {
  axe = await readFile(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
  browser = await launchBrowser();
});
afterAll(async () => {
  await browser?.close();
});
beforeEach(async () => {
  host = await startFakeHost();
  opened = await openPage(browser, host.url, { remembered: { started: true } });
  room = await FacePage.open(opened.page);
});
afterEach(async () => {
  expect(opened.complaints).toEqual([]);
  await opened.page.context().close();
  await host.close();
});

async function violations(): Promise<string[]> {
  await page().evaluate(axe);
  return page().evaluate(async () => {
    interface Axe {
      run(): Promise<{ violations: { id: string; impact: string; nodes: { html: string }[] }[] }>;
    }
    const found = await (globalThis as unknown as { axe: Axe }).axe.run();
    return found.violations
      .filter(({ impact }) => impact === 'serious' || impact === 'critical')
      .map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html.slice(0, 120)).join(' | ')}`);
  });
}

const distance = (a: number[], b: number[]): number => Math.hypot(...a.map((value, i) => value - b[i]!));
/** A busy machine takes its time. */
const LATE = { timeout: 20_000 };
const same = (a: { data: Buffer }, b: { data: Buffer }): boolean => a.data.equals(b.data);

describe('drawing', () => {
  it('gives a face that follows the pen, already while it is down', async () => {
    expect(await room.arrivals()).toBe(0);
    const lift = await room.drawOn([120, 270], [140, 330], [170, 400], [220, 450]);
    await page().waitForFunction(() => document.querySelector('[data-arrival]') !== null);
    await lift();
    await room.settled();
    const first = await room.face();
    await room.afterFace(() => room.draw([206, 388], [256, 400], [306, 388]));
    expect(same(await room.face(), first)).toBe(false);
  });

  it('is taken back and done again with the usual keys', async () => {
    const blank = await room.sketch();
    await room.afterFace(() => room.draw([206, 388], [306, 388]));
    const drawn = await room.sketch();
    expect(same(drawn, blank)).toBe(false);
    await page().keyboard.press('Control+z');
    await expect.poll(async () => same(await room.sketch(), blank), LATE).toBe(true);
    await page().keyboard.press('Control+Shift+z');
    await expect.poll(async () => same(await room.sketch(), drawn), LATE).toBe(true);
  });

  it('erases with E, thicker after ]', async () => {
    await room.draw([150, 388], [350, 388]);
    await page().keyboard.press('e');
    const size = room.slider('Size');
    const before = Number(await size.getAttribute('aria-valuenow'));
    await page().keyboard.press(']');
    expect(Number(await size.getAttribute('aria-valuenow'))).toBeGreaterThan(before);
    const drawn = await room.sketch();
    await room.afterFace(() => room.draw([256, 360], [256, 420]));
    expect(same(await room.sketch(), drawn)).toBe(false);
  });

  it('on both halves with mirror drawing', async () => {
    await page().keyboard.press('s');
    await room.draw([170, 230], [215, 250]);
    await page().mouse.move(5, 5);
    const { data, width } = await room.sketch();
    const height = data.length / 3 / width;
    const dark = (x: number, y: number): boolean => data[(y * width + x) * 3]! < 128;
    // The fitted sketch stands in the middle of its stage, so the stage's middle is the axis.
    let [both, one] = [0, 0];
    for (let y = 0; y < height; y++)
      for (let x = 0; x < width / 2 - 4; x++) {
        // The dark surface around the page is no line.
        const inPage = data[(y * width + Math.round(width / 2)) * 3]! > 200;
        if (!inPage || x < width / 2 - height / 2 + 40 || !dark(x, y)) continue;
        if (dark(width - 1 - x, y) || dark(width - x, y) || dark(width - 2 - x, y)) both++;
        else one++;
      }
    expect(both).toBeGreaterThan(20);
    expect(one).toBeLessThan(both * 0.1);
  });
});

describe('the shadow of known faces', () => {
  const strength = (part: string): Promise<number> =>
    page()
      .locator(`.shadow canvas[data-part="${part}"]`)
      .evaluate((canvas) => Number((canvas as HTMLElement).style.opacity));

  it('is strongest under the pen, a third elsewhere, and fades where lines are committed', async () => {
    await room.pointAt(192, 236);
    await expect.poll(() => strength('left-eye'), LATE).toBeCloseTo(1);
    expect(await strength('mouth')).toBeCloseTo(1 / 3);
    await room.drawFace();
    await room.settled();
    await room.pointAt(192, 236);
    await expect.poll(() => strength('left-eye'), LATE).toBeLessThan(0.7);
  });

  it('goes away with Shift+S', async () => {
    await page().locator('.shadow canvas').first().waitFor();
    await page().keyboard.press('Shift+S');
    await page().locator('.shadow').waitFor({ state: 'detached' });
  });
});

describe('a part’s slider', () => {
  beforeEach(() => room.drawFace());

  it('changes its own part while it is dragged, and leaves the others', async () => {
    await room.settled();
    const [mouth, eye] = [await room.faceColour(256, 460), await room.faceColour(160, 200)];
    const track = (await room.slider('Mouth').boundingBox())!;
    await page().mouse.move(track.x + track.width / 2, track.y + track.height / 2);
    await page().mouse.down();
    await room.afterFace(() => page().mouse.move(track.x + track.width / 2, track.y + 6, { steps: 6 }));
    const during = await room.faceColour(256, 460);
    expect(distance(during, mouth)).toBeGreaterThan(20);
    await page().mouse.up();
    await room.settled();
    expect(distance(await room.faceColour(160, 200), eye)).toBeLessThan(1);
    await page().keyboard.press('Control+z');
    await expect.poll(async () => distance(await room.faceColour(256, 460), mouth), LATE).toBeLessThan(1);
    expect(await room.slider('Mouth').getAttribute('aria-valuenow')).toBe('50');
  });

  it('has one over all of them', async () => {
    await room.slider('All parts').focus();
    await room.afterFace(() => page().keyboard.press('End'));
    for (const part of ['Left eye', 'Right eye', 'Nose', 'Mouth', 'Rest'])
      expect(await room.slider(part).getAttribute('aria-valuenow')).toBe('100');
  });

  it('is typed into and reset', async () => {
    await room.slider('Nose').focus();
    await page().keyboard.type('8');
    await page().keyboard.type('5');
    await page().keyboard.press('Enter');
    expect(await room.slider('Nose').getAttribute('aria-valuenow')).toBe('85');
    await page().keyboard.press('Delete');
    expect(await room.slider('Nose').getAttribute('aria-valuenow')).toBe('50');
  });

  it('touched last decides whose known parts are shown; one is pasted and taken back', async () => {
    await room.slider('Nose').focus();
    const parts = page().locator('.film .part');
    await page()
      .getByRole('button', { name: /^Nose 1 of/ })
      .waitFor();
    expect(await parts.count()).toBeGreaterThan(5);
    await room.settled();
    const before = await room.sketch();
    await room.afterFace(() => parts.nth(4).click());
    expect(same(await room.sketch(), before)).toBe(false);
    await page().keyboard.press('Control+z');
    await expect.poll(async () => same(await room.sketch(), before), LATE).toBe(true);
  });

  it('search spaces change the face', async () => {
    await room.settled();
    const all = await room.faceColour(256, 60);
    await room.afterFace(() => room.button('Feminine').click());
    expect(await room.button('Feminine').getAttribute('aria-pressed')).toBe('true');
    expect(distance(await room.faceColour(256, 60), all)).toBeGreaterThan(5);
  });
});

describe('where a sketch comes from', () => {
  it('a picture, with a word about what was made of it', async () => {
    const studio = new StudioPage(page());
    await room.afterFace(() =>
      studio.choose(
        () => room.choose(/^Start from/, 'Photograph or drawing…'),
        [sample('first-minute/boy-with-kitten.webp')],
      ),
    );
    await page().getByText('lines were drawn from the photograph').waitFor();
  });

  it('a known face, chosen among all or one search space', async () => {
    await room.choose(/^Start from/, 'A known face…');
    const dialog = page().getByRole('dialog');
    await dialog.getByRole('button', { name: 'Masculine' }).click();
    await dialog.getByRole('button', { name: 'Known face 3', exact: true }).waitFor();
    expect(await violations()).toEqual([]);
    await room.afterFace(() => dialog.getByRole('button', { name: 'Known face 3', exact: true }).click());
    await dialog.waitFor({ state: 'detached' });
  });

  it('the drawing open in Paint; what stood there is kept', async () => {
    await room.afterFace(() => room.draw([150, 388], [350, 388]));
    await room.button('Paint').click();
    const studio = new StudioPage(page());
    await studio.choose(
      () => page().keyboard.press('Control+o'),
      [sample('first-minute/boy-with-kitten.webp')],
    );
    await studio.drawingShown('boy-with-kitten.webp');
    await room.button('Face').click();
    await room.afterFace(() => room.choose(/^Start from/, /^The drawing in Paint/));
    await page().getByRole('button', { name: 'Face 1', exact: true }).waitFor();
  });
});

describe('kept faces', () => {
  it('stand in a strip one can go back to, take parts of and morph with', async () => {
    await room.drawFace();
    await room.settled();
    const first = await room.sketch();
    await page().keyboard.press('Shift+K');
    await page().keyboard.press('Control+n');
    await room.afterFace(() => room.draw([206, 420], [306, 420]));
    const second = await room.sketch();

    await page().getByLabel('Parts of').selectOption('kept');
    await page().getByLabel('Part to paste').selectOption('mouth');
    await room.afterFace(() => room.button('Mouth, Face 1').click());
    expect(same(await room.sketch(), second)).toBe(false);

    const before = await room.faceColour(256, 60);
    await page().getByRole('button', { name: 'Face 1', exact: true }).focus();
    await room.afterFace(() => page().keyboard.press('m'));
    await room.slider('Morph').focus();
    await room.afterFace(() => page().keyboard.press('End'));
    expect(distance(await room.faceColour(256, 60), before)).toBeGreaterThan(20);
    expect(await violations()).toEqual([]);
    await room.button('End morph').click();
    await room.slider('Morph').waitFor({ state: 'detached' });

    await page().getByRole('button', { name: 'Face 1', exact: true }).click();
    await expect.poll(async () => same(await room.sketch(), first), LATE).toBe(true);
  });

  it('are in the gallery too, and come back with the program, sketch and settings with them', async () => {
    await room.drawFace();
    await room.slider('Nose').focus();
    await room.afterFace(() => page().keyboard.press('End'));
    const first = await room.sketch();
    await page().keyboard.press('Shift+K');
    await page().getByText('Face 1 is in the gallery now').waitFor();

    const before = opened;
    opened = await openPage(browser, host.url, { remembered: { started: true } });
    await before.page.context().close();
    room = await FacePage.open(opened.page);
    await page().getByRole('button', { name: 'Face 1', exact: true }).click();
    await expect.poll(async () => same(await room.sketch(), first), LATE).toBe(true);
    expect(await room.slider('Nose').getAttribute('aria-valuenow')).toBe('100');

    await page().getByRole('button', { name: 'Face 1', exact: true }).focus();
    await page().keyboard.press('Delete');
    await page().getByText('Removed Face 1, from the gallery too.').waitFor();
    await page().getByRole('button', { name: 'Undo', exact: true }).last().click();
    await page().getByRole('button', { name: 'Face 1', exact: true }).waitFor();
  });

  it('are chosen from the gallery, to start from, to take a part of and to morph with', async () => {
    await room.drawFace();
    await room.settled();
    const first = await room.sketch();
    await page().keyboard.press('Shift+K');
    await page().getByText('Face 1 is in the gallery now').waitFor();
    await page().keyboard.press('Control+n');
    const dialog = page().getByRole('dialog');
    const chosen = dialog.getByRole('button', { name: /^face-1/ });

    await room.choose(/^Start from/, 'A picture of the gallery…');
    await chosen.waitFor();
    expect(await violations()).toEqual([]);
    await dialog.getByLabel('Find by name or tag').fill('no such picture');
    await dialog.getByText('No picture of the gallery is like this.').waitFor();
    await dialog.getByLabel('Find by name or tag').fill('');
    await room.afterFace(() => chosen.click());
    await expect.poll(async () => same(await room.sketch(), first), LATE).toBe(true);

    await page().keyboard.press('Control+n');
    const blank = await room.sketch();
    await page().getByLabel('Part to paste').selectOption('mouth');
    await room.choose(/^Of a picture/, 'A picture of the gallery…');
    await room.afterFace(() => chosen.click());
    expect(same(await room.sketch(), blank)).toBe(false);

    await room.choose(/^Morph$/, 'A picture of the gallery…');
    await room.afterFace(() => chosen.click());
    await room.slider('Morph').waitFor();
  });

  it('a part is copied and pasted with the usual keys', async () => {
    await room.drawFace();
    await room.settled();
    await room.slider('Mouth').focus();
    await page().keyboard.press('Control+c');
    await page().getByText('Copied the mouth').waitFor();
    await page().keyboard.press('Control+n');
    const blank = await room.sketch();
    await room.afterFace(() => page().keyboard.press('Control+v'));
    expect(same(await room.sketch(), blank)).toBe(false);
  });
});

describe('a finished face', () => {
  beforeEach(async () => {
    await room.drawFace();
    await room.settled();
  });

  it('is saved as a PNG, and its sketch as another', async () => {
    const face = await room.download(() => page().keyboard.press('Control+Shift+e'));
    expect(face.name).toMatch(/\.png$/);
    expect((await sharp(await readFile(face.path)).metadata()).width).toBe(256);
    const sketch = await room.download(() => room.choose(/^Export/, 'Sketch as PNG'));
    const { width, format } = await sharp(await readFile(sketch.path)).metadata();
    expect([width, format]).toEqual([512, 'png']);
  });

  it('becomes a layer in Paint', async () => {
    await room.button('To canvas').click();
    const studio = new StudioPage(page());
    await studio.drawingShown('face-sketch');
    expect(await studio.layerNames()).toEqual(['Lines', 'Face']);
  });

  it('becomes a reference, and colours its own sketch in one press', async () => {
    await room.choose(/^Colour sketch/, 'Colour with Inkwash');
    const studio = new StudioPage(page());
    await studio.coloured();
    expect(await studio.layerNames()).toContain('Flats');
    expect(host.asked.at(-1)?.method).toBe('inkwash');
    expect(host.asked.at(-1)?.references).toHaveLength(1);
  });
});

describe('trouble', () => {
  it('without a model it says so, and one can sketch all the same', async () => {
    host.behaviour.faces.withoutFaceModel = true;
    await page().reload();
    room = await FacePage.open(page());
    await page().getByText('No face model is installed').waitFor();
    await page().getByText('inkwash models add').waitFor();
    const blank = await room.sketch();
    await room.draw([206, 388], [306, 388]);
    expect(same(await room.sketch(), blank)).toBe(false);
    expect(await violations()).toEqual([]);
  });

  it('a failed face keeps the sketch and is tried again', async () => {
    host.behaviour.faces.faceFails = 'The face could not be made. Try once more.';
    await room.draw([206, 388], [306, 388]);
    await page().getByText('The face could not be made').waitFor();
    // The line's last piece may still be under way; it would succeed in place of the press.
    await room.settled();
    host.behaviour.faces.faceFails = undefined;
    await room.afterFace(() => room.button('Retry').click());
  });

  it('a lost connection loses no line', async () => {
    await room.afterFace(() => room.drawFace());
    const sketch = await room.sketch();
    const face = await room.face();
    host.drop(false);
    await room.afterFace(() => room.button('Reconnect').click());
    expect(same(await room.sketch(), sketch)).toBe(true);
    expect(same(await room.face(), face)).toBe(true);
  });
});

describe('for everyone', () => {
  it('axe finds nothing serious, in both themes', async () => {
    await room.drawFace();
    await page().keyboard.press('Shift+K');
    expect(await violations()).toEqual([]);
    await new StudioPage(page()).menu('View', 'Light theme');
    expect(await violations()).toEqual([]);
    await room.button(/^Start from/).click();
    expect(await violations()).toEqual([]);
  });

  it('every control is reached with Tab', async () => {
    await room.drawFace();
    await page().keyboard.press('Shift+K');
    await room.settled();
    await page().getByRole('menuitem', { name: 'File' }).focus();
    const reached: string[] = [];
    for (let presses = 0; presses < 60; presses++) {
      await page().keyboard.press('Tab');
      reached.push(
        await page().evaluate(() => {
          const focused = document.activeElement;
          return focused?.getAttribute('aria-label') ?? focused?.textContent?.trim() ?? '';
        }),
      );
    }
    for (const label of [
      'Size',
      'Start from',
      'To canvas',
      'Export',
      'Mouth',
      'All parts',
      'Face 1',
      'Part to paste',
    ])
      expect(reached.some((name) => name.startsWith(label))).toBe(true);
  });
});
