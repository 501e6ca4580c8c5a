import { differingTiles } from './difference.ts';
import type { PaintDocument } from './document.ts';
import type { Picture } from './fill.ts';
import { flattenTile } from './flatten.ts';
import { intersect, TILE, TILE_BYTES, tileRect, tilesIn } from './tiles.ts';

/** How long tiles are flattened at a stretch before others get their turn. */
const SLICE_MS = 6;

/** A document's whole page as one picture, kept up to date tile by tile: what fills and wands look at. */
export class FlatPage {
  #shown: PaintDocument | undefined;
  #picture: { data: Uint8Array; width: number; height: number } | undefined;
  /** Places that are not yet what `#shown` shows. */
  readonly #stale = new Set<number>();
  readonly #tile = new Uint8Array(TILE_BYTES);

  /** The picture is written to again at the next call. */
  of(document: PaintDocument): Picture {
    this.#take(document);
    while (!this.#flattenUntil(Infinity));
    return this.#picture!;
  }

  /** The same a little at a time, so that the pen is never kept waiting; one call at a time. */
  async gradually(document: PaintDocument, rest: () => Promise<void>): Promise<Picture> {
    this.#take(document);
    while (!this.#flattenUntil(performance.now() + SLICE_MS)) await rest();
    return this.#picture!;
  }

  #take(document: PaintDocument): void {
    const { width, height } = document;
    const before = this.#shown;
    if (before && this.#picture && before.width === width && before.height === height)
      for (const key of differingTiles(before, document)) this.#stale.add(key);
    else {
      this.#picture = { data: new Uint8Array(width * height * 4), width, height };
      this.#stale.clear();
      for (const key of tilesIn({ left: 0, top: 0, right: width, bottom: height })) this.#stale.add(key);
    }
    this.#shown = document;
  }

  /** @returns whether all is flat. */
  #flattenUntil(timeMs: number): boolean {
    const { layers } = this.#shown!;
    const { data, width, height } = this.#picture!;
    const page = { left: 0, top: 0, right: width, bottom: height };
    for (const key of this.#stale) {
      this.#stale.delete(key);
      const whole = tileRect(key);
      const part = intersect(whole, page);
      if (part.right <= part.left || part.bottom <= part.top) continue;
      flattenTile(layers, key, 0, this.#tile);
      for (let y = part.top; y < part.bottom; y++) {
        const from = ((y - whole.top) * TILE + part.left - whole.left) * 4;
        const row = this.#tile.subarray(from, from + (part.right - part.left) * 4);
        data.set(row, (y * width + part.left) * 4);
      }
      if (performance.now() > timeMs) return this.#stale.size === 0;
    }
    return true;
  }
}
