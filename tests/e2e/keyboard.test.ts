import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { seriousViolations } from './axe.ts';
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

const violations = () => seriousViolations(page());

/** Presses Tab until the focus is on something so labelled. */
async function tabTo(label: RegExp): Promise<void> {
  for (let presses = 0; presses < 60; presses++) {
    await page().keyboard.press('Tab');
    const here = await page().evaluate(() => {
      const focused = document.activeElement;
      return focused?.getAttribute('aria-label') ?? focused?.textContent?.trim() ?? '';
    });
    if (label.test(here)) return;
  }
  throw new Error(`Tab does not reach ${label}.`);
}

const focusIsVisible = () =>
  page().evaluate(() => {
    const style = getComputedStyle(document.activeElement!);
    return style.outlineStyle !== 'none' && Number.parseFloat(style.outlineWidth) >= 2;
  });

describe('by keyboard alone', () => {
  it('a reference is chosen and the drawing coloured', async () => {
    await tabTo(/^warm\.png/);
    expect(await focusIsVisible()).toBe(true);
    await page().keyboard.press('ArrowRight');
    await page().keyboard.press('Enter');
    expect(await page().locator('.thumb').nth(1).getAttribute('aria-pressed')).toBe('true');
    expect(await page().locator('.thumb').nth(0).getAttribute('aria-pressed')).toBe('false');
    await tabTo(/^Gap$/);
    await page().keyboard.press('ArrowRight');
    await page().keyboard.press('ArrowRight');
    expect(await page().getByRole('slider', { name: 'Gap' }).getAttribute('aria-valuetext')).toBe('1 px');
    await page().keyboard.press('Delete');
    expect(await page().getByRole('slider', { name: 'Gap' }).getAttribute('aria-valuetext')).toBe('auto');
    await tabTo(/^Apply/);
    expect(await focusIsVisible()).toBe(true);
    await page().keyboard.press('Enter');
    await studio.coloured();
    expect(await studio.layerNames()).toEqual(['Lines', 'Shading', 'Flats', 'Colour']);
  });

  it('layers are walked, shown, hidden and renamed', async () => {
    await tabTo(/^Shading/);
    await page().keyboard.press('ArrowDown');
    await page().keyboard.press(' ');
    await studio.button('Show Flats').waitFor();
    await page().keyboard.press('F2');
    await page().keyboard.type('Base');
    await page().keyboard.press('Enter');
    await page().locator('.list .title', { hasText: 'Base' }).waitFor();
  });

  it('the menus open, are walked and run a command', async () => {
    await page().getByRole('menuitem', { name: 'File' }).focus();
    const title = () => page().evaluate(() => document.activeElement?.textContent);
    for (let menu = 0; menu < 12 && (await title()) !== 'View'; menu++)
      await page().keyboard.press('ArrowRight');
    await page().keyboard.press('ArrowDown');
    await page().keyboard.press('ArrowDown');
    await page().keyboard.press('Enter');
    expect(await studio.zoomPercent()).toBe(100);
  });

  it('the lens follows the arrow keys on the canvas', async () => {
    await studio.button(/^Correspondence lens/).click();
    await page().locator('.stage').focus();
    await page().keyboard.press('ArrowLeft');
    await page().locator('.lens canvas.heat').first().waitFor();
    await page().keyboard.press('h');
  });
});

describe('axe finds nothing serious', () => {
  it('in the dark theme', async () => {
    expect(await violations()).toEqual([]);
  });

  it('in the light theme, with a menu open', async () => {
    await studio.menu('View', 'Light theme');
    await page().getByRole('menuitem', { name: 'File' }).click();
    expect(await violations()).toEqual([]);
    await page().keyboard.press('Escape');
  });

  it('while comparing, with a notice and the navigator', async () => {
    await studio.button('Navigator').click();
    await page().keyboard.press('\\');
    host.behaviour.updateFails = 'The layer could not be changed. Try once more.';
    await studio.button('Hide Shading').click();
    await page().getByText('The layer could not be changed').waitFor();
    // What the artist did stays, and goes over once it can.
    expect(await studio.button('Show Shading').count()).toBe(1);
    host.behaviour.updateFails = undefined;
    expect(await violations()).toEqual([]);
    await page().keyboard.press('\\');
  });

  it('with the brush and history docks open and a selection made', async () => {
    await page().locator('.dock .head', { hasText: 'Brush' }).click();
    await page().locator('.dock .head', { hasText: 'History' }).click();
    await page().keyboard.press('Control+a');
    expect(await violations()).toEqual([]);
    await page().keyboard.press('Control+d');
    await page().locator('.dock .head', { hasText: 'Brush' }).click();
    await page().locator('.dock .head', { hasText: 'History' }).click();
  });

  it('in the dialog of a new drawing', async () => {
    await page().keyboard.press('Control+n');
    expect(await violations()).toEqual([]);
    await page().keyboard.press('Escape');
    await page().getByRole('dialog').waitFor({ state: 'detached' });
  });

  it('in the dialogs', async () => {
    for (const keys of ['F1', 'Control+k', 'Control+Alt+Shift+k']) {
      await page().keyboard.press(keys);
      await page().getByRole('dialog').waitFor();
      expect(await violations()).toEqual([]);
      await page().keyboard.press('Escape');
      await page().getByRole('dialog').waitFor({ state: 'detached' });
    }
    await studio.menu('Help', 'About Inkwash…');
    expect(await violations()).toEqual([]);
    await page().getByRole('button', { name: 'Close', exact: true }).click();
    await page().getByRole('dialog').waitFor({ state: 'detached' });
  });

  it('on the start page', async () => {
    await studio.button(/^Close sample/).click();
    await studio.button('Close anyway').click();
    await page().getByText('Drop a line drawing here').waitFor();
    expect(await violations()).toEqual([]);
    expect(await studio.button(/^Apply/).isEnabled()).toBe(false);
    await page().getByText('Open a drawing first.').waitFor();
  });
});

it('says nothing on the console', () => {
  expect(opened.complaints).toEqual([]);
});
