import type { Page } from 'playwright-core';
import sharp from 'sharp';

/** What the tests do with the studio's window, through real pointer and key events. */
export class StudioPage {
  readonly page: Page;

  constructor(page: Page) {
    this.page = page;
    // Choosers are caught only while someone listens; starting to listen takes longer than a key press.
    page.on('filechooser', () => undefined);
  }

  button(name: string | RegExp) {
    return this.page.getByRole('button', { name });
  }

  /** Waits until a drawing lies on the canvas. */
  async drawingShown(name: string): Promise<void> {
    await this.page.locator('.holder.current', { hasText: name }).waitFor();
    await this.page.locator('.stage canvas').waitFor();
    await this.rest();
  }

  /** Pixels come and fade in over 120 ms; nothing announces their end. */
  async rest(): Promise<void> {
    await this.page.waitForTimeout(500);
  }

  async choose(press: () => Promise<void>, files: string[]): Promise<void> {
    await this.page.getByRole('menuitem').first().waitFor();
    const chosen = this.page.waitForEvent('filechooser');
    await press();
    // A key that comes before the window has its host is not answered; a person would press it again.
    const again = setTimeout(() => void press().catch(() => undefined), 5000);
    try {
      await (await chosen).setFiles(files);
    } finally {
      clearTimeout(again);
    }
  }

  /** Drops files as the system does, at a point of the window. */
  async drop(files: string[], x: number, y: number): Promise<void> {
    const session = await this.page.context().newCDPSession(this.page);
    const data = { items: [], files, dragOperationsMask: 1 };
    for (const type of ['dragEnter', 'dragOver', 'drop'] as const)
      await session.send('Input.dispatchDragEvent', { type, x, y, data });
    await session.detach();
  }

  async menu(title: string, item: string | RegExp): Promise<void> {
    await this.page.getByRole('menuitem', { name: title, exact: true }).click();
    await this.page.getByRole('menu').getByText(item).click();
  }

  /** The middle of the canvas, in the window. */
  async middle(): Promise<{ x: number; y: number; width: number; height: number }> {
    const box = await this.page.locator('.stage').boundingBox();
    if (!box) throw new Error('The canvas is not there.');
    return { x: box.x + box.width / 2, y: box.y + box.height / 2, width: box.width, height: box.height };
  }

  /** The mean colour of what is on screen over the middle of the canvas, RGB. */
  async meanColour(): Promise<number[]> {
    const { x, y } = await this.middle();
    const clip = { x: x - 90, y: y - 90, width: 180, height: 180 };
    const { channels } = await sharp(await this.page.screenshot({ clip })).stats();
    return channels.slice(0, 3).map(({ mean }) => mean);
  }

  /** Where the status line says the pointer is, in the drawing's pixels. */
  async place(): Promise<{ x: number; y: number }> {
    const text = (await this.page.locator('footer .place').textContent()) ?? '';
    const [x, y] = text.split(',').map(Number);
    if (x === undefined || y === undefined || Number.isNaN(x + y)) throw new Error(`No place in "${text}".`);
    return { x, y };
  }

  async zoomPercent(): Promise<number> {
    return Number.parseFloat((await this.page.locator('footer button').first().textContent()) ?? '');
  }

  async drag(fromX: number, fromY: number, toX: number, toY: number, button: 'left' | 'middle' = 'left') {
    await this.page.mouse.move(fromX, fromY);
    await this.page.mouse.down({ button });
    await this.page.mouse.move((fromX + toX) / 2, (fromY + toY) / 2, { steps: 4 });
    await this.page.mouse.move(toX, toY, { steps: 4 });
    await this.page.mouse.up({ button });
  }

  /** Waits for the run under way to end. */
  async coloured(): Promise<void> {
    await this.page.getByRole('progressbar').waitFor({ timeout: 10_000 });
    await this.page.getByRole('progressbar').waitFor({ state: 'detached', timeout: 110_000 });
    await this.rest();
  }

  layerNames(): Promise<string[]> {
    return this.page.locator('.list .title').allTextContents();
  }
}
