import { differingTiles } from './difference.ts';
import { walk, type Layer, type PaintDocument } from './document.ts';
import { flattenTile } from './flatten.ts';
import type { SmallPicture } from './preview-layer.ts';
import { SMALLEST_LEVEL } from './mips.ts';
import { intersect, isEmpty, TILE, tileRect, type Rect } from './tiles.ts';

/** A preview is worked out at about this many pixels (electron/colorize/preview.ts): lines are no use larger than that. */
const ENOUGH_AREA = 640 * 640;
/** So long at a time may be spent on lines that are made small for the first time; then the pen has its turn. */
const SLICE_MS = 6;

/** Line art made small, and the size in the document's pixels of what it shows. */
export interface SmallLines extends SmallPicture {
  readonly pageWidthPx: number;
  readonly pageHeightPx: number;
}

/** The layers that the host takes for lines (electron/line-art.ts), as they count there. */
export function lineLayers({ layers }: PaintDocument): readonly Layer[] {
  const lines = layers.find(({ id }) => id === 'lines');
  return lines
    ? [{ ...lines, visible: true, opacity: 1, blend: 'normal', clipped: false }]
    : layers.filter(({ id }) => id !== 'paper' && id !== 'colouring');
}

/**
 * A document's line art as a small picture that follows the drawing: after a stroke only the tiles it touched are made
 * anew, a few milliseconds' work.
 */
export class LinesKeeper {
  #level = 0;
  #picture: SmallLines | undefined;
  /** What the picture shows, but for the stale tiles. */
  #shown: PaintDocument | undefined;
  readonly #stale = new Set<number>();
  #under: Promise<SmallLines> | undefined;

  /** @param pause gives the window its turn between slices of work. */
  async linesOf(
    document: PaintDocument,
    pause: () => Promise<void> = () => new Promise((resolve) => setTimeout(resolve)),
  ): Promise<SmallLines> {
    // One after the other: they share the picture.
    const before = this.#under;
    const mine = (async () => {
      await before?.catch(() => undefined);
      return this.#follow(document, pause);
    })();
    this.#under = mine;
    return mine;
  }

  async #follow(document: PaintDocument, pause: () => Promise<void>): Promise<SmallLines> {
    const { width, height } = document;
    const drawn: PaintDocument = { ...document, layers: lineLayers(document) };
    const page: Rect = { left: 0, top: 0, right: width, bottom: height };
    if (!this.#picture || this.#shown?.width !== width || this.#shown.height !== height) {
      this.#level = levelOf(width, height);
      const step = 2 ** this.#level;
      const [widthPx, heightPx] = [Math.ceil(width / step), Math.ceil(height / step)];
      this.#picture = {
        rgba: new Uint8Array(widthPx * heightPx * 4),
        ...{ widthPx, heightPx, pageWidthPx: widthPx * step, pageHeightPx: heightPx * step },
      };
      this.#stale.clear();
      for (const layer of walk(drawn.layers))
        if (layer.kind === 'raster') for (const key of layer.tiles.keys()) this.#stale.add(key);
    } else if (this.#shown) for (const key of differingTiles(this.#shown, drawn)) this.#stale.add(key);
    this.#shown = drawn;
    const side = TILE >> this.#level;
    const tile = new Uint8Array(side * side * 4);
    let until = performance.now() + SLICE_MS;
    for (const key of this.#stale) {
      this.#stale.delete(key);
      if (isEmpty(intersect(tileRect(key), page))) continue;
      flattenTile(drawn.layers, key, this.#level, tile);
      this.#place(key, tile);
      if (performance.now() < until) continue;
      await pause();
      until = performance.now() + SLICE_MS;
    }
    return this.#picture;
  }

  #place(key: number, tile: Uint8Array): void {
    const { rgba, widthPx, heightPx } = this.#picture!;
    const side = TILE >> this.#level;
    const { left, top } = tileRect(key);
    const [x, y] = [left / 2 ** this.#level, top / 2 ** this.#level];
    const width = Math.min(side, widthPx - x);
    for (let row = 0; row < Math.min(side, heightPx - y); row++)
      rgba.set(tile.subarray(row * side * 4, (row * side + width) * 4), ((y + row) * widthPx + x) * 4);
  }
}

/** The smallest level that is still large enough for a preview. */
function levelOf(width: number, height: number): number {
  const shrink = Math.sqrt((width * height) / ENOUGH_AREA);
  return Math.min(SMALLEST_LEVEL, Math.max(0, Math.floor(Math.log2(shrink))));
}
