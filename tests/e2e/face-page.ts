import type { Page } from 'playwright-core';
import sharp from 'sharp';
import { Pen, type PenPoint } from './pen.ts';

type Place = readonly [x: number, y: number];

/** What the tests do in the Face workspace, through real pointer and key events. */
export class FacePage {
  readonly page: Page;
  readonly #pen: Pen;

  private constructor(page: Page, pen: Pen) {
    this.page = page;
    this.#pen = pen;
    // Choosers are caught only while someone listens.
    page.on('filechooser', () => undefined);
  }

  /** Goes to the workspace by its switch. */
  static async open(page: Page): Promise<FacePage> {
    await page.getByRole('button', { name: 'Face', exact: true }).click();
    await page.getByRole('main', { name: 'Face' }).waitFor();
    await page.locator('.stage canvas').waitFor();
    return new FacePage(page, await Pen.over(page));
  }

  button(name: string | RegExp) {
    return this.page.getByRole('button', { name });
  }

  slider(name: string) {
    return this.page.getByRole('slider', { name, exact: true });
  }

  /** Places of the sketch (0–512) in the window. */
  async places(places: readonly Place[], pressure = 0.7): Promise<PenPoint[]> {
    const box = (await this.page.locator('.stage').boundingBox())!;
    const scale = (Math.min(box.width, box.height) - 48) / 512;
    const [left, top] = [box.x + box.width / 2 - 256 * scale, box.y + box.height / 2 - 256 * scale];
    return places.map(([x, y]) => [left + x * scale, top + y * scale, pressure]);
  }

  /** Puts the pointer over a place of the sketch. */
  async pointAt(...place: Place): Promise<void> {
    const [[x, y]] = (await this.places([place])) as [PenPoint];
    await this.page.mouse.move(x, y);
  }

  /** A pen stroke through places of the sketch, with some readings between them. */
  async draw(...through: readonly Place[]): Promise<void> {
    const places = through.flatMap((to, i): Place[] => {
      const from = through[Math.max(0, i - 1)]!;
      return [0.25, 0.5, 0.75, 1].map((part) => [
        from[0] + (to[0] - from[0]) * part,
        from[1] + (to[1] - from[1]) * part,
      ]);
    });
    await this.#pen.stroke(await this.places(places));
  }

  /** Sets the pen down and draws without lifting it. @returns how to lift it. */
  async drawOn(...through: readonly Place[]): Promise<() => Promise<void>> {
    const points = await this.places(through);
    await this.#pen.down(points[0]!);
    for (const point of points.slice(1)) await this.#pen.move(point);
    return () => this.#pen.up(points.at(-1)!);
  }

  /** An oval outline, two eyes, a nose and a mouth. */
  async drawFace(): Promise<void> {
    const oval = (cx: number, cy: number, rx: number, ry: number): Place[] =>
      Array.from({ length: 9 }, (_, i) => {
        const angle = (i / 8) * 2 * Math.PI;
        return [cx + rx * Math.cos(angle), cy + ry * Math.sin(angle)];
      });
    await this.draw(...oval(256, 270, 150, 200));
    await this.draw(...oval(192, 238, 26, 13));
    await this.draw(...oval(320, 238, 26, 13));
    await this.draw([256, 240], [238, 320], [262, 326]);
    await this.draw([206, 388], [256, 400], [306, 388]);
  }

  /** How many faces the host has given since the window was opened. */
  async arrivals(): Promise<number> {
    const face = this.page.getByRole('img', { name: 'The face of this sketch' });
    // In one look: a sketch that was just cleared takes its face away.
    return face.evaluateAll(([shown]) => Number(shown?.getAttribute('data-arrival') ?? 0));
  }

  /** Waits until what the action changes shows in the face. */
  async afterFace(action: () => Promise<void>): Promise<void> {
    const before = await this.arrivals();
    await action();
    await this.page.waitForFunction(
      (count) => Number(document.querySelector('[data-arrival]')?.getAttribute('data-arrival') ?? 0) > count,
      before,
    );
    await this.settled();
  }

  /** Waits until no face is under way any more. */
  async settled(): Promise<void> {
    await this.page.locator('main[aria-busy="false"]').waitFor();
  }

  /** The pixels of the face as shown: RGB, `width` a row. */
  async face(): Promise<{ data: Buffer; width: number }> {
    return this.#pixels('.result .face canvas');
  }

  /** The pixels of the sketch's stage as shown, without what lies over it. */
  async sketch(): Promise<{ data: Buffer; width: number }> {
    return this.#pixels('.stage canvas');
  }

  /** The mean colour of a square of the face, its middle in sketch coordinates. */
  async faceColour(x: number, y: number): Promise<number[]> {
    const { data, width } = await this.face();
    const scale = width / 512;
    const sums = [0, 0, 0];
    for (let dy = -4; dy <= 4; dy++)
      for (let dx = -4; dx <= 4; dx++) {
        const at = (Math.round((y + dy * 2) * scale) * width + Math.round((x + dx * 2) * scale)) * 3;
        for (let k = 0; k < 3; k++) sums[k]! += data[at + k]!;
      }
    return sums.map((sum) => sum / 81);
  }

  async #pixels(selector: string): Promise<{ data: Buffer; width: number }> {
    const url = await this.page
      .locator(selector)
      .first()
      .evaluate((canvas) => (canvas as HTMLCanvasElement).toDataURL());
    const png = Buffer.from(url.slice(url.indexOf(',') + 1), 'base64');
    const { data, info } = await sharp(png).removeAlpha().raw().toBuffer({ resolveWithObject: true });
    return { data, width: info.width };
  }

  async download(press: () => Promise<void>): Promise<{ name: string; path: string }> {
    const [download] = await Promise.all([this.page.waitForEvent('download'), press()]);
    return { name: download.suggestedFilename(), path: await download.path() };
  }

  /** Chooses from one of the buttons that open a menu. */
  async choose(menu: RegExp, item: string | RegExp): Promise<void> {
    await this.button(menu).click();
    await this.page.getByRole('menuitem', { name: item }).click();
  }
}
