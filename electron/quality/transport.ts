/** Masses smaller than this are rounding. */
const NOTHING = 1e-9;

/**
 * Least cost of carrying `supply` to `demand` (Hitchcock's transport problem), exact: shortest augmenting paths with
 * return arcs (Bellman-Ford, for a return arc costs less than nothing). Meant for small sides: each step is cubic.
 * @param supply, demand masses, none negative, equal sums (to rounding). @param cost of carrying one unit from i to j.
 * @throws RangeError when the sums differ by more than a millionth.
 */
export function transportCost(
  supply: readonly number[],
  demand: readonly number[],
  cost: (i: number, j: number) => number,
): number {
  const sum = (masses: readonly number[]): number => masses.reduce((total, mass) => total + mass, 0);
  if (Math.abs(sum(supply) - sum(demand)) > 1e-6)
    throw new RangeError(`Transport needs equal masses; got ${sum(supply)} and ${sum(demand)}.`);
  const [rows, columns] = [supply.length, demand.length];
  const costs = supply.map((_, i) => demand.map((_, j) => cost(i, j)));
  const flow = supply.map(() => demand.map(() => 0));
  const left = [...supply];
  const wanted = [...demand];
  let total = 0;
  while (Math.max(...left) > NOTHING && Math.max(...wanted) > NOTHING) {
    const toRow = left.map((mass) => (mass > NOTHING ? 0 : Infinity));
    const toColumn = wanted.map(() => Infinity);
    const rowFrom = left.map(() => -1);
    const columnFrom = wanted.map(() => -1);
    for (let changed = true, rounds = 0; changed && rounds <= rows + columns; rounds++) {
      changed = false;
      for (let i = 0; i < rows; i++)
        for (let j = 0; j < columns; j++) {
          const price = costs[i]![j]!;
          if (toRow[i]! + price < toColumn[j]! - NOTHING) {
            toColumn[j] = toRow[i]! + price;
            columnFrom[j] = i;
            changed = true;
          }
          if (flow[i]![j]! > NOTHING && toColumn[j]! - price < toRow[i]! - NOTHING) {
            toRow[i] = toColumn[j]! - price;
            rowFrom[i] = j;
            changed = true;
          }
        }
    }
    let end = -1;
    wanted.forEach((mass, j) => {
      if (mass > NOTHING && (end < 0 || toColumn[j]! < toColumn[end]!)) end = j;
    });
    const path: { i: number; j: number; forth: boolean }[] = [];
    let mass = wanted[end]!;
    let start = -1;
    for (let j = end; start < 0;) {
      const i = columnFrom[j]!;
      path.push({ i, j, forth: true });
      const back = rowFrom[i]!;
      if (back < 0) start = i;
      else {
        path.push({ i, j: back, forth: false });
        mass = Math.min(mass, flow[i]![back]!);
        j = back;
      }
    }
    mass = Math.min(mass, left[start]!);
    for (const { i, j, forth } of path) flow[i]![j]! += forth ? mass : -mass;
    left[start]! -= mass;
    wanted[end]! -= mass;
    total += mass * toColumn[end]!;
  }
  return total;
}
