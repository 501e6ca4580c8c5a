/** What remains of a frame before work in the background gives way. */
const ROOM_MS = 4;

const whenIdle = (run: (timeLeftMs: () => number) => void): void => {
  if (typeof requestIdleCallback === 'function')
    requestIdleCallback((deadline) => run(() => deadline.timeRemaining()));
  else {
    const until = performance.now() + 2 * ROOM_MS;
    setTimeout(() => run(() => until - performance.now()), 50);
  }
};

/** Does work in small turns, in time that frames leave over, until a turn says that there is no more. */
export class IdleWork {
  readonly #turn: () => boolean;
  #waiting = false;

  constructor(turn: () => boolean) {
    this.#turn = turn;
  }

  /** Says that there may be work. */
  wake(): void {
    if (this.#waiting) return;
    this.#waiting = true;
    whenIdle((timeLeftMs) => {
      this.#waiting = false;
      let more = true;
      while (more && timeLeftMs() > ROOM_MS) more = this.#turn();
      if (more) this.wake();
    });
  }
}
