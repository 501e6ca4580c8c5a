const SIDE = 256;
let paper: Float32Array | undefined;

/**
 * The paper's height at a pixel of the document, 0–1, the same at every start: value noise of several sizes that repeats
 * every 256 pixels, spread so that all heights are about equally frequent.
 */
export function grainAt(x: number, y: number): number {
  paper ??= makePaper();
  return paper[(y & (SIDE - 1)) * SIDE + (x & (SIDE - 1))]!;
}

function makePaper(): Float32Array {
  const heights = new Float32Array(SIDE * SIDE);
  addNoise(heights, 1, 0.7);
  addNoise(heights, 2, 1);
  addNoise(heights, 4, 0.4);
  addNoise(heights, 16, 0.15);
  // By rank, so that pressure lets through as much of the paper as it says.
  const order = [...heights.keys()].sort((a, b) => heights[a]! - heights[b]!);
  for (const [rank, at] of order.entries()) heights[at] = rank / (order.length - 1);
  return heights;
}

function addNoise(heights: Float32Array, cell: number, strength: number): void {
  const cells = SIDE / cell;
  const lattice = new Float32Array(cells * cells);
  let state = 0x9e3779b9 ^ cell;
  for (let at = 0; at < lattice.length; at++) {
    state = (Math.imul(state, 1664525) + 1013904223) | 0;
    lattice[at] = ((state >>> 8) & 0xffff) / 0xffff;
  }
  const at = (x: number, y: number): number => lattice[(y % cells) * cells + (x % cells)]!;
  const ease = (t: number): number => t * t * (3 - 2 * t);
  for (let y = 0; y < SIDE; y++)
    for (let x = 0; x < SIDE; x++) {
      const [cx, cy] = [Math.floor(x / cell), Math.floor(y / cell)];
      const [u, v] = [ease(x / cell - cx), ease(y / cell - cy)];
      const top = at(cx, cy) * (1 - u) + at(cx + 1, cy) * u;
      const bottom = at(cx, cy + 1) * (1 - u) + at(cx + 1, cy + 1) * u;
      heights[y * SIDE + x]! += strength * (top * (1 - v) + bottom * v);
    }
}
