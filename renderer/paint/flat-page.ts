import { differingTiles } from './difference.ts';
import type { PaintDocument } from './document.ts';
import type { Picture } from './fill.ts';
import { flattenTile } from './flatten.ts';
import { intersect, TILE, TILE_BYTES, tileRect, tilesIn } from './tiles.ts';

/** A document's whole page as one picture, kept up to date tile by tile: what fills and wands look at. */
export class FlatPage {
  #shown: PaintDocument | undefined;
  #picture: { data: Uint8Array; width: number; height: number } | undefined;
  readonly #tile = new Uint8Array(TILE_BYTES);

  /** The picture is written to again at the next call. */
  of(document: PaintDocument): Picture {
    const { width, height } = document;
    const before = this.#shown;
    const page = { left: 0, top: 0, right: width, bottom: height };
    let stale: Iterable<number>;
    if (before && this.#picture && before.width === width && before.height === height)
      stale = differingTiles(before, document);
    else {
      this.#picture = { data: new Uint8Array(width * height * 4), width, height };
      stale = tilesIn(page);
    }
    this.#shown = document;
    const { data } = this.#picture;
    for (const key of stale) {
      const whole = tileRect(key);
      const part = intersect(whole, page);
      if (part.right <= part.left) continue;
      flattenTile(document.layers, key, 0, this.#tile);
      for (let y = part.top; y < part.bottom; y++) {
        const from = ((y - whole.top) * TILE + part.left - whole.left) * 4;
        const row = this.#tile.subarray(from, from + (part.right - part.left) * 4);
        data.set(row, (y * width + part.left) * 4);
      }
    }
    return this.#picture;
  }
}
