import { texts } from '../app/texts.ts';
import { cropPage } from '../paint/page/page-operations.ts';
import type { Rect } from '../paint/tiles.ts';
import type { OpenDocument } from './open-document.svelte.ts';
import { pageWork } from './page-work.svelte.ts';
import { toolSettings } from './tool-settings.svelte.ts';

/** The crop tool's frame on one drawing, until it is applied or given up. */
class Crop {
  session = $state.raw<{ readonly document: OpenDocument; readonly frame: Rect } | undefined>(undefined);

  begin(document: OpenDocument): void {
    if (this.session?.document === document) return;
    const { width, height } = document.painted;
    this.session = { document, frame: { left: 0, top: 0, right: width, bottom: height } };
  }

  /** Whole pixels, at least one a side; the frame may reach beyond the page. */
  set(frame: Rect): void {
    if (!this.session) return;
    const left = Math.round(Math.min(frame.left, frame.right));
    const top = Math.round(Math.min(frame.top, frame.bottom));
    const right = Math.max(left + 1, Math.round(Math.max(frame.left, frame.right)));
    const bottom = Math.max(top + 1, Math.round(Math.max(frame.top, frame.bottom)));
    this.session = { ...this.session, frame: { left, top, right, bottom } };
  }

  /** Width by height that the frame is held to; undefined: none. */
  get ratio(): number | undefined {
    const { cropRatio } = toolSettings.now;
    if (cropRatio === 'square') return 1;
    const page = this.session?.document.painted;
    return cropRatio === 'page' && page ? page.width / page.height : undefined;
  }

  apply(): void {
    const { session } = this;
    this.session = undefined;
    if (!session) return;
    const { document, frame } = session;
    const { width, height } = document.painted;
    const isWhole = frame.left === 0 && frame.top === 0 && frame.right === width && frame.bottom === height;
    if (!isWhole) pageWork.now(document, (now) => cropPage(now, frame), texts.page.history.crop);
    this.begin(document);
  }

  cancel(): void {
    const document = this.session?.document;
    this.session = undefined;
    if (document) this.begin(document);
  }

  leave(): void {
    this.session = undefined;
  }
}

export const crop = new Crop();
