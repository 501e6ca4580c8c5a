/**
 * Kinds of failure a caller may want to tell apart. `input`: a file or value the user gave; `words`: wrong
 * command-line words; `cancelled`: the user stopped it; `engine`: the model process; `storage`: reading or writing.
 */
export type FailureKind = 'input' | 'words' | 'cancelled' | 'engine' | 'storage' | 'internal';

/**
 * The one error type of the program: `message` is a single sentence (or two short ones) for the user that names the
 * file and the remedy; `cause` is for the log.
 */
export class Failure extends Error {
  readonly kind: FailureKind;

  constructor(kind: FailureKind, sentence: string, cause?: unknown) {
    super(sentence, cause === undefined ? undefined : { cause });
    this.name = 'Failure';
    this.kind = kind;
  }
}

/** Turns anything thrown into a Failure; abort errors become `cancelled`, unknown ones `internal`. */
export function asFailure(thrown: unknown): Failure {
  if (thrown instanceof Failure) return thrown;
  if (thrown instanceof Error && thrown.name === 'AbortError')
    return new Failure('cancelled', 'Cancelled.', thrown);
  const code = thrown instanceof Error && 'code' in thrown ? String(thrown.code) : '';
  if (code === 'ENOSPC')
    return new Failure('storage', 'The disk is full. Free some space and try again.', thrown);
  const detail = thrown instanceof Error ? thrown.message : String(thrown);
  return new Failure('internal', `Something went wrong inside Inkwash: ${detail.split('\n')[0]}`, thrown);
}

/** Throws a `cancelled` Failure if the signal has fired. */
export function throwIfCancelled(signal: AbortSignal | undefined): void {
  if (signal?.aborted) throw new Failure('cancelled', 'Cancelled.', signal.reason);
}

/**
 * Why a call is aborted that something newer takes the place of: the engine's run under way ends in its own time, since
 * ending the engine's process would hold up the newer one, and its answer is dropped.
 */
export class Superseded extends Error {
  constructor() {
    super('Something newer took its place.');
    this.name = 'Superseded';
  }
}

/** Runs something with a signal that fires when another does, and says that something newer takes its place. */
export async function supersedable<Result>(
  signal: AbortSignal,
  run: (signal: AbortSignal) => Promise<Result>,
): Promise<Result> {
  const controller = new AbortController();
  const abort = (): void => controller.abort(new Superseded());
  if (signal.aborted) abort();
  signal.addEventListener('abort', abort, { once: true });
  try {
    return await run(controller.signal);
  } finally {
    signal.removeEventListener('abort', abort);
  }
}
