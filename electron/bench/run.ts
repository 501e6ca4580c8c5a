import { performance } from 'node:perf_hooks';
import { throwIfCancelled } from '../failure.ts';
import type { Progress } from '../progress.ts';

/** One thing to time. */
export interface BenchTask {
  readonly id: string;
  readonly what: string;
  /** What it should take at most on two processor cores, ms; null where nothing was promised. */
  readonly targetMs: number | null;
  readonly runs: number;
  /** Untimed runs before: graphs load, caches fill. */
  readonly warmups: number;
  run(): Promise<unknown>;
}

export interface BenchRow {
  readonly id: string;
  readonly what: string;
  readonly medianMs: number;
  readonly p95Ms: number;
  readonly runs: number;
  readonly targetMs: number | null;
  /** Median over target: 1 is just good enough, 0.5 twice as fast. */
  readonly ofTarget: number | null;
}

/** Times the tasks one after another. @throws Failure `cancelled`, and whatever a task throws. */
export async function runBench(
  tasks: readonly BenchTask[],
  progress?: Progress,
  signal?: AbortSignal,
): Promise<BenchRow[]> {
  const rows: BenchRow[] = [];
  for (const [index, { id, what, targetMs, runs, warmups, run }] of tasks.entries()) {
    const times: number[] = [];
    for (let i = -warmups; i < runs; i++) {
      throwIfCancelled(signal);
      progress?.((index + (i + warmups) / (runs + warmups)) / tasks.length, what);
      const began = performance.now();
      await run();
      if (i >= 0) times.push(performance.now() - began);
    }
    times.sort((a, b) => a - b);
    const at = (share: number): number =>
      times[Math.min(times.length - 1, Math.ceil(share * times.length) - 1)]!;
    const medianMs = at(0.5);
    rows.push({
      id,
      what,
      medianMs,
      p95Ms: at(0.95),
      runs,
      targetMs,
      ofTarget: targetMs && medianMs / targetMs,
    });
  }
  progress?.(1, 'Done');
  return rows;
}
