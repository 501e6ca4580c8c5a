// The gallery, the Face workspace, the settings and the system's clipboard.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { check, within } from './checks.mjs';

export async function gallery(window, { pictures, shot }) {
  const { page } = window;
  const panel = page.getByRole('complementary', { name: 'Gallery' });
  const options = panel.getByRole('listbox').getByRole('option');
  await page.keyboard.press('F8');
  await panel.waitFor();
  await window.drop(panel, pictures);
  check(
    'the gallery keeps dropped pictures',
    await within(30, async () => (await options.count()) === pictures.length),
  );
  const named = pictures[1].split('/').at(-1);
  await panel.getByRole('searchbox').fill(named.replace(/\.\w+$/, ''));
  check('and finds one by its name', await within(10, async () => (await options.count()) === 1));
  check('the one that was meant', (await options.first().getAttribute('aria-label'))?.startsWith(named));
  await window.shot(shot);
  await panel.getByRole('searchbox').fill('');
  await page.keyboard.press('Escape');
  await page.keyboard.press('Escape');
}

export async function face(window, { shot }) {
  const { page } = window;
  await page.getByRole('button', { name: 'Face', exact: true }).click();
  await page.getByRole('main', { name: 'Face' }).waitFor();
  await page.locator('.stage canvas').waitFor();
  const result = page.locator('[data-arrival]');
  const arrivals = async () =>
    (await result.count()) === 0 ? 0 : Number(await result.first().getAttribute('data-arrival'));
  const settled = () => page.locator('main[aria-busy="false"]').waitFor({ timeout: 60_000 });
  const pixels = () =>
    page
      .locator('.result .face canvas')
      .first()
      .evaluate((canvas) => canvas.toDataURL());
  const oval = Array.from({ length: 13 }, (_, i) => {
    const angle = (i / 12) * 2 * Math.PI;
    return [0.5 + 0.17 * Math.cos(angle), 0.52 + 0.3 * Math.sin(angle)];
  });
  await window.stroke('.stage', oval);
  check('a face appears as a stroke is drawn', await within(60, async () => (await arrivals()) > 0));
  await settled();
  const [before, count] = [await pixels(), await arrivals()];
  await page.getByRole('slider', { name: 'Rest', exact: true }).focus();
  await page.keyboard.press('Home');
  await within(30, async () => (await arrivals()) > count);
  await settled();
  check('a slider changes it', await within(10, async () => (await pixels()) !== before));
  await window.shot(shot);
  await page.getByRole('button', { name: 'Paint', exact: true }).click();
  await page.locator('.stage canvas').first().waitFor();
}

export async function settings(window, { data }) {
  const { page } = window;
  const kept = () => {
    try {
      return JSON.parse(readFileSync(join(data, 'settings.json'), 'utf8'));
    } catch {
      return {};
    }
  };
  await page.keyboard.press('Control+K');
  const dialog = page.getByRole('dialog', { name: 'Settings' });
  await dialog.waitFor();
  await dialog.getByLabel('Theme').selectOption('light');
  check('a setting is kept', await within(5, () => kept().theme === 'light'));
  check('and holds at once', (await page.locator('html').getAttribute('data-theme')) === 'light');
  await dialog.getByLabel('Theme').selectOption('dark');
  await within(5, () => kept().theme === 'dark');
  await page.keyboard.press('Escape');
}

export async function clipboard(window) {
  const { page, desktop } = window;
  await desktop.evaluate(({ clipboard: system }) => system.clear());
  await page.keyboard.press('Control+Shift+C');
  const size = () => desktop.evaluate(({ clipboard: system }) => system.readImage().getSize().width);
  check('what is copied is on the system’s clipboard', await within(10, async () => (await size()) > 0));
}
