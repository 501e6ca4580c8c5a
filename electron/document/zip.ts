import { ERR_UNSAFE_FILENAME, Uint8ArrayReader, ZipReader } from '@zip.js/zip.js';
import type { FileEntry } from '@zip.js/zip.js';
import { Failure, throwIfCancelled } from '../failure.ts';
import { shown } from './shown.ts';

/** An entry as the directory tells of it, nothing of which is true until it is unpacked. */
export interface ZipEntry {
  readonly name: string;
  readonly kind: 'file' | 'folder' | 'link';
  readonly bytes: number;
}

/** The ends of sentences about a zip that can't be used: what to do, in words that suit what it should hold. */
export interface ZipRemedies {
  readonly tooMany: string;
  readonly unsafe: string;
  readonly duplicate: string;
  readonly missing: string;
  readonly locked: string;
  readonly tooLarge: string;
  readonly damaged: string;
}

const PICTURE: ZipRemedies = {
  tooMany: 'it is no picture Inkwash can open',
  unsafe: 'save it again elsewhere',
  duplicate: 'save it again elsewhere',
  missing: 'open a backup or an autosave instead',
  locked: 'save it again without one',
  tooLarge: 'make the picture smaller',
  damaged: 'open a backup or an autosave instead',
};

/** A zip whose directory was read and found sane; entries are unpacked one at a time. */
export interface OpenZip {
  readonly entries: readonly ZipEntry[];
  has(name: string): boolean;
  /**
   * Unpacks an entry of at most `bytesAtMost`, checked against its declared size and checksum; the size is judged before anything
   * is allocated. Throws an `input` Failure, a `cancelled` one when the signal fires.
   */
  read(name: string, bytesAtMost: number, signal?: AbortSignal): Promise<Uint8Array>;
}

/**
 * Opens a zip held in memory without unpacking anything. `fileName` is for sentences. Throws an `input` Failure on
 * what is no zip, has names that lead out of a folder, more than `entriesAtMost` entries or twice the same name. Nothing is ever written under an entry's name.
 */
export async function openZip(
  bytes: Uint8Array,
  fileName: string,
  entriesAtMost: number,
  remedies = PICTURE,
): Promise<OpenZip> {
  const reader = new ZipReader(new Uint8ArrayReader(bytes), {
    useWebWorkers: false,
    checkSignature: true,
    filenameValidation: 'balanced',
  });
  const entries = new Map<string, FileEntry>();
  const listed: ZipEntry[] = [];
  let count = 0;
  try {
    for await (const entry of reader.getEntriesGenerator()) {
      if (++count > entriesAtMost)
        throw new Failure(
          'input',
          `${fileName} has more than ${entriesAtMost} entries; ${remedies.tooMany}.`,
        );
      const kind = entry.symlink ? 'link' : entry.directory ? 'folder' : 'file';
      listed.push({ name: entry.filename, kind, bytes: entry.uncompressedSize });
      if (entry.directory) continue;
      if (entries.has(entry.filename))
        throw new Failure(
          'input',
          `${fileName} holds two entries called ${shown(entry.filename)}; ${remedies.duplicate}.`,
        );
      entries.set(entry.filename, entry);
    }
  } catch (error) {
    if (error instanceof Failure) throw error;
    if (error instanceof Error && error.message === ERR_UNSAFE_FILENAME)
      throw new Failure('input', `${fileName} names a file outside itself; ${remedies.unsafe}.`, error);
    throw damaged(fileName, remedies, error);
  }

  return {
    entries: listed,
    has: (name) => entries.has(name),
    async read(name, bytesAtMost, signal) {
      throwIfCancelled(signal);
      const entry = entries.get(name);
      if (!entry) throw new Failure('input', `${fileName} lacks ${shown(name)}; ${remedies.missing}.`);
      if (entry.encrypted)
        throw new Failure('input', `${fileName} is locked with a password; ${remedies.locked}.`);
      if (entry.uncompressedSize > bytesAtMost)
        throw new Failure(
          'input',
          `${shown(name)} in ${fileName} is too large to open safely; ${remedies.tooLarge}.`,
        );
      try {
        return await unpack(entry, entry.uncompressedSize);
      } catch (error) {
        throwIfCancelled(signal);
        throw damaged(fileName, remedies, error, name);
      }
    },
  };
}

/** Unpacks into exactly the declared size, and no further if the entry lied about it. */
async function unpack(entry: FileEntry, size: number): Promise<Uint8Array> {
  const bytes = new Uint8Array(size);
  let at = 0;
  const writable = new WritableStream<Uint8Array>({
    write(chunk) {
      if (at + chunk.length > size) throw new RangeError('The entry unpacks to more than it declares.');
      bytes.set(chunk, at);
      at += chunk.length;
    },
  });
  await entry.getData(writable, { useWebWorkers: false, checkSignature: true });
  if (at !== size) throw new RangeError('The entry unpacks to less than it declares.');
  return bytes;
}

function damaged(fileName: string, remedies: ZipRemedies, cause: unknown, entry?: string): Failure {
  const what = entry === undefined ? fileName : `${shown(entry)} in ${fileName}`;
  return new Failure('input', `${what} is damaged or cut short; ${remedies.damaged}.`, cause);
}
