/**
 * `npm start`: the desktop program where the Electron runtime is there or can be fetched, else the browser door, said
 * in one line. On a machine without a display it serves and prints the address.
 */
import { spawn, spawnSync } from 'node:child_process';
import { createRequire } from 'node:module';
import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { hasDisplay } from './shell/open-browser.ts';

const here = dirname(fileURLToPath(import.meta.url));
const FETCH_TIMEOUT_MS = 120_000;

/** The Electron executable, fetched by Electron's own installer if need be; undefined where it can't be had. */
function findElectron(): string | undefined {
  const require = createRequire(import.meta.url);
  let folder: string;
  try {
    folder = dirname(require.resolve('electron/package.json'));
  } catch {
    return undefined;
  }
  const locate = (): string | undefined => {
    const asked = spawnSync(
      process.execPath,
      ['-e', 'process.stdout.write(require(process.argv[1]))', folder],
      {
        encoding: 'utf8',
        stdio: ['ignore', 'pipe', 'ignore'],
        timeout: FETCH_TIMEOUT_MS,
      },
    );
    const path = asked.status === 0 ? asked.stdout : '';
    return path && existsSync(path) ? path : undefined;
  };
  const found = locate();
  if (found) return found;
  const installer = join(folder, 'install.js');
  if (!existsSync(installer)) return undefined;
  process.stderr.write('Fetching the Electron runtime (once)…\n');
  spawnSync(process.execPath, [installer], { stdio: 'ignore', timeout: FETCH_TIMEOUT_MS });
  return locate();
}

function run(command: string, args: readonly string[]): void {
  const child = spawn(command, args, { stdio: 'inherit' });
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => child.kill(signal));
  child.on('exit', (code) => process.exit(code ?? 1));
}

function whyBrowser(): string {
  if (!display) return 'There is no display: serving Inkwash for a browser on this machine.';
  if (clashes)
    return 'On Linux the desktop runtime clashes with the picture library: opening Inkwash in your browser instead.';
  return 'The Electron runtime is not here and could not be fetched: opening Inkwash in your browser instead.';
}

const display = hasDisplay();
// Electron's Linux binary and sharp each bring a GLib; decoding a picture ends the process with a segmentation fault
// (https://sharp.pixelplumbing.com/install#electron-and-linux). Until the host runs outside Electron's binary there,
// Linux opens the browser door.
const clashes = process.platform === 'linux';
const electron = display && !clashes ? findElectron() : undefined;
if (electron) {
  run(electron, [join(here, 'main.js')]);
} else {
  process.stderr.write(`${whyBrowser()}\n`);
  run(process.execPath, [join(here, 'cli.js'), 'serve', ...(display ? ['--open'] : [])]);
}
