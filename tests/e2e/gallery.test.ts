import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser } from 'playwright-core';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { shapes } from '../unit/gallery/pictures.ts';
import { launchBrowser, openPage, type OpenedPage } from './browser.ts';
import { startFakeHost, type FakeHost } from './fake-host.ts';
import { StudioPage } from './studio.ts';

/** The gallery as its users meet it, in one window, step after step: each test goes on from the one before. */
let host: FakeHost;
let browser: Browser;
let opened: OpenedPage;
let studio: StudioPage;
let axe: string;
let folder: string;

const page = () => opened.page;
const panel = () => page().getByRole('complementary', { name: 'Gallery' });
const list = () => panel().getByRole('listbox');
const option = (name: string | RegExp) => list().getByRole('option', { name });
const chosen = () => list().locator('[aria-selected="true"]').count();
const shown = (): Promise<(string | null)[]> =>
  list()
    .getByRole('option')
    .evaluateAll((all) => all.map((one) => one.getAttribute('aria-label')));

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'inkwash-e2e-gallery-'));
  for (const [character, seeds] of [
    ['Sizwe', [1, 2, 3]],
    ['Naledi', [4, 5]],
  ] as const) {
    mkdirSync(join(folder, 'cast', character), { recursive: true });
    for (const seed of seeds)
      writeFileSync(join(folder, 'cast', character, `${character} ${seed}.png`), await shapes(seed));
  }
  writeFileSync(join(folder, 'cast', 'notes.txt'), 'no picture');
  axe = await readFile(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
  [host, browser] = await Promise.all([startFakeHost(), launchBrowser()]);
  opened = await openPage(browser, host.url);
  studio = new StudioPage(opened.page);
  await studio.drawingShown('sample.png');
});
afterAll(async () => {
  await browser?.close();
  await host?.close();
  rmSync(folder, { recursive: true, force: true });
});

/** What axe calls serious or critical, as "rule: elements". */
async function violations(): Promise<string[]> {
  await page().evaluate(axe);
  return page().evaluate(async () => {
    interface Axe {
      run(): Promise<{ violations: { id: string; impact: string; nodes: { html: string }[] }[] }>;
    }
    const found = await (globalThis as unknown as { axe: Axe }).axe.run();
    return found.violations
      .filter(({ impact }) => impact === 'serious' || impact === 'critical')
      .map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html.slice(0, 160)).join(' | ')}`);
  });
}

async function drop(files: string[]): Promise<void> {
  const box = (await panel().boundingBox())!;
  await studio.drop(files, box.x + box.width / 2, box.y + box.height / 2);
}

describe('an empty gallery', () => {
  it('opens by its key, says what would fill it, and closes with Esc', async () => {
    await page().keyboard.press('F8');
    await panel().getByText('Drop pictures or folders here').waitFor();
    expect(await violations()).toEqual([]);
    await page().keyboard.press('Escape');
    await panel().waitFor({ state: 'detached' });
    await studio.button('Gallery…').click();
    await panel().waitFor();
  });

  it('takes a dropped folder with all in it, tagged by the folders’ names', async () => {
    await drop([join(folder, 'cast')]);
    await page().getByText('5 pictures added to the gallery.').waitFor();
    await expect.poll(shown).toHaveLength(5);
    await panel().getByRole('button', { name: 'Sizwe 3' }).waitFor();
    await list().locator('img').nth(4).waitFor();
    expect(await violations()).toEqual([]);
  });

  it('takes the same again without keeping it twice', async () => {
    await drop([join(folder, 'cast', 'Sizwe', 'Sizwe 1.png')]);
    await page().getByText('No picture was added to the gallery, 1 in it already.').waitFor();
    expect(await shown()).toHaveLength(5);
  });
});

describe('finding', () => {
  it('goes by tag, by words and by colour', async () => {
    await panel().getByRole('button', { name: 'Naledi 2' }).click();
    await expect.poll(shown).toHaveLength(2);
    await panel().getByRole('button', { name: 'Show all' }).click();
    await expect.poll(shown).toHaveLength(5);
    await panel().getByRole('searchbox').fill('sizwe 2');
    await expect.poll(shown).toEqual(['Sizwe 2.png, Sizwe']);
    await panel().getByRole('searchbox').fill('#22aa44');
    await panel().getByText('No picture has all of this.').waitFor();
    await panel().getByRole('searchbox').fill('#c03028');
    await expect.poll(shown).toHaveLength(5);
    await panel().getByRole('searchbox').fill('');
    await panel().getByLabel('Order').selectOption('name');
    await expect.poll(async () => (await shown())[0]).toBe('Naledi 4.png, Naledi');
  });
});

describe('by keyboard alone', () => {
  it('pictures are walked, marked, tagged and used', async () => {
    await panel().getByRole('searchbox').focus();
    await page().keyboard.press('ArrowDown');
    await page().keyboard.press('Home');
    await page().keyboard.press('ArrowRight');
    await page().keyboard.press('Shift+End');
    expect(await chosen()).toBe(4);
    await page().keyboard.press('Home');
    await page().keyboard.press('f');
    await option(/^Naledi 4\.png, Naledi, favourite/).waitFor();
    await panel().getByLabel('Add a tag').focus();
    await page().keyboard.type('hero, winter');
    await page().keyboard.press('Enter');
    await option(/^Naledi 4\.png, hero, Naledi, winter, favourite/).waitFor();
    await list().focus();
    await page().keyboard.press('Enter');
    await page().locator('.strip .thumb[aria-label^="Naledi 4.png"]').waitFor();
    expect(await page().locator('.strip .thumb[aria-pressed="true"]').count()).toBe(1);
    expect(await violations()).toEqual([]);
  });

  it('one is renamed', async () => {
    await list().focus();
    await page().keyboard.press('F2');
    await page().keyboard.type('Naledi in winter.png');
    await page().keyboard.press('Enter');
    await option(/^Naledi in winter\.png/).waitFor();
  });

  it('several are removed, and brought back by the notice', async () => {
    await list().focus();
    await page().keyboard.press('Control+a');
    await page().keyboard.press('Delete');
    await page().getByText('5 pictures were removed from the gallery.').waitFor();
    await panel().getByText('Drop pictures or folders here').waitFor();
    await page().locator('.notice').getByRole('button', { name: 'Undo' }).click();
    await expect.poll(shown).toHaveLength(5);
    await option(/^Naledi in winter\.png, hero, Naledi, winter, favourite/).waitFor();
  });
});

describe('by pointer', () => {
  it('a picture is dragged to the references', async () => {
    const from = (await option(/^Sizwe 2/).boundingBox())!;
    const to = (await page().locator('.strip').boundingBox())!;
    await studio.drag(from.x + 40, from.y + 40, to.x + 30, to.y + 20);
    await page().locator('.strip .thumb[aria-label^="Sizwe 2.png"]').waitFor();
    expect(await page().locator('.strip .thumb[aria-pressed="true"]').count()).toBe(2);
  });

  it('a picture is used by a double press, once', async () => {
    const thumbs = await page().locator('.strip .thumb').count();
    await option(/^Sizwe 3/).dblclick();
    await page().locator('.strip .thumb[aria-label^="Sizwe 3.png"]').waitFor();
    expect(await page().locator('.strip .thumb').count()).toBe(thumbs + 1);
  });

  it('several are chosen with Shift and Ctrl, and their tags seen together', async () => {
    await option(/^Sizwe 1/).click();
    await option(/^Sizwe 3/).click({ modifiers: ['Shift'] });
    expect(await chosen()).toBe(3);
    await option(/^Naledi 5/).click({ modifiers: ['Control'] });
    await panel().getByRole('button', { name: 'Remove the tag Naledi' }).waitFor();
    await panel().getByText('4 chosen').first().waitFor();
  });

  it('the palette of a picture becomes paint and swatches', async () => {
    await option(/^Sizwe 1/).click();
    const swatches = await page().locator('.swatch').count();
    const colour = panel()
      .getByRole('group', { name: /^Palette/ })
      .getByRole('button')
      .nth(1);
    const hex = (await colour.getAttribute('aria-label'))!.slice(0, 7);
    await colour.click();
    expect(await page().getByLabel('Hex').inputValue()).toBe(hex);
    await panel().getByRole('button', { name: 'Keep as swatches' }).click();
    await page()
      .getByText(/colours? added to the swatches/)
      .waitFor();
    expect(await page().locator('.swatch').count()).toBeGreaterThan(swatches);
  });
});

describe('keeping', () => {
  it('keeps the drawing and a reference; a layer that is all of the drawing is no second picture', async () => {
    await studio.menu('File', 'Keep drawing in the gallery');
    await page().getByText('sample.png is kept in the gallery.').waitFor();
    await studio.menu('Layer', 'Keep layer in the gallery');
    await page().getByText('sample.png was in the gallery already.').waitFor();
    await page().locator('.strip .thumb').first().click();
    await studio.button('Keep in gallery').click();
    await page().getByText('warm.png is kept in the gallery.').waitFor();
    await expect.poll(shown).toHaveLength(7);
  });

  it('shows which look the same, and keeps one of them with the tags of all', async () => {
    const small = await sharp(await shapes(2))
      .resize(150)
      .jpeg()
      .toBuffer();
    await host.gallery.add('Sizwe 2 small.jpg', small, ['from the web']);
    await option(/^Sizwe 2 small/).waitFor();
    await panel()
      .getByRole('button', { name: /^Find lookalikes/ })
      .click();
    await panel().getByText('1 group of pictures that look the same').waitFor();
    expect(await violations()).toEqual([]);
    await panel().getByRole('button', { name: 'Keep only this' }).first().click();
    await panel().getByText('No two pictures look the same.').waitFor();
    await panel().getByRole('button', { name: 'Back to all pictures' }).click();
    await option('Sizwe 2.png, from the web, Sizwe').waitFor();
  });
});

describe('two windows', () => {
  it('one sees what the other keeps, without being asked', async () => {
    const other = await openPage(browser, host.url, { remembered: { 'gallery.shown': true } });
    try {
      const there = other.page.getByRole('complementary', { name: 'Gallery' });
      await there.getByRole('option', { name: /^Sizwe 3/ }).waitFor();
      await option(/^Sizwe 3/).click();
      await page().keyboard.press('f');
      await there.getByRole('option', { name: /^Sizwe 3.*favourite/ }).waitFor();
      expect(other.complaints).toEqual([]);
    } finally {
      await other.page.context().close();
    }
  });
});

describe('adding many', () => {
  it('shows how far it is and can be stopped; what was added stays', async () => {
    mkdirSync(join(folder, 'many'));
    const large = { size: 1400 };
    for (let seed = 20; seed < 60; seed++)
      writeFileSync(join(folder, 'many', `${seed}.png`), await shapes(seed, large));
    await drop([join(folder, 'many')]);
    await page()
      .getByText(/Adding [1-9]\d* of 40/)
      .waitFor();
    await studio.button('Stop adding').click();
    await page()
      .getByText(/added to the gallery.* \d+ left out by stopping\./)
      .waitFor();
    const { pictures } = await host.gallery.state();
    expect(pictures).toBeGreaterThan(7);
    expect(pictures).toBeLessThan(47);
  });

  it('tells in one notice what could not be read', async () => {
    writeFileSync(join(folder, 'broken.png'), 'no picture at all');
    await drop([join(folder, 'broken.png'), join(folder, 'cast', 'Sizwe', 'Sizwe 1.png')]);
    const notice = page().locator('.notice.error');
    await notice.getByText('1 could not be read').waitFor();
    await notice.getByText('Details').click();
    expect(await notice.locator('pre').textContent()).toContain('broken.png');
  });
});

it('says nothing on the console', () => {
  expect(opened.complaints).toEqual([]);
});
