import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { cp, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../../', import.meta.url));
const CLI = `${root}dist/electron/cli.js`;

export interface RealDoor {
  /** Good for one visit. */
  readonly url: string;
  /** Where it keeps what it keeps. */
  readonly data: string;
  /** Ends the program and takes its data folder away. */
  close(): Promise<void>;
  /** Ends the program as a crash does: at once, with nothing said. Its data stays for the next start. */
  kill(): Promise<void>;
}

/**
 * The built program as its users start it: `inkwash serve` on any free port; with these model folders added.
 * @param known the data folder of an earlier start.
 */
export async function openRealDoor(models: readonly string[] = [], known?: string): Promise<RealDoor> {
  if (!existsSync(CLI)) throw new Error('dist/electron/cli.js is not there. Run "npm run build" first.');
  const data = known ?? (await mkdtemp(join(tmpdir(), 'inkwash-data-')));
  for (const model of models) await cp(model, join(data, 'models', basename(model)), { recursive: true });
  const child = spawn(process.execPath, [CLI, 'serve', '--port', '0', '--provider', 'cpu'], {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...process.env, INKWASH_DATA: data },
  });
  let said = '';
  const url = await new Promise<string>((resolve, reject) => {
    const listen = (chunk: Buffer): void => {
      said += chunk.toString();
      const address = /http:\/\/127\.0\.0\.1:\d+\/\?token=[\w-]+/.exec(said);
      if (address) resolve(address[0]);
    };
    child.stdout.on('data', listen);
    child.stderr.on('data', listen);
    child.once('exit', (code) => reject(new Error(`inkwash serve ended with ${code}: ${said}`)));
  });
  return {
    url,
    data,
    async close() {
      if (child.exitCode === null) {
        const gone = once(child, 'exit');
        child.kill('SIGTERM');
        await gone;
      }
      await rm(data, { recursive: true, force: true });
    },
    async kill() {
      const gone = once(child, 'exit');
      child.kill('SIGKILL');
      await gone;
    },
  };
}

/** A picture that ships with Inkwash. */
export const sample = (path: string): string => `${root}samples/${path}`;
