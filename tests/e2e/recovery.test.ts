import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { seriousViolations } from './axe.ts';
import { launchBrowser, openPage, type OpenedPage } from './browser.ts';
import { openRealDoor, type RealDoor } from './real-door.ts';
import { StudioPage } from './studio.ts';

let door: RealDoor;
let browser: Browser;
let opened: OpenedPage;

beforeAll(async () => {
  [door, browser] = await Promise.all([openRealDoor(), launchBrowser()]);
});
afterAll(async () => {
  await browser?.close();
  await door?.close();
});

it('a drawing that was under way when Inkwash was killed comes back, stroke and all', async () => {
  opened = await openPage(browser, door.url, {
    remembered: { started: true },
  });
  let studio = new StudioPage(opened.page);
  await opened.page.keyboard.press('Control+n');
  await opened.page.getByRole('dialog').waitFor();
  await opened.page.getByRole('button', { name: 'Create' }).click();
  await studio.drawingShown('Drawing 1');
  await opened.page.keyboard.press('b');
  const { x, y } = await studio.middle();
  await studio.drag(x - 60, y, x + 60, y + 10);
  const drawn = await studio.meanColour();
  expect(Math.min(...drawn)).toBeLessThan(254);
  // A window that is put away has its drawings copied at once.
  await opened.page.evaluate(() => {
    Object.defineProperty(document, 'visibilityState', { value: 'hidden', configurable: true });
    document.dispatchEvent(new Event('visibilitychange'));
  });
  // What is said of a copy is written after the copy itself.
  const copies = () =>
    readdirSync(join(door.data, 'recovery'), { recursive: true, encoding: 'utf8' }).filter((name) =>
      /drawing-\d+\.json$/.test(name),
    );
  await expect.poll(copies, { timeout: 20_000 }).toHaveLength(1);

  const { data } = door;
  await door.kill();
  await opened.page.context().close();
  door = await openRealDoor([], data);
  opened = await openPage(browser, door.url, { remembered: { started: true } });
  studio = new StudioPage(opened.page);
  await opened.page.getByRole('dialog', { name: 'Drawings that were not saved' }).waitFor();
  expect(await seriousViolations(opened.page)).toEqual([]);
  await opened.page.getByRole('button', { name: 'Recover Drawing 1' }).click();
  await studio.drawingShown('Drawing 1');
  const back = await studio.meanColour();
  for (let c = 0; c < 3; c++) expect(Math.abs(back[c]! - drawn[c]!)).toBeLessThan(0.6);
  expect(opened.complaints).toEqual([]);
});
