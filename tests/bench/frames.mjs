/* global window, addEventListener, requestAnimationFrame */
// A scripted drawing at 2480x3508 with ten layers in software-rendered Chromium, through real pen events: how long frames
// take, whether a pen reading is lost, what undo, eye and zoom cost, and what memory does over many strokes.
//   npm run build && npm run bench:frames [-- --seconds 30 --strokes 1000 --live --json]
// With --live the pen draws on the layer Lines while the live preview colours it from the sample's reference.
import { readFileSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { cpus, loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import { performance } from 'node:perf_hooks';
import { setTimeout as pause } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { launch, ms, penReading, percentile, root, serve, within, openDrawing } from './studio.mjs';

const { values } = parseArgs({
  options: {
    seconds: { type: 'string', default: '30' },
    strokes: { type: 'string', default: '1000' },
    profile: { type: 'string' },
    json: { type: 'boolean', default: false },
    live: { type: 'boolean', default: false },
  },
});
const SECONDS = Number(values.seconds);
const STROKES = Number(values.strokes);
const [WIDTH, HEIGHT] = [2480, 3508];
/** Pen readings a second, as drawing tablets give them. */
const RATE = 200;
/** An act whose picture is not there after so long is reported as missed and not waited for. */
const ACT_MS = 5000;
/** Without an answer to a pen reading for so long there is nothing left to measure. */
const STROKE_MS = 60_000;

/** Ten layers as a page under work has them: paper, flats, shading, colour in a group, washes, lines. */
async function tenLayers() {
  const { writeOra } = await import(join(root, 'dist/electron/document/ora.js'));
  const full = (colourAt) => {
    const data = new Uint8Array(WIDTH * HEIGHT * 4);
    for (let y = 0, at = 0; y < HEIGHT; y++)
      for (let x = 0; x < WIDTH; x++, at += 4) {
        const [r, g, b, a] = colourAt(x, y);
        data[at] = r;
        data[at + 1] = g;
        data[at + 2] = b;
        data[at + 3] = a;
      }
    return { data, width: WIDTH, height: HEIGHT, channels: 4, space: 'srgb' };
  };
  let ids = 0;
  const layer = (name, pixels, look = {}) => ({
    ...{
      kind: 'raster',
      // What the host takes for paper and lines is known by these.
      id: { Paper: 'paper', Lines: 'lines' }[name] ?? `layer-${++ids}`,
      name,
      visible: true,
      opacity: 1,
      blend: 'normal',
      locked: false,
    },
    ...{ x: 0, y: 0, pixels, ...look },
  });
  const blob = (seed, x, y) => Math.sin(x / (90 + seed * 13)) + Math.cos(y / (70 + seed * 17)) > 0.4;
  const flats = (seed, alpha) =>
    full((x, y) => (blob(seed, x, y) ? [80 + seed * 40, 200 - seed * 30, 120, alpha] : [0, 0, 0, 0]));
  const layers = [
    layer(
      'Paper',
      full(() => [255, 255, 255, 255]),
    ),
    layer('Flats', flats(1, 255)),
    layer('Flats 2', flats(2, 255)),
    layer('Wash', flats(3, 120), { opacity: 0.7 }),
    layer(
      'Shading',
      full((x, y) => [200 + (x % 40), 200 + (y % 50), 220, 255]),
      { blend: 'multiply', opacity: 0.8 },
    ),
    layer('Paint', flats(4, 200)),
    layer('Glow', flats(2, 90), { blend: 'screen' }),
    layer('Touch-up', flats(3, 60)),
    layer(
      'Lines',
      full((x, y) => ((x + y) % 97 < 3 || (x - y + 9000) % 131 < 3 ? [20, 20, 30, 255] : [0, 0, 0, 0])),
    ),
    layer('Notes', flats(4, 40), { opacity: 0.5 }),
  ];
  return writeOra({ width: WIDTH, height: HEIGHT, dpi: 300, layers });
}

const folder = await mkdtemp(join(tmpdir(), 'inkwash-bench-'));
const file = join(folder, 'page.ora');
await writeFile(file, await tenLayers());
const door = await serve();
const browser = await launch();
const rows = [];
const report = (id, text, value) => {
  rows.push({ id, ...value });
  console.log(values.json ? JSON.stringify({ id, ...value }) : text);
};

try {
  const context = await browser.newContext({ viewport: { width: 1280, height: 800 } });
  await context.addInitScript((live) => {
    localStorage.setItem('inkwash.live', String(live));
    // What reached the page, when frames were made, and drafts that came while the pen was down.
    const seen = { readings: 0, frames: [], on: false, drafts: 0 };
    window.__seen = seen;
    new PerformanceObserver((list) => {
      for (const { name } of list.getEntries()) if (seen.on && name === 'inkwash.live.draft') seen.drafts++;
    }).observe({ entryTypes: ['measure'] });
    addEventListener(
      'pointermove',
      (event) => {
        if (event.pointerType === 'pen' && event.buttons)
          seen.readings += Math.max(1, event.getCoalescedEvents().length);
      },
      { capture: true },
    );
    let last = 0;
    const frame = (now) => {
      if (seen.on && last) seen.frames.push(now - last);
      last = now;
      requestAnimationFrame(frame);
    };
    requestAnimationFrame(frame);
  }, values.live);
  const page = await openDrawing(context, door.url, file, 'page');
  await page.getByText('Touch-up', { exact: true }).first().waitFor({ timeout: 60_000 });
  await page
    .getByText(values.live ? 'Lines' : 'Paint', { exact: true })
    .last()
    .click();
  await page.locator('.stage').hover();
  await page.keyboard.press('b');
  await pause(1500);

  const session = await context.newCDPSession(page);
  const box = await page.locator('.stage').boundingBox();
  const at = (u, v) => [box.x + box.width * (0.34 + 0.32 * u), box.y + box.height * (0.1 + 0.8 * v)];
  const waiting = new Set();
  const pen = (type, place, force, buttons) => {
    const sent = penReading(session, type, place, force, buttons);
    waiting.add(sent);
    sent.finally(() => waiting.delete(sent));
    return sent;
  };
  const delivered = () => within(STROKE_MS, 'the answer to a pen reading', Promise.all(waiting));
  let sent = 0;
  /** A stroke along a curve, its readings at the pace of a tablet. */
  async function stroke(number, readings, paced) {
    const place = (part) => {
      const turn = number * 2.399 + part * 4;
      return at(0.5 + 0.45 * Math.sin(turn) * (0.3 + 0.7 * part), 0.5 + 0.45 * Math.cos(turn * 1.3));
    };
    await pen('mousePressed', place(0), 0.3, 1);
    const began = performance.now();
    for (let reading = 1; reading <= readings; reading++) {
      const part = reading / readings;
      pen('mouseMoved', place(part), 0.2 + 0.8 * Math.sin(part * Math.PI), 1);
      sent++;
      const due = began + (reading / RATE) * 1000;
      if (paced && due > performance.now()) await pause(due - performance.now());
      if (!paced && waiting.size > 30) await delivered();
    }
    await delivered();
    await within(STROKE_MS, 'the end of a stroke', pen('mouseReleased', place(1), 0, 0));
  }
  /** Acts that didn't reach the page, or whose picture didn't come, within their time. */
  const missed = [];
  /** Time from an act's event to its picture on the screen; undefined, and reported, when that never comes. */
  const timed = async (name, type, act) => {
    await page.evaluate((awaited) => {
      window.__took = new Promise((done) => {
        const told = (event) => {
          const began = event.timeStamp;
          requestAnimationFrame(() => setTimeout(() => done(performance.now() - began), 0));
        };
        addEventListener(awaited, told, { capture: true, once: true });
      });
    }, type);
    const took = act().then(() => page.evaluate(() => window.__took));
    took.catch(() => undefined);
    try {
      return await within(ACT_MS, `${type} and its picture`, took);
    } catch (error) {
      missed.push(`${name}: ${error instanceof Error ? error.message.split('\n')[0] : String(error)}`);
      return undefined;
    }
  };
  if (values.profile) {
    await session.send('Profiler.enable');
    await session.send('Profiler.start');
  }

  const acts = { undo: [], redo: [], eye: [], zoom: [] };
  const eye = page
    .locator('.docks, .dock, body')
    .getByRole('button', { name: /^(Hide|Show) Shading/, includeHidden: true })
    .first();
  if (process.env.INKWASH_SHOT) await page.screenshot({ path: process.env.INKWASH_SHOT });
  const until = performance.now() + SECONDS * 1000;
  let number = 0;
  while (performance.now() < until) {
    await page.evaluate(() => void (window.__seen.on = true));
    await stroke(number++, 200, true);
    await page.evaluate(() => void (window.__seen.on = false));
    const measure = async (name, type, act) => {
      const took = await timed(name, type, act);
      if (took !== undefined) acts[name].push(took);
    };
    if (number % 3 === 0) {
      await measure('undo', 'keydown', () => page.keyboard.press('Control+z'));
      await measure('redo', 'keydown', () => page.keyboard.press('Control+Shift+z'));
    }
    if (number % 4 === 0)
      for (let twice = 0; twice < 2; twice++)
        await measure('eye', 'click', () => eye.click({ timeout: ACT_MS }));
    if (number % 5 === 0)
      for (const by of [-240, 240]) {
        await page.mouse.move(...at(0.5, 0.5));
        await measure('zoom', 'wheel', () => page.mouse.wheel(0, by));
      }
  }
  const { readings, frames, drafts } = await page.evaluate(() => window.__seen);
  if (values.profile) {
    const { profile } = await session.send('Profiler.stop');
    await writeFile(values.profile, JSON.stringify(profile));
  }
  const [p50, p95, p99, worst] = [0.5, 0.95, 0.99, 1].map((part) => percentile(frames, part));
  const load = `load ${loadavg()[0].toFixed(1)} on ${cpus().length} cores`;
  report(
    'frames',
    `frames while drawing (${number} strokes, ${frames.length} frames, ${load}): median ${ms(p50)}, p95 ${ms(p95)} (at most 33), p99 ${ms(p99)}, worst ${ms(worst)}`,
    { p50, p95, p99, worst, load: loadavg()[0] },
  );
  report('readings', `pen readings: ${sent} sent, ${readings} arrived, ${sent - readings} lost`, {
    sent,
    arrived: readings,
  });
  if (values.live) report('drafts', `live previews that came while the pen was down: ${drafts}`, { drafts });
  for (const [act, times] of Object.entries(acts))
    if (times.length > 0)
      report(
        act,
        `${act}: median ${ms(percentile(times, 0.5))}, worst ${ms(percentile(times, 1))} of ${times.length}`,
        { median: percentile(times, 0.5), worst: percentile(times, 1) },
      );

  if (missed.length > 0) {
    report('missed', `acts that never arrived: ${missed.length}\n  ${missed.join('\n  ')}`, { missed });
    process.exitCode = 1;
  }

  if (STROKES > 0) {
    const browserSession = await browser.newBrowserCDPSession();
    const { processInfo } = await browserSession.send('SystemInfo.getProcessInfo');
    const renderers = processInfo.filter(({ type }) => type === 'renderer').map(({ id }) => id);
    const megabytes = () =>
      Math.max(
        ...renderers.map((id) => {
          try {
            return Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${id}/status`, 'utf8'))?.[1] ?? 0) / 1024;
          } catch {
            return 0;
          }
        }),
      );
    const collected = async () => {
      await session.send('HeapProfiler.collectGarbage');
      return megabytes();
    };
    const memory = [await collected()];
    for (let done = 0; done < STROKES; done++) {
      await stroke(done * 7 + 1, 24, false);
      if ((done + 1) % Math.max(1, Math.round(STROKES / 10)) === 0) memory.push(await collected());
    }
    report(
      'memory',
      `memory of the window, before and after each tenth of ${STROKES} strokes: ${memory.map((mb) => mb.toFixed(0)).join(' ')} MB`,
      { megabytes: memory },
    );
  }
} finally {
  await browser.close();
  await door.end();
  await rm(folder, { recursive: true, force: true });
}
