import { texts } from '../app/texts.ts';
import { drawText, textHeight } from '../canvas/draw-text.ts';
import {
  freshId,
  freshName,
  layerOf,
  paintingBarrier,
  rasterLayer,
  type PaintDocument,
  type RasterLayer,
} from '../paint/document.ts';
import { changeLook, insertLayer, placeAbove, replaceTiles } from '../paint/operations.ts';
import type { TextBlock } from '../paint/text/block.ts';
import { colours, hexOf } from './colours.svelte.ts';
import type { OpenDocument } from './open-document.svelte.ts';
import { toolSettings } from './tool-settings.svelte.ts';

interface Session {
  readonly document: OpenDocument;
  readonly layerId: string;
  readonly block: TextBlock;
  readonly heightPx: number;
  /** Its layer came with the session and goes when it is given up, or left without a word. */
  readonly isNew: boolean;
}

const NAME_LETTERS = 24;
const LEAST_WIDTH_PX = 8;

/** Words being written on a text layer: provisional, and one step of the history when they are finished. */
class Writing {
  session = $state.raw<Session | undefined>(undefined);

  /** A new text layer above the selected one. */
  begin(document: OpenDocument, x: number, y: number, widthPx: number): void {
    this.finish();
    document.settle();
    if (document.underWay) return;
    const { textSizePx: sizePx, font, bold, italic, align, lineHeight, outlinePx } = toolSettings.now;
    const block: TextBlock = {
      ...{ text: '', x, y, widthPx: Math.max(LEAST_WIDTH_PX, widthPx), sizePx, font, bold, italic, align },
      ...{ lineHeight, outlinePx, colour: hexOf(colours.foreground) },
      ...{ outlineColour: hexOf(colours.background), angleDeg: 0 },
    };
    const layerId = freshId(document.painted);
    const name = freshName(document.painted, (number) => `${texts.text.layerName} ${number}`);
    const above = document.selectedLayerId;
    const layer: RasterLayer = { ...rasterLayer(layerId, { name }), text: block };
    this.session = { document, layerId, block, heightPx: textHeight(block), isNew: true };
    this.#provisional((now) => insertLayer(now, layer, placeAbove(now, above)));
    document.selectedLayerId = layerId;
  }

  /** The words of a text layer. @returns whether they can be changed. */
  edit(document: OpenDocument, layerId: string): boolean {
    this.finish();
    document.settle();
    const layer = layerOf(document.painted, layerId);
    const barrier = paintingBarrier(document.painted, layerId);
    if (document.underWay || layer?.kind !== 'raster' || !layer.text || barrier !== 'text') return false;
    document.selectedLayerId = layerId;
    const { text: block } = layer;
    this.session = { document, layerId, block, heightPx: textHeight(block), isNew: false };
    return true;
  }

  /** Other words, or another look. What a new text begins with follows. */
  change(change: Partial<TextBlock>): void {
    const { session } = this;
    if (!session) return;
    const { document, layerId } = session;
    const block = { ...session.block, ...change };
    const { tiles, heightPx } = drawText(block, document.painted);
    this.session = { ...session, block, heightPx };
    const name = block.text.trim().replaceAll(/\s+/g, ' ').slice(0, NAME_LETTERS);
    this.#provisional((now) => {
      const drawn = replaceTiles(now, layerId, tiles, block);
      return session.isNew && name ? changeLook(drawn, layerId, { name }) : drawn;
    });
  }

  /** Turns the box around its middle. */
  turn(angleDeg: number): void {
    const { session } = this;
    if (!session) return;
    const { block, heightPx } = session;
    const middle = (degrees: number): { x: number; y: number } => {
      const radians = (degrees * Math.PI) / 180;
      const [u, v] = [block.widthPx / 2, heightPx / 2];
      return {
        x: u * Math.cos(radians) - v * Math.sin(radians),
        y: u * Math.sin(radians) + v * Math.cos(radians),
      };
    };
    const [before, after] = [middle(block.angleDeg), middle(angleDeg)];
    this.change({ angleDeg, x: block.x + before.x - after.x, y: block.y + before.y - after.y });
  }

  /** A step of the history, unless nothing was written. */
  finish(): void {
    const { session } = this;
    if (!session) return;
    if (session.block.text.trim() === '' && session.isNew) this.giveUp();
    else {
      this.session = undefined;
      session.document.settle();
    }
  }

  giveUp(): void {
    const { session } = this;
    this.session = undefined;
    session?.document.giveUp();
  }

  #provisional(change: (document: PaintDocument) => PaintDocument): void {
    this.session?.document.provisional(change, texts.text.history, () => (this.session = undefined));
  }
}

export const writing = new Writing();
