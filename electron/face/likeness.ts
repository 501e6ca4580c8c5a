import { vectorOf, type FaceBank } from './bank.ts';
import type { Nearest } from './nearest.ts';
import { FACE_PARTS, type FacePart, type PerPart } from './parts.ts';

/**
 * The known faces nearest to all that is drawn so far, for parts that are not: each part's squared distances count in
 * proportion to their mean, so that no part decides alone. Where nothing is drawn, those nearest to the mean face.
 * @param vectors of the drawn parts. @returns nearest first; `distance` has no unit.
 */
export function nearestInAll(
  bank: FaceBank,
  vectors: Partial<PerPart<Float32Array>>,
  entries: Int32Array,
  k: number,
): Nearest[] {
  const drawn = FACE_PARTS.filter((part) => vectors[part]);
  const total = new Float64Array(entries.length);
  for (const part of drawn.length > 0 ? drawn : FACE_PARTS) {
    const query = vectors[part] ?? meanVector(bank, part, entries);
    const squares = Float64Array.from(entries, (entry) => squareDistance(query, vectorOf(bank, part, entry)));
    const mean = squares.reduce((sum, square) => sum + square, 0) / squares.length || 1;
    for (let i = 0; i < total.length; i++) total[i]! += squares[i]! / mean;
  }
  return Array.from(entries, (entry, i) => ({ entry, distance: Math.sqrt(total[i]!) }))
    .toSorted((a, b) => a.distance - b.distance)
    .slice(0, k);
}

function meanVector(bank: FaceBank, part: FacePart, entries: Int32Array): Float32Array {
  const mean = new Float32Array(bank.latent);
  for (const entry of entries) {
    const vector = vectorOf(bank, part, entry);
    for (let i = 0; i < mean.length; i++) mean[i]! += vector[i]! / entries.length;
  }
  return mean;
}

function squareDistance(a: Float32Array, b: Float32Array): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += (a[i]! - b[i]!) ** 2;
  return sum;
}
