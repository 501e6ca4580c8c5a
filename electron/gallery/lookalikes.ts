import type { Database } from './database.ts';
import { bitsApart, coloursApart, hashWords, lookAlike, mayLookAlike, type Likeness } from './likeness.ts';

interface Seen {
  readonly id: number;
  readonly likeness: Likeness;
}

const kept = (database: Database): Seen[] =>
  database.rows<Seen>('SELECT id, likeness FROM pictures WHERE removed_at IS NULL ORDER BY added_at, id');

function keptApart(database: Database): Set<string> {
  const rows = database.rows<{ one: number; other: number }>('SELECT one, other FROM kept_apart');
  return new Set(rows.map(({ one, other }) => `${one} ${other}`));
}

const pair = (a: number, b: number): string => (a < b ? `${a} ${b}` : `${b} ${a}`);

/** The pictures that look like one of them, nearest first. */
export function lookalikesOf(database: Database, id: number): number[] {
  const all = kept(database);
  const own = all.find((seen) => seen.id === id);
  if (!own) return [];
  const apart = keptApart(database);
  return all
    .filter(
      (other) => other.id !== id && !apart.has(pair(id, other.id)) && lookAlike(own.likeness, other.likeness),
    )
    .map((other) => ({
      id: other.id,
      distance: bitsApart(own.likeness, other.likeness) + 100 * coloursApart(own.likeness, other.likeness),
    }))
    .sort((one, other) => one.distance - other.distance)
    .map((other) => other.id);
}

/** Groups of pictures that look the same, each joined by a chain of likenesses, the first added first. */
export function lookalikeGroups(database: Database): number[][] {
  const all = kept(database);
  const apart = keptApart(database);
  const words = all.map(({ likeness }) => hashWords(likeness));
  const group = new Map<number, number[]>();
  for (let i = 0; i < all.length; i++)
    for (let j = i + 1; j < all.length; j++) {
      if (!mayLookAlike(words[i]!, words[j]!)) continue;
      const one = all[i]!;
      const other = all[j]!;
      if (!lookAlike(one.likeness, other.likeness) || apart.has(pair(one.id, other.id))) continue;
      const joined = group.get(one.id) ?? [one.id];
      const others = group.get(other.id) ?? [other.id];
      if (joined === others) continue;
      joined.push(...others);
      for (const id of joined) group.set(id, joined);
    }
  const order = new Map(all.map(({ id }, at) => [id, at]));
  return [...new Set(group.values())].map((ids) => ids.sort((a, b) => order.get(a)! - order.get(b)!));
}

/** Part of a transaction. */
export function keepApart(database: Database, ids: readonly number[]): void {
  for (const one of ids)
    for (const other of ids)
      if (one < other)
        database.run(
          `INSERT OR IGNORE INTO kept_apart (one, other) SELECT one.id, other.id
           FROM pictures AS one, pictures AS other WHERE one.id = ? AND other.id = ?`,
          one,
          other,
        );
}
