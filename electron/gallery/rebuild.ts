import { readFile, rename, rm, stat } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { openDatabase, type Database } from './database.ts';
import { describePicture } from './describe.ts';
import { fileHash, type PictureFiles } from './picture-files.ts';
import { insertPicture, looksOf, type Keeping, type Looks, type PictureRow } from './rows.ts';
import { migrate } from './schema.ts';

/** What could be read of one picture's row. */
interface Known extends Keeping {
  readonly name: string;
  /** Undefined when it has to be looked at again. */
  readonly looks: Looks | undefined;
}

const CHUNK = 64;

/**
 * Puts a damaged or lost database together again from what can still be read of it, the last copy, and the picture files
 * themselves. The damaged file is kept. Only while no other program does the same (see lock.ts).
 * @returns a sentence for the user: what is back, and what is lost.
 */
export async function rebuild(path: string, copy: string, files: PictureFiles): Promise<string> {
  const stamp = new Date()
    .toISOString()
    .replace(/[^0-9]/g, '')
    .slice(0, 14);
  const aside = join(dirname(path), `gallery.damaged-${stamp}.db`);
  const fresh = `${path}.new`;
  const known = salvage(path);
  const copied = salvage(copy);
  await rm(fresh, { force: true });
  const database = openDatabase(fresh);
  const there = await files.list();
  let named = 0;
  let nameless = 0;
  try {
    database.rows('PRAGMA journal_mode = TRUNCATE');
    migrate(database);
    for (const [hash, file] of there) {
      const bytes = await readFile(file).catch(() => undefined);
      if (!bytes || fileHash(bytes) !== hash) continue;
      const keeping = known.get(hash) ?? copied.get(hash);
      const { mtimeMs } = await stat(file);
      const fallback = { name: basename(file).slice(-16), addedAt: Math.round(mtimeMs), looks: undefined };
      const { name, looks, ...rest } = keeping ?? fallback;
      const seen = looks ?? (await describePicture(bytes, name).catch(() => undefined));
      if (!seen) continue;
      database.transact(() => insertPicture(database, name, { hash, byteCount: bytes.length }, seen, rest));
      if (keeping) named++;
      else nameless++;
    }
  } finally {
    database.close();
  }
  const kept = await rename(path, aside).then(
    () => true,
    (thrown: unknown) => {
      if (thrown instanceof Error && 'code' in thrown && thrown.code === 'ENOENT') return false;
      throw thrown;
    },
  );
  await rm(`${path}-journal`, { force: true });
  await rename(fresh, path);
  const lost = [...known.keys(), ...copied.keys()].filter((hash) => !there.has(hash));
  return sentence(named, nameless, new Set(lost).size, kept ? basename(aside) : undefined);
}

function sentence(named: number, nameless: number, lost: number, aside: string | undefined): string {
  const count = (n: number): string => `${n} ${n === 1 ? 'picture' : 'pictures'}`;
  const parts = [`${count(named)} with names and tags`];
  if (nameless > 0) parts.push(`${count(nameless)} without, because they could not be read any more`);
  if (lost > 0) parts.push(`not ${count(lost)} whose files are gone`);
  const again = `and was put together again: ${parts.join(', ')}.`;
  return aside === undefined
    ? `The gallery's database was gone ${again}`
    : `The gallery's database was damaged ${again} The damaged file is kept as ${aside}.`;
}

/** By hash, whatever can be read; nothing of a file that isn't there or is no database. */
function salvage(path: string): Map<string, Known> {
  const known = new Map<string, Known>();
  let database: Database;
  try {
    database = openDatabase(path, true);
  } catch {
    return known;
  }
  try {
    const tags = tolerantly(() =>
      database.rows<{ picture_id: number; name: string }>(
        'SELECT picture_id, name FROM picture_tags JOIN tags ON tags.id = tag_id',
      ),
    );
    const tagsOf = grouped(tags);
    const shares = grouped(
      tolerantly(() =>
        database.rows<{ picture_id: number; share: number }>(
          'SELECT picture_id, share FROM colours ORDER BY rowid',
        ),
      ),
    );
    const [last] = [
      "SELECT seq FROM sqlite_sequence WHERE name = 'pictures'",
      'SELECT MAX(id) AS seq FROM pictures',
    ].flatMap((sql) => tolerantly(() => database.rows<{ seq: number | null }>(sql)));
    const rowsIn = (from: number, to: number): PictureRow[] =>
      database.rows<PictureRow>('SELECT * FROM pictures WHERE id BETWEEN ? AND ?', from, to);
    for (let from = 1; from <= (last?.seq ?? 0); from += CHUNK) {
      let rows: PictureRow[];
      try {
        rows = rowsIn(from, from + CHUNK - 1);
      } catch {
        rows = Array.from({ length: CHUNK }, (_, i) => tolerantly(() => rowsIn(from + i, from + i))).flat();
      }
      for (const row of rows) {
        if (typeof row.hash !== 'string' || typeof row.name !== 'string') continue;
        known.set(row.hash, {
          name: row.name,
          addedAt: row.added_at,
          usedAt: row.used_at,
          removedAt: row.removed_at,
          favourite: row.favourite !== 0,
          tags: tagsOf.get(row.id)?.map(({ name }) => name) ?? [],
          looks: looksOf(row, shares.get(row.id)?.map(({ share }) => share) ?? []),
        });
      }
    }
  } finally {
    database.close();
  }
  return known;
}

function tolerantly<T>(read: () => T[]): T[] {
  try {
    return read();
  } catch {
    return [];
  }
}

function grouped<T extends { readonly picture_id: number }>(rows: readonly T[]): Map<number, T[]> {
  const groups = new Map<number, T[]>();
  for (const row of rows) {
    const group = groups.get(row.picture_id);
    if (group) group.push(row);
    else groups.set(row.picture_id, [row]);
  }
  return groups;
}
