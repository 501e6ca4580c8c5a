import sharp from 'sharp';
import type { Region } from '../bounds.ts';
import { Cursor } from './cursor.ts';
import type { PlacedMask } from './layers.ts';

/** How a path joins those before it: 8-bit coverage, 0–255. */
const OPERATIONS: Record<number, (before: number, path: number) => number> = {
  0: (before, path) => Math.abs(before - path),
  1: Math.max,
  2: (before, path) => Math.min(before, 255 - path),
  3: Math.min,
};
const OR = 1;
const SUBTRACT = 2;
const DISABLED = 4;
const INVERTED = 1;
const RECORD_BYTES = 26;
/** More knots than any drawn mask has. */
const MOST_KNOTS = 100_000;

interface SubPath {
  readonly operation: number;
  /** SVG path data in the page's pixels. */
  readonly d: string;
}

/**
 * A vector mask (specification, "Vector mask setting" and "Path resource format") drawn at the page's size; undefined
 * when it is switched off or has no paths. Throws a RangeError when its records don't hold together.
 */
export async function drawVectorMask(block: Uint8Array, page: Region): Promise<PlacedMask | undefined> {
  const cursor = new Cursor(block);
  cursor.skip(4);
  const flags = cursor.u32();
  if (flags & DISABLED) return undefined;
  const paths = readPaths(cursor, page);
  if (paths.length === 0) return undefined;
  // What is taken away first is taken from everything.
  const startsFull = paths[0]!.operation === SUBTRACT;
  const values = new Uint8Array(page.width * page.height).fill(startsFull ? 255 : 0);
  for (const [index, { operation, d }] of paths.entries()) {
    const drawn = await drawPath(d, page);
    const join = OPERATIONS[index === 0 && !startsFull ? OR : operation] ?? OPERATIONS[OR]!;
    for (let i = 0; i < values.length; i++) values[i] = join(values[i]!, drawn[i]!);
  }
  if (flags & INVERTED) for (let i = 0; i < values.length; i++) values[i] = 255 - values[i]!;
  return { place: page, values, outside: flags & INVERTED ? 255 : 0 };
}

function readPaths(cursor: Cursor, page: Region): SubPath[] {
  const paths: SubPath[] = [];
  if (cursor.left / RECORD_BYTES > MOST_KNOTS) throw new RangeError('A vector mask has too many points.');
  let operation = OR;
  let knots: Knot[] = [];
  let closed = true;
  const finish = (): void => {
    if (knots.length > 1) {
      const d = pathOf(knots, closed);
      const before = paths.at(-1);
      // A path without an operation of its own belongs to the one before it, holes and all.
      if (operation === -1 && before) paths[paths.length - 1] = { ...before, d: `${before.d} ${d}` };
      else paths.push({ operation: operation === -1 ? OR : operation, d });
    }
    knots = [];
  };
  while (cursor.left >= RECORD_BYTES) {
    const record = new Cursor(cursor.take(RECORD_BYTES));
    const type = record.u16();
    if (type === 0 || type === 3) {
      finish();
      record.skip(2);
      operation = record.i16();
      closed = type === 0;
    } else if (type === 1 || type === 2 || type === 4 || type === 5) {
      // Fractions of the page, 8.24 fixed point, down before across.
      const point = (): [number, number] => {
        const y = (record.i32() / 2 ** 24) * page.height;
        const x = (record.i32() / 2 ** 24) * page.width;
        return [x, y];
      };
      knots.push({ into: point(), at: point(), out: point() });
    }
  }
  finish();
  return paths;
}

interface Knot {
  readonly into: [number, number];
  readonly at: [number, number];
  readonly out: [number, number];
}

function pathOf(knots: readonly Knot[], closed: boolean): string {
  const text = ([x, y]: [number, number]): string => `${x.toFixed(3)} ${y.toFixed(3)}`;
  const pieces = [`M${text(knots[0]!.at)}`];
  for (let at = 1; at <= knots.length - (closed ? 0 : 1); at++) {
    const [from, to] = [knots[at - 1]!, knots[at % knots.length]!];
    pieces.push(`C${text(from.out)} ${text(to.into)} ${text(to.at)}`);
  }
  return `${pieces.join('')}Z`;
}

async function drawPath(d: string, { width, height }: Region): Promise<Uint8Array> {
  const svg = `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}"><path fill-rule="evenodd" d="${d}"/></svg>`;
  const { data, info } = await sharp(Buffer.from(svg), { limitInputPixels: false })
    .ensureAlpha()
    .extractChannel('alpha')
    .raw({ depth: 'uchar' })
    .toBuffer({ resolveWithObject: true });
  if (info.width !== width || info.height !== height)
    throw new RangeError('A vector mask could not be drawn at the size of the page.');
  return data;
}
