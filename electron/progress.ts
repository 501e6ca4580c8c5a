/** Reports how far a job is: `fraction` 0–1, `step` a few words in the present tense ("Finding regions"). */
export type Progress = (fraction: number, step: string) => void;

/** A progress that fills the part [from, to] of another. */
export function part(progress: Progress | undefined, from: number, to: number): Progress {
  return (fraction, step) => progress?.(from + (to - from) * Math.min(1, Math.max(0, fraction)), step);
}

/** Two progresses of things done at once, each half of another. */
export function shared(progress: Progress): readonly [Progress, Progress] {
  const done = [0, 0];
  const half =
    (which: 0 | 1): Progress =>
    (fraction, step) => {
      done[which] = Math.max(done[which]!, Math.min(1, fraction));
      progress((done[0]! + done[1]!) / 2, step);
    };
  return [half(0), half(1)];
}
