/** One reading of the pen, in the document's pixels. */
export interface PenSample {
  readonly x: number;
  readonly y: number;
  /** 0–1. */
  readonly pressure: number;
  /** How far the pen is laid down: 0 upright, 1 flat. */
  readonly tilt: number;
  /** Where the laid-down pen points, radians clockwise from the right. */
  readonly azimuth: number;
  readonly timeMs: number;
}

/** The time constant that one step of the stabilizer adds. */
const STABILIZER_STEP_MS = 9;
/** Samples without a clock are taken to be this far apart. */
const USUAL_GAP_MS = 8;
/** A pulled point this near the pen has caught up. */
const CAUGHT_UP_PX = 0.25;

/**
 * Turns pen readings into a smooth line: steadies them (each step of the stabilizer lets the line trail the pen by some
 * 9 ms), then runs quadratic curves through the middles between them. Every reading bends the line; none is left out.
 */
export class StrokePath {
  readonly #steadyMs: number;
  readonly #emit: (at: PenSample) => void;
  /** How far apart, in pixels, places are emitted at a reading. */
  readonly #spacing: (at: PenSample) => number;
  #pen: PenSample | undefined;
  #steady: PenSample | undefined;
  #middle: PenSample | undefined;
  #sinceLast = 0;

  constructor(stabilizer: number, spacing: (at: PenSample) => number, emit: (at: PenSample) => void) {
    this.#steadyMs = stabilizer * STABILIZER_STEP_MS;
    this.#spacing = spacing;
    this.#emit = emit;
  }

  add(sample: PenSample): void {
    const before = this.#pen;
    this.#pen = sample;
    if (!before || !this.#steady) {
      this.#steady = this.#middle = sample;
      this.#emit(sample);
      return;
    }
    const gap = sample.timeMs - before.timeMs;
    this.#pull(gap > 0 && gap < 1000 ? gap : USUAL_GAP_MS);
  }

  /** Lets the line catch up with a resting pen. @returns whether it is still behind. */
  rest(gapMs: number): boolean {
    if (!this.#behind()) return false;
    this.#pull(gapMs);
    return this.#behind();
  }

  /** Draws what is left, up to where the pen was lifted. */
  end(): void {
    for (let pulls = 0; pulls < 200 && this.#behind(); pulls++) this.#pull(USUAL_GAP_MS);
    const { steady, middle } = { steady: this.#steady, middle: this.#middle };
    if (steady && middle && this.#pen) this.#curve(middle, steady, this.#pen);
  }

  #behind(): boolean {
    const { pen, steady } = { pen: this.#pen, steady: this.#steady };
    return (
      pen !== undefined &&
      steady !== undefined &&
      this.#steadyMs > 0 &&
      Math.hypot(pen.x - steady.x, pen.y - steady.y) > CAUGHT_UP_PX
    );
  }

  #pull(gapMs: number): void {
    const pen = this.#pen!;
    const from = this.#steady!;
    const part = this.#steadyMs === 0 ? 1 : 1 - Math.exp(-gapMs / this.#steadyMs);
    const to = { ...mixed(from, pen, part), azimuth: pen.azimuth };
    const middle = mixed(from, to, 0.5);
    this.#curve(this.#middle!, from, middle);
    this.#middle = middle;
    this.#steady = to;
  }

  /** A quadratic curve, walked in short straight steps; a place is emitted whenever the spacing is used up. */
  #curve(from: PenSample, control: PenSample, to: PenSample): void {
    const length =
      Math.hypot(control.x - from.x, control.y - from.y) + Math.hypot(to.x - control.x, to.y - control.y);
    const steps = Math.min(256, Math.max(1, Math.ceil(length / 2)));
    let last = from;
    for (let step = 1; step <= steps; step++) {
      const t = step / steps;
      const next = mixed(mixed(from, control, t), mixed(control, to, t), t);
      this.#line(last, next);
      last = next;
    }
  }

  #line(from: PenSample, to: PenSample): void {
    const length = Math.hypot(to.x - from.x, to.y - from.y);
    if (length === 0) return;
    let done = 0;
    for (;;) {
      const part = done / length;
      const here = mixed(from, to, part);
      const wait = Math.max(0, this.#spacing(here) - this.#sinceLast);
      if (done + wait > length) break;
      done += wait;
      this.#sinceLast = 0;
      this.#emit(mixed(from, to, done / length));
    }
    this.#sinceLast += length - done;
  }
}

function mixed(a: PenSample, b: PenSample, part: number): PenSample {
  const mix = (from: number, to: number): number => from + (to - from) * part;
  return {
    x: mix(a.x, b.x),
    y: mix(a.y, b.y),
    pressure: mix(a.pressure, b.pressure),
    tilt: mix(a.tilt, b.tilt),
    azimuth: b.azimuth,
    timeMs: mix(a.timeMs, b.timeMs),
  };
}
