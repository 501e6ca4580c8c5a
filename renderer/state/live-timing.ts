import type { Result } from '../../electron/contract/table.ts';

/** Times of one preview, as performance.now() gives them. */
interface Times {
  /** Before the lines were made small. */
  readonly started: number;
  readonly asked: number;
  readonly came: number;
  /** The stage knows of it. */
  readonly taken: number;
}

/** Leaves what a preview took in the browser's own timeline (User Timing), for who measures; nothing stays there. */
export function noteLiveTiming(
  as: 'draft' | 'whole',
  { started, asked, came, taken }: Times,
  { seconds, spentMs }: Result<'colorize.preview'>,
): void {
  const name = `inkwash.live.${as}`;
  performance.measure(name, {
    start: started,
    end: taken,
    detail: { lines: asked - started, call: came - asked, host: seconds * 1000, spentMs, take: taken - came },
  });
  performance.clearMeasures(name);
}
