import { mkdir, rename, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { openDatabase, type Database } from './database.ts';
import { galleryFailure, isDamage, isReadOnly } from './failures.ts';
import { alone } from './lock.ts';
import type { PictureFiles } from './picture-files.ts';
import { rebuild } from './rebuild.ts';
import { migrate, requireNewest } from './schema.ts';

export const DATABASE_FILE = 'gallery.db';
const BACKUP_FILE = 'gallery.backup.db';
const LOCK_FILE = 'gallery.lock';

const DAY_MS = 24 * 60 * 60_000;

export interface OpenedGallery {
  readonly database: Database;
  /** False in a folder that can't be written: then it can be looked at and used. */
  readonly writable: boolean;
  /** Plain sentences about what was damaged and mended. */
  readonly notes: readonly string[];
}

/**
 * Opens the gallery's database: makes it where there is none, brings it to this program's version, puts it together
 * again when it is damaged, keeps a copy of it once a day, notes which pictures' files are gone, and drops what was
 * removed more than a day ago. @throws Failure `storage`.
 */
export async function openGallery(folder: string, files: PictureFiles): Promise<OpenedGallery> {
  const path = join(folder, DATABASE_FILE);
  try {
    return await openToWrite(folder, path, files);
  } catch (thrown) {
    // Without a database there is nothing to look at either.
    const readable = isReadOnly(thrown) && (await stat(path).catch(() => undefined));
    if (!readable) throw galleryFailure(thrown, folder);
  }
  try {
    const database = openDatabase(path, true);
    requireSound(database);
    requireNewest(database);
    return { database, writable: false, notes: [] };
  } catch (thrown) {
    throw galleryFailure(thrown, folder);
  }
}

async function openToWrite(folder: string, path: string, files: PictureFiles): Promise<OpenedGallery> {
  await mkdir(folder, { recursive: true });
  return alone(join(folder, LOCK_FILE), async () => {
    const notes: string[] = [];
    let database: Database;
    try {
      await requireThere(path, files);
      database = openSound(path);
    } catch (thrown) {
      if (!isDamage(thrown)) throw thrown;
      notes.push(await rebuild(path, join(folder, BACKUP_FILE), files));
      database = openSound(path);
    }
    await dropRemoved(database, files);
    await noteMissing(database, files);
    await keepCopy(database, folder);
    return { database, writable: true, notes };
  });
}

/** A database that is gone though there are pictures is as good as damaged. @throws what a damaged one throws. */
async function requireThere(path: string, files: PictureFiles): Promise<void> {
  const there = await stat(path).catch(() => undefined);
  if (!there && (await files.list()).size > 0)
    throw Object.assign(new Error('The database is gone.'), { code: 'SQLITE_CORRUPT' });
}

function openSound(path: string): Database {
  const database = openDatabase(path);
  try {
    // Without further files that could be lost, and at home on network drives.
    database.rows('PRAGMA journal_mode = TRUNCATE');
    database.exec('PRAGMA foreign_keys = ON');
    requireSound(database);
    migrate(database);
    return database;
  } catch (thrown) {
    database.close();
    throw thrown;
  }
}

/** @throws what SQLite throws for a damaged file, also where it only reports it. */
function requireSound(database: Database): void {
  const [first] = database.rows<{ quick_check: string }>('PRAGMA quick_check(1)');
  if (first?.quick_check !== 'ok')
    throw Object.assign(new Error(first?.quick_check ?? 'no answer'), { code: 'SQLITE_CORRUPT' });
}

async function dropRemoved(database: Database, files: PictureFiles): Promise<void> {
  const rows = database.rows<{ id: number; hash: string; format: 'png' }>(
    'SELECT id, hash, format FROM pictures WHERE removed_at < ?',
    Date.now() - DAY_MS,
  );
  for (const { id, hash, format } of rows) {
    await files.remove(hash, format);
    database.run('DELETE FROM pictures WHERE id = ?', id);
  }
}

/** Also which are back. */
async function noteMissing(database: Database, files: PictureFiles): Promise<void> {
  const there = await files.list();
  const rows = database.rows<{ id: number; hash: string; missing: number }>(
    'SELECT id, hash, missing FROM pictures WHERE removed_at IS NULL',
  );
  const changed = rows.filter(({ hash, missing }) => (missing === 0) !== there.has(hash));
  if (changed.length === 0) return;
  database.transact(() => {
    for (const { id, hash } of changed)
      database.run('UPDATE pictures SET missing = ? WHERE id = ?', there.has(hash) ? 0 : 1, id);
  });
}

/** A sound copy, a day old at most, to put a damaged database together with. Not having one is no reason to fail. */
async function keepCopy(database: Database, folder: string): Promise<void> {
  const path = join(folder, BACKUP_FILE);
  const fresh = `${path}.tmp`;
  const about = await stat(path).catch(() => undefined);
  if (about && Date.now() - about.mtimeMs < DAY_MS) return;
  if (database.row<{ n: number }>('SELECT COUNT(*) AS n FROM pictures')?.n === 0) return;
  try {
    await rm(fresh, { force: true });
    database.run('VACUUM INTO ?', fresh);
    await rename(fresh, path);
  } catch {
    await rm(fresh, { force: true }).catch(() => undefined);
  }
}
