import { documents } from './documents.svelte.ts';
import type { OpenDocument } from './open-document.svelte.ts';
import { notices } from './notices.svelte.ts';
import { references } from './references.svelte.ts';
import { remember, remembered } from './remembered.ts';
import { host } from './session.svelte.ts';

const isSample = (document: OpenDocument | undefined): boolean =>
  document !== undefined && !document.source && !document.isNew;

/** The first minute (DESIGN.md): a sample on the canvas, one pulsing Apply, then one line of invitation. */
class FirstMinute {
  #uncoloured = $state(false);
  /** The sample is in front and was not coloured yet: Apply pulses. A drawing of one's own needs no invitation. */
  readonly inviteApply = $derived(this.#uncoloured && isSample(documents.active));
  /** The sample was coloured: "Now drop your own drawing here." */
  inviteDrawing = $state(false);
  credit = $state('');

  /** At the very first start only. */
  async begin(): Promise<void> {
    if (remembered('started', false)) return;
    remember('started', true);
    if (documents.list.length === 0) await this.openSample();
  }

  async openSample(): Promise<void> {
    const open = documents.list.find(isSample);
    if (open) {
      documents.active = open;
      return;
    }
    documents.opening = true;
    try {
      const sample = await host.call('sample.open', {});
      this.credit = sample.credit;
      references.addSample(sample.references);
      await documents.add(sample.drawing, undefined);
      this.#uncoloured = true;
    } catch (thrown) {
      notices.failure(thrown);
    } finally {
      documents.opening = false;
    }
  }

  coloured(document: OpenDocument): void {
    if (!isSample(document)) return;
    this.#uncoloured = false;
    this.inviteDrawing = true;
  }
}

export const firstMinute = new FirstMinute();
