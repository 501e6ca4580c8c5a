import { SingleBar } from 'cli-progress';
import { asFailure, type FailureKind } from '../failure.ts';
import type { Progress } from '../progress.ts';

/** Exit codes of the shell door: 0 success, 1 a failed job, 2 wrong words. */
export function exitCodeOf(kind: FailureKind): 1 | 2 {
  return kind === 'words' ? 2 : 1;
}

/** How a command speaks: people read sentences and a bar on standard error, programs one JSON object a line. */
export interface Reporter {
  readonly json: boolean;
  /** A result: JSON with `--json`, else its text. */
  say(text: string, json: Record<string, unknown>): void;
  readonly progress: Progress;
  /** Clears the bar. */
  done(): void;
  /** Prints one line on standard error and returns the exit code. */
  fail(thrown: unknown): 1 | 2;
}

export function createReporter(options: { readonly json: boolean }): Reporter {
  const shown = !options.json && process.stderr.isTTY;
  let bar: SingleBar | undefined;
  const done = (): void => {
    bar?.stop();
    bar = undefined;
  };
  return {
    json: options.json,
    say(text, json) {
      done();
      process.stdout.write(`${options.json ? JSON.stringify(json) : text}\n`);
    },
    progress(fraction, step) {
      if (options.json) process.stdout.write(`${JSON.stringify({ progress: round3(fraction), step })}\n`);
      if (!shown) return;
      if (!bar) {
        bar = new SingleBar({
          format: '{bar} {percentage} %  {step}',
          barsize: 24,
          clearOnComplete: true,
          hideCursor: true,
          stream: process.stderr,
        });
        bar.start(1, 0, { step });
      }
      bar.update(Math.min(1, fraction), { step });
    },
    done,
    fail(thrown) {
      done();
      const failure = asFailure(thrown);
      if (options.json)
        process.stdout.write(`${JSON.stringify({ error: failure.message, kind: failure.kind })}\n`);
      process.stderr.write(`inkwash: ${failure.message}\n`);
      if (process.env['INKWASH_DEBUG'] && failure.cause) console.error(failure.cause);
      return exitCodeOf(failure.kind);
    },
  };
}

function round3(value: number): number {
  return Math.round(value * 1000) / 1000;
}
