import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Layer } from '../../electron/document/model.ts';
import type { Raster } from '../../electron/raster.ts';
import { readOraBytes } from '../../electron/document/read-ora.ts';
import { launchBrowser, openPage, type OpenedPage } from './browser.ts';
import { line, Pen, type PenPoint } from './pen.ts';
import { openRealDoor, type RealDoor } from './real-door.ts';
import { seeded } from '../unit/paint/random.ts';
import { StudioPage } from './studio.ts';

/**
 * A hundred steps of every kind in random order, through pointer, pen, keys and menus of the built
 * program; all undone and redone, and the files that were saved on the way compared by their pixels.
 */
const STEPS = 100;
const SEED = 20261127;
const SIZE = { width: 400, height: 300 };
/** A file is saved whenever so many steps more were made. */
const EVERY = 20;
const NONE = new Uint8Array(4);

let door: RealDoor;
let browser: Browser;
let opened: OpenedPage;
let studio: StudioPage;
let pen: Pen;

const page = () => opened.page;

beforeAll(async () => {
  [door, browser] = await Promise.all([openRealDoor(), launchBrowser()]);
  opened = await openPage(browser, door.url, { width: 1600, height: 1200, remembered: { started: true } });
  studio = new StudioPage(opened.page);
  pen = await Pen.over(opened.page);
});
afterAll(async () => {
  await browser?.close();
  await door?.close();
});

interface Stored {
  readonly size: readonly number[];
  readonly layers: readonly unknown[];
}

/** Where a layer has paint, on the page, and a digest of it: transparent margins are stored or not. */
function paintOf(x: number, y: number, { data, width, height }: Raster): string {
  const box = { left: Infinity, top: Infinity, right: -1, bottom: -1 };
  for (let at = 0; at < width * height; at++) {
    if (data[at * 4 + 3] === 0) continue;
    const [column, row] = [at % width, Math.floor(at / width)];
    box.left = Math.min(box.left, column);
    box.right = Math.max(box.right, column);
    box.top = Math.min(box.top, row);
    box.bottom = Math.max(box.bottom, row);
  }
  if (box.right < 0) return 'nothing';
  const digest = createHash('sha256');
  for (let row = box.top; row <= box.bottom; row++)
    for (let column = box.left; column <= box.right; column++) {
      const at = (row * width + column) * 4;
      digest.update(data[at + 3] === 0 ? NONE : data.subarray(at, at + 4));
    }
  const place = [x + box.left, y + box.top, x + box.right, y + box.bottom];
  return `${place.join(' ')} ${digest.digest('hex')}`;
}

/** What a layer is: how it looks, and every pixel of it. */
function described({ id: _, ...layer }: Layer): unknown {
  if (layer.kind === 'group') return { ...layer, children: layer.children.map(described) };
  const { x, y, pixels, ...look } = layer;
  return { ...look, paint: paintOf(x, y, pixels) };
}

async function stored(): Promise<Stored> {
  const [download] = await Promise.all([page().waitForEvent('download'), page().keyboard.press('Control+s')]);
  const { document } = await readOraBytes(await readFile(await download.path()), 'steps.ora');
  return { size: [document.width, document.height], layers: document.layers.map(described) };
}

const done = () => page().locator('ol.steps button:not(.undone)');
/** Steps made, without the row that stands for the beginning. */
const stepsDone = async (): Promise<number> => (await done().count()) - 1;
const key = (keys: string) => page().keyboard.press(keys);

/** Goes to where so many steps are done, by the list of steps. */
async function goTo(steps: number): Promise<void> {
  await page().locator('ol.steps button').nth(steps).click();
  await expect.poll(stepsDone).toBe(steps);
}

/** What a hand may do next: each with how often, and what it does. */
function deedsBy(random: () => number, brushes: number) {
  const between = (least: number, most: number): number => least + random() * (most - least);
  const below = (count: number): number => Math.floor(random() * count);
  const oneOf = <T>(choices: readonly T[]): T => choices[below(choices.length)]!;
  const place = async (): Promise<PenPoint> => {
    const { x, y } = await studio.middle();
    return [x + between(-0.45, 0.45) * SIZE.width, y + between(-0.45, 0.45) * SIZE.height, between(0.2, 1)];
  };
  const drag = async (): Promise<void> => {
    const [from, to] = [await place(), await place()];
    await studio.drag(from[0], from[1], to[0], to[1]);
  };
  const click = async (): Promise<void> => {
    const [x, y] = await place();
    await page().mouse.click(x, y);
  };
  const stroke = async (): Promise<void> => pen.stroke(line(await place(), await place(), 12));
  const canvas = () => page().locator('.stage').focus();
  /** Where a command can't be done, its item is grey. */
  const menu = (title: string, item: string) => async () => {
    await page().getByRole('menuitem', { name: title, exact: true }).click();
    const row = page()
      .getByRole('menu')
      .getByRole(/^(Clip|Lock)/.test(item) ? 'menuitemcheckbox' : 'menuitem', { name: item });
    if (await row.isEnabled()) await row.click();
    else await key('Escape');
  };
  const after = (keys: string, then: () => Promise<void>) => async () => {
    await key(keys);
    await then();
  };
  const press = (keys: string) => () => key(keys);

  const deeds: readonly (readonly [often: number, run: () => Promise<void>])[] = [
    [10, after('b', stroke)],
    [3, after('e', stroke)],
    [3, after('g', click)],
    [1, after('Shift+G', drag)],
    [3, after('m', drag)],
    [1, after('l', async () => pen.stroke([await place(), await place(), await place()]))],
    [1, after('w', click)],
    [2, after('v', async () => (await drag(), key('Enter')))],
    [3, press('Control+d')],
    [1, press('Control+Shift+i')],
    [1, press('Shift+Backspace')],
    [1, press('Delete')],
    [1, after('Control+x', press('Control+v'))],
    [2, press('Control+Shift+N')],
    [1, press('Control+j')],
    [1, press('Control+g')],
    [2, press('Control+e')],
    [1, press('Control+Delete')],
    [1, press('Control+]')],
    [1, press('Control+[')],
    [1, menu('Layer', 'Clip to layer below')],
    [1, menu('Layer', 'Lock alpha')],
    [1, menu('Layer', 'Flip layer left to right')],
    [1, menu('Image', 'Turn canvas upside down')],
    [1, menu('Image', 'Flip canvas top to bottom')],
    [2, press('Control+z')],
    [1, press('Control+Shift+z')],
    [
      4,
      async () => {
        const hex = page().getByLabel('Hex');
        await hex.fill(`#${below(0x1000000).toString(16).padStart(6, '0')}`);
        await hex.press('Enter');
        await canvas();
      },
    ],
    [
      4,
      async () => {
        await page().getByRole('group', { name: 'Brushes' }).getByRole('button').nth(below(brushes)).click();
        await canvas();
      },
    ],
    [
      3,
      async () => {
        const layers = page().locator('.list .name');
        await layers.nth(below(await layers.count())).click();
        await canvas();
      },
    ],
    [
      3,
      async () => {
        const modes = ['multiply', 'screen', 'overlay', 'difference', 'luminosity', 'normal'];
        await page().locator('.settings').getByLabel('Blend mode').selectOption(oneOf(modes));
        await canvas();
      },
    ],
    [
      2,
      async () => {
        await page().getByRole('slider', { name: 'Opacity' }).last().focus();
        await page().keyboard.type(String(20 + below(80)));
        await key('Enter');
        await canvas();
      },
    ],
    [
      1,
      () =>
        studio
          .button(/^(Hide|Show) (Layer|Group)/)
          .first()
          .click(),
    ],
  ];
  const total = deeds.reduce((sum, [often]) => sum + often, 0);
  return async (): Promise<void> => {
    let left = random() * total;
    await deeds.find(([often]) => (left -= often) < 0)![1]();
  };
}

it('a hundred random steps are undone and redone to identical pixels', { timeout: 600_000 }, async () => {
  await studio.button(/^New drawing/).click();
  await page().getByLabel('Width').fill(String(SIZE.width));
  await page().getByLabel('Height').fill(String(SIZE.height));
  await page().getByRole('button', { name: 'Create' }).click();
  await studio.drawingShown('Drawing 1');
  await key('Control+1');
  await studio.button('History').click();
  await studio.button(/^Brush$/).click();
  const brushes = await page().getByRole('group', { name: 'Brushes' }).getByRole('button').count();
  expect(brushes).toBeGreaterThan(4);

  const known = new Map([[0, await stored()]]);
  const next = deedsBy(seeded(SEED), brushes);
  while ((await stepsDone()) < STEPS) {
    await next();
    // Some of it goes on beside the window's thread; nothing says that there was nothing to do.
    await page().waitForTimeout(60);
    while ((await studio.button('Dismiss').count()) > 0) await studio.button('Dismiss').first().click();
  }
  await key('b');
  const kinds = new Set(await done().allTextContents());
  expect(kinds.size).toBeGreaterThan(20);
  const all = await stepsDone();

  const same = async (): Promise<void> => {
    const steps = await stepsDone();
    const now = await stored();
    const then = known.get(steps);
    if (then) expect(now, `after ${steps} steps`).toEqual(then);
    else known.set(steps, now);
  };
  for (let steps = all; steps > 0; steps--) {
    if (steps % EVERY === 0 || steps === all) await same();
    await key('Control+z');
    await expect.poll(stepsDone).toBe(steps - 1);
  }
  await same();
  for (let steps = 1; steps <= all; steps++) {
    await key('Control+Shift+z');
    await expect.poll(stepsDone).toBe(steps);
    if (known.has(steps)) await same();
  }
  expect(known.size).toBeGreaterThan(STEPS / EVERY);
  const random = seeded(SEED + 1);
  const places = [...known.keys()];
  for (let n = 0; n < 12; n++) {
    await goTo(places[Math.floor(random() * places.length)]!);
    await same();
  }
});

it('nothing was complained of', () => {
  expect(opened.complaints).toEqual([]);
});
