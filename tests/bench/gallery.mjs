// Times the gallery with many pictures: node tests/bench/gallery.mjs [pictures, 5000 when left out]. After `npm run build`.
// Adds sixty pictures in earnest, multiplies their rows and files, then opens, searches, compares and scrolls.
/* global document, requestAnimationFrame */
import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { copyFileSync, existsSync, linkSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { performance } from 'node:perf_hooks';
import { fileURLToPath } from 'node:url';
import { chromium } from 'playwright-core';
import sharp from 'sharp';

const root = fileURLToPath(new URL('../../', import.meta.url));
const { createGallery } = await import(join(root, 'dist/electron/gallery/gallery.js'));
const { openDatabase } = await import(join(root, 'dist/electron/gallery/database.js'));

const count = Number(process.argv[2] ?? 5000);
const ADDED = 60;
const SIDE_PX = 1200;
const data = mkdtempSync(join(tmpdir(), 'inkwash-bench-gallery-'));
const folder = join(data, 'gallery');

const say = (what, text) => console.log(`${what.padEnd(46)} ${text}`);
const ms = (value) => `${value < 10 ? value.toFixed(1) : Math.round(value)} ms`;
/** Median of several, after one that does not count. */
async function time(what, work, times = 9) {
  const taken = [];
  for (let n = 0; n <= times; n++) {
    const started = performance.now();
    await work();
    if (n > 0) taken.push(performance.now() - started);
  }
  say(what, ms(taken.sort((a, b) => a - b)[Math.floor(times / 2)]));
}

async function picture(seed) {
  const at = (n) => (((seed + 1) * 7919 + n * 104729) % 991) / 991;
  const shapes = Array.from({ length: 24 }, (_, n) => {
    const [x, y, r, hue] = [at(n), at(n + 40), at(n + 80), at(n + 120)];
    return `<circle cx="${SIDE_PX * x}" cy="${SIDE_PX * y}" r="${40 + 200 * r}" fill="hsl(${360 * hue} 60% ${30 + 40 * r}%)"/>`;
  });
  const svg = `<svg xmlns="http://www.w3.org/2000/svg" width="${SIDE_PX}" height="${SIDE_PX}"><rect width="100%" height="100%" fill="#f4f1e8"/>${shapes.join('')}</svg>`;
  return sharp(Buffer.from(svg)).png().toBuffer();
}

async function fill() {
  const gallery = createGallery(folder);
  const pictures = await Promise.all(Array.from({ length: ADDED }, (_, seed) => picture(seed)));
  const started = performance.now();
  for (const [seed, bytes] of pictures.entries())
    await gallery.add(`picture ${seed}.png`, bytes, [`character ${seed % 20}`]);
  say(`add a picture, ${SIDE_PX} px`, ms((performance.now() - started) / ADDED));
  await gallery.close();

  const database = openDatabase(join(folder, 'gallery.db'));
  const rows = database.rows('SELECT * FROM pictures');
  const names = Object.keys(rows[0]).filter((name) => name !== 'id');
  const insert = `INSERT INTO pictures (${names.join()}) VALUES (${names.map(() => '?').join()})`;
  database.transact(() => {
    for (let n = rows.length; n < count; n++) {
      const row = rows[n % rows.length];
      const hash = randomBytes(32).toString('hex');
      const likeness = Uint8Array.from(row.likeness);
      likeness.set(randomBytes(8));
      const changed = { ...row, hash, likeness, name: `copy ${n}.png`, folded: `copy ${n}.png` };
      database.run(insert, ...names.map((name) => changed[name]));
      const { id } = database.row('SELECT id FROM pictures WHERE hash = ?', hash);
      database.run(
        'INSERT INTO colours SELECT ?, l, a, b, share FROM colours WHERE picture_id = ?',
        id,
        row.id,
      );
      database.run(
        'INSERT INTO picture_tags SELECT ?, tag_id FROM picture_tags WHERE picture_id = ?',
        id,
        row.id,
      );
      for (const [top, ending, copy] of [
        ['pictures', 'png', linkSync],
        ['thumbnails', 'webp', copyFileSync],
      ]) {
        const to = join(folder, top, hash.slice(0, 2), `${hash}.${ending}`);
        mkdirSync(dirname(to), { recursive: true });
        copy(join(folder, top, row.hash.slice(0, 2), `${row.hash}.${ending}`), to);
      }
    }
  });
  database.close();
}

async function ask() {
  const query = { text: '', tags: [], favourites: false, missing: false, sort: 'added', reversed: false };
  let gallery = createGallery(folder);
  await time('open', async () => {
    await gallery.close();
    gallery = createGallery(folder);
    await gallery.state();
  });
  const { ids } = await gallery.search(query);
  say('pictures', String(ids.length));
  await time('what there is', () => gallery.state());
  await time('search: all', () => gallery.search(query));
  await time('search: two words', () => gallery.search({ ...query, text: 'copy 42' }));
  await time('search: a tag', () => gallery.search({ ...query, tags: ['character 7'] }));
  await time('search: a colour', () => gallery.search({ ...query, colour: '#c04030' }));
  await time('details of 200', () => gallery.pictures(ids.slice(1000, 1200)));
  await time('thumbnails of 24', () => gallery.thumbnails(ids.slice(1000, 1024)));
  await time('tag 4000', () => gallery.tag(ids.slice(0, 4000), ['all'], []), 3);
  await time('lookalikes', () => gallery.lookalikes(), 3);
  await gallery.close();
}

async function scroll() {
  const env = { ...process.env, INKWASH_DATA: data };
  const cli = join(root, 'dist/electron/cli.js');
  const door = spawn(process.execPath, [cli, 'serve', '--port', '0'], { env });
  const url = await new Promise((resolve) => {
    let said = '';
    door.stdout.on('data', (text) => {
      said += text;
      const address = /http:\/\/127\.0\.0\.1:\d+\/\?token=[\w-]+/.exec(said);
      if (address) resolve(address[0]);
    });
  });
  const system = process.env.INKWASH_CHROMIUM ?? '/usr/bin/chromium';
  const browser = await chromium.launch({
    executablePath: existsSync(system) ? system : chromium.executablePath(),
    chromiumSandbox: process.getuid?.() !== 0,
    args: ['--headless=new', '--disable-gpu'],
  });
  try {
    const page = await browser.newPage({ viewport: { width: 1280, height: 800 } });
    await page.addInitScript(() => localStorage.setItem('inkwash.gallery.shown', 'true'));
    await page.goto(url);
    await page.locator('.gallery [role="option"] img').nth(5).waitFor();
    const measured = await page.evaluate(async () => {
      const list = document.querySelector('.gallery [role="listbox"]');
      const frame = () => new Promise((resolve) => requestAnimationFrame(resolve));
      const frames = [];
      let last = await frame();
      for (let n = 0; n < 240; n++) {
        list.scrollTop += 90;
        const now = await frame();
        frames.push(now - last);
        last = now;
      }
      frames.sort((a, b) => a - b);
      const started = performance.now();
      list.scrollTop = list.scrollHeight / 2;
      await frame();
      const inSight = () => {
        const box = list.getBoundingClientRect();
        return [...list.querySelectorAll('[role="option"]')].filter((tile) => {
          const { top, bottom } = tile.getBoundingClientRect();
          return bottom > box.top && top < box.bottom;
        });
      };
      while (inSight().some((tile) => !tile.querySelector('img'))) await frame();
      return {
        median: frames[120],
        p95: frames[228],
        jump: performance.now() - started,
        options: list.querySelectorAll('[role="option"]').length,
      };
    });
    say('scrolling, median frame', ms(measured.median));
    say('scrolling, p95 frame', ms(measured.p95));
    say('jump to the middle until all in sight are shown', ms(measured.jump));
    say('elements in the grid', String(measured.options));
  } finally {
    await browser.close();
    door.kill();
  }
}

try {
  await fill();
  await ask();
  await scroll();
} finally {
  rmSync(data, { recursive: true, force: true });
}
