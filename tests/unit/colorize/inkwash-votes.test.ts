import { expect, test } from 'vitest';
import { votesOf } from '../../../electron/colorize/inkwash/votes.ts';

/** A token's value: averaged numbers that don't matter here, its half-size pixels, its place. */
function valueOf(
  left: readonly [number, number, number],
  right: readonly [number, number, number],
): number[] {
  const pixels = [0, 1, 2].flatMap((channel) =>
    Array.from({ length: 16 }, (_, i) => ((i % 4 < 2 ? left : right)[channel]! / 255) * 2 - 1),
  );
  return [9, 9, ...pixels, 0, 0, 0, 0];
}

test('a place votes for the colours of the tokens it attends to, by how much it does', () => {
  const [red, white, blue] = [
    [200, 40, 40],
    [255, 255, 255],
    [30, 60, 200],
  ] as const;
  const values = [...valueOf(red, red), ...valueOf(white, blue)];
  const { columns, rows, colours, weights } = votesOf(
    { data: Float32Array.from([0.8, 0.2, 0, 0.6]), dims: [1, 2, 2] },
    { data: Float32Array.from(values), dims: [1, 2, values.length / 2] },
    { columns: 2, rows: 1 },
  );
  expect([columns, rows, colours.length]).toEqual([2, 1, 3]);
  const at = (token: number, colour: readonly number[]): number =>
    weights[token * 3 + colours.findIndex((known) => known.join() === colour.join())]!;
  expect(at(0, red)).toBeCloseTo(0.8);
  expect(at(0, white)).toBeCloseTo(0.1);
  expect(at(0, blue)).toBeCloseTo(0.1);
  expect(at(1, red)).toBe(0);
  expect(at(1, blue)).toBeCloseTo(0.3);
});
