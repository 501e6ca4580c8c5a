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
  close(): Promise<void>;
}

/** The built program as its users start it: `inkwash serve` on any free port; with these model folders added. */
export async function openRealDoor(models: readonly string[] = []): Promise<RealDoor> {
  if (!existsSync(CLI)) throw new Error('dist/electron/cli.js is not there. Run "npm run build" first.');
  const data = await mkdtemp(join(tmpdir(), 'inkwash-data-'));
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
    async close() {
      if (child.exitCode === null) {
        const gone = once(child, 'exit');
        child.kill('SIGTERM');
        await gone;
      }
      await rm(data, { recursive: true, force: true });
    },
  };
}

/** A picture that ships with Inkwash. */
export const sample = (path: string): string => `${root}samples/${path}`;
