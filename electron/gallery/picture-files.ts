import { createHash } from 'node:crypto';
import { mkdir, readdir, readFile, rm, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { saveAtomically } from '../document/save.ts';
import { Failure } from '../failure.ts';
import type { PictureFormat } from '../page/formats.ts';

const ENDING: Readonly<Record<PictureFormat, string>> = {
  png: 'png',
  jpeg: 'jpg',
  webp: 'webp',
  tiff: 'tif',
  gif: 'gif',
};
const FILE_NAME = /^([0-9a-f]{64})\.(png|jpg|webp|tif|gif)$/;

/** What tells a picture file from all others: SHA-256 of its bytes. */
export function fileHash(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex');
}

/** Pictures as they were added and their thumbnails, each under the hash of the picture's bytes. */
export interface PictureFiles {
  /** Writes a file so that it is there whole or not at all. @throws Failure `storage`, `cancelled`. */
  keep(hash: string, format: PictureFormat, bytes: Uint8Array, signal?: AbortSignal): Promise<void>;
  keepThumbnail(hash: string, webp: Uint8Array): Promise<void>;
  /** The bytes that were added; undefined when the file is gone or is not what was added. */
  read(hash: string, format: PictureFormat): Promise<Uint8Array | undefined>;
  /** Undefined when it is not there. */
  readThumbnail(hash: string): Promise<Uint8Array | undefined>;
  has(hash: string, format: PictureFormat): Promise<boolean>;
  remove(hash: string, format: PictureFormat): Promise<void>;
  /** The hashes of all pictures whose files are there, with the files' paths. */
  list(): Promise<Map<string, string>>;
}

export function pictureFiles(folder: string): PictureFiles {
  const at = (hash: string, format: PictureFormat): string =>
    join(folder, 'pictures', hash.slice(0, 2), `${hash}.${ENDING[format]}`);
  const thumbnailAt = (hash: string): string => join(folder, 'thumbnails', hash.slice(0, 2), `${hash}.webp`);

  async function write(path: string, bytes: Uint8Array, signal?: AbortSignal): Promise<void> {
    await mkdir(dirname(path), { recursive: true });
    await saveAtomically(path, bytes, { signal });
  }

  return {
    keep: (hash, format, bytes, signal) => write(at(hash, format), bytes, signal),
    keepThumbnail: (hash, webp) => write(thumbnailAt(hash), webp),
    async read(hash, format) {
      const bytes = await readIfThere(at(hash, format));
      return bytes && fileHash(bytes) === hash ? bytes : undefined;
    },
    readThumbnail: (hash) => readIfThere(thumbnailAt(hash)),
    has: async (hash, format) => (await stat(at(hash, format)).catch(() => undefined))?.isFile() ?? false,
    async remove(hash, format) {
      await rm(thumbnailAt(hash), { force: true });
      await rm(at(hash, format), { force: true });
    },
    async list() {
      const there = new Map<string, string>();
      const top = join(folder, 'pictures');
      for (const part of await namesIn(top))
        for (const name of await namesIn(join(top, part))) {
          const hash = FILE_NAME.exec(name)?.[1];
          if (hash?.startsWith(part)) there.set(hash, join(top, part, name));
        }
      return there;
    },
  };
}

async function readIfThere(path: string): Promise<Uint8Array | undefined> {
  try {
    return await readFile(path);
  } catch (thrown) {
    const code = thrown instanceof Error && 'code' in thrown ? thrown.code : undefined;
    if (code === 'ENOENT' || code === 'ENOTDIR') return undefined;
    throw new Failure('storage', `${path} can't be read. Check the disk and its permissions.`, thrown);
  }
}

/** None for what is no folder. */
async function namesIn(folder: string): Promise<string[]> {
  return readdir(folder).catch(() => []);
}
