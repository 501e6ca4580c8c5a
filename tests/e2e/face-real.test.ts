import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Browser } from 'playwright-core';
import sharp from 'sharp';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { CANVAS_PX, FACE_WINDOWS } from '../../electron/face/parts.ts';
import { launchBrowser, openPage, type OpenedPage } from './browser.ts';
import { FacePage } from './face-page.ts';
import { openRealDoor, type RealDoor } from './real-door.ts';
import { StudioPage } from './studio.ts';

/** The built program with a face model that is right in everything but trained: step after step. */
let folder: string;
let door: RealDoor;
let browser: Browser;
let opened: OpenedPage;
let room: FacePage;

/** A busy machine takes its time. */
const LATE = { timeout: 20_000 };
const same = (a: { data: Buffer }, b: { data: Buffer }): boolean => a.data.equals(b.data);

beforeAll(async () => {
  const fixture = fileURLToPath(new URL('../fixtures/tiny-face/face', import.meta.url));
  // Under a name of its own: an added model can't stand in for the shipped one.
  folder = await mkdtemp(join(tmpdir(), 'inkwash-face-'));
  const tiny = join(folder, 'tiny-face');
  await cp(fixture, tiny, { recursive: true });
  const manifest = join(tiny, 'manifest.json');
  const written = JSON.parse(await readFile(manifest, 'utf8')) as object;
  await writeFile(manifest, JSON.stringify({ ...written, id: 'tiny-face' }));
  [door, browser] = await Promise.all([openRealDoor([tiny]), launchBrowser()]);
  opened = await openPage(browser, door.url, { remembered: { started: true } });
  room = await FacePage.open(opened.page);
});
afterAll(async () => {
  await browser?.close();
  await door?.close();
  await rm(folder, { recursive: true, force: true });
});

it('a drawn face appears, over the shadow of known ones', async () => {
  await opened.page.locator('.shadow canvas[data-part="nose"]').waitFor();
  await room.afterFace(() => room.drawFace());
});

it('a slider moves its own part and leaves the others', async () => {
  await room.settled();
  const before = await room.face();
  await room.slider('Mouth').focus();
  await room.afterFace(() => opened.page.keyboard.press('End'));
  const after = await room.face();
  const { xPx, yPx, sizePx } = FACE_WINDOWS.mouth;
  let [inside, outside] = [0, 0];
  for (let at = 0; at < before.data.length; at += 3) {
    const change = Math.abs(before.data[at]! - after.data[at]!);
    const pixel = at / 3;
    const x = ((pixel % before.width) * CANVAS_PX) / before.width;
    const y = (Math.floor(pixel / before.width) * CANVAS_PX) / before.width;
    if (x >= xPx && y >= yPx - 2 && x < xPx + sizePx && y < yPx + sizePx) inside += change;
    else outside += change;
  }
  expect(inside).toBeGreaterThan(1000);
  // Outside there are many more pixels, and as good as none of them change.
  expect(outside).toBeLessThan(inside * 0.1);
});

it('a known part is pasted, and taken back', async () => {
  const [sketch, face] = [await room.sketch(), await room.face()];
  await room.afterFace(() => room.button(/^Mouth 3 of/).click());
  // A slider that was let go may have brought a face of its own meanwhile.
  await expect.poll(async () => same(await room.sketch(), sketch), LATE).toBe(false);
  await expect.poll(async () => same(await room.face(), face), LATE).toBe(false);
  await opened.page.keyboard.press('Control+z');
  await expect.poll(async () => same(await room.sketch(), sketch), LATE).toBe(true);
  await expect.poll(async () => same(await room.face(), face), LATE).toBe(true);
});

it('another face is morphed to, from one to the other', async () => {
  await opened.page.keyboard.press('Shift+K');
  await room.choose(/^Start from/, 'A known face…');
  await room.afterFace(() => opened.page.getByRole('button', { name: 'Known face 2', exact: true }).click());
  const first = await room.face();
  await opened.page.getByRole('button', { name: 'Face 1', exact: true }).focus();
  await room.afterFace(() => opened.page.keyboard.press('m'));
  expect(same(await room.face(), first)).toBe(false);
  await room.slider('Morph').focus();
  await room.afterFace(() => opened.page.keyboard.press('Home'));
  await expect.poll(async () => same(await room.face(), first), LATE).toBe(true);
  await room.button('End morph').click();
  await room.settled();
});

it('face and sketch are saved as PNG, and the sketch is coloured from the face', async () => {
  const face = await room.download(() => opened.page.keyboard.press('Control+Shift+e'));
  expect((await sharp(await readFile(face.path)).metadata()).width).toBe(256);
  const sketch = await room.download(() => room.choose(/^Export/, 'Sketch as PNG'));
  expect((await sharp(await readFile(sketch.path)).metadata()).width).toBe(512);
  await room.choose(/^Colour sketch/, /Inkwash/);
  const studio = new StudioPage(opened.page);
  await studio.coloured();
  expect(await studio.layerNames()).toContain('Colour');
  expect(opened.complaints).toEqual([]);
});
