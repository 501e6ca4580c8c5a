interface Place {
  readonly x: number;
  readonly y: number;
}

/**
 * A ruler that lies on the page.
 * - `line`: strokes that begin near the line through its two places run along it;
 * - `parallel`: strokes run in the direction from its first place to its second;
 * - `vanishing`: strokes run to or from its one place, as in perspective;
 * - `ellipse`: strokes that begin near it run around; its first place is the middle, the others the ends of two half-axes.
 */
export interface Assistant {
  readonly id: string;
  readonly kind: AssistantKind;
  readonly places: readonly Place[];
}

export const ASSISTANT_KINDS = ['line', 'parallel', 'vanishing', 'ellipse'] as const;
export type AssistantKind = (typeof ASSISTANT_KINDS)[number];
export const PLACES_OF: Readonly<Record<AssistantKind, number>> = {
  line: 2,
  parallel: 2,
  vanishing: 1,
  ellipse: 3,
};
export const MAX_ASSISTANTS = 64;

/** Puts a place onto what a stroke follows. */
type Track = (at: Place) => Place;

const onLine =
  (through: Place, dx: number, dy: number): Track =>
  (at) => {
    const along = ((at.x - through.x) * dx + (at.y - through.y) * dy) / (dx * dx + dy * dy);
    return { x: through.x + dx * along, y: through.y + dy * along };
  };

const distance = (a: Place, b: Place): number => Math.hypot(a.x - b.x, a.y - b.y);

/** Rotates into the ellipse's own axes, then onto it along the ray from its middle, and back. */
function onEllipse([middle, a, b]: readonly Place[]): Track | undefined {
  if (!middle || !a || !b) return undefined;
  const [long, turn] = [distance(middle, a), Math.atan2(a.y - middle.y, a.x - middle.x)];
  const [cos, sin] = [Math.cos(turn), Math.sin(turn)];
  // The second half-axis stands upright on the first; of where its end was put only that part counts.
  const short = Math.abs((b.y - middle.y) * cos - (b.x - middle.x) * sin);
  if (long < 1 || short < 1) return undefined;
  return (at) => {
    const u = (at.x - middle.x) * cos + (at.y - middle.y) * sin;
    const v = (at.y - middle.y) * cos - (at.x - middle.x) * sin;
    const by = Math.hypot(u / long, v / short) || 1;
    const [x, y] = [u / by, v / by];
    return { x: middle.x + x * cos - y * sin, y: middle.y + x * sin + y * cos };
  };
}

interface Candidate {
  readonly track: Track;
  /** The direction it runs in where the stroke begins, radians. */
  readonly direction: number;
  /** It wins by lying under the pen, whatever the direction. */
  readonly near: boolean;
}

function candidateOf({ kind, places }: Assistant, from: Place, nearPx: number): Candidate | undefined {
  const [a, b] = places;
  if (!a) return undefined;
  if (kind === 'ellipse') {
    const track = onEllipse(places);
    if (!track || distance(track(from), from) > nearPx) return undefined;
    return { track, direction: 0, near: true };
  }
  if (kind === 'vanishing') {
    const [dx, dy] = [a.x - from.x, a.y - from.y];
    if (Math.hypot(dx, dy) < 1) return undefined;
    return { track: onLine(from, dx, dy), direction: Math.atan2(dy, dx), near: false };
  }
  if (!b || distance(a, b) < 1) return undefined;
  const [dx, dy] = [b.x - a.x, b.y - a.y];
  const direction = Math.atan2(dy, dx);
  if (kind === 'parallel') return { track: onLine(from, dx, dy), direction, near: false };
  const track = onLine(a, dx, dy);
  return distance(track(from), from) <= nearPx ? { track, direction, near: true } : undefined;
}

/** The angle between two undirected lines, 0 to π/2. */
function between(a: number, b: number): number {
  const apart = Math.abs(a - b) % Math.PI;
  return Math.min(apart, Math.PI - apart);
}

/**
 * What a stroke that begins at `from` and goes towards `to` follows: a line or an ellipse it begins on (within `nearPx`),
 * else of the others that whose direction is most like its own. Undefined: nothing.
 */
export function trackOf(
  assistants: readonly Assistant[],
  from: Place,
  to: Place,
  nearPx: number,
): Track | undefined {
  const found = assistants.flatMap((assistant) => candidateOf(assistant, from, nearPx) ?? []);
  const near = found.filter((candidate) => candidate.near);
  const towards = Math.atan2(to.y - from.y, to.x - from.x);
  const off = ({ track, direction, near: isNear }: Candidate): number =>
    isNear ? distance(track(from), from) : between(direction, towards);
  return (near.length > 0 ? near : found).sort((a, b) => off(a) - off(b))[0]?.track;
}

/**
 * Keeps a stroke's readings on what it follows. The first ones wait until the stroke has gone far enough to tell its
 * direction; without assistants, all go through as they come.
 */
export class Follower<T extends Place> {
  readonly #assistants: readonly Assistant[];
  readonly #nearPx: number;
  #waiting: T[] = [];
  #track: Track | undefined;
  #decided: boolean;

  /** @param nearPx how far a stroke may begin from a line and still be meant to run along it, in the document's pixels. */
  constructor(assistants: readonly Assistant[], nearPx: number) {
    this.#assistants = assistants;
    this.#nearPx = nearPx;
    this.#decided = assistants.length === 0;
  }

  take(readings: readonly T[]): T[] {
    if (!this.#decided) {
      this.#waiting.push(...readings);
      const [from, to] = [this.#waiting[0], this.#waiting.at(-1)];
      if (!from || !to || distance(from, to) < this.#nearPx / 4) return [];
      return this.#decide(from, to);
    }
    return readings.map((reading) => this.#put(reading));
  }

  /** What still waits when the pen is lifted: a dot. */
  rest(): T[] {
    const [from, to] = [this.#waiting[0], this.#waiting.at(-1)];
    return from && to ? this.#decide(from, to) : [];
  }

  #decide(from: Place, to: Place): T[] {
    this.#decided = true;
    this.#track = distance(from, to) > 0 ? trackOf(this.#assistants, from, to, this.#nearPx) : undefined;
    const waiting = this.#waiting;
    this.#waiting = [];
    return waiting.map((reading) => this.#put(reading));
  }

  #put(reading: T): T {
    return this.#track ? { ...reading, ...this.#track(reading) } : reading;
  }
}
