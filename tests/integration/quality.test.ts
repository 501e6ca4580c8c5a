import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createEngine, type OwnedEngine } from '../../electron/engine/engine.ts';
import { ENGINE_ENTRY, LPIPS_FILE, PAIRS_FOLDER } from '../../electron/places.ts';
import { lpipsBy } from '../../electron/shell/lpips.ts';
import { readMeasuredPicture } from '../../electron/quality/pictures.ts';
import { inkwash } from './run-cli.ts';

const MEASURES = fileURLToPath(new URL('../fixtures/measures/', import.meta.url));

describe('LPIPS', () => {
  let engine: OwnedEngine;
  beforeAll(() => {
    engine = createEngine({ entry: ENGINE_ENTRY, provider: 'cpu', threads: 1 });
  });
  afterAll(() => engine.close());

  it('is what training measures, to the third decimal', async () => {
    const known = JSON.parse(await readFile(join(MEASURES, 'measures.json'), 'utf8')) as {
      output: string;
      target: string;
      lpips: number;
    }[];
    const lpips = lpipsBy(engine, LPIPS_FILE);
    for (const { output, target, lpips: expected } of known) {
      const [one, other] = await Promise.all(
        [output, target].map((name) => readMeasuredPicture(MEASURES, `${name}.png`, 256)),
      );
      expect(await lpips(one!, other!)).toBeCloseTo(expected, 3);
      expect(await lpips(one!, one!)).toBeCloseTo(0, 6);
    }
  });
});

describe('inkwash quality', () => {
  let folder = '';
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'inkwash-quality-'));
    for (const name of ['rabbit-1', 'rabbit-1-bent', 'rabbit-2'])
      await cp(join(PAIRS_FOLDER, `${name}.webp`), join(folder, `${name}.webp`));
    const rows = ['target\treference\tkind', 'rabbit-1.webp\trabbit-1-bent.webp\tsame'];
    await writeFile(join(folder, 'pairs.tsv'), [...rows, 'rabbit-2.webp\trabbit-1.webp\tcross'].join('\n'));
  });
  afterAll(() => rm(folder, { recursive: true }));

  it('says one object a method and protocol, every measure a number', async () => {
    const { code, stdout } = await inkwash(['quality', '--data', folder, '--method', 'scft', '--json']);
    expect(code).toBe(0);
    const rows = stdout
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as Record<string, unknown>)
      .filter((row) => 'protocol' in row);
    expect(rows.map(({ protocol, method }) => `${String(protocol)} ${String(method)}`)).toEqual(
      ['same', 'cross'].flatMap((protocol) =>
        ['scft', 'mean-colour', 'reinhard', 'nearest-regions'].map((method) => `${protocol} ${method}`),
      ),
    );
    for (const row of rows) {
      expect(row).toMatchObject({ n: 1, targets: 1 });
      for (const measure of ['psnr', 'msSsim', 'lpips', 'regionAccuracy', 'paletteDistance', 'lineFidelity'])
        expect(row[measure]).toEqual(expect.any(Number));
    }
    const lpipsOf = (method: string): number =>
      rows.find((row) => row['protocol'] === 'same' && row['method'] === method)!['lpips'] as number;
    expect(lpipsOf('scft')).toBeLessThan(lpipsOf('mean-colour'));
  });
});
