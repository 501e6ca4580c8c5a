/**
 * For what is asked for again and again and only ever wanted at its newest: one is under way and one, the newest, waits.
 * An aborted run counts as under way until it has ended, so that answers come in the order of what they answer; its
 * signal tells it that its answer is no longer wanted.
 */
export class OneAhead<What> {
  readonly #run: (what: What, signal: AbortSignal) => Promise<void>;
  readonly #onChange: () => void;
  #waiting: What | undefined;
  #underWay: { readonly what: What; readonly controller: AbortController } | undefined;

  /** @param run handles its own failures. @param onChange told when something begins, is dropped, or the last has ended. */
  constructor(
    run: (what: What, signal: AbortSignal) => Promise<void>,
    onChange: () => void = () => undefined,
  ) {
    this.#run = run;
    this.#onChange = onChange;
  }

  /** What is under way and still wanted. */
  get underWay(): What | undefined {
    return this.#underWay?.controller.signal.aborted ? undefined : this.#underWay?.what;
  }

  /** Takes the place of what waits; what is under way goes on. */
  want(what: What): void {
    this.#waiting = what;
    if (!this.#underWay) void this.#goOn();
  }

  /** What waits is forgotten, what is under way aborted. */
  drop(): void {
    this.#waiting = undefined;
    if (!this.underWay) return;
    this.#underWay!.controller.abort();
    this.#onChange();
  }

  async #goOn(): Promise<void> {
    for (let what = this.#waiting; what !== undefined; what = this.#waiting) {
      this.#waiting = undefined;
      const controller = new AbortController();
      this.#underWay = { what, controller };
      this.#onChange();
      try {
        await this.#run(what, controller.signal);
      } finally {
        this.#underWay = undefined;
      }
    }
    this.#onChange();
  }
}
