import { readdir, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { Failure } from '../../../electron/failure.ts';
import { parsePairs, readPairs } from '../../../electron/quality/pairs.ts';

const FIXTURES = join(import.meta.dirname, '../../fixtures/pairs');

function refusal(text: string): string {
  try {
    parsePairs(text, 'pairs.tsv');
  } catch (thrown) {
    expect(thrown).toBeInstanceOf(Failure);
    return (thrown as Failure).message;
  }
  throw new Error('It was accepted.');
}

describe('pairs.tsv', () => {
  it('is read by the names of its columns, in any order, with or without lines', () => {
    const text = '\uFEFFkind\treference\ttarget\r\nsame\tb.png\tsub/a.png\r\n\r\ncross\tc.png\ta.png\r\n';
    expect(parsePairs(text, 'pairs.tsv')).toEqual([
      { kind: 'same', reference: 'b.png', target: 'sub/a.png', lines: undefined },
      { kind: 'cross', reference: 'c.png', target: 'a.png', lines: undefined },
    ]);
  });

  it('may leave out the warped copy of a target, and the target of a drawing nobody coloured', () => {
    expect(
      parsePairs('target\treference\tkind\tlines\na.png\t\tsame\t\n\tb.png\tother\td.png', 'pairs.tsv'),
    ).toEqual([
      { kind: 'same', reference: 'a.png', target: 'a.png', lines: undefined },
      { kind: 'other', reference: 'b.png', target: undefined, lines: 'd.png' },
    ]);
  });

  it.each([
    '../a.png',
    'sub/../../a.png',
    '/etc/a.png',
    'C:\\a.png',
    '\\\\server\\a.png',
    'sub\\..\\a.png',
    'a\0.png',
  ])('refuses the path %j, naming the line', (path) => {
    const sentence = refusal(`target\treference\tkind\na.png\tb.png\tsame\n${path}\tb.png\tsame`);
    expect(sentence).toContain('line 3');
    expect(sentence).toContain('leads out of the folder');
  });

  it('says what is wrong with a table', () => {
    expect(refusal('')).toContain('no column "target"');
    expect(refusal('target\tkind')).toContain('no column "reference"');
    expect(refusal('target\treference\tkind\n')).toContain('names no pair');
    expect(refusal('target\treference\tkind\na\tb\tsimilar')).toContain('Write same, cross or other.');
    expect(refusal('target\treference\tkind\n\tb\tcross')).toContain('needs a target');
    expect(refusal('target\treference\tkind\na\t\tcross')).toContain('needs a reference');
    expect(refusal('target\treference\tkind\n\tb\tother')).toContain('neither a target nor a line drawing');
  });

  it('that is missing is said to be missing', async () => {
    await expect(readPairs(join(FIXTURES, 'nowhere'))).rejects.toThrow(/There is no pairs\.tsv in/);
  });
});

describe('the shipped pairs', () => {
  it('are at least forty, of every kind, and all their pictures are there', async () => {
    const pairs = await readPairs(FIXTURES);
    expect(pairs.length).toBeGreaterThanOrEqual(40);
    expect(new Set(pairs.map(({ kind }) => kind))).toEqual(new Set(['same', 'cross', 'other']));
    const named = pairs.flatMap(({ target, reference, lines }) => [target, reference, lines]);
    const there = new Set(await readdir(FIXTURES));
    for (const file of named) if (file) expect(there).toContain(file);
  });

  it('weigh less than 3 MB and are all credited under a free licence', async () => {
    const credits = await readFile(join(FIXTURES, 'CREDITS.md'), 'utf8');
    let bytes = 0;
    for (const file of await readdir(FIXTURES)) {
      bytes += (await stat(join(FIXTURES, file))).size;
      if (file.endsWith('.webp'))
        expect(credits).toMatch(new RegExp(`^\\| ${file} \\| .+ \\| (CC BY 4.0|CC0 1.0) \\|`, 'm'));
    }
    expect(bytes).toBeLessThan(3_000_000);
  });
});
