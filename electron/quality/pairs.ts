import { readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { Failure } from '../failure.ts';

export const PROTOCOLS = ['same', 'cross', 'other'] as const;
/** same: the reference is the target, bent; cross: another picture of its group; other: a picture of another group. */
export type Protocol = (typeof PROTOCOLS)[number];

/** One line of pairs.tsv. Paths are relative to its folder, with forward slashes. */
export interface Pair {
  readonly kind: Protocol;
  readonly reference: string;
  /** The picture to come near to. Only `other` may do without, and then `lines` is there. */
  readonly target: string | undefined;
  /** The line drawing; where there is none it is made from the target. */
  readonly lines: string | undefined;
}

const MAX_TABLE_BYTES = 8 * 1024 * 1024;
const MAX_PAIRS = 20_000;

/**
 * Reads a folder's pairs.tsv: a header that names the columns target, reference, kind and, if there are any, lines;
 * then one pair a line. Empty lines are passed over.
 * @throws Failure `input` that names the line: no table, a column missing, an unknown kind, a path that leaves the folder.
 */
export async function readPairs(folder: string): Promise<Pair[]> {
  const file = join(folder, 'pairs.tsv');
  const found = await stat(file).catch((cause: unknown) => {
    throw new Failure(
      'input',
      `There is no pairs.tsv in "${folder}". Point at a folder that has one.`,
      cause,
    );
  });
  if (found.size > MAX_TABLE_BYTES)
    throw new Failure('input', `${file} has ${found.size} bytes; ${MAX_TABLE_BYTES} are the most. Split it.`);
  const text = await readFile(file, 'utf8').catch((cause: unknown) => {
    throw new Failure('input', `${file} can't be read. Check its permissions.`, cause);
  });
  return parsePairs(text, file);
}

/** The pairs of a table's text; `file` is its name in failures. @throws Failure `input`, see readPairs. */
export function parsePairs(text: string, file: string): Pair[] {
  const rows = text.replace(/^\uFEFF/, '').split(/\r?\n/);
  const header = rows[0]!.split('\t').map((name) => name.trim());
  for (const name of ['target', 'reference', 'kind'])
    if (!header.includes(name))
      throw new Failure('input', `${file} has no column "${name}". Its first line must name the columns.`);
  const pairs: Pair[] = [];
  rows.slice(1).forEach((row, i) => {
    if (row.trim() === '') return;
    const cells = row.split('\t').map((cell) => cell.trim());
    const cell = (name: string): string => cells[header.indexOf(name)] ?? '';
    pairs.push(pairOf(cell, `${file}, line ${i + 2}`));
  });
  if (pairs.length === 0) throw new Failure('input', `${file} names no pair. Add one line a pair.`);
  if (pairs.length > MAX_PAIRS)
    throw new Failure('input', `${file} names ${pairs.length} pairs; ${MAX_PAIRS} are the most. Split it.`);
  return pairs;
}

function pairOf(cell: (name: string) => string, where: string): Pair {
  const kind = PROTOCOLS.find((name) => name === cell('kind'));
  if (!kind)
    throw new Failure('input', `${where}: the kind is "${cell('kind')}". Write same, cross or other.`);
  const [target, reference, lines] = ['target', 'reference', 'lines'].map((name) => {
    const path = cell(name);
    if (path !== '' && leavesFolder(path))
      throw new Failure('input', `${where}: "${path}" leads out of the folder. Write a path relative to it.`);
    return path === '' ? undefined : path;
  });
  if (!target && kind !== 'other')
    throw new Failure('input', `${where}: a pair of kind ${kind} needs a target. Name its picture.`);
  if (!target && !lines)
    throw new Failure('input', `${where}: there is neither a target nor a line drawing. Name one of them.`);
  // A warped copy may be left to us: see runQuality.
  if (!reference && kind !== 'same')
    throw new Failure('input', `${where}: a pair of kind ${kind} needs a reference. Name its picture.`);
  return { kind, target, reference: reference ?? target!, lines };
}

function leavesFolder(path: string): boolean {
  return /^[/\\]|^[A-Za-z]:|\0/.test(path) || path.split(/[/\\]/).includes('..');
}
