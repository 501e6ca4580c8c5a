import type { Browser } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { launchBrowser, openPage, type OpenedPage } from './browser.ts';
import { startFakeHost, type Behaviour, type FakeHost } from './fake-host.ts';
import { StudioPage } from './studio.ts';

let browser: Browser;
let host: FakeHost;
let opened: OpenedPage;
let studio: StudioPage;

const page = () => opened.page;

async function start(behaviour: Partial<Behaviour> = {}): Promise<void> {
  host = await startFakeHost(behaviour);
  opened = await openPage(browser, host.url);
  studio = new StudioPage(opened.page);
}

beforeAll(async () => {
  browser = await launchBrowser();
});
afterEach(async () => {
  await page().context().close();
  await host.close();
});
afterAll(() => browser?.close());

describe('a run that fails', () => {
  it('says so in one line, with details and a retry that works', async () => {
    await start({ runFails: 'The engine stopped. Try once more, or choose a smaller model size.' });
    await studio.drawingShown('sample.png');
    await studio.button(/^Apply/).click();
    const notice = page().locator('.notice.error');
    await notice.getByText('The engine stopped.').waitFor();
    await notice.getByText('Details').click();
    expect(await notice.locator('pre').textContent()).toContain('Error: fake');
    expect(await studio.layerNames()).toEqual(['Lines']);
    host.behaviour.runFails = undefined;
    await notice.getByRole('button', { name: 'Retry' }).click();
    await studio.coloured();
    expect(await studio.layerNames()).toContain('Flats');
    expect(await page().locator('.notice.error').count()).toBe(0);
  });
});

describe('a run under way', () => {
  it('leaves the view free, says how long still, and can be stopped from the status line', async () => {
    await start({ runMs: 20_000 });
    await studio.drawingShown('sample.png');
    await studio.button(/^Apply/).click();
    await page()
      .getByText(/\d+ s left/)
      .waitFor();
    const { x, y } = await studio.middle();
    const zoom = await studio.zoomPercent();
    await page().mouse.move(x, y);
    await page().mouse.wheel(0, -300);
    await expect.poll(() => studio.zoomPercent()).toBeGreaterThan(zoom);
    await page()
      .locator('footer')
      .getByRole('button', { name: /^Cancel colouring/ })
      .click();
    await page().getByRole('progressbar').waitFor({ state: 'detached' });
    expect(await page().locator('.notice').count()).toBe(0);
  });
});

describe('a lost connection', () => {
  it('is told in one line, and Reconnect brings the drawings back', async () => {
    await start();
    await studio.drawingShown('sample.png');
    host.drop(true);
    const notice = page().locator('.notice.error');
    await notice.getByText('The connection to Inkwash was lost.').waitFor();
    await notice.getByRole('button', { name: 'Reconnect' }).click();
    await notice.getByRole('button', { name: 'Reconnect' }).waitFor();
    host.drop(false);
    await notice.getByRole('button', { name: 'Reconnect' }).click();
    await page().getByText('Connected again.').waitFor();
    expect(await notice.count()).toBe(0);
    await studio.rest();
    await studio.button(/^Apply/).click();
    await studio.coloured();
    expect(await studio.layerNames()).toContain('Flats');
  });
});

describe('no model', () => {
  it('is said where the model would be chosen', async () => {
    await start({ withoutModel: true });
    await page().getByText('No colouring model is installed.').waitFor();
    await page().getByText('inkwash models verify').waitFor();
    expect(await studio.button(/^Apply/).isEnabled()).toBe(false);
  });
});

describe('something that is no picture', () => {
  it('is refused in one line before it is sent', async () => {
    await start();
    await studio.drawingShown('sample.png');
    const { x, y } = await studio.middle();
    await studio.drop([new URL(import.meta.url).pathname], x, y);
    await page()
      .getByText(/trouble\.test\.ts: not a picture/)
      .waitFor();
  });
});
