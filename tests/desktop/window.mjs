// One window of the running program, and what its artist does in it. The system's dialogs answer as told.
import { setTimeout as sleep } from 'node:timers/promises';
import { within } from './checks.mjs';

export class Window {
  constructor(desktop, page) {
    this.desktop = desktop;
    this.page = page;
    this.errors = [];
    page.on('pageerror', (error) => this.errors.push(error.stack ?? error.message));
  }

  static async of(desktop) {
    // The system's dialogs can't be pressed from here: they are answered in their place, and what they ask is kept.
    await desktop.evaluate(({ app, dialog }) => {
      const told = { places: [], answers: [], askedPlaces: [], asked: [], recent: [] };
      globalThis.told = told;
      dialog.showSaveDialog = async (_, options) => {
        told.askedPlaces.push(options);
        const filePath = told.places.shift();
        return filePath ? { canceled: false, filePath } : { canceled: true, filePath: '' };
      };
      dialog.showMessageBox = async (_, options) => {
        told.asked.push(options);
        return { response: told.answers.shift() ?? options.cancelId };
      };
      app.addRecentDocument = (path) => told.recent.push(path);
    });
    const page = await desktop.firstWindow();
    await page
      .waitForURL(/index\.html/, { timeout: 60_000 })
      .catch(() => console.log(`     the window is at ${page.url()}`));
    await page.waitForLoadState();
    return new Window(desktop, page);
  }

  /** What the next save dialogs answer. */
  willChoose(...paths) {
    return this.desktop.evaluate((_, more) => globalThis.told.places.push(...more), paths);
  }
  willAnswer(...buttons) {
    return this.desktop.evaluate((_, more) => globalThis.told.answers.push(...more), buttons);
  }
  told() {
    return this.desktop.evaluate(() => globalThis.told);
  }

  async menu(title, item) {
    await this.page.getByRole('menuitem', { name: title, exact: true }).click();
    await this.page.getByRole('menu').getByText(item, { exact: true }).click();
  }

  async notices() {
    return (await this.page.locator('.notice').allInnerTexts()).join(' | ').replaceAll('\n', ' ');
  }
  said(words) {
    return this.page.locator('.notice').getByText(words).first().waitFor({ timeout: 30_000 });
  }

  shown(name) {
    return this.page.locator('.holder.current', { hasText: name }).waitFor({ timeout: 30_000 });
  }
  tabs() {
    return this.page.locator('.tab').count();
  }
  title() {
    return this.page.title();
  }

  async colour() {
    const apply = this.page.getByRole('button', { name: /^Apply/ }).first();
    await apply.waitFor({ timeout: 60_000 });
    await apply.click();
    await this.page
      .getByText('Flats', { exact: true })
      .first()
      .waitFor({ timeout: 90_000 })
      .catch(async (cause) => {
        throw new Error(`no Flats; the window says: ${await this.notices()}`, { cause });
      });
    await sleep(100); // by now Cancel stands where Apply stood
    await apply.waitFor({ timeout: 90_000 });
  }

  /** Drops files on the middle of what a locator finds, as the system does. */
  async drop(target, files) {
    const box = await target.boundingBox();
    const [x, y] = [box.x + box.width / 2, box.y + box.height / 2];
    const session = await this.page.context().newCDPSession(this.page);
    const data = { items: [], files, dragOperationsMask: 1 };
    for (const type of ['dragEnter', 'dragOver', 'drop'])
      await session.send('Input.dispatchDragEvent', { type, x, y, data });
    await session.detach();
  }

  /** A stroke of the mouse through places given in parts of an element. */
  async stroke(selector, places) {
    const box = await this.page.locator(selector).first().boundingBox();
    const at = ([x, y]) => [box.x + x * box.width, box.y + y * box.height];
    await this.page.mouse.move(...at(places[0]));
    await this.page.mouse.down();
    for (const place of places.slice(1)) await this.page.mouse.move(...at(place), { steps: 6 });
    await this.page.mouse.up();
  }

  /** Asks the window to close, as its close button does. */
  pressClose() {
    return this.desktop.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0].close());
  }

  /** Closes it and waits for the program's end. @returns its exit code. */
  async ended(close) {
    const over = new Promise((resolve) => this.desktop.process().once('exit', resolve));
    await close();
    return Promise.race([over, sleep(20_000, 'still running')]);
  }

  async until(seconds, holds) {
    return within(seconds, holds);
  }

  async shot(file) {
    if (file) await this.page.screenshot({ path: file }).catch(() => undefined);
  }
}
