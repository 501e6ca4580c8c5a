export interface Nearest {
  readonly entry: number;
  /** Euclidean. */
  readonly distance: number;
}

/** Sums this many squares before asking whether an entry is too far already. */
const CHUNK = 32;

/**
 * The k nearest of some entries, nearest first, equally near ones in the order of `entries`. Exact: an entry is given up
 * only once its partial sum passes the k-th best so far.
 * @param vectors [count, query.length], row by row. @param entries rows to look at.
 */
export function findNearest(
  query: Float32Array,
  vectors: Float32Array,
  entries: Int32Array,
  k: number,
): Nearest[] {
  const size = query.length;
  const wanted = Math.min(k, entries.length);
  const best: { entry: number; square: number }[] = [];
  let worst = Infinity;
  for (const entry of entries) {
    const from = entry * size;
    let square = 0;
    for (let i = 0; i < size && square < worst;) {
      for (const end = Math.min(size, i + CHUNK); i < end; i++) {
        const difference = query[i]! - vectors[from + i]!;
        square += difference * difference;
      }
    }
    if (!(square < worst)) continue;
    let at = best.length;
    while (at > 0 && best[at - 1]!.square > square) at--;
    best.splice(at, 0, { entry, square });
    if (best.length > wanted) best.pop();
    if (best.length === wanted) worst = best.at(-1)?.square ?? Infinity;
  }
  return best.map(({ entry, square }) => ({ entry, distance: Math.sqrt(square) }));
}
