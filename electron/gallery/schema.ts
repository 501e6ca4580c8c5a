import { Failure } from '../failure.ts';
import type { Database } from './database.ts';

/**
 * What brings a database from one version to the next; `user_version` says how many of these it has had. Never changed
 * once released: a new version is a new entry.
 */
export const MIGRATIONS: readonly string[] = [
  `
  CREATE TABLE pictures (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    -- SHA-256 of the file's bytes; also its name in the folder pictures/.
    hash TEXT NOT NULL UNIQUE,
    format TEXT NOT NULL,
    bytes INTEGER NOT NULL,
    name TEXT NOT NULL,
    -- The name as searches look at it: lower case, without accents.
    folded TEXT NOT NULL,
    width_px INTEGER NOT NULL,
    height_px INTEGER NOT NULL,
    -- contentHash of the pixels that colouring sees: what its features are kept by.
    pixels_hash TEXT NOT NULL,
    -- 64 bits of a perceptual hash, and 4x4 colours (see likeness.ts).
    likeness BLOB NOT NULL,
    -- #rrggbb, separated by spaces: the commonest colours, and four bands of four.
    palette TEXT NOT NULL,
    bands TEXT NOT NULL,
    -- Of its commonest vivid colour, 0-360; -1 for grey pictures.
    hue REAL NOT NULL,
    favourite INTEGER NOT NULL DEFAULT 0,
    -- Milliseconds since 1970.
    added_at INTEGER NOT NULL,
    used_at INTEGER,
    removed_at INTEGER,
    -- The file is not where it should be.
    missing INTEGER NOT NULL DEFAULT 0
  );
  CREATE INDEX pictures_by_pixels ON pictures (pixels_hash);
  CREATE TABLE tags (
    id INTEGER PRIMARY KEY,
    name TEXT NOT NULL,
    folded TEXT NOT NULL UNIQUE
  );
  CREATE TABLE picture_tags (
    picture_id INTEGER NOT NULL REFERENCES pictures ON DELETE CASCADE,
    tag_id INTEGER NOT NULL REFERENCES tags ON DELETE CASCADE,
    PRIMARY KEY (picture_id, tag_id)
  ) WITHOUT ROWID;
  CREATE INDEX picture_tags_by_tag ON picture_tags (tag_id);
  -- The palette for searches: OKLab, and the share of the picture each colour stands for.
  CREATE TABLE colours (
    picture_id INTEGER NOT NULL REFERENCES pictures ON DELETE CASCADE,
    l REAL NOT NULL, a REAL NOT NULL, b REAL NOT NULL,
    share REAL NOT NULL
  );
  CREATE INDEX colours_by_picture ON colours (picture_id);
  -- Lookalikes that the artist said are not the same; one < other.
  CREATE TABLE kept_apart (
    one INTEGER NOT NULL REFERENCES pictures ON DELETE CASCADE,
    other INTEGER NOT NULL REFERENCES pictures ON DELETE CASCADE,
    PRIMARY KEY (one, other)
  ) WITHOUT ROWID;
  -- Rises with every change, so that other windows see that there was one.
  CREATE TABLE revision (number INTEGER NOT NULL);
  INSERT INTO revision VALUES (0);
  `,
];

const versionOf = (database: Database): number =>
  database.row<{ user_version: number }>('PRAGMA user_version')!.user_version;

/**
 * Brings the database to the newest version, step by step, each of them whole or not at all.
 * @throws Failure `storage` for one that a newer program has written.
 */
export function migrate(database: Database, migrations: readonly string[] = MIGRATIONS): void {
  refuseNewer(database, migrations.length);
  while (versionOf(database) < migrations.length)
    database.transact(() => {
      // Another window may have been faster.
      const at = versionOf(database);
      const migration = migrations[at];
      if (migration === undefined) return;
      database.exec(migration);
      database.exec(`PRAGMA user_version = ${at + 1}`);
    });
}

/** For one that can't be written. @throws Failure `storage` for any other version. */
export function requireNewest(database: Database): void {
  refuseNewer(database, MIGRATIONS.length);
  if (versionOf(database) < MIGRATIONS.length)
    throw new Failure(
      'storage',
      'The gallery is of an older Inkwash and its folder is read-only. Make the folder writable once.',
    );
}

function refuseNewer(database: Database, known: number): void {
  if (versionOf(database) > known)
    throw new Failure(
      'storage',
      'The gallery was last used by a newer Inkwash and can’t be read by this one. Install the newer one again.',
    );
}
