import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Raster } from '../../../electron/raster.ts';
import { meanColour } from '../../../electron/quality/baselines.ts';
import { greyOf } from '../../../electron/quality/pictures.ts';
import { runQuality, type JudgedMethod, type QualityOptions } from '../../../electron/quality/run.ts';
import { formatQuality } from '../../../electron/quality/table.ts';
import { painted } from './pictures.ts';

let folder = '';

async function save(name: string, picture: Raster): Promise<void> {
  const { data, width, height, channels } = picture;
  await sharp(data, { raw: { width, height, channels } }).png().toFile(join(folder, name));
}

const face = painted(48, 32, (x, y) => {
  if (x < 2 || y < 2) return [0, 0, 0];
  if (x > 36 && y > 20) return [200, 60, 60];
  return x < 24 ? [220, 170, 130] : [60, 90, 200];
});
const drawLines = (picture: Raster): Raster => {
  const grey = greyOf(picture);
  return { ...grey, data: grey.data.map((v) => (v < 40 ? 0 : 255)) };
};
const options = (more: Partial<QualityOptions> = {}): QualityOptions => ({
  folder,
  methods: [],
  drawLines,
  findRegions: ({ width, height }) => ({
    labels: Int32Array.from({ length: width * height }, (_, i) => (i % width < width / 2 ? 0 : 1)),
    width,
    height,
  }),
  ...more,
});
const table = (...rows: string[]): Promise<void> =>
  writeFile(join(folder, 'pairs.tsv'), ['target\treference\tkind\tlines', ...rows].join('\n'));

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'inkwash-quality-'));
  await save('face.png', face);
  await save(
    'red.png',
    painted(50, 50, () => [200, 20, 20]),
  );
  await save(
    'dot.png',
    painted(1, 1, () => [0, 0, 0]),
  );
  await writeFile(join(folder, 'torn.png'), 'no picture');
});
afterAll(() => rm(folder, { recursive: true }));

describe('runQuality', () => {
  const perfect: JudgedMethod = { id: 'perfect', colorizePair: async () => face };

  it('gives a method that returns the target full marks, above all baselines', async () => {
    await table('face.png\t\tsame\t', 'face.png\tred.png\tcross\t');
    const rows = await runQuality(options({ methods: [perfect] }));
    expect(rows.map(({ protocol, method }) => `${protocol} ${method}`)).toEqual([
      ...['same perfect', 'same mean-colour', 'same reinhard', 'same nearest-regions'],
      ...['cross perfect', 'cross mean-colour', 'cross reinhard', 'cross nearest-regions'],
    ]);
    const [best, ...others] = rows.filter(({ protocol }) => protocol === 'same');
    expect(best).toMatchObject({
      n: 1,
      targets: 1,
      psnr: 100,
      regionAccuracy: 1,
      lpips: null,
      baseline: false,
    });
    expect(best!.msSsim).toBeCloseTo(1, 6);
    for (const row of others) {
      expect(row.baseline).toBe(true);
      expect(row.psnr!).toBeLessThan(40);
    }
  });

  it('hands the method grey lines and a coloured reference, and takes an answer of another size', async () => {
    await table('face.png\tred.png\tcross\t');
    const seen: string[] = [];
    const half: JudgedMethod = {
      id: 'half',
      colorizePair: async (lines, reference) => {
        seen.push(
          `${lines.channels} ${lines.width}x${lines.height}, ${reference.channels} ${reference.width}x${reference.height}`,
        );
        return painted(24, 16, () => [10, 200, 30]);
      },
    };
    const [row] = await runQuality(options({ methods: [half] }));
    expect(seen).toEqual(['1 48x32, 3 50x50']);
    expect(row!.regionAccuracy).toBe(0);
  });

  it('averages LPIPS over the pairs it is measured on, and leaves it out where it can not be', async () => {
    await table('face.png\t\tsame\t', '\tred.png\tother\tface.png');
    const lpips = (one: Raster, other: Raster): Promise<number> =>
      Promise.resolve(one.data === other.data ? 0 : 0.4);
    const rows = await runQuality(options({ methods: [perfect], lpips }));
    const of = (protocol: string, method: string): number | null =>
      rows.find((row) => row.protocol === protocol && row.method === method)!.lpips;
    expect(of('same', 'mean-colour')).toBeCloseTo(0.4, 9);
    expect(of('other', 'mean-colour')).toBeNull();
    expect(formatQuality(rows)).toContain('0.400');
  });

  it('measures no likeness where there is no target', async () => {
    await table('\tred.png\tother\tface.png', 'face.png\tred.png\tother\t');
    const rows = await runQuality(options({ methods: [perfect] }));
    expect(rows).toHaveLength(4);
    for (const row of rows) {
      expect(row).toMatchObject({ n: 2, targets: 0, psnr: null, msSsim: null, regionAccuracy: null });
      expect(row.paletteDistance).toBeGreaterThanOrEqual(0);
    }
  });

  it('shrinks large pictures to the size asked for', async () => {
    await table('face.png\tred.png\tcross\t');
    let width = 0;
    const look: JudgedMethod = {
      id: 'look',
      colorizePair: async (lines, reference) => {
        width = lines.width;
        return meanColour(lines, reference);
      },
    };
    await runQuality(options({ methods: [look], sizePx: 24 }));
    expect(width).toBe(24);
  });

  it.each([
    ['gone.png\tred.png\tcross\t', /“gone.png” is not there/],
    ['torn.png\tred.png\tcross\t', /“torn.png” is a text file/],
    ['face.png\tred.png\tcross\tred.png', /line drawing is 50x50 where its target is 48x32/],
    ['dot.png\tred.png\tcross\t', /dot\.png is 1x1; at least 11 px/],
  ])('ends with one sentence that names the file: %s', async (row, sentence) => {
    await table(row);
    await expect(runQuality(options())).rejects.toThrow(sentence);
  });

  it('counts its way through the pairs, and stops when asked', async () => {
    await table('face.png\tred.png\tcross\t', 'face.png\t\tsame\t');
    const steps: string[] = [];
    await runQuality(options({ progress: (fraction, step) => steps.push(`${fraction} ${step}`) }));
    expect(steps).toEqual(['0 Pair 1 of 2', '0.5 Pair 2 of 2', '1 Pair 2 of 2']);
    const stop = new AbortController();
    const run = runQuality(options({ signal: stop.signal, progress: () => stop.abort() }));
    await expect(run).rejects.toMatchObject({ kind: 'cancelled' });
  });
});

describe('the table', () => {
  it('lines up its columns and shows a dash for what was not measured', async () => {
    await table('face.png\tred.png\tcross\t', 'face.png\tred.png\tother\t');
    const text = formatQuality(await runQuality(options()));
    const lines = text.split('\n');
    expect(lines).toHaveLength(7);
    expect(new Set(lines.map((line) => line.length)).size).toBe(1);
    expect(lines[1]).toMatch(
      /^cross {2}mean-colour \* +1 +\d+\.\d\d +\d\.\d{3} +– +\d+\.\d % +\d\.\d{3} +-?\d\.\d{3}$/,
    );
    expect(lines[4]).toMatch(/^other {2}mean-colour \* +1 +– +– +– +– /);
  });
});
