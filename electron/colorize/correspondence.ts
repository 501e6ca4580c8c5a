import type { Correspondence } from './method.ts';

/** Heat over one reference: columns*rows bytes, row by row; 255 is the strongest place over all references. */
export interface Heat {
  readonly columns: number;
  readonly rows: number;
  readonly heat: Uint8Array;
}

/**
 * Where the colour of one place of the drawing came from. @param u, @param v place in the drawing, 0–1 from its top
 * left corner (clamped). The row of the attention map that belongs to the token under the place is cut into its
 * references and scaled so that the strongest token is 255.
 */
export function heatOf(map: Correspondence, u: number, v: number): Heat[] {
  const cell = (at: number, count: number): number =>
    Math.min(count - 1, Math.max(0, Math.floor(at * count)));
  const token = cell(v, map.rows) * map.columns + cell(u, map.columns);
  const length = map.references.reduce((sum, { columns, rows }) => sum + columns * rows, 0);
  const row = map.weights.subarray(token * length, (token + 1) * length);
  let most = 0;
  for (const weight of row) most = Math.max(most, weight);
  let at = 0;
  return map.references.map(({ columns, rows }) => {
    const heat = new Uint8Array(columns * rows);
    for (let i = 0; i < heat.length; i++) heat[i] = most > 0 ? Math.round((row[at + i]! / most) * 255) : 0;
    at += heat.length;
    return { columns, rows, heat };
  });
}
