import type { z } from 'zod';
import { asFailure, Failure } from '../failure.ts';
import type { Progress } from '../progress.ts';
import { contract, type Args, type Channel, type Result } from './table.ts';
import { isChannel } from './names.ts';
import { toHost, type ToRenderer } from './wire.ts';

export interface CallContext {
  readonly progress: Progress;
  readonly signal: AbortSignal;
}

/** One function a channel; what the host implements. */
export type Handlers = {
  readonly [C in Channel]: (
    args: z.output<(typeof contract)[C]['args']>,
    context: CallContext,
  ) => Promise<Result<C>>;
};

const MAX_CALLS_UNDER_WAY = 64;

export interface Session {
  /** Takes one message from the renderer, whatever it is; answers go to `send`. Never throws. */
  receive(message: unknown): void;
  /** Cancels everything under way; nothing is sent afterwards. */
  close(): void;
}

/** Serves one renderer: checks every message, dispatches calls, streams progress, cancels. */
export function openSession(
  handlers: Handlers,
  send: (message: ToRenderer) => void,
  log?: (line: string) => void,
): Session {
  const underWay = new Map<number, AbortController>();
  let open = true;
  const reply = (message: ToRenderer): void => {
    if (open) send(message);
  };

  async function call(
    id: number,
    channel: Channel,
    raw: unknown,
    controller: AbortController,
  ): Promise<void> {
    try {
      const value = await dispatch(handlers, channel, raw, {
        signal: controller.signal,
        progress: (fraction, step) => reply({ type: 'progress', id, fraction, step }),
      });
      reply({ type: 'result', id, value });
    } catch (thrown) {
      const failure = asFailure(thrown);
      const details =
        failure.cause instanceof Error
          ? (failure.cause.stack ?? failure.cause.message)
          : String(failure.cause ?? '');
      if (failure.kind === 'internal') log?.(`${channel}: ${failure.message}\n${details}`);
      reply({ type: 'failure', id, kind: failure.kind, sentence: failure.message, details });
    } finally {
      underWay.delete(id);
    }
  }

  return {
    receive(message) {
      const parsed = toHost.safeParse(message);
      if (!parsed.success) {
        log?.('A message that is not part of the contract was ignored.');
        return;
      }
      const { data } = parsed;
      if (data.type === 'cancel') {
        underWay.get(data.id)?.abort();
        return;
      }
      const refuse = (sentence: string): void =>
        reply({ type: 'failure', id: data.id, kind: 'words', sentence, details: '' });
      if (!isChannel(data.channel)) return refuse('This window asked for something Inkwash does not offer.');
      if (underWay.has(data.id)) return refuse('A call with this number is already under way.');
      if (underWay.size >= MAX_CALLS_UNDER_WAY) return refuse('Too many things are under way at once.');
      const controller = new AbortController();
      underWay.set(data.id, controller);
      void call(data.id, data.channel, data.args, controller);
    },
    close() {
      open = false;
      for (const controller of underWay.values()) controller.abort();
      underWay.clear();
    },
  };
}

/** Checks the arguments against the table, then calls the handler. @throws Failure `words` naming the argument. */
export async function dispatch<C extends Channel>(
  handlers: Handlers,
  channel: C,
  raw: unknown,
  context: CallContext,
): Promise<Result<C>> {
  const parsed = contract[channel].args.safeParse(raw);
  if (!parsed.success) {
    const issue = parsed.error.issues[0];
    const where = issue?.path.join('.') || 'the arguments';
    throw new Failure(
      'words',
      `${channel}: ${where} is not right: ${issue?.message ?? 'unknown'}.`,
      parsed.error,
    );
  }
  // The schema just checked is the one that types this handler's arguments; TypeScript can't tie the two over C.
  const handler = handlers[channel] as (args: unknown, context: CallContext) => Promise<Result<C>>;
  return handler(parsed.data satisfies unknown as Args<C>, context);
}
