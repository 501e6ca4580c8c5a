/** Reports how far a job is: `fraction` 0–1, `step` a few words in the present tense ("Finding regions"). */
export type Progress = (fraction: number, step: string) => void;

/** A progress that fills the part [from, to] of another. */
export function part(progress: Progress | undefined, from: number, to: number): Progress {
  return (fraction, step) => progress?.(from + (to - from) * Math.min(1, Math.max(0, fraction)), step);
}
