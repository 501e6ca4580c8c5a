/* global window, document, requestAnimationFrame */
// From the end of a pen stroke to its live preview on the screen: a page of 2480x3508 with two references, in
// software-rendered Chromium. The preview is seen where it is seen by an artist: in the pixels of the canvas.
//   npm run build && node tests/bench/live.mjs [--strokes 12] [--profile host.cpuprofile-folder] [--json]
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { cpus, loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import sharp from 'sharp';
import { launch, ms, penReading, percentile, root, serve, within, openDrawing } from './studio.mjs';

const { values } = parseArgs({
  options: {
    strokes: { type: 'string', default: '12' },
    profile: { type: 'string' },
    json: { type: 'boolean', default: false },
    shot: { type: 'string' },
  },
});
const STROKES = Number(values.strokes);
const PAGE = { width: 2480, height: 3508 };
/** A preview that is not there after so long is reported and not waited for. */
const PREVIEW_MS = 20_000;

const folder = await mkdtemp(join(tmpdir(), 'inkwash-live-'));
const samples = join(root, 'samples/first-minute');
const sample = JSON.parse(await readFile(join(samples, 'sample.json'), 'utf8'));
const file = join(folder, 'page.png');
await writeFile(
  file,
  await sharp(join(samples, sample.drawings[0].file))
    .resize(PAGE.width, PAGE.height, { fit: 'contain', background: '#ffffff' })
    .png()
    .toBuffer(),
);
const door = await serve(values.profile ? ['--cpu-prof', `--cpu-prof-dir=${values.profile}`] : []);
const browser = await launch();
try {
  const context = await browser.newContext({ viewport: { width: 1280, height: 800 } });
  await context.addInitScript(() => {
    localStorage.setItem('inkwash.live', 'true');
    const seen = { sent: [], previews: [], shown: [], released: 0, watching: false, last: '' };
    window.__live = seen;
    // What the window leaves of each preview in the browser's timeline (renderer/state/live-timing.ts).
    new PerformanceObserver((list) => {
      for (const { name, startTime, duration, detail } of list.getEntries())
        if (name.startsWith('inkwash.live.'))
          seen.previews.push({
            as: name.slice(13),
            started: startTime,
            taken: startTime + duration,
            ...detail,
          });
    }).observe({ entryTypes: ['measure'] });
    const send = WebSocket.prototype.send;
    WebSocket.prototype.send = function (bytes) {
      if (bytes instanceof Uint8Array && bytes.byteLength > 20_000) seen.sent.push(bytes.byteLength);
      return send.call(this, bytes);
    };
    window.addEventListener('pointerup', () => (seen.released = performance.now()), { capture: true });
    const look = () => {
      if (seen.watching) {
        const canvas = document.querySelector('.stage canvas');
        const { width, height } = canvas;
        let sum = 0;
        for (const part of [0.35, 0.5, 0.6]) {
          const { data } = canvas
            .getContext('2d')
            .getImageData(Math.round(width * part), Math.round(height * 0.02), 2, Math.round(height * 0.9));
          for (let i = 0; i < data.length; i++) sum = (sum * 31 + data[i]) | 0;
        }
        if (seen.last !== '' && sum !== seen.last) seen.shown.push(performance.now());
        seen.last = sum;
      }
      requestAnimationFrame(look);
    };
    requestAnimationFrame(look);
  });
  const page = await openDrawing(context, door.url, file, 'page');
  await page.getByRole('button', { name: /^Lines: Locked/ }).click();
  await page.getByText('Lines', { exact: true }).last().click();
  await page.locator('.stage').hover();
  await page.keyboard.press('b');
  await pause(4000);

  const session = await context.newCDPSession(page);
  const box = await page.locator('.stage').boundingBox();
  const at = (u, v) => [box.x + box.width * (0.4 + 0.2 * u), box.y + box.height * (0.1 + 0.8 * v)];
  const rows = [];
  const missed = [];
  for (let number = 0; number < STROKES; number++) {
    await page.evaluate(() => {
      Object.assign(window.__live, { sent: [], previews: [], shown: [], last: '', watching: false });
    });
    const v = 0.15 + (0.7 * number) / STROKES;
    await penReading(session, 'mousePressed', at(0.2, v), 0.5, 1);
    for (let step = 1; step <= 40; step++)
      await penReading(
        session,
        'mouseMoved',
        at(0.2 + (0.6 * step) / 40, v + 0.03 * Math.sin(step / 5)),
        0.6,
        1,
      );
    await page.evaluate(() => void (window.__live.watching = true));
    await pause(60);
    await penReading(session, 'mouseReleased', at(0.8, v), 0, 0);
    try {
      await within(
        PREVIEW_MS,
        'the preview',
        page.waitForFunction(
          () => {
            const { shown, previews, released } = window.__live;
            const whole = previews.find(({ as, started }) => as === 'whole' && started > released);
            const last = shown.at(-1);
            return whole && last > whole.taken && performance.now() - last > 400;
          },
          undefined,
          { polling: 50, timeout: PREVIEW_MS },
        ),
      );
    } catch (error) {
      missed.push(error.message.split('\n')[0]);
      continue;
    }
    const seen = await page.evaluate(() => window.__live);
    const after = seen.previews.filter(({ started }) => started > seen.released);
    const draft = after.find(({ as }) => as === 'draft');
    const whole = after.find(({ as }) => as === 'whole');
    const first = seen.shown.find((time) => time > draft.taken);
    const firstWhole = seen.shown.find((time) => time > whole.taken);
    rows.push({
      wait: draft.started - seen.released,
      lines: draft.lines,
      transport: draft.call - draft.host,
      read: draft.spentMs.lines,
      network: draft.spentMs.network,
      host: draft.host - draft.spentMs.lines - draft.spentMs.network,
      take: draft.take,
      frame: first - draft.taken,
      request: first - draft.started,
      total: first - seen.released,
      wholeCall: whole.call,
      wholeTotal: firstWhole - seen.released,
      during: seen.previews.filter(({ as, taken }) => as === 'draft' && taken <= seen.released).length,
      askedBytes: seen.sent[0] ?? 0,
    });
  }
  if (values.shot) await page.screenshot({ path: values.shot });
  const names = {
    wait: 'end of the stroke to the request',
    lines: 'the stroke on the small lines (window)',
    transport: 'the call, there and back, less the host',
    read: 'reading the lines (host)',
    network: 'the network, with its process (host)',
    host: 'the rest of the host',
    take: 'the draft on the last whole preview (window)',
    frame: 'to the first frame that shows it (window)',
    request: 'REQUEST TO THE FIRST FRAME',
    total: 'END OF THE STROKE TO THE FIRST FRAME',
    wholeCall: 'the whole preview: asked for to its answer',
    wholeTotal: 'end of the stroke to the first frame of the whole preview',
  };
  const load = `load ${loadavg()[0].toFixed(1)} on ${cpus().length} cores`;
  console.log(`live preview after ${rows.length} strokes, ${load}; medians, best, share of the request`);
  const listOf = (key) => rows.map((row) => row[key]);
  const request = percentile(listOf('request'), 0.5);
  for (const [key, name] of Object.entries(names)) {
    const median = percentile(listOf(key), 0.5);
    const best = Math.min(...listOf(key));
    const isPart = !['wait', 'request', 'total', 'wholeCall', 'wholeTotal'].includes(key);
    const share = isPart ? `${Math.round((100 * median) / request)} %` : '';
    if (values.json)
      console.log(JSON.stringify({ id: key, median, best, ...(isPart && { share: median / request }) }));
    else console.log(`  ${ms(median).padStart(10)}  ${ms(best).padStart(10)}  ${share.padStart(5)}  ${name}`);
  }
  console.log(
    `  ${Math.round(percentile(listOf('askedBytes'), 0.5) / 1024)} KiB asked; ` +
      `drafts shown while a stroke was drawn: ${percentile(listOf('during'), 0.5)} a stroke`,
  );
  if (missed.length > 0) {
    console.log(`missed ${missed.length}: ${missed.join('; ')}`);
    process.exitCode = 1;
  }
} finally {
  await browser.close();
  await door.end();
  await rm(folder, { recursive: true, force: true });
}
