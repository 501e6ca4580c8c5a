/**
 * Weights that rebuild a point from its neighbours (Roweis and Saul, Nonlinear dimensionality reduction by locally linear
 * embedding, 2000): they minimise |point - sum w_k neighbour_k|^2 subject to sum w_k = 1. The Gram matrix of the
 * differences gets `regularisation` times its trace on its diagonal, so that more neighbours than dimensions, and
 * equal neighbours, have one answer too.
 * @param neighbours each as long as `point`, at least one.
 * @returns a weight a neighbour; they sum to 1, single ones may be negative.
 */
export function locallyLinearWeights(
  point: Float32Array,
  neighbours: readonly Float32Array[],
  regularisation: number,
): Float64Array {
  const k = neighbours.length;
  if (k === 0) throw new RangeError('Weights need at least one neighbour.');
  const differences = neighbours.map((neighbour) => {
    const d = new Float64Array(point.length);
    for (let i = 0; i < d.length; i++) d[i] = point[i]! - neighbour[i]!;
    return d;
  });
  const gram = new Float64Array(k * k);
  let trace = 0;
  for (let r = 0; r < k; r++) {
    for (let c = 0; c <= r; c++) {
      const [a, b] = [differences[r]!, differences[c]!];
      let sum = 0;
      for (let i = 0; i < a.length; i++) sum += a[i]! * b[i]!;
      gram[r * k + c] = gram[c * k + r] = sum;
    }
    trace += gram[r * k + r]!;
  }
  // Every neighbour is the point itself: all are as good.
  if (!(trace > 0)) return new Float64Array(k).fill(1 / k);
  for (let r = 0; r < k; r++) gram[r * k + r]! += Math.max(regularisation, Number.EPSILON) * trace;
  const weights = solvePositiveDefinite(gram, new Float64Array(k).fill(1));
  const total = weights.reduce((sum, w) => sum + w, 0);
  return weights.map((w) => w / total);
}

/** Solves A x = b by Cholesky's factors; A is k x k, symmetric and positive definite, and is overwritten. */
function solvePositiveDefinite(a: Float64Array, b: Float64Array): Float64Array {
  const k = b.length;
  for (let c = 0; c < k; c++)
    for (let r = c; r < k; r++) {
      let sum = a[r * k + c]!;
      for (let i = 0; i < c; i++) sum -= a[r * k + i]! * a[c * k + i]!;
      a[r * k + c] = r === c ? Math.sqrt(Math.max(sum, Number.MIN_VALUE)) : sum / a[c * k + c]!;
    }
  const x = b.slice();
  for (let r = 0; r < k; r++) {
    for (let i = 0; i < r; i++) x[r]! -= a[r * k + i]! * x[i]!;
    x[r]! /= a[r * k + r]!;
  }
  for (let r = k - 1; r >= 0; r--) {
    for (let i = r + 1; i < k; i++) x[r]! -= a[i * k + r]! * x[i]!;
    x[r]! /= a[r * k + r]!;
  }
  return x;
}
