/**
 * `npm start`: the desktop program where the Electron runtime is there or can be fetched and starts, else the browser
 * door, said in one line. On a machine without a display it serves and prints the address.
 */
import { spawn, spawnSync } from 'node:child_process';
import { createRequire } from 'node:module';
import { existsSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { hasDisplay } from './shell/open-browser.ts';

const here = dirname(fileURLToPath(import.meta.url));
const FETCH_TIMEOUT_MS = 120_000;
/** A desktop program that fails sooner than this could not start (no sandbox, a missing system library, root). */
const START_MS = 15_000;

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

interface Ended {
  readonly code: number;
  readonly afterMs: number;
}

/** Runs a program until its end; asked to stop, it asks the program to. @returns code 0 for a program asked to stop. */
function run(command: string, args: readonly string[], env: NodeJS.ProcessEnv = process.env): Promise<Ended> {
  const started = Date.now();
  let stopped = false;
  const child = spawn(command, args, { stdio: 'inherit', env });
  const stop = (signal: NodeJS.Signals): void => {
    stopped = true;
    child.kill(signal);
  };
  const signals = ['SIGINT', 'SIGTERM'] as const;
  for (const signal of signals) process.on(signal, stop);
  return new Promise((resolve) => {
    const end = (code: number): void => {
      for (const signal of signals) process.off(signal, stop);
      resolve({ code: stopped ? 0 : code, afterMs: Date.now() - started });
    };
    child.once('error', () => end(1));
    child.once('exit', (code) => end(code ?? 1));
  });
}

/** @returns the exit code. */
async function openInBrowser(why: string): Promise<number> {
  process.stderr.write(`${why}\n`);
  return (await run(process.execPath, [join(here, 'cli.js'), 'serve', ...(display ? ['--open'] : [])])).code;
}

async function start(): Promise<number> {
  if (!display) return openInBrowser('There is no display: serving Inkwash for a browser on this machine.');
  const electron = findElectron();
  if (!electron)
    return openInBrowser(
      'The Electron runtime is not here and could not be fetched: opening Inkwash in your browser instead.',
    );
  // The host runs in this Node where it can't run in Electron's (see host-owner.ts).
  const env = { ...process.env, INKWASH_NODE: process.execPath };
  // npm changes to its own folder and says where it was called.
  const called = process.env['INIT_CWD'] ?? process.cwd();
  const words = process.argv.slice(2).map((word) => (word.startsWith('-') ? word : resolve(called, word)));
  const { code, afterMs } = await run(electron, [join(here, 'main.js'), ...words], env);
  if (code === 0 || afterMs > START_MS) return code;
  return openInBrowser('The desktop window could not open here: opening Inkwash in your browser instead.');
}

const display = hasDisplay();
process.exit(await start());
