import { pathToFileURL } from 'node:url';
import Libsql from 'libsql';

export type Value = string | number | Uint8Array | null;

/**
 * An SQLite database file, as little of it as the gallery needs. Blobs come back as Uint8Array. Everything throws what
 * SQLite says, an error with a `code` like SQLITE_FULL (see gallery/failures.ts).
 */
export interface Database {
  rows<T>(sql: string, ...values: Value[]): T[];
  row<T>(sql: string, ...values: Value[]): T | undefined;
  /** @returns how many rows it changed. */
  run(sql: string, ...values: Value[]): number;
  /** One or more statements without values. */
  exec(sql: string): void;
  /** All of it or, when `work` throws, nothing. One inside another is part of the outer. */
  transact<T>(work: () => T): T;
  close(): void;
}

/** How long a change waits for another window's, ms; each takes a few. */
const PATIENCE_MS = 5000;

/** @param readOnly for a file in a folder that can't be written; otherwise the file is made if it isn't there. */
export function openDatabase(path: string, readOnly = false): Database {
  const connection = new Libsql(readOnly ? `${pathToFileURL(path).href}?mode=ro` : path, {
    timeout: PATIENCE_MS,
  });
  const statements = new Map<string, Libsql.Statement<unknown[]>>();
  const prepare = (sql: string): Libsql.Statement<unknown[]> => {
    let statement = statements.get(sql);
    if (!statement) statements.set(sql, (statement = connection.prepare<unknown[]>(sql)));
    return statement;
  };
  const rows = <T>(sql: string, ...values: Value[]): T[] =>
    prepare(sql)
      .all(...values.map(bound))
      .map((row) => plain(row as Record<string, unknown>) as T);

  return {
    rows,
    row: <T>(sql: string, ...values: Value[]) => rows<T>(sql, ...values)[0],
    run: (sql, ...values) => prepare(sql).run(...values.map(bound)).changes,
    exec: (sql) => void connection.exec(sql),
    transact(work) {
      if (connection.inTransaction) return work();
      connection.exec('BEGIN IMMEDIATE');
      try {
        const result = work();
        connection.exec('COMMIT');
        return result;
      } catch (thrown) {
        // A full disk has rolled back already.
        if (connection.inTransaction) connection.exec('ROLLBACK');
        throw thrown;
      }
    },
    close() {
      statements.clear();
      connection.close();
    },
  };
}

/** The library wants bytes as a Buffer, and takes all of what lies under it. */
const bound = (value: Value): unknown => (value instanceof Uint8Array ? Buffer.from(value) : value);

function plain(row: Record<string, unknown>): Record<string, unknown> {
  for (const name in row) if (row[name] instanceof ArrayBuffer) row[name] = new Uint8Array(row[name]);
  return row;
}
