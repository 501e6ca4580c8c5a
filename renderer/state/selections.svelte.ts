import { texts } from '../app/texts.ts';
import { layerOf, type PaintDocument } from '../paint/document.ts';
import { flattenToTiles } from '../paint/flatten.ts';
import { alphaMask, combine, type Combine, type Mask } from '../paint/mask.ts';
import { select } from '../paint/operations.ts';
import type { Reshape } from '../paint/reshape.ts';
import type { Rect } from '../paint/tiles.ts';
import { inBackground } from './background.ts';
import { documents } from './documents.svelte.ts';
import type { OpenDocument } from './open-document.svelte.ts';
import { notices } from './notices.svelte.ts';

export const wholePage = ({ width, height }: PaintDocument): Rect => ({
  left: 0,
  top: 0,
  right: width,
  bottom: height,
});

/** What is done to selections beside drawing them. */
class Selections {
  /** What the last dialog for an edge was answered with. */
  lastEdgePx = $state(8);
  /** Of each drawing, what was selected before nothing was. */
  readonly #dropped = new WeakMap<OpenDocument, Mask>();

  /** Another edge for what is selected. */
  async reshape(how: Reshape, px: number): Promise<void> {
    const document = documents.active;
    const mask = document?.painted.selection;
    if (!document || !mask) return;
    this.lastEdgePx = px;
    try {
      const page = wholePage(document.painted);
      const reshaped = await inBackground('reshape', { mask, how, px, page });
      if (!reshaped) {
        notices.error(texts.edge.gone, { key: 'selection' });
        return;
      }
      // Another selection was made meanwhile: that one is meant.
      document.change(
        (now) => (now.selection === mask ? select(now, reshaped) : now),
        'eventually',
        texts.edge.history[how],
      );
    } catch (thrown) {
      notices.failure(thrown);
    }
  }

  /** A fresh area put to what is selected, its edge softened first if asked for. */
  take(document: OpenDocument, mask: Mask | undefined, how: Combine, featherPx = 0): void {
    if (featherPx > 0 && mask) {
      void this.#takeSoft(document, mask, how, featherPx);
      return;
    }
    const before = document.painted.selection;
    // A wand's area may come while a stroke is under way.
    const policy = document.underWay ? 'eventually' : 'now';
    document.change((now) => select(now, combine(now.selection, mask, how)), policy, texts.history.select);
    this.#remember(document, before);
  }

  async #takeSoft(document: OpenDocument, mask: Mask, how: Combine, px: number): Promise<void> {
    try {
      const page = wholePage(document.painted);
      const soft = await inBackground('reshape', { mask, how: 'feather', px, page });
      document.change(
        (now) => select(now, combine(now.selection, soft, how)),
        'eventually',
        texts.history.select,
      );
    } catch (thrown) {
      notices.failure(thrown);
    }
  }

  /** What a layer shows, or all that a group does. */
  takeAlpha(document: OpenDocument, layerId: string, how: Combine): void {
    const layer = layerOf(document.painted, layerId);
    if (!layer) return;
    const tiles = layer.kind === 'raster' ? layer.tiles : flattenToTiles(layer.children);
    this.take(document, alphaMask(tiles, wholePage(document.painted)), how);
  }

  drop(document: OpenDocument): void {
    const before = document.painted.selection;
    document.change((now) => select(now, undefined), 'now', texts.history.select);
    this.#remember(document, before);
  }

  dropped(document: OpenDocument): Mask | undefined {
    return this.#dropped.get(document);
  }

  #remember(document: OpenDocument, before: Mask | undefined): void {
    if (before && !document.painted.selection) this.#dropped.set(document, before);
  }
}

export const selections = new Selections();
