import { describe, expect, it } from 'vitest';
import { bankBytes, entriesOf, entryOf, personOf, readBank, vectorOf } from '../../../electron/face/bank.ts';
import { locallyLinearWeights } from '../../../electron/face/locally-linear.ts';
import { findNearest } from '../../../electron/face/nearest.ts';
import { FACE_PARTS } from '../../../electron/face/parts.ts';
import { mixVectors, projectPart } from '../../../electron/face/project.ts';

/** Mulberry32: the same numbers every time. */
function random(seed: number): () => number {
  return () => {
    seed = (seed + 0x6d2b79f5) | 0;
    let t = Math.imul(seed ^ (seed >>> 15), 1 | seed);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
}

const people = [
  { id: 'ada', space: 'feminine' },
  { id: 'bo', space: 'masculine' },
  { id: 'kim', space: null },
] as const;

/** A bank of these people whose part vectors of 8 numbers are random bytes under random scales. */
function quantised(
  seed: number,
  latent = 8,
): { bytes: Uint8Array; value: (p: number, e: number, i: number) => number } {
  const next = random(seed);
  const count = 2 * people.length;
  const bytes = new Uint8Array(bankBytes(count, latent));
  const view = new DataView(bytes.buffer);
  const values: number[][][] = [];
  let at = 0;
  for (let part = 0; part < FACE_PARTS.length; part++) {
    const scale = Array.from({ length: latent }, () => Math.fround(next() / 10));
    const zero = Array.from({ length: latent }, () => Math.fround(next() - 0.5));
    for (const values of [scale, zero])
      for (const value of values) view.setFloat32((at += 4) - 4, value, true);
    values.push(
      Array.from({ length: count }, () =>
        Array.from({ length: latent }, (_, i) => {
          const q = Math.floor(next() * 255) - 127;
          view.setInt8(at++, q);
          return q * scale[i]! + zero[i]!;
        }),
      ),
    );
  }
  return { bytes, value: (p, e, i) => values[p]![e]![i]! };
}

describe('the bank of known faces', () => {
  const { bytes, value } = quantised(1);
  const bank = readBank(bytes, people, 8);

  it('gives every number back as it was before it was packed', () => {
    for (const [p, part] of FACE_PARTS.entries())
      for (let entry = 0; entry < bank.count; entry++)
        for (const [i, found] of vectorOf(bank, part, entry).entries())
          expect(found).toBeCloseTo(value(p, entry, i), 5);
  });

  it('knows whose face an entry is, and its mirror image', () => {
    expect(personOf(bank, 1)).toEqual({ person: people[1], mirrored: false });
    expect(personOf(bank, 4)).toEqual({ person: people[1], mirrored: true });
    expect(entryOf(bank, 'kim', true)).toBe(5);
    expect(entryOf(bank, 'nobody', false)).toBeUndefined();
  });

  it('searches a person without a space only among all', () => {
    expect([...entriesOf(bank, 'all')]).toEqual([0, 1, 2, 3, 4, 5]);
    expect([...entriesOf(bank, 'feminine')]).toEqual([0, 3]);
    expect([...entriesOf(bank, 'masculine')]).toEqual([1, 4]);
  });

  it.each([
    ['short', bytes.subarray(1)],
    ['long', new Uint8Array(bytes.length + 8)],
    ['not of numbers', new Uint8Array(bytes.length).fill(255)],
  ])('that is %s is refused', (_, wrong) => {
    expect(() => readBank(wrong, people, 8)).toThrow(RangeError);
  });
});

describe('the nearest known faces', () => {
  it('are the same as sorting all of them by distance', () => {
    const next = random(2);
    const size = 70;
    const vectors = Float32Array.from({ length: 400 * size }, () => next() * 2 - 1);
    const entries = Int32Array.from({ length: 130 }, (_, i) => i * 3);
    for (let trial = 0; trial < 20; trial++) {
      const query = Float32Array.from({ length: size }, () => next() * 2 - 1);
      const sorted = [...entries]
        .map((entry) => {
          const row = vectors.subarray(entry * size, (entry + 1) * size);
          return { entry, distance: Math.hypot(...row.map((v, i) => v - query[i]!)) };
        })
        .toSorted((a, b) => a.distance - b.distance)
        .slice(0, 7);
      const found = findNearest(query, vectors, entries, 7);
      expect(found.map(({ entry }) => entry)).toEqual(sorted.map(({ entry }) => entry));
      for (const [i, { distance }] of found.entries()) expect(distance).toBeCloseTo(sorted[i]!.distance, 4);
    }
  });

  it('are all there are when more are asked for', () => {
    const found = findNearest(Float32Array.of(0), Float32Array.of(3, 1, 2), Int32Array.of(0, 1, 2), 10);
    expect(found).toEqual([
      { entry: 1, distance: 1 },
      { entry: 2, distance: 2 },
      { entry: 0, distance: 3 },
    ]);
  });
});

/** The same problem by another road: stationarity and constraint as one linear system, by Gauss with pivoting. */
function referenceWeights(point: number[], neighbours: number[][], regularisation: number): number[] {
  const k = neighbours.length;
  const gram = neighbours.map((a) =>
    neighbours.map((b) => point.reduce((sum, v, i) => sum + (v - a[i]!) * (v - b[i]!), 0)),
  );
  const trace = gram.reduce((sum, row, i) => sum + row[i]!, 0);
  const rows = gram.map((row, r) => [
    ...row.map((v, c) => 2 * (v + (r === c ? regularisation * trace : 0))),
    1,
    0,
  ]);
  rows.push([...new Array<number>(k).fill(1), 0, 1]);
  for (let c = 0; c <= k; c++) {
    const pivot = rows
      .slice(c)
      .reduce((best, row, i) => (Math.abs(row[c]!) > Math.abs(rows[best]![c]!) ? c + i : best), c);
    [rows[c], rows[pivot]] = [rows[pivot]!, rows[c]!];
    for (let r = 0; r <= k; r++) {
      if (r === c) continue;
      const factor = rows[r]![c]! / rows[c]![c]!;
      for (let i = c; i <= k + 1; i++) rows[r]![i]! -= factor * rows[c]![i]!;
    }
  }
  return Array.from({ length: k }, (_, i) => rows[i]![k + 1]! / rows[i]![i]!);
}

describe('locally linear weights', () => {
  it.each([1, 2, 5, 10, 30])('of %i neighbours solve the constrained least squares', (k) => {
    const next = random(k);
    for (let trial = 0; trial < 10; trial++) {
      const point = Array.from({ length: 16 }, () => Math.fround(next()));
      const neighbours = Array.from({ length: k }, () => point.map((v) => Math.fround(v + next() - 0.4)));
      const weights = locallyLinearWeights(
        Float32Array.from(point),
        neighbours.map((n) => Float32Array.from(n)),
        1e-3,
      );
      const reference = referenceWeights(point, neighbours, 1e-3);
      expect(weights.reduce((a, b) => a + b)).toBeCloseTo(1, 9);
      for (const [i, weight] of weights.entries()) expect(weight).toBeCloseTo(reference[i]!, 6);
    }
  });

  it('give a known face that is the sketch itself nearly all the weight', () => {
    const point = Float32Array.of(1, 2, 3);
    const [own, other] = locallyLinearWeights(point, [point, Float32Array.of(4, 0, 9)], 1e-3);
    expect(own).toBeGreaterThan(0.99);
    expect(Math.abs(other!)).toBeLessThan(0.01);
  });

  it('are the same for neighbours that all are the sketch itself', () => {
    const point = Float32Array.of(1, 2);
    expect([...locallyLinearWeights(point, [point, point, point, point], 1e-3)]).toEqual([
      0.25, 0.25, 0.25, 0.25,
    ]);
  });
});

describe('projection', () => {
  const bank = readBank(quantised(3).bytes, people, 8);
  const all = entriesOf(bank, 'all');

  it('leaves a known face nearly where it is', () => {
    const vector = vectorOf(bank, 'nose', 4);
    const { neighbours, vector: projected } = projectPart(bank, 'nose', vector, all, 3, 1e-3);
    expect(neighbours[0]).toMatchObject({ entry: 4, distance: 0 });
    expect(Math.hypot(...projected.map((v, i) => v - vector[i]!))).toBeLessThan(
      0.1 * (neighbours[1]?.distance ?? 0),
    );
  });

  it('stays within the search space', () => {
    const entries = entriesOf(bank, 'feminine');
    const { neighbours } = projectPart(bank, 'nose', vectorOf(bank, 'nose', 4), entries, 3, 1e-3);
    expect(neighbours.map(({ entry }) => entry).toSorted()).toEqual([0, 3]);
  });

  it('comes nearer to a far-off sketch than the nearest known face does', () => {
    const next = random(9);
    for (let trial = 0; trial < 10; trial++) {
      const vector = Float32Array.from({ length: 8 }, () => 20 * next() - 10);
      const { neighbours, vector: projected } = projectPart(bank, 'mouth', vector, all, 5, 1e-6);
      expect(Math.hypot(...projected.map((v, i) => v - vector[i]!))).toBeLessThanOrEqual(
        neighbours[0]!.distance + 1e-4,
      );
    }
  });

  it('mixes to my line at 0, the manifold at 1, and halfway between', () => {
    const [mine, manifold] = [Float32Array.of(0, 2), Float32Array.of(1, 4)];
    expect(mixVectors(mine, manifold, 0)).toEqual(mine);
    expect(mixVectors(mine, manifold, 1)).toEqual(manifold);
    expect([...mixVectors(mine, manifold, 0.5)]).toEqual([0.5, 3]);
  });
});
