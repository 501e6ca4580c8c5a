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
    const seen = { sent: [], came: [], shown: [], released: 0, watching: false, last: '' };
    window.__live = seen;
    // Calls and answers, as they pass.
    const channelOf = (bytes) => {
      const head = new TextDecoder('latin1').decode(bytes.subarray(0, 64));
      return /(painting\.put|colorize\.preview|colour\.keep)/.exec(head)?.[1];
    };
    const send = WebSocket.prototype.send;
    WebSocket.prototype.send = function (bytes) {
      const channel = bytes instanceof Uint8Array ? channelOf(bytes) : undefined;
      if (channel) seen.sent.push({ at: performance.now(), channel, bytes: bytes.byteLength });
      if (!this.__watched) {
        this.__watched = true;
        this.addEventListener('message', ({ data }) => {
          if (data instanceof ArrayBuffer && data.byteLength > 20_000)
            seen.came.push({ at: performance.now(), bytes: data.byteLength });
        });
      }
      return send.call(this, bytes);
    };
    window.addEventListener('pointerup', () => (seen.released = performance.now()), { capture: true });
    const look = () => {
      if (seen.watching) {
        const canvas = document.querySelector('.stage canvas');
        const { width, height } = canvas;
        const { data } = canvas
          .getContext('2d')
          .getImageData(Math.round(width * 0.3), Math.round(height * 0.02), 4, Math.round(height * 0.9));
        let sum = 0;
        for (let i = 0; i < data.length; i++) sum = (sum * 31 + data[i]) | 0;
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
      Object.assign(window.__live, { sent: [], came: [], shown: [], last: '', watching: false });
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
            const { shown, came, released } = window.__live;
            const answer = came.find(({ at: time }) => time > released);
            const last = shown.at(-1);
            return answer && last > answer.at && performance.now() - last > 400;
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
    const asked = seen.sent.find(
      ({ channel, at: time }) => channel === 'colorize.preview' && time > seen.released,
    );
    const puts = seen.sent.filter(
      ({ channel, at: time }) => channel === 'painting.put' && time > seen.released && time < asked.at,
    );
    const answer = seen.came.find(({ at: time }) => time > asked.at);
    const first = seen.shown.find((time) => time > answer.at);
    rows.push({
      wait: (puts[0]?.at ?? asked.at) - seen.released,
      put: puts.length > 0 ? asked.at - puts[0].at : 0,
      host: answer.at - asked.at,
      shown: first - answer.at,
      total: first - seen.released,
      faded: seen.shown.at(-1) - seen.released,
      askedBytes: asked.bytes,
      putBytes: puts.reduce((sum, { bytes }) => sum + bytes, 0),
      answerBytes: answer.bytes,
    });
  }
  if (values.shot) await page.screenshot({ path: values.shot });
  const names = {
    wait: 'end of the stroke to the first message',
    put: 'what was painted to the host, before the preview is asked for',
    host: 'preview asked for to its answer',
    shown: 'answer to the first frame that shows it',
    total: 'END OF THE STROKE TO THE FIRST FRAME',
    faded: 'end of the stroke to the last frame of the fade',
  };
  const load = `load ${loadavg()[0].toFixed(1)} on ${cpus().length} cores`;
  console.log(`live preview after ${rows.length} strokes, ${load}; medians and best`);
  for (const [key, name] of Object.entries(names)) {
    const list = rows.map((row) => row[key]);
    if (values.json)
      console.log(JSON.stringify({ id: key, median: percentile(list, 0.5), best: Math.min(...list) }));
    else
      console.log(
        `  ${ms(percentile(list, 0.5)).padStart(10)}  ${ms(Math.min(...list)).padStart(10)}  ${name}`,
      );
  }
  const kib = (key) =>
    `${Math.round(
      percentile(
        rows.map((row) => row[key]),
        0.5,
      ) / 1024,
    )} KiB`;
  console.log(
    `  bytes: ${kib('putBytes')} painted, ${kib('askedBytes')} asked, ${kib('answerBytes')} answered`,
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
