import { vectorOf, type FaceBank } from './bank.ts';
import { locallyLinearWeights } from './locally-linear.ts';
import { findNearest, type Nearest } from './nearest.ts';
import type { FacePart } from './parts.ts';

export interface WeightedNeighbour extends Nearest {
  /** Those of a part sum to 1; single ones may be negative. */
  readonly weight: number;
}

/** A part's vector carried onto the manifold of known faces. */
export interface Projection {
  /** Nearest first. */
  readonly neighbours: readonly WeightedNeighbour[];
  readonly vector: Float32Array;
}

/**
 * Manifold projection (Chen et al. 2020, section 3.2): the k nearest entries of the search space, and the point that their
 * locally linear weights make of them.
 * @param entries of the search space (entriesOf); fewer than k are all taken.
 */
export function projectPart(
  bank: FaceBank,
  part: FacePart,
  vector: Float32Array,
  entries: Int32Array,
  k: number,
  regularisation: number,
): Projection {
  const nearest = findNearest(vector, bank.vectors[part], entries, k);
  const points = nearest.map(({ entry }) => vectorOf(bank, part, entry));
  const weights = locallyLinearWeights(vector, points, regularisation);
  const projected = new Float32Array(vector.length);
  for (let i = 0; i < projected.length; i++) {
    let sum = 0;
    for (let n = 0; n < points.length; n++) sum += weights[n]! * points[n]![i]!;
    projected[i] = sum;
  }
  return {
    neighbours: nearest.map((near, n) => ({ ...near, weight: weights[n]! })),
    vector: projected,
  };
}

/** The point `amount` (0 to 1) of the way from one vector to another: refinement, and morphing. */
export function mixVectors(from: Float32Array, to: Float32Array, amount: number): Float32Array {
  if (amount === 0) return from;
  if (amount === 1) return to;
  return from.map((value, i) => value + (to[i]! - value) * amount);
}
