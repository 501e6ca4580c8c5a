import { texts } from '../app/texts.ts';
import type { PaintDocument } from '../paint/document.ts';
import type { PageScale } from '../paint/page/page-operations.ts';
import type { Remap } from '../paint/page/remap.ts';
import { inBackground } from './background.ts';
import { colorize } from './colorize.svelte.ts';
import type { OpenDocument } from './open-document.svelte.ts';
import { notices } from './notices.svelte.ts';

/** How often work is begun again because the artist drew on meanwhile. */
const TRIES = 3;

type Work = (
  document: PaintDocument,
  options: { signal: AbortSignal; onProgress: (part: number) => void },
) => Promise<PaintDocument>;

/** What is done to a whole page: one step of the history, done beside the window's thread where it takes long. */
class PageWork {
  running = $state.raw<{ readonly label: string; readonly part: number } | undefined>(undefined);
  #stop: AbortController | undefined;

  /** At once, in the window. */
  now(document: OpenDocument, change: (document: PaintDocument) => PaintDocument, label: string): void {
    document.settle();
    if (document.underWay) return;
    this.#begin();
    document.change(
      (painted) => {
        const changed = change(painted);
        return { ...changed, layers: [...changed.layers] };
      },
      'now',
      label,
    );
  }

  remap(document: OpenDocument, how: Remap, label: string): Promise<boolean> {
    return this.#work(document, label, (painted, options) =>
      inBackground('remap', { document: painted, how }, options),
    );
  }

  /** Scales the page and sets its resolution; pixels are left alone where only that changes. */
  scale(document: OpenDocument, scale: PageScale, dpi: number): Promise<boolean> {
    const { width, height } = document.painted;
    const { image } = texts.page.history;
    if (width !== scale.width || height !== scale.height)
      return this.#work(document, image, async (painted, options) => ({
        ...(await inBackground('scale', { document: painted, scale }, options)),
        dpi,
      }));
    this.now(document, (painted) => ({ ...painted, dpi }), image);
    return Promise.resolve(true);
  }

  cancel(): void {
    this.#stop?.abort();
  }

  /** What the artist drew while it was under way is kept: the work is then done again on the newer drawing. */
  async #work(document: OpenDocument, label: string, work: Work): Promise<boolean> {
    this.#begin();
    const stop = (this.#stop = new AbortController());
    const onProgress = (part: number): void => {
      this.running = { label, part };
    };
    onProgress(0);
    try {
      for (let tries = 0; tries < TRIES; tries++) {
        document.settle();
        const before = document.painted;
        const after = await work(before, { signal: stop.signal, onProgress });
        const { layers, selection } = document.painted;
        if (document.underWay || layers !== before.layers || selection !== before.selection) continue;
        document.change(() => after, 'now', label);
        return true;
      }
      notices.error(texts.page.busy, { key: 'page' });
    } catch (thrown) {
      if (!stop.signal.aborted) notices.failure(thrown);
    } finally {
      if (this.#stop === stop) this.running = this.#stop = undefined;
    }
    return false;
  }

  /** A colouring of the page as it was would come to lie beside its lines. */
  #begin(): void {
    this.cancel();
    if (colorize.run) colorize.cancel();
    notices.dismissKey('page');
  }
}

export const pageWork = new PageWork();
