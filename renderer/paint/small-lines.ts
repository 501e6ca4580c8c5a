import { differingTiles } from './difference.ts';
import { walk, type Layer, type PaintDocument } from './document.ts';
import { flattenTile } from './flatten.ts';
import { SMALLEST_LEVEL } from './mips.ts';
import { intersect, isEmpty, TILE, tileRect, tilesIn, type Rect } from './tiles.ts';

/** How small lines are made: with at least about so many pixels, grey or RGB. */
interface Manner {
  readonly enoughArea: number;
  readonly channels: 1 | 3;
}
/** For the model alone, which looks at 256x256 and at ink. */
export const FOR_DRAFTS: Manner = { enoughArea: 288 * 288, channels: 1 };
/** A preview with regions is worked out at 512x512 (electron/colorize/preview.ts), and the host reads the ink itself. */
export const FOR_WHOLE: Manner = { enoughArea: 640 * 640, channels: 3 };
/** So long at a time may be spent on lines that are made small for the first time; then the pen has its turn. */
const SLICE_MS = 6;

/** Line art made small, on white paper, and the size in the document's pixels of what it shows. */
export interface SmallLines {
  readonly pixels: Uint8Array;
  /** Grey or RGB. */
  readonly channels: 1 | 3;
  readonly widthPx: number;
  readonly heightPx: number;
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
 * A document's line art as a small picture that follows the drawing: after a stroke, and while one is under way, only the
 * tiles it touched are made anew, a millisecond's work.
 */
export class LinesKeeper {
  readonly #manner: Manner;
  #level = 0;
  #picture: SmallLines | undefined;
  /** What the picture shows, but for the stale tiles. */
  #shown: PaintDocument | undefined;
  readonly #stale = new Set<number>();
  #under: Promise<SmallLines> | undefined;

  constructor(manner: Manner) {
    this.#manner = manner;
  }

  /** Says that pixels of the document changed in place, as they do while a stroke is under way. */
  touch(rect: Rect): void {
    if (this.#picture) for (const key of tilesIn(rect)) this.#stale.add(key);
  }

  /**
   * The lines as they are now. The picture is one and the same from call to call, and changes with the next.
   * @param pause gives the window its turn between slices of work.
   */
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
      const { enoughArea, channels } = this.#manner;
      this.#level = levelOf(width, height, enoughArea);
      const step = 2 ** this.#level;
      const [widthPx, heightPx] = [Math.ceil(width / step), Math.ceil(height / step)];
      this.#picture = {
        pixels: new Uint8Array(widthPx * heightPx * channels).fill(255),
        channels,
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

  /** Lays a tile's RGBA on white where it belongs. */
  #place(key: number, tile: Uint8Array): void {
    const { pixels, channels, widthPx, heightPx } = this.#picture!;
    const side = TILE >> this.#level;
    const { left, top } = tileRect(key);
    const [x, y] = [left / 2 ** this.#level, top / 2 ** this.#level];
    const width = Math.min(side, widthPx - x);
    for (let row = 0; row < Math.min(side, heightPx - y); row++) {
      let to = ((y + row) * widthPx + x) * channels;
      for (let from = row * side * 4, end = from + width * 4; from < end; from += 4, to += channels) {
        const alpha = tile[from + 3]! / 255;
        const r = 255.5 + (tile[from]! - 255) * alpha;
        const g = 255.5 + (tile[from + 1]! - 255) * alpha;
        const b = 255.5 + (tile[from + 2]! - 255) * alpha;
        if (channels === 1) pixels[to] = inkOf(r, g, b);
        else {
          pixels[to] = r;
          pixels[to + 1] = g;
          pixels[to + 2] = b;
        }
      }
    }
  }
}

/** How light a line of this colour counts (electron/page/ink.ts): its brightness, and its darkest channel as much. */
const inkOf = (r: number, g: number, b: number): number =>
  (0.299 * r + 0.587 * g + 0.114 * b + Math.min(r, g, b)) / 2;

/** The smallest level at which a page has still enough pixels. */
export function levelOf(width: number, height: number, enoughArea: number): number {
  const shrink = Math.sqrt((width * height) / enoughArea);
  return Math.min(SMALLEST_LEVEL, Math.max(0, Math.floor(Math.log2(shrink))));
}
