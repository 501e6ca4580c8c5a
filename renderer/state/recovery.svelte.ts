import type { Result } from '../../electron/contract/table.ts';
import { documents } from './documents.svelte.ts';
import { notices } from './notices.svelte.ts';
import { host } from './session.svelte.ts';

export type Recoverable = Result<'recovery.begin'>['found'][number];

/** This window's own name, for its journal of recovery copies: the same for as long as it is open. */
const WINDOW_ID = [...crypto.getRandomValues(new Uint8Array(10))]
  .map((byte) => (byte % 36).toString(36))
  .join('');

/** Drawings that a crash, or a window closed too soon, left unsaved. */
class Recovery {
  list = $state.raw<readonly Recoverable[]>([]);
  busy = $state(false);

  /** Once connected, and again after a lost connection: from then on the host keeps copies of what changes. */
  async begin(): Promise<void> {
    try {
      this.list = (await host.call('recovery.begin', { windowId: WINDOW_ID })).found;
    } catch (thrown) {
      notices.failure(thrown);
    }
  }

  /** Opens a copy as an unsaved drawing. The copy stays until the drawing is saved or closed. */
  async recover({ recoveryId }: Recoverable): Promise<void> {
    this.busy = true;
    try {
      const { name, bytes } = await host.call('recovery.read', { recoveryId });
      const document = await documents.open(new File([new Uint8Array(bytes)], name), '');
      if (!document) return;
      document.markUnsaved();
      document.onSettled = () => void this.#forget(recoveryId);
      this.#without(recoveryId);
    } catch (thrown) {
      notices.failure(thrown);
    } finally {
      this.busy = false;
    }
  }

  async discard({ recoveryId }: Recoverable): Promise<void> {
    this.#without(recoveryId);
    await this.#forget(recoveryId);
  }

  /** The window may be about to go: hands over what was painted last, and has it copied. */
  async saveNow(): Promise<void> {
    if (!documents.unsaved) return;
    try {
      await Promise.all(documents.list.filter(({ unsaved }) => unsaved).map((document) => document.flush()));
      await host.call('recovery.save', {});
    } catch {
      // A window that is hidden can't be told; the host tries again with the next change.
    }
  }

  #without(recoveryId: string): void {
    this.list = this.list.filter((other) => other.recoveryId !== recoveryId);
  }

  async #forget(recoveryId: string): Promise<void> {
    await host.call('recovery.forget', { recoveryId }).catch((thrown: unknown) => notices.failure(thrown));
  }
}

export const recovery = new Recovery();
