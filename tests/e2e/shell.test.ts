import type { Browser } from 'playwright-core';
import sharp from 'sharp';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { seriousViolations } from './axe.ts';
import { launchBrowser, openPage, type OpenedPage } from './browser.ts';
import { startFakeHost, type FakeHost } from './fake-host.ts';
import { StudioPage } from './studio.ts';

/** What stands around the drawing: finding commands, settings, keys, recent files, docks. */
let browser: Browser;
let host: FakeHost;
let opened: OpenedPage;
let studio: StudioPage;

const page = () => opened.page;
const dialog = () => page().getByRole('dialog');
const closed = () => dialog().waitFor({ state: 'detached' });

beforeAll(async () => {
  browser = await launchBrowser();
});
beforeEach(async () => {
  host = await startFakeHost();
  opened = await openPage(browser, host.url);
  opened.page.setDefaultTimeout(20_000);
  studio = new StudioPage(opened.page);
  await studio.drawingShown('sample.png');
});
afterEach(async () => {
  expect(opened.complaints).toEqual([]);
  await page().context().close();
  await host.close();
});
afterAll(() => browser?.close());

describe('the command palette', () => {
  it('finds a command by part of its name, runs it, and offers it first the next time', async () => {
    await page().keyboard.press('F1');
    const rows = page().locator('#palette-list [role="option"]');
    await rows.first().waitFor();
    expect(await seriousViolations(page())).toEqual([]);
    await page().keyboard.type('mirror view');
    expect(await rows.first().textContent()).toContain('Mirror view');
    await page().keyboard.press('Enter');
    await closed();
    const mirror = page()
      .locator('.tools, nav, main')
      .getByRole('button', { name: /^Mirror view/ });
    await expect.poll(() => mirror.first().getAttribute('aria-pressed')).toBe('true');
    await page().keyboard.press('F1');
    expect(await rows.first().textContent()).toMatch(/Mirror view.*Used lately/);
    await page().keyboard.press('Escape');
  });

  it('says why a command can not be run, and does not run it', async () => {
    await page().keyboard.press('Control+Shift+P');
    await page().keyboard.type('compare');
    const row = page()
      .locator('#palette-list')
      .getByRole('option', { name: /Compare with the drawing/ });
    expect(await row.getAttribute('aria-disabled')).toBe('true');
    expect(await row.textContent()).toContain('Colour the drawing first.');
    await page().keyboard.press('Enter');
    expect(await dialog().count()).toBe(1);
    await page().getByRole('combobox', { name: 'Find a command' }).fill('qzx');
    await page().getByText('No command is called that.').waitFor();
    await page().keyboard.press('Escape');
  });
});

describe('the settings', () => {
  beforeEach(async () => {
    await page().keyboard.press('Control+k');
    await dialog().waitFor();
  });

  it('hold at once and are kept', async () => {
    await page().getByLabel('Theme').selectOption('light');
    expect(await page().evaluate(() => document.documentElement.dataset['theme'])).toBe('light');
    expect(await seriousViolations(page())).toEqual([]);
    const scale = page().getByRole('slider', { name: 'Size of text and controls' });
    const before = (await page().locator('.frame > footer').boundingBox())!.height;
    await scale.focus();
    for (let press = 0; press < 6; press++) await page().keyboard.press('ArrowRight');
    await expect
      .poll(async () => (await page().locator('.frame > footer').boundingBox())!.height)
      .toBeGreaterThan(before);
    await expect.poll(() => host.shell.settings).toMatchObject({ theme: 'light', uiScale: 1.3 });
    await dialog().getByRole('button', { name: 'Reset to defaults' }).click();
    await expect.poll(() => host.shell.settings).toMatchObject({ theme: 'dark', uiScale: 1 });
    expect(await page().evaluate(() => document.documentElement.dataset['theme'])).toBe('dark');
  });

  it('speak German as soon as it is chosen, and English again', async () => {
    await page().getByLabel('Language').selectOption('de');
    await page().getByRole('heading', { name: 'Einstellungen' }).waitFor();
    expect(await page().evaluate(() => document.documentElement.lang)).toBe('de');
    await expect.poll(() => host.shell.settings.language).toBe('de');
    expect(await seriousViolations(page())).toEqual([]);
    await page().keyboard.press('Escape');
    await closed();
    await page().getByRole('menuitem', { name: 'Bearbeiten', exact: true }).click();
    await page()
      .getByRole('menuitem', { name: /^Auswahl aufheben|^Mit Farbe füllen/ })
      .first()
      .waitFor();
    await page().keyboard.press('Escape');
    await page()
      .getByRole('button', { name: /^Anwenden/ })
      .waitFor();
    await page()
      .getByRole('button', { name: /^Radierer/ })
      .first()
      .waitFor();
    await page().locator('.stage').focus();
    await page().keyboard.press('Control+k');
    await page().getByLabel('Sprache').selectOption('en');
    await page().getByRole('heading', { name: 'Settings' }).waitFor();
    expect(await page().evaluate(() => document.documentElement.lang)).toBe('en');
  });
});

describe('the shortcut editor', () => {
  const row = (name: string) => page().locator('dialog li', { hasText: name }).first();
  const record = async (name: string, keys: string) => {
    await row(name)
      .getByRole('button', { name: `Keys of ${name}:` })
      .click();
    await row(name).getByText('Press the keys…').waitFor();
    await page().keyboard.press(keys);
  };
  const mirrored = () =>
    page()
      .getByRole('button', { name: /^Mirror view/ })
      .first()
      .getAttribute('aria-pressed');

  beforeEach(async () => {
    await page().keyboard.press('Control+Alt+Shift+k');
    await dialog().waitFor();
  });

  it('gives a command other keys, which work, and takes them back', async () => {
    expect(await seriousViolations(page())).toEqual([]);
    await record('Mirror view', 'Control+Shift+F9');
    await row('Mirror view').getByText('Ctrl+Shift+F9').waitFor();
    await page().keyboard.press('Escape');
    await closed();
    await page().keyboard.press('Control+Shift+F9');
    await expect.poll(mirrored).toBe('true');
    await page().keyboard.press('Control+Alt+Shift+k');
    await row('Mirror view').getByRole('button', { name: 'Usual keys for Mirror view' }).click();
    expect(await row('Mirror view').getByText('Ctrl+Shift+F9').count()).toBe(0);
    await page().keyboard.press('Escape');
    await closed();
    await page().keyboard.press('Control+Shift+F9');
    await studio.rest();
    expect(await mirrored()).toBe('true');
  });

  it('says whose keys they are, and takes them over only when told to', async () => {
    await record('Mirror view', 'e');
    const told = page()
      .locator('dialog')
      .getByText(/^E is used by Eraser/);
    await told.waitFor();
    expect(await seriousViolations(page())).toEqual([]);
    await page().getByRole('button', { name: 'Leave it there' }).click();
    expect(await row('Eraser').locator('kbd').allTextContents()).toContain('E');
    await record('Mirror view', 'e');
    await page().getByRole('button', { name: 'Use it here' }).click();
    expect(await row('Mirror view').locator('kbd').allTextContents()).toContain('E');
    expect(await row('Eraser').locator('kbd').allTextContents()).not.toContain('E');
    await page().getByRole('button', { name: 'Reset all', exact: true }).click();
    expect(await row('Eraser').locator('kbd').allTextContents()).toContain('E');
    await expect.poll(() => host.shell.settings.shortcuts).toEqual({});
    await page().keyboard.press('Escape');
  });
});

describe('recent files', () => {
  it('open with a press; one that is gone says so; the list can be emptied', async () => {
    const bytes = await sharp({ create: { width: 60, height: 40, channels: 3, background: '#fff' } })
      .png()
      .toBuffer();
    const entry = { thumbnail: new Uint8Array(bytes), openedAt: Date.now() - 3 * 3600_000, bytes };
    const size = { widthPx: 60, heightPx: 40 };
    host.shell.recents.push(
      { recentId: '0123456789abcdef', name: 'harbour.png', gone: false, ...size, ...entry },
      { recentId: 'fedcba9876543210', name: 'lost.png', gone: true, ...size, ...entry },
    );
    await studio.button(/^Close sample/).click();
    await page().getByRole('heading', { name: 'Recent' }).waitFor();
    expect(await seriousViolations(page())).toEqual([]);
    expect(await page().getByText('3 hours ago').count()).toBe(1);
    await page().getByText('not there any more').waitFor();
    await studio.button(/^harbour\.png/).click();
    await studio.drawingShown('harbour.png');
    await studio.button(/^Close harbour/).click();
    await studio.button('Clear list').click();
    await page().getByRole('heading', { name: 'Recent' }).waitFor({ state: 'detached' });
    expect(host.shell.recents).toEqual([]);
  });
});

describe('docks', () => {
  const order = (side: 'left' | 'right') =>
    page()
      .locator(`[data-docks="${side}"] .dock`)
      .evaluateAll((docks) => docks.map((dock) => (dock as HTMLElement).dataset['dock']));
  const USUAL = ['colour', 'brush', 'colorize', 'layers', 'history', 'navigator', 'lens'];
  const head = (id: string) => page().locator(`#dock-${id}`);

  it('are reordered and taken across by keyboard, which keeps the focus', async () => {
    expect(await order('right')).toEqual(USUAL);
    await head('brush').focus();
    await page().keyboard.press('Shift+ArrowUp');
    expect((await order('right')).slice(0, 2)).toEqual(['brush', 'colour']);
    await page().keyboard.press('Shift+ArrowLeft');
    expect(await order('left')).toEqual(['brush']);
    expect(await page().evaluate(() => document.activeElement?.id)).toBe('dock-brush');
    expect(await seriousViolations(page())).toEqual([]);
    await studio.menu('View', 'Usual docks');
    expect(await order('right')).toEqual(USUAL);
    expect(await order('left')).toEqual([]);
  });

  it('are dragged by their heads within a column and to the other side; the layout is remembered', async () => {
    await page().setViewportSize({ width: 1280, height: 1300 });
    const navigator = (await head('navigator').boundingBox())!;
    const colour = (await head('colour').boundingBox())!;
    await studio.drag(navigator.x + 60, navigator.y + 10, colour.x + 60, colour.y + 2);
    expect((await order('right'))[0]).toBe('navigator');
    const from = (await head('navigator').boundingBox())!;
    await studio.drag(from.x + 60, from.y + 10, 60, 300);
    expect(await order('left')).toEqual(['navigator']);
    // A drag is no press: the dock is as open as it was.
    expect(await head('navigator').getAttribute('aria-expanded')).toBe('false');
    await page().reload();
    await page().locator('[data-docks="left"]').waitFor();
    expect(await order('left')).toEqual(['navigator']);
    await page().keyboard.press('F1');
    await page().keyboard.type('usual docks');
    await page().keyboard.press('Enter');
    await closed();
    expect(await order('right')).toEqual(USUAL);
  });
});
