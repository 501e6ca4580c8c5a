import type { Browser } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { launchBrowser, openPage, type OpenedPage } from './browser.ts';
import { startFakeHost, type FakeHost } from './fake-host.ts';
import { StudioPage } from './studio.ts';

let browser: Browser;
let host: FakeHost;
let opened: OpenedPage;
let studio: StudioPage;

const page = () => opened.page;
const swatches = () => page().getByRole('group', { name: 'Palette' }).locator('input');
const choose = (method: string) => page().getByLabel('Method').selectOption({ label: method });
const weight = (name: string) => page().getByRole('slider', { name: `Weight of ${name}` });

beforeAll(async () => {
  browser = await launchBrowser();
});
beforeEach(async () => {
  host = await startFakeHost({ runMs: 40 });
  opened = await openPage(browser, host.url);
  studio = new StudioPage(opened.page);
  await studio.drawingShown('sample.png');
});
afterEach(async () => {
  await page().context().close();
  await host.close();
  expect(opened.complaints).toEqual([]);
});
afterAll(() => browser?.close());

async function apply(): Promise<FakeHost['asked'][number]> {
  const before = host.asked.length;
  await studio.button(/^Apply/).click();
  await expect.poll(() => host.asked.length).toBe(before + 1);
  await page().locator('.list .title', { hasText: 'Flats' }).waitFor();
  return host.asked.at(-1)!;
}

describe('the palette', () => {
  it('is greyed for a method that takes none, and says why', async () => {
    expect(await page().getByLabel('Method').locator('option').allTextContents()).toEqual([
      'SCFT',
      'Inkwash',
      'Nerk',
    ]);
    expect(await studio.button('From reference').isDisabled()).toBe(true);
    expect(await studio.button('Add a colour').isDisabled()).toBe(true);
    expect(await page().getByRole('group', { name: 'Palette' }).getAttribute('title')).toBe(
      'SCFT takes no palette.',
    );
  });

  it("begins with the reference's, is edited colour by colour, and is what Apply uses", async () => {
    await choose('Inkwash');
    await studio.button('From reference').click();
    expect(await swatches().count()).toBe(16);
    expect(await studio.button('Add a colour').count()).toBe(0);
    await swatches().nth(15).press('Delete');
    await swatches().nth(0).fill('#12ab34');
    await studio.button('Add a colour').click();
    await swatches().nth(15).fill('#000102');
    const { method, palette, references } = await apply();
    expect(method).toBe('inkwash');
    expect(palette).toHaveLength(16);
    expect([palette[0], palette[15]]).toEqual(['#12ab34', '#000102']);
    expect(references).toHaveLength(1);
  });

  it('colours without any reference, and is left out for a method that takes none', async () => {
    await choose('Inkwash');
    await page()
      .locator('.thumb[aria-pressed="true"]')
      .click({ modifiers: ['Control'] });
    expect(await studio.button(/^Apply/).isDisabled()).toBe(true);
    await studio.button('Add a colour').click();
    expect(await apply()).toMatchObject({ references: [], palette: ['#808080'] });
    await choose('SCFT');
    expect(await studio.button(/^Apply/).isDisabled()).toBe(true);
    expect(await swatches().nth(0).isDisabled()).toBe(true);
    await page().locator('.thumb').nth(0).click();
    expect(await apply()).toMatchObject({ references: [{ weight: 1 }], palette: [] });
  });
});

describe('weights', () => {
  it('stand under references that are used together, and reach the host', async () => {
    expect(
      await page()
        .getByRole('slider', { name: /^Weight of/ })
        .count(),
    ).toBe(0);
    await page()
      .locator('.thumb')
      .nth(1)
      .click({ modifiers: ['Control'] });
    await weight('cool.png').focus();
    for (const _ of [1, 2, 3]) await page().keyboard.press('PageDown');
    expect(await weight('cool.png').getAttribute('aria-valuetext')).toBe('70 %');
    expect((await apply()).references.map((reference) => reference.weight)).toEqual([1, 0.7]);

    const box = (await weight('warm.png').boundingBox())!;
    await studio.drag(box.x + box.width - 4, box.y + box.height / 2, box.x - 10, box.y + box.height / 2);
    expect(await page().locator('.thumb').allTextContents()).toHaveLength(2);
    expect((await apply()).references.map((reference) => reference.weight)).toEqual([0, 0.7]);
    await weight('cool.png').press('Home');
    await page().getByText('Give a reference a weight above 0 %.').waitFor();
    expect(await studio.button(/^Apply/).isDisabled()).toBe(true);
  });

  it('are greyed for a method of one reference, which asks to choose', async () => {
    await choose('Nerk');
    await page()
      .locator('.thumb')
      .nth(1)
      .click({ modifiers: ['Control'] });
    expect(await weight('cool.png').getAttribute('aria-disabled')).toBe('true');
    expect(await page().locator('#apply-blocked').textContent()).toBe(
      'Nerk colours from one reference: press the one to use.',
    );
    await page().locator('.thumb').nth(1).click();
    expect((await apply()).references).toHaveLength(1);
  });
});
