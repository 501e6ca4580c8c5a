import { jobs, type JobInput, type JobName, type JobResult } from '../paint/background/jobs.ts';
import type { JobAnswer, JobMessage } from '../paint/background/worker.ts';

/** An idle worker goes away after this long, with what it holds. */
const IDLE_MS = 10_000;

interface Options {
  /** Aborting ends the job at once. */
  readonly signal?: AbortSignal;
  /** 0–1. */
  readonly onProgress?: (part: number) => void;
}

let worker: Worker | undefined;
let idle: ReturnType<typeof setTimeout> | undefined;
let last: Promise<unknown> = Promise.resolve();

/**
 * Runs a job beside the window's own thread, one after the other in the order asked for. Rejects with an AbortError when
 * aborted, with an Error when the job failed. Where no worker can be had, the job runs in the window.
 */
export function inBackground<N extends JobName>(
  name: N,
  input: JobInput<N>,
  options: Options = {},
): Promise<JobResult<N>> {
  const run = last.then(() => runNow(name, input, options));
  last = run.catch(() => undefined);
  return run;
}

async function runNow<N extends JobName>(
  name: N,
  input: JobInput<N>,
  { signal, onProgress }: Options,
): Promise<JobResult<N>> {
  signal?.throwIfAborted();
  clearTimeout(idle);
  try {
    worker ??= new Worker(new URL('../paint/background/worker.ts', import.meta.url), { type: 'module' });
  } catch {
    return here(name, input, onProgress);
  }
  const its = worker;
  return new Promise<JobResult<N>>((resolve, reject) => {
    const listening = new AbortController();
    const end = (drop: boolean): void => {
      listening.abort();
      if (drop) {
        its.terminate();
        if (worker === its) worker = undefined;
      } else idle = setTimeout(dropIdle, IDLE_MS);
    };
    const events = { signal: listening.signal };
    signal?.addEventListener(
      'abort',
      () => {
        end(true);
        reject(signal.reason as Error);
      },
      events,
    );
    its.addEventListener(
      'message',
      ({ data }: MessageEvent<JobAnswer>) => {
        if (data.type === 'progress') return onProgress?.(data.part);
        end(false);
        if (data.type === 'done') resolve(data.result as JobResult<N>);
        else reject(new Error(data.error));
      },
      events,
    );
    // A worker that can't be loaded says so here; its job is then done in the window.
    its.addEventListener(
      'error',
      () => {
        end(true);
        try {
          resolve(here(name, input, onProgress));
        } catch (thrown) {
          reject(thrown as Error);
        }
      },
      events,
    );
    its.postMessage({ name, input } satisfies JobMessage);
  });
}

function here<N extends JobName>(
  name: N,
  input: JobInput<N>,
  onProgress: (part: number) => void = () => undefined,
): JobResult<N> {
  const run = jobs[name] as (input: JobInput<N>, progress: (part: number) => void) => JobResult<N>;
  return run(input, onProgress);
}

function dropIdle(): void {
  worker?.terminate();
  worker = undefined;
}
