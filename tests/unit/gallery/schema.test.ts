import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openDatabase, type Database } from '../../../electron/gallery/database.ts';
import { migrate } from '../../../electron/gallery/schema.ts';

let folder: string;
let database: Database;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'inkwash-schema-'));
  database = openDatabase(join(folder, 'test.db'));
});
afterEach(() => {
  database.close();
  rmSync(folder, { recursive: true });
});

const version = (): number => database.row<{ user_version: number }>('PRAGMA user_version')!.user_version;

describe('migrations', () => {
  it('bring an older database on, and keep what is in it', () => {
    const first = 'CREATE TABLE pictures (name TEXT)';
    migrate(database, [first]);
    database.run('INSERT INTO pictures VALUES (?)', 'hero.png');
    migrate(database, [first, "ALTER TABLE pictures ADD COLUMN note TEXT NOT NULL DEFAULT 'none'"]);
    expect(version()).toBe(2);
    expect(database.rows('SELECT * FROM pictures')).toEqual([{ name: 'hero.png', note: 'none' }]);
  });

  it('that fail leave the database as it was', () => {
    const first = 'CREATE TABLE pictures (name TEXT)';
    migrate(database, [first]);
    const second = 'ALTER TABLE pictures ADD COLUMN note TEXT; INSERT INTO nowhere VALUES (1)';
    expect(() => migrate(database, [first, second])).toThrow(/nowhere/);
    expect(version()).toBe(1);
    database.run('INSERT INTO pictures VALUES (?)', 'hero.png');
    expect(database.rows('SELECT * FROM pictures')).toEqual([{ name: 'hero.png' }]);
  });

  it('refuse a database of a newer program', () => {
    database.exec('PRAGMA user_version = 7');
    expect(() => migrate(database)).toThrow(/newer Inkwash/);
    expect(version()).toBe(7);
  });
});

describe('a full disk', () => {
  it('leaves what was there, and the next change works when there is room again', () => {
    migrate(database);
    const before = database.rows('SELECT * FROM revision');
    database.rows('PRAGMA max_page_count = 30');
    expect(() =>
      database.transact(() => {
        database.run('UPDATE revision SET number = 5');
        for (let n = 0; n < 500; n++)
          database.run('INSERT INTO tags (name, folded) VALUES (?, ?)', 'x'.repeat(900), `${n}`);
      }),
    ).toThrow(/full/);
    expect(database.rows('SELECT * FROM revision')).toEqual(before);
    database.rows('PRAGMA max_page_count = 100000');
    database.transact(() => database.run('UPDATE revision SET number = 6'));
    expect(database.rows('SELECT number FROM revision')).toEqual([{ number: 6 }]);
  });
});
