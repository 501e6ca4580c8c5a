// Runs the built desktop program in a real Electron runtime: opens the sample, colours it, exports it, loses its host
// process and gets a new one, and is closed with unsaved colouring.
//   npm run test:desktop              the runtime of the electron package, if it was fetched
//   ELECTRON_OVERRIDE_DIST_PATH=DIR   a runtime unpacked in DIR
//   INKWASH_SHOT=FILE.png             a picture of the coloured window
// On Linux without a display it runs under Xvfb. A runtime older than Electron 28 has no ES modules in its main
// process: there main.js is bundled into a scratch folder first.
import { execFileSync, spawn, spawnSync } from 'node:child_process';
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath, pathToFileURL } from 'node:url';
import PSD from '@webtoon/psd';
import { _electron } from 'playwright-core';
import sharp from 'sharp';

const root = dirname(dirname(dirname(fileURLToPath(import.meta.url))));
const require = createRequire(import.meta.url);

function runtime() {
  const folder =
    process.env.ELECTRON_OVERRIDE_DIST_PATH ??
    join(dirname(require.resolve('electron/package.json')), 'dist');
  if (!existsSync(folder)) return undefined;
  if (process.platform === 'darwin') return join(folder, 'Electron.app/Contents/MacOS/Electron');
  if (process.platform === 'win32') return join(folder, 'electron.exe');
  // A repackaged runtime carries its program's name: it is the largest file there.
  const named = join(folder, 'electron');
  if (existsSync(named)) return named;
  const sizes = readdirSync(folder).map((name) => [statSync(join(folder, name)).size, join(folder, name)]);
  return sizes.sort((a, b) => b[0] - a[0])[0]?.[1];
}

const executable = runtime();
if (!executable) {
  console.error(
    'The desktop suite did not run: there is no Electron runtime. Set ELECTRON_OVERRIDE_DIST_PATH to one.',
  );
  process.exit(1);
}
const asked = spawnSync(
  executable,
  ['-p', 'process.versions.electron + " " + process.versions.node + " " + process.versions.chrome'],
  {
    env: { ...process.env, ELECTRON_RUN_AS_NODE: '1' },
    encoding: 'utf8',
  },
);
const [electron = '0', node, chrome] = asked.stdout.trim().split(' ');
console.log(`Electron ${electron} (Node ${node}, Chromium ${chrome})`);

const scratch = mkdtempSync(join(tmpdir(), 'inkwash-desktop-'));

/** The folder to start: the project itself, or for an old runtime a bundle that takes itself for the built main.js. */
async function program() {
  if (Number(electron.split('.')[0]) >= 28) return root;
  console.log('This runtime is older than ES modules in Electron: main.js is bundled for it.');
  const { build } = await import('esbuild');
  const folder = join(scratch, 'app');
  mkdirSync(folder);
  const main = join(root, 'dist/electron/main.js');
  await build({
    entryPoints: [main],
    outfile: join(folder, 'main.cjs'),
    bundle: true,
    platform: 'node',
    format: 'cjs',
    target: 'node16',
    external: ['electron'],
    banner: { js: `const importMetaUrl = ${JSON.stringify(pathToFileURL(main).href)};` },
    define: { 'import.meta.url': 'importMetaUrl' },
    logLevel: 'error',
  });
  writeFileSync(
    join(folder, 'package.json'),
    JSON.stringify({ name: 'inkwash', version: '0.0.0', main: 'main.cjs' }),
  );
  return folder;
}

/** A runtime that carries another program in its resources starts that one, whatever it is given: it is copied without. */
function bareRuntime() {
  const packed = join(dirname(executable), 'resources', 'app.asar');
  if (!existsSync(packed)) return executable;
  const copy = join(scratch, 'runtime');
  cpSync(dirname(executable), copy, { recursive: true, filter: (path) => path !== packed });
  return join(copy, basename(executable));
}

const children = [];
function end(code) {
  for (const child of children) child.kill('SIGKILL');
  rmSync(scratch, { recursive: true, force: true, maxRetries: 5 });
  process.exit(code);
}
const checks = [];
function check(name, good) {
  checks.push(good);
  console.log(`${good ? 'ok  ' : 'FAIL'} ${name}`);
}

/** Process ids of what a process has started, and of what those have started; none on Windows, which has no `ps`. */
function descendants(pid) {
  if (process.platform === 'win32') return [];
  const rows = execFileSync('ps', ['-A', '-o', 'pid=,ppid=,args='], { encoding: 'utf8' })
    .trim()
    .split('\n')
    .map((row) => /^\s*(\d+)\s+(\d+)\s+(.*)$/.exec(row))
    .map(([, id, parent, args]) => ({ pid: Number(id), parent: Number(parent), args }));
  const below = (parent) =>
    rows.filter((row) => row.parent === parent).flatMap((row) => [row, ...below(row.pid)]);
  return below(pid);
}
const runs = (pid) => {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
};
async function within(seconds, holds) {
  const until = Date.now() + seconds * 1000;
  while (Date.now() < until) {
    if (await holds()) return true;
    await sleep(100);
  }
  return false;
}

/** Mean distance of a picture's pixels from grey, 0–255: nought for ink on paper. */
async function colourfulness(bytes) {
  const { data } = await sharp(bytes).removeAlpha().raw().toBuffer({ resolveWithObject: true });
  let sum = 0;
  for (let at = 0; at < data.length; at += 3)
    sum += Math.max(data[at], data[at + 1], data[at + 2]) - Math.min(data[at], data[at + 1], data[at + 2]);
  return sum / (data.length / 3);
}

const layerNames = (nodes) => nodes.flatMap((node) => [node.name, ...layerNames(node.children ?? [])]);

async function walk(desktop, started) {
  const page = await desktop.firstWindow();
  await page
    .waitForURL(/index\.html/, { timeout: 60_000 })
    .catch(() => console.log(`     the window is at ${page.url()}`));
  const errors = [];
  page.on('pageerror', (error) => errors.push(error.message));
  await page.waitForLoadState();
  check('the window is Inkwash', (await page.title()).startsWith('Inkwash'));
  check(
    'the page has no Node',
    await page.evaluate('typeof require === "undefined" && typeof process === "undefined"'),
  );
  check(
    'the page has the bridge and nothing more',
    await page.evaluate('Object.keys(window.inkwash).sort().join() === "listen,send"'),
  );

  const notices = async () => (await page.locator('.notice').allInnerTexts()).join(' | ');
  async function colour() {
    const apply = page.getByRole('button', { name: /^Apply/ }).first();
    await apply.waitFor({ timeout: 60_000 });
    await apply.click();
    await page
      .getByText('Flats', { exact: true })
      .first()
      .waitFor({ timeout: 90_000 })
      .catch(async (cause) => {
        throw new Error(`no Flats; the window says: ${await notices()}`, { cause });
      });
    await sleep(100); // by now Cancel stands where Apply stood
    await apply.waitFor({ timeout: 90_000 });
  }
  async function exported(item, file) {
    await desktop.evaluate(({ session }, path) => {
      session.defaultSession.once('will-download', (_, download) => download.setSavePath(path));
    }, file);
    await page.getByRole('menuitem', { name: 'File', exact: true }).click();
    await page.getByRole('menu').getByText(item).click();
    if (!(await within(60, () => existsSync(file))))
      throw new Error(`no ${basename(file)}; the window says: ${await notices()}`);
    return readFileSync(file);
  }

  await page.locator('.stage canvas').waitFor({ timeout: 60_000 });
  console.log(`     the sample is there after ${((Date.now() - started) / 1000).toFixed(1)} s`);
  await colour();
  for (const name of ['Lines', 'Shading', 'Flats', 'Colour'])
    check(`the layer ${name} is there`, (await page.getByText(name, { exact: true }).count()) > 0);
  await sleep(500);
  if (process.env.INKWASH_SHOT) await page.screenshot({ path: process.env.INKWASH_SHOT });

  const drawing = readFileSync(join(root, 'samples/first-minute/boy-with-kitten.webp'));
  const { width, height } = await sharp(drawing).metadata();
  const psd = (PSD.default ?? PSD).parse(
    new Uint8Array(await exported('Export PSD', join(scratch, 'sample.psd'))).buffer,
  );
  check('the PSD is as large as the drawing', psd.width === width && psd.height === height);
  check(
    'the PSD has the four layers, lines above',
    layerNames(psd.children).filter((name) => /^(Lines|Shading|Flats|Colour)$/.test(name))[0] === 'Lines' &&
      ['Shading', 'Flats', 'Colour'].every((name) => layerNames(psd.children).includes(name)),
  );
  const png = await exported('Export PNG', join(scratch, 'sample.png'));
  const [before, after] = [await colourfulness(drawing), await colourfulness(png)];
  check(`the PNG is coloured (${before.toFixed(1)} before, ${after.toFixed(1)} after)`, after > before + 10);

  const hostOf = () =>
    descendants(desktop.process().pid).find(({ args }) => args.includes('host-process.js'));
  if (process.platform !== 'win32') {
    const first = hostOf();
    process.kill(first.pid, 'SIGKILL');
    await page.locator('.notice.error').getByText('stopped').waitFor({ timeout: 10_000 });
    console.log(`     the window says: ${(await notices()).replaceAll('\n', ' ')}`);
    await page.getByRole('button', { name: 'Reconnect' }).click();
    await page.getByText('Connected again.').waitFor({ timeout: 30_000 });
    check('a lost host is started again on request', hostOf() && hostOf().pid !== first.pid);
    await sleep(500);
    check('it still has the colouring', (await page.getByText('Flats', { exact: true }).count()) > 0);
  }
  await colour();
  check('colouring works after that', (await page.locator('.notice.error').count()) === 0);

  const family = descendants(desktop.process().pid).filter(({ args }) => args.includes('dist/electron'));
  await desktop.evaluate(({ BrowserWindow, dialog }) => {
    globalThis.asked = [];
    globalThis.answer = 0;
    dialog.showMessageBoxSync = (_, options) => {
      globalThis.asked.push(options.message);
      return globalThis.answer;
    };
    BrowserWindow.getAllWindows()[0].close();
  });
  const asks = await within(10, () => desktop.evaluate(() => globalThis.asked.length === 1));
  await sleep(300);
  check('closing with unsaved colouring asks, and stays when told so', asks && !page.isClosed());
  check(`no errors in the page${errors.length ? `: ${errors.join('; ')}` : ''}`, errors.length === 0);

  const over = new Promise((resolve) => desktop.process().once('exit', resolve));
  await desktop.evaluate(({ BrowserWindow }) => {
    globalThis.answer = 1;
    BrowserWindow.getAllWindows()[0].close();
  });
  const code = await Promise.race([over, sleep(15_000, 'still running')]);
  check('it closes when told so, with exit code 0', code === 0);
  if (process.platform !== 'win32')
    check(
      `nothing of it runs on (${family.length} processes)`,
      family.length > 0 && (await within(3, () => !family.some(({ pid }) => runs(pid)))),
    );
}

let desktop;
try {
  const env = { ...process.env, INKWASH_NODE: process.execPath };
  delete env.ELECTRON_RUN_AS_NODE;
  if (process.platform === 'linux' && !env.DISPLAY) {
    env.DISPLAY = ':97';
    children.push(spawn('Xvfb', [env.DISPLAY, '-screen', '0', '1600x1000x24'], { stdio: 'ignore' }));
    await sleep(1000);
  }
  const flags = [`--user-data-dir=${join(scratch, 'profile')}`, '--disable-gpu'];
  if (process.getuid?.() === 0) flags.push('--no-sandbox');
  const folder = await program();
  const app = bareRuntime();
  if (app !== executable) symlinkSync(folder, join(dirname(app), 'resources', 'app'));
  const started = Date.now();
  desktop = await _electron.launch({
    executablePath: app,
    args: app === executable ? [folder, ...flags] : flags,
    env,
  });
  children.push(desktop.process());
  if (process.env.INKWASH_LOG) desktop.process().stderr?.pipe(process.stderr);
  await walk(desktop, started);
} catch (error) {
  const page = desktop?.windows()[0];
  if (process.env.INKWASH_SHOT)
    await page?.screenshot({ path: process.env.INKWASH_SHOT }).catch(() => undefined);
  check(
    `the walk: ${error instanceof Error ? [error.message, error.cause?.message].join(' ') : error}`,
    false,
  );
}
const failed = checks.filter((good) => !good).length;
console.log(`${checks.length - failed} passed, ${failed} failed`);
end(failed ? 1 : 0);
