import type { NamedSource } from './face-sources.ts';
import { face } from './face.svelte.ts';
import { notices } from './notices.svelte.ts';
import { texts } from '../app/texts.ts';
import { host } from './session.svelte.ts';

interface SecondFace {
  readonly named: NamedSource;
  /** Object URL of its sketch. */
  readonly url: string;
}

/** The second face the first is morphed to. */
class FaceMorph {
  second = $state.raw<SecondFace | undefined>(undefined);
  /** One is being read. */
  reading = $state(false);

  constructor() {
    // A face opened anew knows of no second one.
    face.onOpened = async (faceId) => {
      const source = await this.second?.named.source();
      if (source) await host.call('face.morph', { faceId, source });
    };
  }

  async begin(named: NamedSource): Promise<void> {
    this.reading = true;
    try {
      const source = await named.source();
      const { thumbnail, notes } = await host.call('face.morph', { faceId: await face.id(), source });
      if (!thumbnail) return;
      this.#let();
      const url = URL.createObjectURL(new Blob([new Uint8Array(thumbnail)], { type: 'image/png' }));
      this.second = { named, url };
      for (const note of notes) notices.info(texts.notices.about(named.name, note));
      this.set(0.5);
    } catch (thrown) {
      notices.failure(thrown, { key: 'face-morph' });
    } finally {
      this.reading = false;
    }
  }

  /** 0: the first face alone, 1: the second alone. */
  set(part: number): void {
    face.morphPart = part;
    face.want();
  }

  end(): void {
    if (!this.second) return;
    this.#let();
    this.second = undefined;
    this.set(0);
    face
      .id()
      .then((faceId) => host.call('face.morph', { faceId, source: null }))
      .catch(notices.failure);
  }

  #let(): void {
    if (this.second) URL.revokeObjectURL(this.second.url);
  }
}

export const faceMorph = new FaceMorph();
