import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import type { GalleryAdded, GalleryPicture, GalleryQuery, GalleryState } from '../contract/gallery.ts';
import { Failure, throwIfCancelled } from '../failure.ts';
import type { Database } from './database.ts';
import { describePicture } from './describe.ts';
import { galleryFailure, isDamage, readOnlyFailure } from './failures.ts';
import { folded } from './fold.ts';
import { missingSentence } from './missing.ts';
import { keepApart, lookalikeGroups, lookalikesOf } from './lookalikes.ts';
import { DATABASE_FILE, openGallery, type OpenedGallery } from './open.ts';
import { fileHash, pictureFiles } from './picture-files.ts';
import { addTags, dropUnusedTags, insertPicture, picturesOf, removeTags, type PictureRow } from './rows.ts';
import { search } from './search.ts';

/** How often a window that waits looks whether another program changed the gallery, ms. */
const WATCH_MS = 700;

type Ids = readonly number[];

/**
 * Pictures kept between sessions: a database beside the files. Opened when first asked for; shared by all windows of
 * this process, and with those of others. A database found damaged while at work is mended and the work done again.
 * Everything throws Failure: `storage` for what disk and database say, `words` for pictures that are not there.
 */
export interface Gallery {
  readonly folder: string;
  state(): Promise<GalleryState>;
  /** Waits until the gallery is at another revision. @throws Failure `cancelled`. */
  watch(revision: number, signal: AbortSignal): Promise<number>;
  search(query: GalleryQuery): Promise<{ revision: number; ids: number[] }>;
  pictures(ids: Ids): Promise<GalleryPicture[]>;
  thumbnails(ids: Ids, signal?: AbortSignal): Promise<{ pictureId: number; webp: Uint8Array }[]>;
  /** @throws Failure also as decodePicture. */
  add(name: string, bytes: Uint8Array, tags: readonly string[], signal?: AbortSignal): Promise<GalleryAdded>;
  file(id: number): Promise<{ name: string; format: PictureRow['format']; bytes: Uint8Array }>;
  /** Notes that a picture became a reference. */
  noteUse(id: number): Promise<void>;
  rename(id: number, name: string): Promise<number>;
  tag(ids: Ids, add: readonly string[], remove: readonly string[]): Promise<number>;
  renameTag(from: string, to: string): Promise<number>;
  setFavourite(ids: Ids, favourite: boolean): Promise<number>;
  remove(ids: Ids): Promise<number>;
  restore(ids: Ids): Promise<number>;
  lookalikes(): Promise<number[][]>;
  keepApart(ids: Ids): Promise<number>;
  /** Whether there is one: everything else makes it where there is none. */
  exists(): Promise<boolean>;
  /** Whether a picture in it has these pixels (contentHash of a reference). */
  hasPixels(pixelsHash: string): Promise<boolean>;
  close(): Promise<void>;
}

export function createGallery(folder: string): Gallery {
  const files = pictureFiles(folder);
  const notes: string[] = [];
  /** Rises in this process at once, so that its windows need not wait for the next look. */
  const changes = new EventTarget();
  let opening: Promise<OpenedGallery> | undefined;

  const exists = async (): Promise<boolean> =>
    (await stat(join(folder, DATABASE_FILE)).catch(() => undefined)) !== undefined;

  async function opened(): Promise<OpenedGallery> {
    const before = await opening?.catch(() => undefined);
    if (before?.writable && !(await exists())) {
      // Taken away while it was open: what is written to it now would be gone with it.
      before.database.close();
      opening = undefined;
    }
    opening ??= openGallery(folder, files);
    const here = opening;
    try {
      const result = await here;
      for (const note of result.notes) if (!notes.includes(note)) notes.push(note);
      return result;
    } catch (thrown) {
      if (opening === here) opening = undefined;
      throw thrown;
    }
  }

  async function using<T>(work: (database: Database) => T | Promise<T>): Promise<T> {
    const { database } = await opened();
    try {
      return await work(database);
    } catch (thrown) {
      if (!isDamage(thrown)) throw galleryFailure(thrown, folder);
    }
    database.close();
    opening = undefined;
    const mended = await opened();
    try {
      return await work(mended.database);
    } catch (thrown) {
      throw galleryFailure(thrown, folder);
    }
  }

  async function requireWritable(): Promise<void> {
    if (!(await opened()).writable) throw readOnlyFailure(folder);
  }

  const revisionOf = (database: Database): number =>
    database.row<{ number: number }>('SELECT number FROM revision')!.number;

  /** One change, whole or not at all. @returns the new revision. */
  async function change(work: (database: Database) => void): Promise<number> {
    await requireWritable();
    const revision = await using((database) =>
      database.transact(() => {
        work(database);
        database.run('UPDATE revision SET number = number + 1');
        return revisionOf(database);
      }),
    );
    changes.dispatchEvent(new Event('change'));
    return revision;
  }

  const rowOf = (database: Database, id: number): PictureRow => {
    const row = database.row<PictureRow>('SELECT * FROM pictures WHERE id = ? AND removed_at IS NULL', id);
    if (!row) throw new Failure('words', 'This picture is not in the gallery any more.');
    return row;
  };

  async function noteGone(row: PictureRow): Promise<Failure> {
    if (!row.missing && (await opened()).writable)
      await change((database) => database.run('UPDATE pictures SET missing = 1 WHERE id = ?', row.id));
    return new Failure(
      'input',
      `The file of “${row.name}” is gone from the gallery's folder or was damaged. Add the picture again, or remove it.`,
    );
  }

  async function fileOf(id: number): Promise<{ row: PictureRow; bytes: Uint8Array }> {
    const row = await using((database) => rowOf(database, id));
    const bytes = await files.read(row.hash, row.format);
    if (!bytes) throw await noteGone(row);
    return { row, bytes };
  }

  async function thumbnailOf(id: number): Promise<Uint8Array | undefined> {
    const row = await using((database) =>
      database.row<PictureRow>('SELECT * FROM pictures WHERE id = ?', id),
    );
    if (!row) return undefined;
    const there = await files.readThumbnail(row.hash);
    if (there) return there;
    const bytes = await files.read(row.hash, row.format);
    if (!bytes) return undefined;
    const { thumbnail } = await describePicture(bytes, row.name);
    // It is only a shortcut: a full disk shows itself elsewhere.
    await files.keepThumbnail(row.hash, thumbnail).catch(() => undefined);
    return thumbnail;
  }

  async function added(
    outcome: GalleryAdded['outcome'],
    id: number,
    more: readonly string[] = [],
  ): Promise<GalleryAdded> {
    return using((database) => ({
      outcome,
      picture: picturesOf(database, [id])[0]!,
      lookalikes: lookalikesOf(database, id).slice(0, 32),
      notes: [...more],
    }));
  }

  return {
    folder,
    async state() {
      const { writable } = await opened();
      return using((database) => {
        const counts = database.row<{ pictures: number; favourites: number; missing: number }>(
          `SELECT COUNT(*) AS pictures, COALESCE(SUM(favourite), 0) AS favourites, COALESCE(SUM(missing), 0) AS missing
           FROM pictures WHERE removed_at IS NULL`,
        )!;
        const tags = database.rows<{ name: string; pictures: number }>(
          `SELECT tags.name, COUNT(*) AS pictures FROM tags JOIN picture_tags ON tag_id = tags.id
           JOIN pictures ON pictures.id = picture_id WHERE removed_at IS NULL GROUP BY tags.id ORDER BY tags.folded`,
        );
        const missing = missingSentence(database);
        return {
          revision: revisionOf(database),
          location: folder,
          writable,
          ...counts,
          tags,
          notes: missing ? [...notes, missing] : [...notes],
        };
      });
    },
    async watch(revision, signal) {
      for (;;) {
        throwIfCancelled(signal);
        const now = await using(revisionOf);
        if (now !== revision) return now;
        const waiting = new AbortController();
        const stop = (): void => waiting.abort();
        changes.addEventListener('change', stop);
        signal.addEventListener('abort', stop);
        await wait(WATCH_MS, undefined, { signal: waiting.signal, ref: false }).catch(() => undefined);
        changes.removeEventListener('change', stop);
        signal.removeEventListener('abort', stop);
      }
    },
    search: (query) =>
      using((database) => ({ revision: revisionOf(database), ids: search(database, query) })),
    pictures: (ids) => using((database) => picturesOf(database, ids)),
    async thumbnails(ids, signal) {
      const found: { pictureId: number; webp: Uint8Array }[] = [];
      for (const pictureId of ids) {
        throwIfCancelled(signal);
        // One that can't be shown keeps its place empty; the others are shown.
        const webp = await thumbnailOf(pictureId).catch(() => undefined);
        if (webp) found.push({ pictureId, webp });
      }
      return found;
    },
    async add(name, bytes, tags, signal) {
      await requireWritable();
      const hash = fileHash(bytes);
      const known = (): Promise<PictureRow | undefined> =>
        using((database) => database.row<PictureRow>('SELECT * FROM pictures WHERE hash = ?', hash));
      const old = await known();
      if (old) {
        const lost = !(await files.has(hash, old.format));
        if (lost) await files.keep(hash, old.format, bytes, signal);
        if (lost || old.missing || old.removed_at !== null || tags.length > 0)
          await change((database) => {
            database.run('UPDATE pictures SET removed_at = NULL, missing = 0 WHERE id = ?', old.id);
            addTags(database, [old.id], tags);
          });
        return added(old.removed_at !== null ? 'restored' : lost ? 'found' : 'there', old.id);
      }
      const description = await describePicture(bytes, name, signal);
      throwIfCancelled(signal);
      await files.keep(hash, description.format, bytes, signal);
      await files.keepThumbnail(hash, description.thumbnail);
      let id = 0;
      let there = false;
      await change((database) => {
        // Another window may have added the same file in the meantime.
        const other = database.row<{ id: number }>('SELECT id FROM pictures WHERE hash = ?', hash);
        there = other !== undefined;
        const keeping = { addedAt: Date.now(), tags };
        id =
          other?.id ?? insertPicture(database, name, { hash, byteCount: bytes.length }, description, keeping);
      });
      return added(there ? 'there' : 'added', id, description.notes);
    },
    async file(id) {
      const { row, bytes } = await fileOf(id);
      return { name: row.name, format: row.format, bytes };
    },
    async noteUse(id) {
      if (!(await opened()).writable) return;
      await change((database) =>
        database.run('UPDATE pictures SET used_at = ? WHERE id = ?', Date.now(), id),
      );
    },
    rename: (id, name) =>
      change((database) => {
        rowOf(database, id);
        database.run('UPDATE pictures SET name = ?, folded = ? WHERE id = ?', name, folded(name), id);
      }),
    tag: (ids, add, remove) =>
      change((database) => {
        removeTags(database, ids, remove);
        addTags(database, ids, add);
      }),
    renameTag: (from, to) =>
      change((database) => {
        const ids = database
          .rows<{ id: number }>(
            'SELECT picture_id AS id FROM picture_tags JOIN tags ON tags.id = tag_id WHERE tags.folded = ?',
            folded(from),
          )
          .map(({ id }) => id);
        if (folded(from) === folded(to)) {
          database.run('UPDATE tags SET name = ? WHERE folded = ?', to, folded(from));
        } else {
          removeTags(database, ids, [from]);
          addTags(database, ids, [to]);
        }
      }),
    setFavourite: (ids, favourite) =>
      change((database) =>
        database.run(
          'UPDATE pictures SET favourite = ? WHERE id IN (SELECT value FROM json_each(?))',
          favourite ? 1 : 0,
          JSON.stringify(ids),
        ),
      ),
    remove: (ids) =>
      change((database) =>
        database.run(
          `UPDATE pictures SET removed_at = ? WHERE removed_at IS NULL AND id IN (SELECT value FROM json_each(?))`,
          Date.now(),
          JSON.stringify(ids),
        ),
      ),
    restore: (ids) =>
      change((database) => {
        database.run(
          'UPDATE pictures SET removed_at = NULL WHERE id IN (SELECT value FROM json_each(?))',
          JSON.stringify(ids),
        );
        dropUnusedTags(database);
      }),
    lookalikes: () => using(lookalikeGroups),
    keepApart: (ids) => change((database) => keepApart(database, ids)),
    exists,
    async hasPixels(pixelsHash) {
      // Colouring from the shell looks here too, and should not make a gallery nobody asked for.
      if (!opening && !(await exists())) return false;
      const sql = 'SELECT 1 FROM pictures WHERE pixels_hash = ? AND removed_at IS NULL LIMIT 1';
      return using((database) => database.row(sql, pixelsHash) !== undefined);
    },
    async close() {
      const here = await opening?.catch(() => undefined);
      opening = undefined;
      here?.database.close();
    },
  };
}
