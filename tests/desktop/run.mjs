// Runs the built desktop program in a real Electron runtime and walks the first minute in it.
//   npm run test:desktop              the runtime of the electron package, if it was fetched
//   ELECTRON_OVERRIDE_DIST_PATH=DIR   a runtime unpacked in DIR
// On Linux without a display it runs under Xvfb. A runtime older than Electron 28 has no ES modules in its main
// process: there main.js is bundled into a scratch folder first, and the few newer built-ins are filled in.
import { spawn, spawnSync } from 'node:child_process';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { chromium } from 'playwright-core';

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

/** The folder to start: the project itself, or for an old runtime a bundle with the same places around it. */
async function program() {
  if (Number(electron.split('.')[0]) >= 28) return root;
  console.log('This runtime is older than ES modules in Electron: main.js is bundled for it.');
  const { build } = await import('esbuild');
  const folder = join(scratch, 'app');
  mkdirSync(join(folder, 'dist', 'electron'), { recursive: true });
  for (const name of ['models', 'samples', 'node_modules', 'package.json'])
    symlinkSync(join(root, name), join(folder, name));
  symlinkSync(join(root, 'dist/renderer'), join(folder, 'dist/renderer'));
  symlinkSync(join(root, 'dist/electron/preload.cjs'), join(folder, 'dist/electron/preload.cjs'));
  const fill = `
    for (const [name, make] of Object.entries({
      toSorted() { return [...this].sort(...arguments); },
      toReversed() { return [...this].reverse(); },
      toSpliced() { const copy = [...this]; copy.splice(...arguments); return copy; },
      with(i, v) { const copy = [...this]; copy[i < 0 ? i + copy.length : i] = v; return copy; },
      findLast(test) { return [...this].reverse().find(test); },
    })) if (!Array.prototype[name]) Object.defineProperty(Array.prototype, name, { value: make, configurable: true, writable: true });
    if (!globalThis.structuredClone) globalThis.structuredClone = (v) => require('node:v8').deserialize(require('node:v8').serialize(v));
    const importMetaUrl = ${JSON.stringify(new URL(`file://${root}/dist/electron/main.js`).href)};`;
  await build({
    entryPoints: [join(root, 'dist/electron/main.js')],
    outfile: join(folder, 'main.cjs'),
    bundle: true,
    platform: 'node',
    format: 'cjs',
    target: 'node16',
    external: ['electron', 'sharp', '@techstark/opencv-js'],
    banner: { js: fill },
    define: { 'import.meta.url': 'importMetaUrl' },
    logLevel: 'error',
  });
  rmSync(join(folder, 'package.json'));
  writeFileSync(
    join(folder, 'package.json'),
    JSON.stringify({ name: 'inkwash', version: '0.0.0', main: 'main.cjs' }),
  );
  return folder;
}

const children = [];
function end(code) {
  for (const child of children) child.kill('SIGKILL');
  rmSync(scratch, { recursive: true, force: true });
  process.exit(code);
}
const checks = [];
function check(name, good) {
  checks.push(good);
  console.log(`${good ? 'ok  ' : 'FAIL'} ${name}`);
}

try {
  const env = { ...process.env };
  delete env.ELECTRON_RUN_AS_NODE;
  if (process.platform === 'linux' && !env.DISPLAY) {
    env.DISPLAY = ':97';
    children.push(spawn('Xvfb', [env.DISPLAY, '-screen', '0', '1600x1000x24'], { stdio: 'ignore' }));
    await new Promise((resolve) => setTimeout(resolve, 1000));
  }
  const port = 20_000 + (process.pid % 20_000);
  const flags = [`--remote-debugging-port=${port}`, `--user-data-dir=${join(scratch, 'profile')}`];
  if (process.getuid?.() === 0) flags.push('--no-sandbox');
  const started = Date.now();
  const child = spawn(executable, [await program(), ...flags, '--disable-gpu'], {
    env,
    stdio: ['ignore', 'inherit', 'inherit'],
  });
  children.push(child);
  let browser;
  let reason;
  for (let i = 0; i < 30 && !browser; i++) {
    await new Promise((resolve) => setTimeout(resolve, 500));
    browser = await chromium.connectOverCDP(`http://127.0.0.1:${port}`, { timeout: 20_000 }).catch((error) => void (reason = error));
  }
  if (!browser) throw new Error('the program did not start', { cause: reason });
  const [context] = browser.contexts();
  const page = context.pages()[0] ?? (await context.waitForEvent('page'));
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
  const apply = page.getByRole('button', { name: /^(Apply|Colou?r)/ }).first();
  await apply.waitFor({ timeout: 60_000 });
  console.log(`     usable after ${((Date.now() - started) / 1000).toFixed(1)} s`);
  await apply.click();
  await page.getByText('Flats', { exact: true }).first().waitFor({ timeout: 120_000 });
  for (const name of ['Lines', 'Shading', 'Flats', 'Colour'])
    check(`the layer ${name} is there`, (await page.getByText(name, { exact: true }).count()) > 0);
  check(`no errors in the page${errors.length ? `: ${errors.join('; ')}` : ''}`, errors.length === 0);
  const shot = process.env.INKWASH_SHOT;
  if (shot) await page.screenshot({ path: shot });
  await browser.close();
} catch (error) {
  check(`the walk through the first minute: ${error instanceof Error ? [error.message, error.cause?.message].join(' ') : error}`, false);
}
const failed = checks.filter((good) => !good).length;
console.log(`${checks.length - failed} passed, ${failed} failed`);
end(failed ? 1 : 0);
