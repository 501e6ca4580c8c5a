import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser } from 'playwright-core';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readOraBytes } from '../../electron/document/read-ora.ts';
import { launchBrowser, openPage, type OpenedPage } from './browser.ts';
import { line, Pen } from './pen.ts';
import { openRealDoor, type RealDoor } from './real-door.ts';
import { StudioPage } from './studio.ts';

/** Texts, rulers, symmetry, selections, the page and the clipboard, with a pen, in the built program. */
let door: RealDoor;
let browser: Browser;
let opened: OpenedPage;
let studio: StudioPage;
let pen: Pen;
let folder: string;

const page = () => opened.page;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'inkwash-tools-'));
  [door, browser] = await Promise.all([openRealDoor(), launchBrowser()]);
  opened = await openPage(browser, door.url, { remembered: { started: true } });
  studio = new StudioPage(opened.page);
  pen = await Pen.over(opened.page);
  await studio
    .button(/^New drawing/)
    .first()
    .click();
  await page().getByLabel('Width').fill('800');
  await page().getByLabel('Height').fill('600');
  await page().getByRole('button', { name: 'Create' }).click();
  await studio.drawingShown('Drawing 1');
  await page().keyboard.press('Control+1');
});
afterAll(async () => {
  await browser?.close();
  await door?.close();
  await rm(folder, { recursive: true, force: true });
});

/** What the stage shows at a place of the window, RGB. */
async function shownAt(): Promise<(x: number, y: number) => number[]> {
  const box = (await page().locator('.stage').boundingBox())!;
  await page().mouse.move(box.x + 3, box.y + 3);
  await page().evaluate(
    () => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(() => done(0)))),
  );
  const png = await page().screenshot({ clip: box });
  const { data, info } = await sharp(png).removeAlpha().raw().toBuffer({ resolveWithObject: true });
  return (x, y) => {
    const i = (Math.round(y - box.y) * info.width + Math.round(x - box.x)) * 3;
    return [...data.subarray(i, i + 3)];
  };
}
const isDark = ([r = 255]: number[]): boolean => r < 120;

async function saved(press: () => Promise<void>): Promise<{ name: string; bytes: Buffer }> {
  const [download] = await Promise.all([page().waitForEvent('download'), press()]);
  return { name: download.suggestedFilename(), bytes: await readFile(await download.path()) };
}
const size = async (text: string): Promise<void> => page().locator('footer').getByText(text).waitFor();

describe('symmetry and rulers', () => {
  it('draw the same stroke on the other side', async () => {
    const { x, y } = await studio.middle();
    await page().keyboard.press('b');
    await page().getByLabel('Symmetry', { exact: true }).selectOption('vertical');
    await pen.stroke(line([x - 150, y - 120], [x - 90, y - 60], 30));
    const at = await shownAt();
    expect(isDark(at(x - 120, y - 90))).toBe(true);
    expect(isDark(at(x + 119, y - 90))).toBe(true);
    await page().keyboard.press('Control+z');
    expect(isDark((await shownAt())(x + 119, y - 90))).toBe(false);
    await page().getByLabel('Symmetry', { exact: true }).selectOption('off');
  });

  it('lead a shaking hand along a line, and let it go when they are told not to', async () => {
    const { x, y } = await studio.middle();
    await page().keyboard.press('u');
    await page().getByLabel('Ruler', { exact: true }).selectOption('line');
    await pen.stroke(line([x - 200, y + 100], [x + 200, y + 100], 8));
    await page().keyboard.press('b');
    const shaking = line([x - 150, y + 100], [x + 150, y + 100], 40).map(
      ([px, py], i) => [px, py + (i % 2) * 14] as const,
    );
    await pen.stroke(shaking);
    const at = await shownAt();
    for (let dx = -140; dx <= 140; dx += 20) {
      expect(isDark(at(x + dx, y + 100))).toBe(true);
      expect(isDark(at(x + dx, y + 112))).toBe(false);
    }
    await page().keyboard.press('Control+Alt+r');
    await pen.stroke(line([x - 150, y + 104], [x + 150, y + 150], 30));
    expect(isDark((await shownAt())(x + 100, y + 142))).toBe(true);
    for (let i = 0; i < 3; i++) await page().keyboard.press('Control+z');
  });
});

describe('a text', () => {
  it('is written in its box as it is typed, and is one step', async () => {
    const { x, y } = await studio.middle();
    await page().keyboard.press('t');
    await pen.stroke(line([x - 150, y - 150], [x + 150, y - 60], 8));
    const words = page().getByLabel(/^Words of the text layer/);
    await words.waitFor();
    await page().keyboard.type('MMMM MMMM');
    const at = await shownAt();
    const covered = Array.from({ length: 280 }, (_, i) => at(x - 140 + i, y - 122)).filter(isDark).length;
    expect(covered).toBeGreaterThan(20);
    await words.press('Control+Enter');
    expect(await studio.layerNames()).toEqual(['MMMM MMMM', 'Layer 1', 'Paper']);
    await page().keyboard.press('Control+z');
    expect(await studio.layerNames()).toEqual(['Layer 1', 'Paper']);
    await page().keyboard.press('Control+Shift+z');
  });

  it('says what to do when one paints on it', async () => {
    const { x, y } = await studio.middle();
    await page().keyboard.press('b');
    await page().locator('.list .title', { hasText: 'MMMM' }).click();
    await pen.stroke(line([x, y], [x + 20, y], 4));
    await page()
      .getByText(/is a text\. Paint on another layer/)
      .waitFor();
    await studio.button('Dismiss').first().click();
  });

  it('can be changed again after the file was saved and opened', async () => {
    const file = await saved(() => page().keyboard.press('Control+s'));
    const { document } = await readOraBytes(file.bytes, file.name);
    expect(JSON.stringify(document.extra)).toContain('MMMM MMMM');
    const path = join(folder, 'words.ora');
    await writeFile(path, file.bytes);
    await studio.choose(() => page().keyboard.press('Control+o'), [path]);
    await studio.drawingShown('words.ora');
    await page().keyboard.press('Control+1');
    await page().keyboard.press('t');
    const { x, y } = await studio.middle();
    await page().mouse.click(x, y - 122);
    const words = page().getByLabel(/^Words of the text layer/);
    expect(await words.inputValue()).toBe('MMMM MMMM');
    await words.fill('MM');
    await words.press('Control+Enter');
    // The picture follows the words a frame later.
    await expect
      .poll(async () => {
        const at = await shownAt();
        return Array.from({ length: 60 }, (_, i) => at(x - 140 + i, y - 122)).some(isDark);
      })
      .toBe(false);
    await page().keyboard.press('Control+z');
    await page().keyboard.press('b');
  });
});

describe('the page', () => {
  it('is cropped to the frame, and comes back whole', async () => {
    const { x, y } = await studio.middle();
    await page().keyboard.press('c');
    await pen.stroke(line([x - 200, y - 200], [x + 100, y + 100], 8));
    await page().getByLabel('Width', { exact: true }).fill('320');
    await page().keyboard.press('Enter');
    await page().getByRole('button', { name: 'Crop', exact: true }).click();
    await size('320 × 300 px');
    await page().keyboard.press('Control+z');
    await size('800 × 600 px');
  });

  it('gets another canvas size, image size and turn, each one step', async () => {
    await page().keyboard.press('b');
    await page().keyboard.press('Control+Alt+c');
    await page().getByLabel('Width').fill('1000');
    await page().getByRole('button', { name: 'Top left', exact: true }).click();
    await page().getByRole('button', { name: 'Resize canvas' }).click();
    await size('1000 × 600 px');
    await page().keyboard.press('Control+Alt+i');
    await page().getByLabel('Width').fill('500');
    expect(await page().getByLabel('Height').inputValue()).toBe('300');
    await page().getByRole('button', { name: 'Resize image' }).click();
    await size('500 × 300 px');
    await studio.menu('Image', 'Turn canvas right');
    await size('300 × 500 px');
    const file = await saved(() => studio.menu('File', 'Export PNG'));
    const { width, height } = await sharp(file.bytes).metadata();
    expect([width, height]).toEqual([300, 500]);
    for (let i = 0; i < 3; i++) await page().keyboard.press('Control+z');
    await size('800 × 600 px');
  });

  it('is exported as JPEG over the chosen background', async () => {
    await page().keyboard.press('Control+Alt+e');
    await page().getByLabel('Format').selectOption('jpeg');
    const file = await saved(() => page().getByRole('button', { name: 'Export', exact: true }).click());
    expect(file.name).toMatch(/\.jpg$/);
    expect((await sharp(file.bytes).metadata()).format).toBe('jpeg');
  });
});

describe('selections and the clipboard', () => {
  it('add, subtract and grow', async () => {
    const { x, y } = await studio.middle();
    await page().keyboard.press('Control+1');
    await page().locator('.list .title', { hasText: 'Layer 1' }).click();
    await page().keyboard.press('m');
    await studio.drag(x - 100, y - 50, x, y + 50);
    await page().keyboard.down('Shift');
    await studio.drag(x + 20, y - 50, x + 100, y + 50);
    await page().keyboard.up('Shift');
    await page().keyboard.down('Alt');
    await studio.drag(x - 100, y, x + 100, y + 60);
    await page().keyboard.up('Alt');
    await studio.menu('Select', 'Grow selection…');
    await page().getByLabel('By').fill('6');
    await page().getByRole('button', { name: 'Grow', exact: true }).click();
    const hex = page().getByLabel('Hex');
    await hex.fill('#1e6e3c');
    await hex.press('Enter');
    await page().locator('.stage').focus();
    // Growing goes on beside the window's thread.
    await expect
      .poll(async () => {
        await page().keyboard.press('Shift+Backspace');
        return (await shownAt())(x - 104, y - 30);
      })
      .toEqual([30, 110, 60]);
    const at = await shownAt();
    expect(at(x + 60, y - 30)).toEqual([30, 110, 60]);
    expect(at(x + 60, y + 30)).not.toEqual([30, 110, 60]);
    expect(at(x + 10, y - 30)).not.toEqual([30, 110, 60]);
  });

  it('copy, cut and paste as a new layer where the piece was', async () => {
    const { x, y } = await studio.middle();
    const before = await studio.layerNames();
    await page().keyboard.press('Control+x');
    expect((await shownAt())(x + 60, y - 30)).not.toEqual([30, 110, 60]);
    await page().keyboard.press('Control+v');
    await expect.poll(() => studio.layerNames()).toHaveLength(before.length + 1);
    expect((await shownAt())(x + 60, y - 30)).toEqual([30, 110, 60]);
    await page().keyboard.press('Control+d');
  });

  it('select with corners of a polygon, closed by Enter', async () => {
    const { x, y } = await studio.middle();
    await page().keyboard.press('l');
    await page().getByLabel('Lasso', { exact: true }).selectOption('polygon');
    for (const [dx, dy] of [
      [-60, 120],
      [60, 120],
      [0, 200],
    ] as const)
      await page().mouse.click(x + dx, y + dy);
    await page().keyboard.press('Enter');
    await page().keyboard.press('Shift+Backspace');
    const at = await shownAt();
    expect(at(x, y + 150)).toEqual([30, 110, 60]);
    expect(at(x - 50, y + 180)).not.toEqual([30, 110, 60]);
    await page().keyboard.press('Control+d');
  });
});

describe('touch', () => {
  it('undoes with a tap of two fingers and redoes with three', async () => {
    const { x, y } = await studio.middle();
    const green = async (): Promise<boolean> => (await shownAt())(x, y + 150)[1] === 110;
    const session = await page().context().newCDPSession(page());
    const tap = async (fingers: number): Promise<void> => {
      const touchPoints = Array.from({ length: fingers }, (_, id) => ({ x: x - 60 + id * 60, y, id }));
      for (let count = 1; count <= fingers; count++)
        await session.send('Input.dispatchTouchEvent', {
          type: 'touchStart',
          touchPoints: touchPoints.slice(0, count),
        });
      await session.send('Input.dispatchTouchEvent', { type: 'touchEnd', touchPoints: [] });
    };
    expect(await green()).toBe(true);
    await tap(2);
    await tap(2);
    await expect.poll(green).toBe(false);
    await tap(3);
    await expect.poll(green).toBe(true);
  });
});

it('nothing was complained of', () => {
  expect(opened.complaints).toEqual([]);
});
