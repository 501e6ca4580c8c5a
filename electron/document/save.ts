import { randomBytes } from 'node:crypto';
import { constants } from 'node:fs';
import { access, lstat, open, realpath, rename, stat, unlink } from 'node:fs/promises';
import type { FileHandle } from 'node:fs/promises';
import { basename, dirname, extname, join, resolve } from 'node:path';
import { Failure, throwIfCancelled } from '../failure.ts';
import { shownFile } from './shown.ts';
import { storageFailure } from './storage.ts';

/** Formats a document is written in. */
export type DocumentFormat = 'png' | 'psd' | 'ora';
const FORMATS: readonly DocumentFormat[] = ['png', 'psd', 'ora'];

/** The format a path's ending names, in any case. Throws a `words` Failure on any other ending. */
export function formatOf(path: string): DocumentFormat {
  const ending = extname(path).slice(1).toLowerCase();
  const format = FORMATS.find((known) => known === ending);
  if (format) return format;
  throw new Failure(
    'words',
    `${shownFile(path)} should end in .psd, .ora or .png; Inkwash writes no other format.`,
  );
}

export interface SaveOptions {
  /** Paths that were read for this job and must never be overwritten. */
  readonly inputs?: readonly string[] | undefined;
  readonly signal?: AbortSignal | undefined;
}

/**
 * Writes a file so that its final name only ever holds the old or the whole new content: a temporary file in the same
 * folder, flushed to disk, then renamed. The temporary file is removed on any failure. A symbolic link is followed, and a
 * replaced file's permissions are kept. Throws a `storage` Failure that names the file and the remedy, an
 * `input` one when `path` is one of `inputs`, a `cancelled` one when the signal fires, and what the stream throws.
 */
export async function saveAtomically(
  path: string,
  content: Uint8Array | AsyncIterable<Uint8Array>,
  { inputs = [], signal }: SaveOptions = {},
): Promise<void> {
  throwIfCancelled(signal);
  await refuseInputs(path, inputs);
  const target = await targetOf(path);
  const temporary = join(
    dirname(target.path),
    `.${basename(target.path).slice(0, 80)}.${randomBytes(6).toString('hex')}.tmp`,
  );
  const chunks = content instanceof Uint8Array ? [content] : content;

  let file: FileHandle | undefined;
  try {
    file = await attempt(() => open(temporary, 'wx'), path);
    for await (const chunk of chunks) {
      throwIfCancelled(signal);
      const handle = file;
      await attempt(() => handle.writeFile(chunk), path);
    }
    const handle = file;
    if (target.mode !== undefined) await handle.chmod(target.mode).catch(() => undefined);
    await attempt(() => handle.sync(), path);
    await attempt(() => handle.close(), path);
    file = undefined;
    throwIfCancelled(signal);
    await attempt(() => rename(temporary, target.path), path);
  } catch (error) {
    await file?.close().catch(() => undefined);
    await unlink(temporary).catch(() => undefined);
    throw error;
  }
  await syncFolder(dirname(target.path));
}

/** Runs one step on the disk; what it throws becomes a sentence about `path`. */
async function attempt<T>(step: () => Promise<T>, path: string): Promise<T> {
  try {
    return await step();
  } catch (error) {
    throw storageFailure(error, path, 'write');
  }
}

/** Where the bytes go: behind a link if `path` is one; and the mode of the file to be replaced, if there is one. */
async function targetOf(path: string): Promise<{ path: string; mode?: number }> {
  const absolute = resolve(path);
  try {
    const entry = await lstat(absolute);
    const real = entry.isSymbolicLink() ? await realpath(absolute) : absolute;
    const old = await stat(real);
    if (old.isDirectory()) throw Object.assign(new Error('is a directory'), { code: 'EISDIR' });
    await access(real, constants.W_OK).catch((error: unknown) => {
      throw new Failure('storage', `${shownFile(path)} is write-protected; save under another name.`, error);
    });
    return { path: real, mode: old.mode & 0o777 };
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : undefined;
    if (code === 'ENOENT') return { path: absolute };
    throw storageFailure(error, path, 'write');
  }
}

/** The rename itself is only safe from a power cut once the folder is flushed; Windows cannot, and need not. */
async function syncFolder(folder: string): Promise<void> {
  try {
    const handle = await open(folder, constants.O_RDONLY);
    await handle.sync().finally(() => handle.close());
  } catch {
    // The file is already complete under its name.
  }
}

/** Throws when `path` is one of `inputs`: the same path, or the same file by another name or through a link. */
export async function refuseInputs(path: string, inputs: readonly string[]): Promise<void> {
  const identity = await identityOf(path);
  for (const input of inputs)
    if (
      resolve(input) === resolve(path) ||
      (identity !== undefined && identity === (await identityOf(input)))
    )
      throw new Failure(
        'input',
        `${shownFile(path)} is one of the pictures this was made from; save under another name.`,
      );
}

/** What tells a file from all others on this machine, or undefined if there is none. */
async function identityOf(path: string): Promise<string | undefined> {
  try {
    const { dev, ino } = await stat(path, { bigint: true });
    return `${dev}:${ino}`;
  } catch {
    return undefined;
  }
}
