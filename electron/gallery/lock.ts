import { open, readFile, rm, stat } from 'node:fs/promises';
import { setTimeout as wait } from 'node:timers/promises';
import { Failure } from '../failure.ts';

const LOOK_AGAIN_MS = 40;
const PATIENCE_MS = 30_000;
/** A lock this old was left behind, whoever has its process number now. */
const STALE_MS = 5 * 60_000;

/** Does `work` while no other program of this user does the same: a file says who is at it. */
export async function alone<T>(path: string, work: () => Promise<T>): Promise<T> {
  const since = Date.now();
  for (;;) {
    try {
      const file = await open(path, 'wx');
      await file.writeFile(String(process.pid)).finally(() => file.close());
      break;
    } catch (thrown) {
      if (!(thrown instanceof Error && 'code' in thrown && thrown.code === 'EEXIST')) throw thrown;
    }
    if (await isLeftBehind(path)) await rm(path, { force: true });
    else if (Date.now() - since > PATIENCE_MS)
      throw new Failure(
        'storage',
        `Another window of Inkwash is mending the gallery. Try again in a minute, or delete ${path} if there is none.`,
      );
    else await wait(LOOK_AGAIN_MS);
  }
  try {
    return await work();
  } finally {
    await rm(path, { force: true });
  }
}

async function isLeftBehind(path: string): Promise<boolean> {
  const about = await stat(path).catch(() => undefined);
  if (!about) return false;
  if (Date.now() - about.mtimeMs > STALE_MS) return true;
  const pid = Number(await readFile(path, 'utf8').catch(() => ''));
  if (!pid) return false;
  try {
    process.kill(pid, 0);
    return false;
  } catch (thrown) {
    return thrown instanceof Error && 'code' in thrown && thrown.code === 'ESRCH';
  }
}
