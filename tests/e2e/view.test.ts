import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { launchBrowser, openPage, type OpenedPage } from './browser.ts';
import { startFakeHost, type FakeHost } from './fake-host.ts';
import { StudioPage } from './studio.ts';

let host: FakeHost;
let browser: Browser;
let opened: OpenedPage;
let studio: StudioPage;

const page = () => opened.page;

beforeAll(async () => {
  [host, browser] = await Promise.all([startFakeHost(), launchBrowser()]);
  opened = await openPage(browser, host.url);
  studio = new StudioPage(opened.page);
  await studio.drawingShown('sample.png');
});
afterAll(async () => {
  await browser?.close();
  await host?.close();
});
beforeEach(async () => {
  await studio.menu('View', 'Turn view upright');
  await page().keyboard.press('Control+0');
});

/** Moves there, and says which point of the drawing lies under the pointer. */
async function pointAt(x: number, y: number) {
  await page().mouse.move(x, y);
  return studio.place();
}
const near = (a: { x: number; y: number }, b: { x: number; y: number }): void => {
  expect(Math.abs(a.x - b.x)).toBeLessThanOrEqual(1);
  expect(Math.abs(a.y - b.y)).toBeLessThanOrEqual(1);
};

describe('the point under the pointer', () => {
  it('stays there when the wheel zooms in and out', async () => {
    const { x, y } = await studio.middle();
    const before = await pointAt(x + 120, y - 90);
    const zoom = await studio.zoomPercent();
    await page().mouse.wheel(0, -400);
    await expect.poll(() => studio.zoomPercent()).toBeGreaterThan(zoom * 1.5);
    near(await studio.place(), before);
    await page().mouse.wheel(0, 900);
    await expect.poll(() => studio.zoomPercent()).toBeLessThan(zoom);
    near(await studio.place(), before);
  });

  it('goes along when dragged with Space, with the middle button and with the hand', async () => {
    const { x, y } = await studio.middle();
    const before = await pointAt(x - 60, y + 40);
    await page().keyboard.press('z');
    await page().keyboard.down(' ');
    await studio.drag(x - 60, y + 40, x + 70, y - 50);
    await page().keyboard.up(' ');
    near(await studio.place(), before);
    await studio.drag(x + 70, y - 50, x - 10, y + 5, 'middle');
    near(await studio.place(), before);
    await page().keyboard.press('h');
    await studio.drag(x - 10, y + 5, x + 33, y + 44);
    near(await studio.place(), before);
  });

  it('stays there when two fingers pinch', async () => {
    const { x, y } = await studio.middle();
    const before = await pointAt(x, y);
    const zoom = await studio.zoomPercent();
    const session = await page().context().newCDPSession(page());
    const touch = (type: 'touchStart' | 'touchMove' | 'touchEnd', apart: number) =>
      session.send('Input.dispatchTouchEvent', {
        type,
        touchPoints:
          type === 'touchEnd'
            ? []
            : [
                { x: x - apart, y, id: 0 },
                { x: x + apart, y, id: 1 },
              ],
      });
    await touch('touchStart', 60);
    for (const apart of [70, 85, 100, 120]) await touch('touchMove', apart);
    await touch('touchEnd', 0);
    expect((await studio.zoomPercent()) / zoom).toBeCloseTo(2, 1);
    near(await pointAt(x, y), before);
  });

  it('stays there when the view is mirrored and turned with R', async () => {
    const { x, y } = await studio.middle();
    await page().keyboard.press('Shift+M');
    const held = await pointAt(x, y);
    await page().keyboard.down('r');
    await studio.drag(x + 150, y, x, y + 150);
    await page().keyboard.up('r');
    const rotation = await page().locator('footer button').nth(1).textContent();
    expect(Number.parseFloat(rotation ?? '')).toBe(-90);
    near(await pointAt(x, y), held);
    await page().mouse.wheel(0, -200);
    near(await pointAt(x, y), held);
    await page().keyboard.press('Shift+M');
    // Held and dragged with, R leaves the tool as it was.
    expect(await studio.button(/^Hand/).getAttribute('aria-pressed')).toBe('true');
  });
});

describe('zooming', () => {
  it('goes to actual pixels and back to the whole drawing', async () => {
    await page().keyboard.press('Control+1');
    expect(await studio.zoomPercent()).toBe(100);
    await page().keyboard.press('Control+0');
    expect(await studio.zoomPercent()).toBeLessThan(100);
  });

  it('goes in and out by pressing with the zoom tool', async () => {
    const { x, y } = await studio.middle();
    await page().keyboard.press('z');
    await page().mouse.click(x, y);
    expect(await studio.zoomPercent()).toBe(100);
    await page().keyboard.down('Alt');
    await page().mouse.click(x, y);
    await page().keyboard.up('Alt');
    expect(await studio.zoomPercent()).toBe(67);
    await page().keyboard.press('h');
  });
});

describe('the window', () => {
  it('draws nothing while nobody moves, also with hidden layers', async () => {
    await studio.button(/^Apply/).click();
    await studio.coloured();
    const drawn = await page().evaluate(async () => {
      let count = 0;
      const { prototype } = CanvasRenderingContext2D;
      const real = prototype.drawImage as (...args: unknown[]) => void;
      prototype.drawImage = function (...args: unknown[]) {
        count++;
        real.apply(this, args);
      };
      await new Promise((resolve) => setTimeout(resolve, 500));
      prototype.drawImage = real;
      return count;
    });
    expect(drawn).toBe(0);
  });

  it('hides its docks with Tab after a press on the canvas, and brings them back', async () => {
    const { x, y } = await studio.middle();
    await page().mouse.click(x, y);
    await page().keyboard.press('Tab');
    await page().locator('.docks').waitFor({ state: 'detached' });
    await page().keyboard.press('Tab');
    await page().locator('.docks').waitFor();
  });

  it('moves a dock by dragging its head, without closing it', async () => {
    const heads = () => page().locator('.dock .head').allTextContents();
    const from = (await studio.button('Layers').boundingBox())!;
    const to = (await studio.button('Colorize').boundingBox())!;
    await studio.drag(from.x + 60, from.y + 10, to.x + 60, to.y + 10);
    expect((await heads()).map((text) => text.trim())).toEqual([
      'Colour',
      'Brush',
      'Layers',
      'Colorize',
      'History',
      'Navigator',
      'Correspondence',
    ]);
    expect(await studio.button('Layers').getAttribute('aria-expanded')).toBe('true');
    await studio.button('Layers').focus();
    await page().keyboard.press('Shift+ArrowDown');
    expect((await heads()).map((text) => text.trim())).toEqual([
      'Colour',
      'Brush',
      'Colorize',
      'Layers',
      'History',
      'Navigator',
      'Correspondence',
    ]);
  });

  it('remembers collapsed docks and the theme', async () => {
    await studio.button('Navigator').click();
    await studio.button('Layers').click();
    await studio.menu('View', 'Light theme');
    await page().reload();
    await page().locator('.docks').waitFor();
    expect(await studio.button('Layers').getAttribute('aria-expanded')).toBe('false');
    expect(await studio.button('Navigator').getAttribute('aria-expanded')).toBe('true');
    expect(await page().evaluate(() => document.documentElement.dataset['theme'])).toBe('light');
    expect(opened.complaints).toEqual([]);
  });
});
