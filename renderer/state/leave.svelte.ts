import { texts } from '../app/texts.ts';
import { documents } from './documents.svelte.ts';
import { notices } from './notices.svelte.ts';
import { host } from './session.svelte.ts';
import { askSystem, isDesktop } from './system.ts';

/** Closing the window: what was not saved is asked about first. */
class Leave {
  #asking = false;
  #leaving = false;

  beforeUnload(event: BeforeUnloadEvent): void {
    if (this.#leaving || !documents.unsaved) return;
    event.preventDefault();
    // Asks Chromium before 119 as well.
    event.returnValue = true;
    if (isDesktop) void this.#ask();
  }

  async #ask(): Promise<void> {
    if (this.#asking) return;
    this.#asking = true;
    try {
      const unsaved = documents.list.filter((document) => document.unsaved);
      const names = unsaved.map(({ info }) => info.name);
      const { save, discard, cancel, message, detail } = texts.leave;
      const answer = await askSystem('question.ask', {
        message: message(names),
        detail: detail(names),
        buttons: [save(names.length), discard, cancel],
      });
      if (answer?.pressed === 0) {
        for (const document of unsaved) if (!(await documents.save(document))) return;
      } else if (answer?.pressed === 1) {
        // Given up: no copy of it is offered at the next start.
        for (const { info } of unsaved)
          await host.call('drawing.close', { documentId: info.documentId }).catch(() => undefined);
      } else return;
      this.#leaving = true;
      await askSystem('window.close', {});
    } catch (thrown) {
      notices.failure(thrown);
    } finally {
      this.#asking = false;
    }
  }
}

export const leave = new Leave();
