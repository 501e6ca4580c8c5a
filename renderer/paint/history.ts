import { bytesOnlyIn } from './difference.ts';
import type { PaintDocument } from './document.ts';
import { packing, unpack, type PackedStep } from './packed-step.ts';

/**
 * When a change becomes a step that can be undone.
 * - `now`: at the end of what the artist does (pen up, a button, a slider let go). Takes with it what went before as `never`.
 * - `never`: while she is at it (a stroke or slider under way); on its own it leaves no step.
 * - `eventually`: what comes from elsewhere (an AI result). At once if nothing is under way, otherwise right after it,
 *   and always as a step of its own.
 */
export type UndoPolicy = 'now' | 'never' | 'eventually';

export interface Step {
  /** Counts up; the same as long as the step lives. */
  readonly number: number;
  readonly label: string;
}

interface Entry<D extends PaintDocument> {
  readonly step: Step;
  /** The document before the step; of older steps, packed against the one after it. */
  readonly before: D | PackedStep<D>;
  readonly bytes: number;
}

type Change<D> = (document: D) => D;

const isPacked = <D extends PaintDocument>(before: D | PackedStep<D>): before is PackedStep<D> =>
  'shell' in before;

/** So many steps are undone without unpacking. */
const UNPACKED_STEPS = 12;

/** Default bound of what undo and redo keep alive. */
export const HISTORY_BYTES = 384 * 1024 * 1024;

/** One document's present, past and future. Steps share every tile they did not change; the oldest go when it is too much. */
export class History<D extends PaintDocument = PaintDocument> {
  #limit: number;
  #current: D;
  /** The document after the last step; differs from the current one while something is under way. */
  #settled: D;
  #past: Entry<D>[] = [];
  #future: { step: Step; after: D; bytes: number }[] = [];
  #waiting: { change: Change<D>; label: string }[] = [];
  #underWay = false;
  #lastNumber = 0;
  #packing: { entry: Entry<D>; turns: Generator<void, PackedStep<D>> } | undefined;

  constructor(document: D, limitBytes = HISTORY_BYTES) {
    this.#limit = limitBytes;
    this.#current = document;
    this.#settled = document;
  }

  get current(): D {
    return this.#current;
  }

  /** The document without what is under way. */
  get settled(): D {
    return this.#settled;
  }

  get underWay(): boolean {
    return this.#underWay;
  }

  /** Past steps, oldest first. */
  get past(): readonly Step[] {
    return this.#past.map(({ step }) => step);
  }

  /** Undone steps, the next to be redone first. */
  get future(): readonly Step[] {
    return this.#future.map(({ step }) => step).reverse();
  }

  get bytes(): number {
    const sum = (entries: readonly { bytes: number }[]): number =>
      entries.reduce((total, { bytes }) => total + bytes, 0);
    return sum(this.#past) + sum(this.#future);
  }

  /** Bounds what undo and redo keep alive from now on. */
  limit(bytes: number): void {
    this.#limit = bytes;
    this.#forget();
  }

  change(change: Change<D>, policy: UndoPolicy, label = ''): void {
    if (policy === 'eventually' && this.#underWay) {
      this.#waiting.push({ change, label });
      return;
    }
    this.#current = change(this.#current);
    if (policy === 'never') {
      this.#underWay = true;
      return;
    }
    this.#underWay = false;
    this.#record(label);
    this.#settleWaiting();
  }

  /** Gives up what is under way: the document is again as it was after the last step. */
  abandon(): void {
    this.#current = this.#settled;
    this.#underWay = false;
    this.#settleWaiting();
  }

  undo(): boolean {
    if (this.#underWay) {
      this.abandon();
      return true;
    }
    const entry = this.#past.pop();
    if (!entry) return false;
    const before = isPacked(entry.before) ? unpack(entry.before, this.#current) : entry.before;
    this.#future.push({ step: entry.step, after: this.#current, bytes: bytesOnlyIn(this.#current, before) });
    this.#current = this.#settled = before;
    return true;
  }

  redo(): boolean {
    if (this.#underWay) return false;
    const entry = this.#future.pop();
    if (!entry) return false;
    this.#past.push({
      step: entry.step,
      before: this.#current,
      bytes: bytesOnlyIn(this.#current, entry.after),
    });
    this.#current = this.#settled = entry.after;
    return true;
  }

  /**
   * Packs a little of the oldest step that is not packed yet; called between frames, again and again while it says that
   * there is more. What is recent stays as it is, so that undoing it is immediate.
   */
  pack(): boolean {
    this.#packing ??= this.#nextToPack();
    if (!this.#packing) return false;
    const { entry, turns } = this.#packing;
    const turn = turns.next();
    if (!turn.done) return true;
    this.#packing = undefined;
    const at = this.#past.indexOf(entry);
    if (at >= 0) this.#past[at] = { step: entry.step, before: turn.value, bytes: turn.value.bytes };
    return true;
  }

  #nextToPack(): { entry: Entry<D>; turns: Generator<void, PackedStep<D>> } | undefined {
    const at = this.#past.findIndex(({ before }) => !isPacked(before));
    if (at < 0 || at >= this.#past.length - UNPACKED_STEPS) return undefined;
    const entry = this.#past[at]!;
    const after = this.#past[at + 1]!.before;
    if (isPacked(entry.before) || isPacked(after)) return undefined;
    return { entry, turns: packing(entry.before, after) };
  }

  #record(label: string): void {
    if (this.#current === this.#settled) return;
    const step = { number: ++this.#lastNumber, label };
    this.#past.push({ step, before: this.#settled, bytes: bytesOnlyIn(this.#settled, this.#current) });
    this.#future = [];
    this.#settled = this.#current;
    this.#forget();
  }

  /** Lets the oldest steps go; the last one can always be undone, however large. */
  #forget(): void {
    let { bytes } = this;
    while (bytes > this.#limit && this.#past.length > 1) bytes -= this.#past.shift()!.bytes;
  }

  #settleWaiting(): void {
    const waiting = this.#waiting;
    this.#waiting = [];
    for (const { change, label } of waiting) this.change(change, 'now', label);
  }
}
