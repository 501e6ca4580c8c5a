import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser } from 'playwright-core';
import sharp from 'sharp';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { launchBrowser, openPage, type OpenedPage } from './browser.ts';
import { startFakeHost, type FakeHost } from './fake-host.ts';
import { Pen, line } from './pen.ts';
import { openRealDoor, type RealDoor } from './real-door.ts';
import { StudioPage } from './studio.ts';

let browser: Browser;
beforeAll(async () => {
  browser = await launchBrowser();
});
afterAll(() => browser?.close());

/** A busy machine answers late. */
const SOON = { timeout: 15_000 };

/** The colour on screen around a place, RGB. */
async function colourAt({ page }: StudioPage, x: number, y: number): Promise<number[]> {
  const clip = { x: x - 2, y: y - 2, width: 5, height: 5 };
  const { channels } = await sharp(await page.screenshot({ clip })).stats();
  return channels.slice(0, 3).map(({ mean }) => Math.round(mean));
}
const apart = (a: readonly number[], b: readonly number[]): number =>
  Math.hypot(...[0, 1, 2].map((c) => a[c]! - b[c]!));
async function paintWith({ page }: StudioPage, hex: string): Promise<void> {
  await page.locator('.hex').fill(hex);
  await page.locator('.hex').press('Enter');
  await page.locator('.stage').focus();
}

describe('with a host that answers at once', () => {
  let host: FakeHost;
  let opened: OpenedPage;
  let studio: StudioPage;
  let pen: Pen;
  const page = () => opened.page;
  const chip = (what: string) => page().getByRole('button', { name: new RegExp(`^${what}: `) });

  beforeEach(async () => {
    host = await startFakeHost({ runMs: 40 });
    opened = await openPage(browser, host.url, { remembered: { live: true } });
    studio = new StudioPage(opened.page);
    pen = await Pen.over(opened.page);
    await studio.drawingShown('sample.png');
    await page().getByLabel('Method').selectOption({ label: 'Inkwash' });
    await page().keyboard.press('Enter');
    await page().locator('.list .title', { hasText: 'Flats' }).waitFor();
    await studio.rest();
  });
  afterEach(async () => {
    await page().context().close();
    await host.close();
    expect(opened.complaints).toEqual([]);
  });

  it('a hint placed with the pen is previewed at once, undone and redone, and reaches Apply', async () => {
    const { x, y } = await studio.middle();
    await paintWith(studio, '#2050d0');
    await page().keyboard.press('q');
    const before = await colourAt(studio, x + 14, y + 14);
    await pen.stroke([[x, y]]);
    await expect.poll(() => host.colour.previewed.at(-1)?.hints.length, SOON).toBe(1);
    await studio.rest();
    expect(await chip('Hints').getAttribute('aria-label')).toBe('Hints: 1');
    const previewed = await colourAt(studio, x + 14, y + 14);
    expect(apart(previewed, [32, 80, 208])).toBeLessThan(20);
    await page().keyboard.press('Control+z');
    await studio.rest();
    expect(await chip('Hints').getAttribute('aria-label')).toBe('Hints: 0');
    expect(apart(await colourAt(studio, x + 14, y + 14), before)).toBeLessThan(4);
    await page().keyboard.press('Control+Shift+z');
    await studio.rest();
    expect(apart(await colourAt(studio, x + 14, y + 14), previewed)).toBeLessThan(4);
    await page().keyboard.press('Enter');
    await expect
      .poll(() => host.asked.at(-1)?.hints, SOON)
      .toEqual([{ points: [[expect.closeTo(300, -1), expect.closeTo(400, -1)]], colour: '#2050d0' }]);
  });

  it('a drawn hint is a stroke; it is moved, recoloured and deleted by pen and by keys', async () => {
    const { x, y } = await studio.middle();
    await page().keyboard.press('q');
    await pen.stroke(line([x - 60, y], [x + 60, y], 20));
    await expect.poll(() => host.colour.previewed.at(-1)?.hints[0]?.points.length, SOON).toBe(2);
    const first = host.colour.previewed.at(-1)!.hints[0]!.points[0]!;
    await pen.stroke(line([x, y], [x, y + 40], 6));
    await expect
      .poll(() => host.colour.previewed.at(-1)!.hints[0]!.points[0]![1] - first[1], SOON)
      .toBeGreaterThan(20);
    await chip('Hints').click();
    await page().getByLabel('Colour of hint 1').fill('#d02020');
    await expect.poll(() => host.colour.previewed.at(-1)?.hints[0]?.colour, SOON).toBe('#d02020');
    await page().getByRole('button', { name: 'Hint 1', exact: true }).press('Delete');
    await expect.poll(() => chip('Hints').getAttribute('aria-label'), SOON).toBe('Hints: 0');
  });

  it('a pin is dragged from the drawing to a reference, back again, and moved at either end', async () => {
    const { x, y } = await studio.middle();
    await page().keyboard.press('Shift+q');
    const picture = (await page().locator('.panel .picture').first().boundingBox())!;
    const on = (u: number, v: number) =>
      [picture.x + u * picture.width, picture.y + v * picture.height] as const;
    await pen.stroke(line([x - 60, y], [...on(0.25, 0.5)], 8));
    await expect
      .poll(() => host.colour.previewed.at(-1)?.pins, SOON)
      .toEqual([expect.objectContaining({ u: expect.closeTo(0.25, 1), v: expect.closeTo(0.5, 1) })]);
    await page().locator('.lines line').first().waitFor({ state: 'attached' });
    await pen.stroke(line([...on(0.75, 0.75)], [x + 40, y + 60], 8));
    await expect.poll(() => host.colour.previewed.at(-1)?.pins.length, SOON).toBe(2);
    await pen.stroke(line([...on(0.25, 0.5)], [...on(0.25, 0.9)], 8));
    await expect.poll(() => host.colour.previewed.at(-1)?.pins[0]?.v, SOON).toBeCloseTo(0.9, 1);
    const place = host.colour.previewed.at(-1)!.pins[0]!;
    await pen.stroke(line([x - 60, y], [x - 100, y], 8));
    await expect.poll(() => host.colour.previewed.at(-1)!.pins[0]!.x - place.x, SOON).toBeLessThan(-20);
    await page().keyboard.press('Delete');
    await expect.poll(() => chip('Pins').getAttribute('aria-label'), SOON).toBe('Pins: 1');
  });

  it('previews follow the newest change only, and the pen is never held up', async () => {
    const { x, y } = await studio.middle();
    await page().keyboard.press('q');
    const before = host.colour.previewed.length;
    for (let i = 0; i < 8; i++) await pen.stroke([[x - 80 + 20 * i, y]]);
    await expect.poll(() => host.colour.previewed.at(-1)?.hints.length, SOON).toBe(8);
    expect(host.colour.previewed.length - before).toBeLessThan(8);
    await page()
      .getByText(/preview 256 px, \d+ ms on CPU/)
      .waitFor();
  });

  it('of two quick strokes only the last is shown: what the first asked for ends as cancelled', async () => {
    const { x, y } = await studio.middle();
    await studio.button(/^Lines: Locked/).click();
    await page().getByText('Lines', { exact: true }).last().click();
    await page().keyboard.press('b');
    await studio.rest();
    const answered = () => host.colour.ended.filter((end) => end === 'answered').length;
    await expect.poll(() => answered() === host.colour.ended.length, SOON).toBe(true);

    // Every draft has a colour of its own, and what the canvas shows is noted frame by frame.
    const colours = (drafts: number) => [40 + ((drafts * 53) % 200), 40 + ((drafts * 97) % 200), 80];
    host.colour.colourOf = colours;
    let open: () => void = () => undefined;
    host.colour.gate = new Promise<void>((resolve) => (open = resolve));
    const before = host.colour.previewed.length;
    await page().evaluate(() => {
      const seen: string[] = [];
      Object.assign(window, { seen });
      const copy = new OffscreenCanvas(1, 1).getContext('2d', { willReadFrequently: true })!;
      const look = (): void => {
        const canvas = document.querySelector<HTMLCanvasElement>('.stage canvas')!;
        copy.drawImage(canvas, canvas.width / 2, canvas.height / 2 + 60, 1, 1, 0, 0, 1, 1);
        const pixel = copy.getImageData(0, 0, 1, 1).data.join();
        if (seen.at(-1) !== pixel) seen.push(pixel);
        requestAnimationFrame(look);
      };
      look();
    });
    const shownColours = () => page().evaluate(() => (window as unknown as { seen: string[] }).seen);
    const first = await shownColours();
    await pen.stroke(line([x - 60, y - 60], [x + 60, y - 60], 6));
    await expect.poll(() => host.colour.previewed.length, SOON).toBeGreaterThan(before);
    await pen.stroke(line([x - 60, y - 30], [x + 60, y - 30], 6));
    const asked = () => host.colour.ended.slice(before, host.colour.previewed.length);
    const isLastAlone = () => {
      const ends = [...Array(host.colour.previewed.length - before).keys()].map((at) => asked()[at]);
      return ends.length > 1 && ends.pop() === undefined && ends.every((end) => end === 'cancelled');
    };
    await expect.poll(isLastAlone, SOON).toBe(true);
    expect(host.colour.ended[before]).toBe('cancelled');
    expect(await shownColours()).toEqual(first);
    const last = host.colour.previewed.filter(({ draft }) => draft).length;
    open();
    const whole = () => host.colour.previewed.findLastIndex(({ draft }) => !draft);
    await expect.poll(() => whole() > before && host.colour.ended[whole()], SOON).toBe('answered');
    await studio.rest();
    const { x: mx, y: my } = await studio.middle();
    expect(apart(await colourAt(studio, mx, my + 60), colours(last))).toBeLessThan(12);
    const drafts = host.colour.previewed.filter(({ draft }) => draft);
    const unseen = host.colour.previewed
      .filter(({ draft }, at) => draft && host.colour.ended[at] === 'cancelled')
      .map((asked) => colours(drafts.indexOf(asked) + 1).join());
    expect(unseen.length).toBeGreaterThan(0);
    for (const pixel of await shownColours())
      expect(unseen).not.toContain(pixel.split(',').slice(0, 3).join());
  });

  it('live can be switched off: then nothing is previewed', async () => {
    const { x, y } = await studio.middle();
    await page().getByRole('switch', { name: 'live' }).uncheck();
    await studio.rest();
    const before = host.colour.previewed.length;
    await page().keyboard.press('q');
    await pen.stroke([[x, y]]);
    await studio.rest();
    expect(host.colour.previewed.length).toBe(before);
  });

  it('what the model is unsure of is hatched, and only that', async () => {
    await page().getByRole('switch', { name: 'Unsure' }).check();
    await page().locator('canvas.hatch').waitFor({ state: 'attached' });
    await studio.rest();
    const hatched = await page()
      .locator('canvas.hatch')
      .evaluate((canvas) => {
        const hatch = canvas as HTMLCanvasElement;
        const { data } = hatch.getContext('2d')!.getImageData(0, 0, hatch.width, hatch.height);
        const alphaAt = (part: number): number => {
          let sum = 0;
          for (let x = hatch.width * part - 20; x < hatch.width * part + 20; x++)
            sum += data[(Math.round(hatch.height / 2) * hatch.width + Math.round(x)) * 4 + 3]!;
          return sum;
        };
        return { sure: alphaAt(0.4), unsure: alphaAt(0.6) };
      });
    expect(hatched.sure).toBe(0);
    expect(hatched.unsure).toBeGreaterThan(0);
  });

  it('the palette of four bands is the reference’s until a colour is changed, and can be put back', async () => {
    await page().getByLabel('Method').selectOption({ label: 'Nerk' });
    await page().getByLabel('Method').selectOption({ label: 'Inkwash' });
    const slots = page().getByRole('group', { name: 'Palette' }).locator('input');
    await studio.button('From reference').click();
    const before = await slots.evaluateAll((all) => all.map((one) => (one as HTMLInputElement).value));
    await slots.nth(0).focus();
    await page().keyboard.press('Shift+ArrowRight');
    const after = await slots.evaluateAll((all) => all.map((one) => (one as HTMLInputElement).value));
    expect([after[0], after[1]]).toEqual([before[1], before[0]]);
    await expect.poll(() => host.colour.previewed.at(-1)?.palette[0], SOON).toBe(before[1]);
  });
});

describe('with the program itself', () => {
  let door: RealDoor;
  let opened: OpenedPage;
  let studio: StudioPage;
  let pen: Pen;
  let folder: string;
  const page = () => opened.page;

  /** Three rooms and two references, so that colours are easily told apart. */
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'inkwash-colouring-'));
    const svg =
      '<svg xmlns="http://www.w3.org/2000/svg" width="600" height="400"><rect width="600" height="400" fill="#fff"/>' +
      '<path d="M20 20H580V380H20ZM200 20V380M400 20V380" fill="none" stroke="#000" stroke-width="5"/></svg>';
    await sharp(Buffer.from(svg)).png().toFile(join(folder, 'rooms.png'));
    for (const [name, background] of [
      ['red.png', '#b83828'],
      ['green.png', '#2f8f4a'],
    ] as const)
      await sharp({ create: { width: 64, height: 64, channels: 3, background } })
        .png()
        .toFile(join(folder, name));
    door = await openRealDoor();
    opened = await openPage(browser, door.url, { remembered: { started: true } });
    studio = new StudioPage(opened.page);
    pen = await Pen.over(opened.page);
    await studio.choose(() => page().keyboard.press('Control+o'), [join(folder, 'rooms.png')]);
    await studio.drawingShown('rooms.png');
    await studio.choose(() => studio.button(/^Add reference/).click(), [join(folder, 'red.png')]);
    await page().locator('.thumb').first().waitFor();
    await page()
      .locator('.stage')
      .click({ position: { x: 4, y: 4 } });
    await page().keyboard.press('Enter');
    await studio.coloured();
  });
  afterAll(async () => {
    await page()?.context().close();
    await door?.close();
    await rm(folder, { recursive: true, force: true });
  });

  /** The middles of the three rooms, in the window. */
  async function rooms(): Promise<{ x: number; y: number }[]> {
    const { x, y } = await studio.middle();
    const scale = (await studio.zoomPercent()) / 100;
    return [-190, 0, 190].map((dx) => ({ x: x + dx * scale, y: y + 90 * scale }));
  }

  it('keeps a locked room and the artist’s own paint when another reference is applied', async () => {
    const [left, middle, right] = (await rooms()) as [Place, Place, Place];
    const red = await colourAt(studio, left.x, left.y);
    await page().keyboard.press('j');
    await pen.stroke([[left.x, left.y]]);
    await page().locator('.list .name', { hasText: 'Flats' }).click();
    await paintWith(studio, '#2244ee');
    await page().keyboard.press('b');
    await pen.stroke(line([right.x - 30, right.y], [right.x + 30, right.y], 12));
    await studio.rest();
    const own = await colourAt(studio, right.x, right.y);
    expect(apart(own, red)).toBeGreaterThan(80);

    await studio.choose(() => studio.button(/^Add reference/).click(), [join(folder, 'green.png')]);
    await page().locator('.thumb').nth(1).click();
    await page()
      .locator('.stage')
      .click({ position: { x: 4, y: 4 } });
    await page().keyboard.press('Enter');
    await studio.coloured();
    expect(apart(await colourAt(studio, left.x, left.y), red)).toBeLessThan(25);
    expect(apart(await colourAt(studio, right.x, right.y), own)).toBeLessThan(25);
    const [r, g] = await colourAt(studio, middle.x, middle.y);
    expect(g!).toBeGreaterThan(r! + 20);
    expect(await studio.layerNames()).toEqual([
      'Lines',
      'Colouring',
      'Touch-up',
      'Shading',
      'Flats',
      'Colour',
    ]);
    await page().keyboard.press('Control+z');
    await studio.rest();
    expect(apart(await colourAt(studio, middle.x, middle.y), red)).toBeLessThan(25);
    await page().keyboard.press('Control+Shift+z');
    await studio.rest();
  });

  it('merges two rooms in one drag, as one step', async () => {
    const [left, middle] = (await rooms()) as [Place, Place, Place];
    await page().keyboard.press('j');
    await page().getByRole('radio', { name: 'Merge' }).click();
    const before = await colourAt(studio, left.x, left.y - 60);
    await pen.stroke(line([middle.x, middle.y], [left.x, left.y], 20));
    // The lock's own sign is shown with the region tool only.
    await page().keyboard.press('b');
    await studio.rest();
    const merged = await colourAt(studio, left.x, left.y - 60);
    expect(apart(merged, await colourAt(studio, middle.x, middle.y))).toBeLessThan(25);
    expect(apart(merged, before)).toBeGreaterThan(30);
    await page().keyboard.press('Control+z');
    await studio.rest();
    expect(apart(await colourAt(studio, left.x, left.y - 60), before)).toBeLessThan(4);
  });

  it('saves it all, and opens it again with hints, locks, references, lens and own paint', async () => {
    const [left, middle, right] = (await rooms()) as [Place, Place, Place];
    await paintWith(studio, '#e0c020');
    await page().keyboard.press('q');
    await pen.stroke([[middle.x, middle.y]]);
    await page().keyboard.press('b');
    const shown = await Promise.all([left, right].map(({ x, y }) => colourAt(studio, x, y)));
    const [download] = await Promise.all([
      page().waitForEvent('download'),
      page().keyboard.press('Control+s'),
    ]);
    const file = join(folder, download.suggestedFilename());
    await writeFile(file, await readFile(await download.path()));
    await studio.button(/^Close rooms/).click();
    await page().locator('.tab').waitFor({ state: 'detached' });

    await studio.choose(() => page().keyboard.press('Control+o'), [file]);
    await studio.drawingShown('rooms-coloured');
    await expect
      .poll(
        () =>
          page()
            .getByRole('button', { name: /^Hints: / })
            .getAttribute('aria-label'),
        SOON,
      )
      .toBe('Hints: 1');
    expect(
      await page()
        .getByRole('button', { name: /^Locks: / })
        .getAttribute('aria-label'),
    ).toBe('Locks: 1');
    await page().mouse.move(middle.x, middle.y);
    await page().keyboard.down('Alt');
    await page().mouse.move(middle.x + 8, middle.y, { steps: 4 });
    await page().locator('.lens canvas.heat').first().waitFor({ timeout: 30_000 });
    await page().keyboard.up('Alt');

    await page().locator('.thumb[aria-label^="red"]').click();
    await page()
      .locator('.stage')
      .click({ position: { x: 4, y: 4 } });
    await page().keyboard.press('Enter');
    await studio.coloured();
    const places = [left, right];
    for (const [i, { x, y }] of places.entries())
      expect(apart(await colourAt(studio, x, y), shown[i]!)).toBeLessThan(25);
    const hinted = await colourAt(studio, middle.x, middle.y + 30);
    expect(apart(hinted, [224, 192, 32])).toBeLessThan(70);
  });

  it('says nothing on the console', () => {
    expect(opened.complaints).toEqual([]);
  });
});

interface Place {
  readonly x: number;
  readonly y: number;
}
