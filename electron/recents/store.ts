import { randomBytes } from 'node:crypto';
import { mkdir, readdir, readFile, rm, stat } from 'node:fs/promises';
import { basename, dirname, extname, join } from 'node:path';
import sharp from 'sharp';
import { z } from 'zod';
import { flatten } from '../document/flatten.ts';
import type { InkDocument } from '../document/model.ts';
import { saveAtomically } from '../document/save.ts';
import { shown } from '../document/shown.ts';
import { Failure } from '../failure.ts';
import { readCapped } from '../read-file.ts';

const MOST_KEPT = 16;
/** Copies of files that came without a place: each at most this large, and all together. */
const MAX_COPY_BYTES = 64 * 1024 * 1024;
const MAX_COPIES_BYTES = 512 * 1024 * 1024;
const MAX_FILE_BYTES = 256 * 1024 * 1024;
const THUMBNAIL_PX = 320;

const recent = z.object({
  id: z.string().regex(/^[a-z0-9]{6,20}$/),
  name: z.string().min(1).max(255),
  /** Where the file lies; without it, a copy is kept under the entry's id. */
  path: z.string().max(4096).optional(),
  copyBytes: z.number().int().min(0).optional(),
  openedAt: z.number(),
  widthPx: z.number().int(),
  heightPx: z.number().int(),
});
type Recent = z.infer<typeof recent>;
const fileShape = z.object({ version: z.literal(1), recents: z.array(recent).max(100) });

/** A file that was opened or saved. */
export interface SeenFile {
  readonly name: string;
  /** Kept as a copy when the file has no place. */
  readonly bytes?: Uint8Array;
  readonly path?: string | undefined;
  readonly document: InkDocument;
}

/** The files lately opened or saved, in one folder of the data folder. A list that can't be read is an empty one. */
export interface Recents {
  /** Puts a file first. What can't be kept is left out; never throws. */
  seen(file: SeenFile): Promise<void>;
  list(): Promise<
    (Omit<Recent, 'copyBytes'> & {
      folder: string | undefined;
      gone: boolean;
      thumbnail: Uint8Array | undefined;
    })[]
  >;
  /** @throws Failure `storage` naming the file when it is gone, `words` for no such entry. */
  read(id: string): Promise<{ name: string; bytes: Uint8Array; path: string | undefined }>;
  forget(id: string): Promise<void>;
  clear(): Promise<void>;
}

export function createRecents(folder: string, log?: (line: string) => void): Recents {
  const listFile = join(folder, 'recents.json');
  const thumbnailOf = (id: string): string => join(folder, `${id}.png`);
  const copyOf = ({ id, name }: Pick<Recent, 'id' | 'name'>): string =>
    join(folder, `${id}.copy${extname(name).toLowerCase()}`);
  let work: Promise<unknown> = Promise.resolve();

  /** One change after another. */
  function queue<T>(step: () => Promise<T>): Promise<T> {
    const done = work.then(step);
    work = done.catch(() => undefined);
    return done;
  }

  async function readList(): Promise<Recent[]> {
    try {
      return fileShape.parse(JSON.parse(await readFile(listFile, 'utf8'))).recents;
    } catch {
      return [];
    }
  }

  async function writeList(recents: readonly Recent[]): Promise<void> {
    await saveAtomically(listFile, Buffer.from(`${JSON.stringify({ version: 1, recents }, undefined, 1)}\n`));
    const kept = new Set(recents.map(({ id }) => id));
    for (const name of await readdir(folder))
      if (/^[a-z0-9]{6,20}\./.test(name) && name !== basename(listFile) && !kept.has(name.split('.')[0]!))
        await rm(join(folder, name), { force: true });
  }

  async function keep({ name, bytes, path, document }: SeenFile): Promise<void> {
    const copy = path === undefined ? bytes : undefined;
    if (path === undefined && (!copy || copy.byteLength > MAX_COPY_BYTES)) return;
    await mkdir(folder, { recursive: true });
    const entry: Recent = {
      id: randomBytes(8).toString('hex'),
      name,
      ...(copy && { copyBytes: copy.byteLength }),
      ...(path !== undefined && { path }),
      openedAt: Date.now(),
      widthPx: document.width,
      heightPx: document.height,
    };
    if (copy) await saveAtomically(copyOf(entry), copy);
    await saveAtomically(thumbnailOf(entry.id), await thumbnail(document));
    const isSame = (other: Recent): boolean =>
      path === undefined ? other.path === undefined && other.name === name : other.path === path;
    let copies = 0;
    const recents = [entry, ...(await readList()).filter((other) => !isSame(other))]
      .filter(({ copyBytes = 0 }) => (copies += copyBytes) <= MAX_COPIES_BYTES)
      .slice(0, MOST_KEPT);
    await writeList(recents);
  }

  async function entryOf(id: string): Promise<Recent> {
    const found = (await readList()).find((entry) => entry.id === id);
    if (!found)
      throw new Failure('words', 'This file is not in the list any more. Open it with “Open drawing”.');
    return found;
  }

  const isThere = (path: string): Promise<boolean> =>
    stat(path).then(
      (about) => about.isFile(),
      () => false,
    );

  return {
    seen: (file) =>
      queue(() => keep(file)).catch((error: unknown) => {
        log?.(`A recent file could not be kept: ${error instanceof Error ? error.message : String(error)}`);
      }),
    async list() {
      await work;
      return Promise.all(
        (await readList()).map(async ({ copyBytes: _, ...entry }) => ({
          ...entry,
          folder: entry.path === undefined ? undefined : dirname(entry.path),
          gone: !(await isThere(entry.path ?? copyOf(entry))),
          thumbnail: await readFile(thumbnailOf(entry.id)).then(
            (bytes) => new Uint8Array(bytes),
            () => undefined,
          ),
        })),
      );
    },
    async read(id) {
      const entry = await entryOf(id);
      const path = entry.path ?? copyOf(entry);
      if (!(await isThere(path))) {
        const where = entry.path === undefined ? '' : ` in ${shown(dirname(path))}`;
        throw new Failure(
          'storage',
          `${shown(entry.name)} is not there any more${where}. Look for it with “Open drawing”.`,
        );
      }
      return {
        name: entry.name,
        path: entry.path,
        bytes: await readCapped(path, 'a drawing', MAX_FILE_BYTES),
      };
    },
    forget: (id) => queue(async () => writeList((await readList()).filter((entry) => entry.id !== id))),
    clear: () => queue(() => writeList([])),
  };
}

async function thumbnail(document: InkDocument): Promise<Uint8Array> {
  const { data, width, height } = flatten(document);
  return sharp(data, { raw: { width, height, channels: 4 } })
    .resize(THUMBNAIL_PX, THUMBNAIL_PX, { fit: 'inside', withoutEnlargement: true })
    .flatten({ background: '#ffffff' })
    .png()
    .toBuffer();
}
