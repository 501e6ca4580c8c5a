import { HostError } from './host-client.ts';

export interface NoticeAction {
  readonly label: string;
  readonly run: () => void;
}

export interface Notice {
  readonly id: number;
  readonly tone: 'error' | 'info';
  readonly sentence: string;
  readonly details: string;
  readonly action: NoticeAction | undefined;
  /** What else can be done. */
  readonly also: NoticeAction | undefined;
  /** Notices with the same key replace each other. */
  readonly key: string | undefined;
}

interface NoticeOptions {
  readonly details?: string;
  readonly action?: NoticeAction | undefined;
  readonly also?: NoticeAction | undefined;
  readonly key?: string;
}

const MOST_SHOWN = 3;
const INFO_SECONDS = 8;

class Notices {
  list = $state.raw<readonly Notice[]>([]);
  #nextId = 0;

  error(sentence: string, options: NoticeOptions = {}): void {
    this.#show('error', sentence, options);
  }

  /** Goes away by itself. */
  info(sentence: string, options: NoticeOptions = {}): void {
    const id = this.#show('info', sentence, options);
    setTimeout(() => this.dismiss(id), INFO_SECONDS * 1000);
  }

  /** Shows what a failed call says; a cancelled call says nothing, a lost connection speaks for itself once. */
  failure(thrown: unknown, options: NoticeOptions = {}): void {
    if (thrown instanceof HostError) {
      if (thrown.kind === 'cancelled' || thrown.kind === 'connection') return;
      this.error(thrown.message, { details: thrown.details, ...options });
    } else {
      const error = thrown instanceof Error ? thrown : new Error(String(thrown));
      this.error(error.message, { details: error.stack ?? '', ...options });
    }
  }

  dismiss(id: number): void {
    this.list = this.list.filter((notice) => notice.id !== id);
  }

  dismissKey(key: string): void {
    this.list = this.list.filter((notice) => notice.key !== key);
  }

  #show(tone: Notice['tone'], sentence: string, { details = '', action, also, key }: NoticeOptions): number {
    const id = this.#nextId++;
    const same = (other: Notice): boolean =>
      key === undefined ? other.sentence === sentence : other.key === key;
    const others = this.list.filter((other) => !same(other));
    this.list = [...others, { id, tone, sentence, details, action, also, key }].slice(-MOST_SHOWN);
    return id;
  }
}

export const notices = new Notices();
