import { jobs, type JobName } from './jobs.ts';

/** One message in, its progress and its end out, one after the other; ending the worker is how a job is cancelled. */
export interface JobMessage {
  readonly name: JobName;
  readonly input: unknown;
}
export type JobAnswer =
  | { readonly type: 'progress'; readonly part: number }
  | { readonly type: 'done'; readonly result: unknown }
  | { readonly type: 'failed'; readonly error: string };

const answer = (message: JobAnswer): void => postMessage(message);

addEventListener('message', ({ data }: MessageEvent<JobMessage>) => {
  const run = jobs[data.name] as (input: unknown, progress: (part: number) => void) => unknown;
  try {
    answer({ type: 'done', result: run(data.input, (part) => answer({ type: 'progress', part })) });
  } catch (thrown) {
    answer({
      type: 'failed',
      error: thrown instanceof Error ? (thrown.stack ?? thrown.message) : String(thrown),
    });
  }
});
