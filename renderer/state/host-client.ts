import { decode, encode } from '@msgpack/msgpack';
import type { Args, Channel, Result } from '../../electron/contract/table.ts';
import type { DesktopBridge, Lost, ToHost, ToRenderer } from '../../electron/contract/wire.ts';
import type { FailureKind } from '../../electron/failure.ts';
import { texts } from '../app/texts.ts';

declare global {
  interface Window {
    readonly inkwash?: DesktopBridge;
  }
}

/** A call that failed: `message` is the sentence for the user, `details` what the Details fold shows. */
export class HostError extends Error {
  readonly kind: FailureKind | 'connection';
  readonly details: string;

  constructor(kind: FailureKind | 'connection', sentence: string, details = '') {
    super(sentence);
    this.name = 'HostError';
    this.kind = kind;
    this.details = details;
  }
}

export interface CallOptions {
  /** Aborting asks the host to stop; the call then rejects with kind `cancelled` when the host has stopped. */
  readonly signal?: AbortSignal;
  readonly onProgress?: (fraction: number, step: string) => void;
}

interface Link {
  send(message: ToHost): void;
}
interface LinkEvents {
  message(message: ToRenderer): void;
  /** Called once, when the link can carry nothing more; the desktop says why. */
  lost(why?: Lost): void;
}
type OpenLink = (events: LinkEvents) => Promise<Link>;

/** The desktop door: messages over the preload script's bridge. A host that ended starts again with the next one. */
function overBridge(bridge: DesktopBridge): OpenLink {
  return async (events) => {
    const stop = bridge.listen((message) => {
      if (message.type !== 'lost') return events.message(message);
      stop();
      events.lost(message);
    });
    return { send: (message) => bridge.send(message) };
  };
}

/** The browser door: one MessagePack message per binary WebSocket frame. */
function overSocket(url: string): OpenLink {
  return (events) =>
    new Promise((resolve, reject) => {
      const socket = new WebSocket(url);
      socket.binaryType = 'arraybuffer';
      let open = false;
      socket.addEventListener('open', () => {
        open = true;
        resolve({ send: (message) => socket.send(encode(message, { ignoreUndefined: true })) });
      });
      socket.addEventListener('message', ({ data }: MessageEvent<unknown>) => {
        if (data instanceof ArrayBuffer) events.message(decode(new Uint8Array(data)) as ToRenderer);
      });
      socket.addEventListener('close', () => {
        if (open) events.lost();
        else reject(new HostError('connection', texts.connection.refused));
      });
    });
}

interface UnderWay {
  resolve(value: unknown): void;
  reject(error: HostError): void;
  onProgress: CallOptions['onProgress'];
}

/** One typed view of the contract over whichever door this window came through. Connects on the first call. */
export class HostClient {
  /** Set by the owner: the connection came or went, and why it went where that is known. */
  onConnection: (connected: boolean, why?: Lost) => void = () => undefined;
  readonly #open: OpenLink;
  readonly #underWay = new Map<number, UnderWay>();
  #link: Promise<Link> | undefined;
  #nextId = 0;

  constructor(open: OpenLink) {
    this.#open = open;
  }

  /** @throws HostError with the host's kind, sentence and details, or `connection`. */
  async call<C extends Channel>(channel: C, args: Args<C>, options: CallOptions = {}): Promise<Result<C>> {
    const { signal, onProgress } = options;
    if (signal?.aborted) throw new HostError('cancelled', texts.connection.cancelled);
    const link = await this.#connect();
    const id = this.#nextId++;
    const cancel = (): void => link.send({ type: 'cancel', id });
    try {
      return await new Promise<Result<C>>((resolve, reject) => {
        this.#underWay.set(id, { resolve: resolve as (value: unknown) => void, reject, onProgress });
        link.send({ type: 'call', id, channel, args });
        signal?.addEventListener('abort', cancel, { once: true });
        if (signal?.aborted) cancel();
      });
    } finally {
      signal?.removeEventListener('abort', cancel);
      this.#underWay.delete(id);
    }
  }

  #connect(): Promise<Link> {
    this.#link ??= this.#open({
      message: (message) => this.#receive(message),
      lost: (why) => this.#lose(why),
    }).then(
      (link) => {
        this.onConnection(true);
        return link;
      },
      (error: unknown) => {
        this.#link = undefined;
        this.onConnection(false);
        throw error;
      },
    );
    return this.#link;
  }

  #receive(message: ToRenderer): void {
    const call = this.#underWay.get(message.id);
    if (!call) return;
    if (message.type === 'progress') call.onProgress?.(message.fraction, message.step);
    else if (message.type === 'result') call.resolve(message.value);
    else call.reject(new HostError(message.kind, message.sentence, message.details));
  }

  #lose(why?: Lost): void {
    this.#link = undefined;
    const lost = [...this.#underWay.values()];
    this.#underWay.clear();
    for (const call of lost)
      call.reject(new HostError('connection', why?.sentence ?? texts.connection.lost, why?.details));
    this.onConnection(false, why);
  }
}

export function connectHost(): HostClient {
  if (window.inkwash) return new HostClient(overBridge(window.inkwash));
  return new HostClient(overSocket(`${location.origin.replace(/^http/, 'ws')}/session`));
}
