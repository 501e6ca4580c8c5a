/**
 * Runs a job as often as someone wants it, one run at a time and always with what is newest: what is wanted while a run
 * is under way is one more run after it, however often it was asked for.
 */
export class Latest {
  readonly #job: () => Promise<void>;
  #wanted = false;
  #running: Promise<void> | undefined;

  /** @param job handles its own failures. */
  constructor(job: () => Promise<void>) {
    this.#job = job;
  }

  get waiting(): boolean {
    return this.#wanted;
  }

  want(): void {
    this.#wanted = true;
    this.#running ??= this.#run().finally(() => (this.#running = undefined));
  }

  /** Resolves when nothing is wanted any more. */
  async settled(): Promise<void> {
    while (this.#running) await this.#running;
  }

  async #run(): Promise<void> {
    while (this.#wanted) {
      this.#wanted = false;
      await this.#job();
    }
  }
}
