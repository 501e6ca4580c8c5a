// The Electron runtime the desktop suite runs in, and how the program is started in it.
import { spawn, spawnSync } from 'node:child_process';
import {
  cpSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { createRequire } from 'node:module';
import { basename, dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { build } from 'esbuild';
import { _electron } from 'playwright-core';

export const root = dirname(dirname(dirname(fileURLToPath(import.meta.url))));
const require = createRequire(import.meta.url);

/** A packaged directory (`electron-builder --dir`), to walk through that instead. */
const packaged = process.env.INKWASH_PACKAGE;

function executableOf(folder) {
  if (process.platform === 'darwin') {
    const app = readdirSync(folder).find((name) => name.endsWith('.app'));
    const inside = join(folder, app ?? 'Electron.app', 'Contents/MacOS');
    return existsSync(inside) ? join(inside, readdirSync(inside)[0]) : undefined;
  }
  // A repackaged runtime carries its program's name: it is the largest file there.
  const sizes = readdirSync(folder).map((name) => [statSync(join(folder, name)).size, join(folder, name)]);
  return sizes.sort((a, b) => b[0] - a[0])[0]?.[1];
}

function findRuntime() {
  const folder =
    packaged ??
    process.env.ELECTRON_OVERRIDE_DIST_PATH ??
    join(dirname(require.resolve('electron/package.json')), 'dist');
  return existsSync(folder) ? executableOf(folder) : undefined;
}

/**
 * The program in a runtime, ready to be started; undefined without one. A runtime older than Electron 28 has no ES
 * modules in its main process and one older than 29 no `webUtils`: there a copy of the runtime gets a bundle of the
 * built main.js, which otherwise takes itself for it, and a preload script that asks the file itself where it lies.
 */
export async function prepareProgram(scratch) {
  const executable = findRuntime();
  if (!executable) return undefined;
  const asked = spawnSync(executable, ['-p', 'JSON.stringify(process.versions)'], {
    env: { ...process.env, ELECTRON_RUN_AS_NODE: '1' },
    encoding: 'utf8',
  });
  const { electron, node, chrome } = JSON.parse(asked.stdout);
  console.log(`Electron ${electron} (Node ${node}, Chromium ${chrome ?? 'unknown'})`);
  const isOld = Number(electron.split('.')[0]) < 29;
  if (!isOld) return { executable, args: packaged ? [] : [root] };

  console.log('This runtime is older than the program: its main process is bundled for it.');
  const folder = join(scratch, 'runtime');
  // Hard links would be changed by the copy's files that are written anew; those are left out.
  const isOurs = (path) => /\/resources\/(?:app\.asar|app\/package\.json)$/.test(path);
  cpSync(dirname(executable), folder, { recursive: true, filter: (path) => !isOurs(path) });
  const app = join(folder, 'resources', 'app');
  const program = packaged ? app : root;
  mkdirSync(app, { recursive: true });
  const preload = join(app, 'preload-old.cjs');
  const text = readFileSync(join(program, 'dist/electron/preload.cjs'), 'utf8');
  writeFileSync(
    preload,
    text.replaceAll(/import_electron\d*\.webUtils/g, '({ getPathForFile: (f) => f.path })'),
  );
  const main = join(program, 'dist/electron/main.js');
  await build({
    entryPoints: [main],
    outfile: join(app, 'main-old.cjs'),
    bundle: true,
    platform: 'node',
    format: 'cjs',
    target: 'node16',
    external: ['electron'],
    banner: { js: `const importMetaUrl = ${JSON.stringify(pathToFileURL(main).href)};` },
    define: { 'import.meta.url': 'importMetaUrl' },
    logLevel: 'error',
  });
  const bundled = readFileSync(join(app, 'main-old.cjs'), 'utf8');
  writeFileSync(
    join(app, 'main-old.cjs'),
    bundled.replaceAll('"./preload.cjs"', JSON.stringify(pathToFileURL(preload).href)),
  );
  const about = packaged
    ? join(dirname(executable), 'resources/app/package.json')
    : join(root, 'package.json');
  const { name, version, type } = JSON.parse(readFileSync(about, 'utf8'));
  writeFileSync(join(app, 'package.json'), JSON.stringify({ name, version, type, main: 'main-old.cjs' }));
  return { executable: join(folder, basename(executable)), args: [] };
}

/** On Linux without a display, a virtual one. @returns how to end it. */
export async function openDisplay(env) {
  if (process.platform !== 'linux' || env.DISPLAY) return () => undefined;
  env.DISPLAY = ':97';
  const display = spawn('Xvfb', [env.DISPLAY, '-screen', '0', '1600x1000x24'], { stdio: 'ignore' });
  await sleep(1000);
  return () => display.kill('SIGKILL');
}

/** Starts it as an artist does, with files to open; what it keeps lies in `scratch`. */
export function programIn(program, scratch, env) {
  const flags = [`--user-data-dir=${join(scratch, 'profile')}`, '--disable-gpu'];
  if (process.getuid?.() === 0) flags.push('--no-sandbox');
  const data = join(scratch, 'data');
  const inherited = { ...env, INKWASH_NODE: process.execPath, INKWASH_DATA: data };
  // A package carries its own.
  if (packaged) delete inherited.INKWASH_NODE;
  delete inherited.ELECTRON_RUN_AS_NODE;
  return {
    data,
    async start(files = [], more = {}) {
      const desktop = await _electron.launch({
        executablePath: program.executable,
        args: [...program.args, ...flags, ...files],
        env: { ...inherited, ...more },
        cwd: scratch,
      });
      if (process.env.INKWASH_LOG) desktop.process().stderr?.pipe(process.stderr);
      return desktop;
    },
    /** A second start beside the first; resolves with its exit code. */
    startAgain(files) {
      const child = spawn(program.executable, [...program.args, ...flags, ...files], {
        env: inherited,
        cwd: scratch,
        stdio: 'ignore',
      });
      return new Promise((resolve) => child.once('exit', resolve));
    },
  };
}

export const clean = (scratch) =>
  rmSync(scratch, { recursive: true, force: true, maxRetries: 10, retryDelay: 100 });
