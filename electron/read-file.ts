import { readFile, stat } from 'node:fs/promises';
import { shownFile } from './document/shown.ts';
import { storageFailure } from './document/storage.ts';
import { Failure } from './failure.ts';

/**
 * A whole file that is not a picture, its size judged before it is read. @param what it should be, for sentences.
 * @throws Failure `input` for a folder or too large a file, `storage` for one that can't be read, `cancelled`.
 */
export async function readCapped(
  path: string,
  what: string,
  maxBytes: number,
  signal?: AbortSignal,
): Promise<Uint8Array> {
  const name = shownFile(path);
  try {
    const about = await stat(path);
    if (!about.isFile()) throw new Failure('input', `${name} is no ordinary file. Name ${what}.`);
    if (about.size > maxBytes)
      throw new Failure(
        'input',
        `${name} has ${about.size} bytes; ${what} has at most ${maxBytes}. Name another file.`,
      );
    return await readFile(path, { signal });
  } catch (thrown) {
    if (thrown instanceof Error && thrown.name === 'AbortError')
      throw new Failure('cancelled', 'Cancelled.', thrown);
    throw storageFailure(thrown, path, 'read');
  }
}
