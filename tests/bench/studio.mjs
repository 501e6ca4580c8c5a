// What the benches of the window share: the browser door on a folder of its own, Chromium without a GPU, a pen.
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { chromium } from 'playwright-core';

export const root = dirname(dirname(dirname(fileURLToPath(import.meta.url))));

/** `inkwash serve` with an empty data folder; `end` stops it and removes the folder. `nodeWords` go to Node. */
export async function serve(nodeWords = []) {
  const data = await mkdtemp(join(tmpdir(), 'inkwash-bench-data-'));
  const words = [
    ...nodeWords,
    join(root, 'dist/electron/cli.js'),
    'serve',
    '--port',
    '0',
    '--provider',
    'cpu',
  ];
  const child = spawn(process.execPath, words, { env: { ...process.env, INKWASH_DATA: data } });
  const ended = new Promise((resolve) => child.once('exit', resolve));
  const url = await new Promise((resolve, reject) => {
    let said = '';
    const listen = (chunk) => {
      said += chunk;
      const found = /http:\/\/127\.0\.0\.1:\d+\/\?token=[\w-]+/.exec(said);
      if (found) resolve(found[0]);
    };
    child.stdout.on('data', listen);
    child.stderr.on('data', listen);
    child.once('exit', (code) => reject(new Error(`inkwash serve ended with ${code}: ${said}`)));
  });
  const end = async () => {
    child.kill('SIGTERM');
    await Promise.race([ended, pause(10_000, undefined, { ref: false })]);
    await rm(data, { recursive: true, force: true });
  };
  return { url, end };
}

export function launch() {
  const executablePath =
    process.env.INKWASH_CHROMIUM ?? (existsSync('/usr/bin/chromium') ? '/usr/bin/chromium' : undefined);
  return chromium.launch({
    ...(executablePath && { executablePath }),
    chromiumSandbox: process.getuid?.() !== 0,
    args: ['--headless=new', '--disable-gpu', '--no-first-run', '--enable-precise-memory-info'],
  });
}

/** A window of the context with the drawing `file` in it; the drawing's name begins with `name`. */
export async function openDrawing(context, url, file, name) {
  const page = await context.newPage();
  page.on('filechooser', () => undefined);
  await page.goto(url);
  await page.locator('.stage canvas').waitFor();
  const [chooser] = await Promise.all([page.waitForEvent('filechooser'), page.keyboard.press('Control+o')]);
  await chooser.setFiles([file]);
  await page.locator('.holder.current', { hasText: name }).waitFor({ timeout: 120_000 });
  return page;
}

/** What an awaited thing gives, or an error that says what didn't come. */
export const within = (limitMs, what, awaited) =>
  Promise.race([
    awaited,
    pause(limitMs, undefined, { ref: false }).then(() => {
      throw new Error(`${what} did not come within ${limitMs} ms`);
    }),
  ]);

export const percentile = (list, part) =>
  list.toSorted((a, b) => a - b)[Math.min(list.length - 1, Math.floor(list.length * part))] ?? 0;

export const ms = (value) => `${value.toFixed(1)} ms`;

/** Sends one reading of a pen through the browser's own input; resolves when the page has taken it. */
export const penReading = (session, type, [x, y], force, buttons) =>
  session.send('Input.dispatchMouseEvent', {
    ...{ type, x, y, force, buttons, button: 'left', pointerType: 'pen' },
    clickCount: type === 'mouseMoved' ? 0 : 1,
  });
