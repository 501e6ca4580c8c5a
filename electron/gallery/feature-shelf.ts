import { createHash } from 'node:crypto';
import { mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { decode, encode } from '@msgpack/msgpack';
import { z } from 'zod';
import type { FeatureShelf } from '../colorize/feature-cache.ts';
import { METHOD_IDS, type ReferenceFeatures } from '../colorize/method.ts';
import { openDatabase, type Database } from './database.ts';
import type { Gallery } from './gallery.ts';

const FILE = 'features.db';

const SCHEMA = `
  CREATE TABLE IF NOT EXISTS features (
    key TEXT PRIMARY KEY,
    -- The program that made them: another one's are not used.
    made_by TEXT NOT NULL,
    used_at INTEGER NOT NULL,
    byte_count INTEGER NOT NULL,
    sha256 TEXT NOT NULL,
    content BLOB NOT NULL
  );
  CREATE INDEX IF NOT EXISTS features_by_use ON features (used_at);`;

const stored = z.object({
  method: z.enum(METHOD_IDS),
  grid: z.object({ columns: z.number().int().min(1), rows: z.number().int().min(1) }),
  tensors: z.record(
    z.string(),
    z.object({ dims: z.array(z.number().int().min(1)), data: z.instanceof(Uint8Array) }),
  ),
});

export interface FeatureShelfOptions {
  /** What is kept at most; those not used for longest make room. */
  readonly maxBytes: number;
  /** The program's version: features are made by its code as much as by the model. */
  readonly version: string;
}

/**
 * Encoded references on disk, so that a later session does not encode them again; only of pictures in the gallery. It
 * is a shortcut and nothing more: whatever goes wrong with it, it is empty, and a damaged one is begun anew.
 */
export function createFeatureShelf(
  gallery: Gallery,
  { maxBytes, version }: FeatureShelfOptions,
): FeatureShelf & { close(): void } {
  const path = join(gallery.folder, FILE);
  let database: Database | undefined;

  async function open(): Promise<Database> {
    if (database) return database;
    await mkdir(gallery.folder, { recursive: true });
    try {
      database = prepared(path);
    } catch {
      await rm(path, { force: true });
      await rm(`${path}-journal`, { force: true });
      database = prepared(path);
    }
    return database;
  }

  return {
    async find(pixelsHash, key) {
      try {
        if (!(await gallery.hasPixels(pixelsHash))) return undefined;
        const shelf = await open();
        const row = shelf.row<{ sha256: string; content: Uint8Array }>(
          'SELECT sha256, content FROM features WHERE key = ? AND made_by = ?',
          key,
          version,
        );
        if (!row || sha256(row.content) !== row.sha256) return undefined;
        const features = unpack(row.content);
        shelf.run('UPDATE features SET used_at = ? WHERE key = ?', Date.now(), key);
        return features;
      } catch {
        forget();
        return undefined;
      }
    },
    async keep(pixelsHash, key, features) {
      try {
        if (!(await gallery.hasPixels(pixelsHash))) return;
        const content = pack(features);
        if (content.length > maxBytes) return;
        const shelf = await open();
        shelf.transact(() => {
          shelf.run(
            `INSERT OR REPLACE INTO features (key, made_by, used_at, byte_count, sha256, content)
             VALUES (?, ?, ?, ?, ?, ?)`,
            key,
            version,
            Date.now(),
            content.length,
            sha256(content),
            content,
          );
          shelf.run(
            `DELETE FROM features WHERE key IN (
               SELECT key FROM (SELECT key, SUM(byte_count) OVER (ORDER BY used_at DESC, key) AS held FROM features)
               WHERE held > ?)`,
            maxBytes,
          );
        });
      } catch {
        forget();
      }
    },
    close: forget,
  };

  function forget(): void {
    database?.close();
    database = undefined;
  }
}

function prepared(path: string): Database {
  const database = openDatabase(path);
  database.rows('PRAGMA journal_mode = TRUNCATE');
  // It can be made again: a power cut may cost it.
  database.exec('PRAGMA synchronous = OFF');
  database.exec(SCHEMA);
  database.rows('PRAGMA quick_check(1)');
  return database;
}

const sha256 = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');

function pack({ method, grid, tensors }: ReferenceFeatures): Uint8Array {
  const parts = Object.entries(tensors).map(([name, { data, dims }]) => {
    const bytes = new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
    return [name, { dims, data: bytes }];
  });
  return encode({ method, grid, tensors: Object.fromEntries(parts) });
}

/** @throws on anything that pack did not make. */
function unpack(content: Uint8Array): ReferenceFeatures {
  const { method, grid, tensors } = stored.parse(decode(content));
  const parts = Object.entries(tensors).map(([name, { data, dims }]) => {
    // Copied: float32 wants its place in memory to be a multiple of four.
    const values = new Float32Array(Uint8Array.from(data).buffer);
    if (values.length !== dims.reduce((product, dim) => product * dim, 1))
      throw new RangeError(`The tensor "${name}" is not what its dimensions say.`);
    return [name, { data: values, dims }] as const;
  });
  return { method, grid, tensors: Object.fromEntries(parts) };
}
