import { setTimeout } from 'node:timers/promises';
import sharp from 'sharp';
import { describe, expect, it } from 'vitest';
import { watchMemory } from '../../../electron/bench/memory.ts';
import { BENCH_PAGE, benchPage } from '../../../electron/bench/page.ts';
import { runBench, type BenchTask } from '../../../electron/bench/run.ts';

function task(more: Partial<BenchTask> = {}): BenchTask {
  return {
    id: 'task',
    what: 'a task',
    targetMs: 100,
    runs: 4,
    warmups: 2,
    run: async () => undefined,
    ...more,
  };
}

describe('runBench', () => {
  it('runs a task its warm-ups and its runs, and times the runs only', async () => {
    let calls = 0;
    const run = async (): Promise<void> => {
      calls++;
      if (calls <= 2) await setTimeout(60);
    };
    const [row] = await runBench([task({ run })]);
    expect(calls).toBe(6);
    expect(row).toMatchObject({ id: 'task', runs: 4, targetMs: 100 });
    expect(row!.p95Ms).toBeLessThan(60);
    expect(row!.medianMs).toBeLessThanOrEqual(row!.p95Ms);
    expect(row!.ofTarget).toBeCloseTo(row!.medianMs / 100, 9);
  });

  it('promises nothing where there is no target', async () => {
    const [row] = await runBench([task({ targetMs: null })]);
    expect(row!.ofTarget).toBeNull();
  });

  it('never reports going backwards, and ends at the end', async () => {
    const fractions: number[] = [];
    await runBench([task(), task({ warmups: 0 })], (fraction) => fractions.push(fraction));
    expect(fractions).toEqual(fractions.toSorted((a, b) => a - b));
    expect(fractions.at(-1)).toBe(1);
  });

  it('stops between two runs when asked', async () => {
    const stop = new AbortController();
    let calls = 0;
    const run = async (): Promise<void> => {
      if (++calls === 3) stop.abort();
    };
    await expect(runBench([task({ run })], undefined, stop.signal)).rejects.toMatchObject({
      kind: 'cancelled',
    });
    expect(calls).toBe(3);
  });
});

describe('watchMemory', () => {
  it('sees the peak of this process, and an engine that has ended counts nothing', async () => {
    const stop = watchMemory(() => 2 ** 22 + 1);
    const held = Buffer.alloc(64 * 1024 * 1024, 1);
    const least = process.memoryUsage.rss();
    await setTimeout(150);
    expect(held[5]).toBe(1);
    const peak = stop();
    expect(peak).toBeGreaterThan(0.8 * least);
    expect(peak).toBeLessThan(2 * least);
  });
});

describe('the page that is timed', () => {
  it('is 2480x3508 with four framed panels', async () => {
    const blank = { width: 40, height: 40, channels: 3, background: '#ffffff' } as const;
    const page = await benchPage([await sharp({ create: blank }).png().toBuffer()]);
    const { data, info } = await sharp(page).greyscale().raw().toBuffer({ resolveWithObject: true });
    expect([info.width, info.height]).toEqual([BENCH_PAGE.width, BENCH_PAGE.height]);
    const at = (x: number, y: number): number => data[y * info.width + x]!;
    expect([at(60, 60), at(124, 124), at(600, 900), at(1240, 1000)]).toEqual([255, 0, 255, 255]);
  });

  it('needs a drawing', async () => {
    await expect(benchPage([])).rejects.toThrow(RangeError);
  });
});
