import { differingTiles } from '../paint/difference.ts';
import type { PaintDocument } from '../paint/document.ts';
import { flattenTile, Frozen, showsTile } from '../paint/flatten.ts';
import { SMALLEST_LEVEL } from '../paint/mips.ts';
import { intersect, isEmpty, TILE, tileOf, tileRect, tilesIn, unite, type Rect } from '../paint/tiles.ts';

/** Tiles flattened beyond what is seen, so that a small pan finds them ready. */
const MARGIN_TILES = 1;

type Flat = Uint8ClampedArray<ArrayBuffer>;

/** The level whose pixels are at most as large as the screen's, for a zoom of so many screen pixels a pixel. */
export function levelFor(screenPxPerPx: number): number {
  return Math.min(SMALLEST_LEVEL, Math.max(0, Math.floor(Math.log2(1 / screenPxPerPx))));
}

/**
 * The part of a document that is looked at, flattened tile by tile into one canvas at the level the zoom needs. Only
 * tiles that changed are flattened again, and during a stroke only the part of them that did.
 */
export class FlatWindow {
  readonly canvas: HTMLCanvasElement = document.createElement('canvas');
  readonly #context = this.canvas.getContext('2d', { willReadFrequently: true });
  #shown: PaintDocument | undefined;
  #frozen: Frozen | undefined;
  #level = 0;
  /** In pixels of the document, whole tiles. */
  #area: Rect = { left: 0, top: 0, right: 0, bottom: 0 };
  readonly #tiles = new Map<number, Flat | undefined>();
  /** Tiles, or parts of tiles in the level's pixels, that are not what the document shows. */
  readonly #stale = new Map<number, Rect | undefined>();
  /** Tiles that are flattened but not on the canvas yet: what is seen changes everywhere at once, not tile by tile. */
  readonly #ready = new Set<number>();
  #whole = false;
  /** What of the canvas changed since somebody asked, in its pixels. */
  #drawn: Rect | undefined;

  /** Whether all that is seen is there, as the document shows it. */
  get whole(): boolean {
    return this.#whole;
  }

  /** Whether what is seen is about to change as a whole. */
  get waits(): boolean {
    return this.#ready.size > 0;
  }

  get level(): number {
    return this.#level;
  }

  /** Takes another document. @returns the rectangle that may look different; undefined when nothing does. */
  show(next: PaintDocument | undefined): Rect | undefined {
    const before = this.#shown;
    this.#shown = next;
    if (!before || !next || before.width !== next.width || before.height !== next.height) {
      this.#tiles.clear();
      this.#stale.clear();
      this.#ready.clear();
      this.#area = { left: 0, top: 0, right: 0, bottom: 0 };
      return next && { left: 0, top: 0, right: next.width, bottom: next.height };
    }
    let dirty: Rect | undefined;
    for (const key of differingTiles(before, next)) {
      this.#stale.set(key, undefined);
      dirty = unite(dirty, tileRect(key));
    }
    return dirty;
  }

  /** A stroke begins on a layer: the others are kept as pictures until `thaw`. */
  freeze(layerId: string): void {
    this.#frozen = new Frozen(layerId);
  }

  thaw(): void {
    this.#frozen = undefined;
  }

  /** Says that pixels of the document changed in place. */
  touch(rect: Rect): void {
    const scale = 2 ** -this.#level;
    for (const key of tilesIn(rect)) {
      if (this.#stale.has(key) && this.#stale.get(key) === undefined) continue;
      const whole = tileRect(key);
      const part = intersect(rect, whole);
      const inTile = {
        left: Math.floor((part.left - whole.left) * scale),
        top: Math.floor((part.top - whole.top) * scale),
        right: Math.ceil((part.right - whole.left) * scale),
        bottom: Math.ceil((part.bottom - whole.top) * scale),
      };
      this.#stale.set(key, unite(this.#stale.get(key), inTile));
    }
  }

  /**
   * Makes the canvas hold `visible` (in the document's pixels) at a level. What a stroke changed is there at once; of
   * whole tiles as many as fit into `budgetMs`, those that are seen first. Until then a place shows what it showed
   * before. @returns whether there is more to do, at the next frame.
   */
  prepare(visible: Rect, level: number, budgetMs: number): boolean {
    const page = this.#shown;
    if (!page || !this.#context) return false;
    const until = performance.now() + budgetMs;
    const before = { area: this.#area, level: this.#level };
    if (level !== this.#level) {
      this.#level = level;
      this.#tiles.clear();
      this.#stale.clear();
      this.#ready.clear();
      this.#area = { left: 0, top: 0, right: 0, bottom: 0 };
    }
    const whole = { left: 0, top: 0, right: page.width, bottom: page.height };
    const wanted = intersect(visible, whole);
    if (isEmpty(wanted)) {
      this.#whole = true;
      return false;
    }
    const inside = intersect(wanted, this.#area);
    const holds = !isEmpty(inside) && sameRect(inside, wanted);
    if (!holds) this.#move(wanted, whole, before);
    return this.#refresh(wanted, until);
  }

  /** What of the canvas changed since the last time, in its pixels. */
  takeDrawn(): Rect | undefined {
    const drawn = this.#drawn;
    this.#drawn = undefined;
    return drawn;
  }

  /**
   * Draws what is prepared where the context's transform puts the document. @param canvas what is drawn in place of the
   * window's own, of the same size.
   */
  draw(context: CanvasRenderingContext2D, canvas: HTMLCanvasElement = this.canvas): void {
    const page = this.#shown;
    if (!page) return;
    const area = intersect(this.#area, { left: 0, top: 0, right: page.width, bottom: page.height });
    if (isEmpty(area)) return;
    const scale = 2 ** -this.#level;
    const [width, height] = [area.right - area.left, area.bottom - area.top];
    context.drawImage(
      canvas,
      (area.left - this.#area.left) * scale,
      (area.top - this.#area.top) * scale,
      width * scale,
      height * scale,
      area.left,
      area.top,
      width,
      height,
    );
  }

  #move(wanted: Rect, whole: Rect, before: { area: Rect; level: number }): void {
    const tiles = (pixel: number): number => tileOf(pixel) * TILE;
    const margin = MARGIN_TILES * TILE;
    const area = {
      left: Math.max(tiles(wanted.left) - margin, tiles(whole.left)),
      top: Math.max(tiles(wanted.top) - margin, tiles(whole.top)),
      right: Math.min(tiles(wanted.right - 1) + TILE + margin, tiles(whole.right - 1) + TILE),
      bottom: Math.min(tiles(wanted.bottom - 1) + TILE + margin, tiles(whole.bottom - 1) + TILE),
    };
    const scale = 2 ** -this.#level;
    const old = this.#copyOfCanvas();
    this.#area = area;
    this.canvas.width = (area.right - area.left) * scale;
    this.canvas.height = (area.bottom - area.top) * scale;
    this.#drawn = { left: 0, top: 0, right: this.canvas.width, bottom: this.canvas.height };
    if (old && !isEmpty(before.area)) {
      const { left, top, right, bottom } = before.area;
      const [width, height] = [(right - left) * scale, (bottom - top) * scale];
      this.#context!.drawImage(old, (left - area.left) * scale, (top - area.top) * scale, width, height);
    }
    const keep = new Set(tilesIn(area));
    for (const key of this.#tiles.keys()) if (!keep.has(key)) this.#tiles.delete(key);
    for (const key of this.#stale.keys()) if (!keep.has(key)) this.#stale.delete(key);
    for (const key of this.#ready) if (!keep.has(key)) this.#ready.delete(key);
    for (const key of keep) if (!this.#tiles.has(key)) this.#stale.set(key, undefined);
  }

  /** What the canvas holds; undefined when that is nothing. */
  #copyOfCanvas(): HTMLCanvasElement | undefined {
    const { width, height } = this.canvas;
    if (width === 0 || height === 0) return undefined;
    const copy = document.createElement('canvas');
    copy.width = width;
    copy.height = height;
    copy.getContext('2d')?.drawImage(this.canvas, 0, 0);
    return copy;
  }

  #refresh(seen: Rect, until: number): boolean {
    const parts: number[] = [];
    /** Seen, and in place of what was seen before. */
    const changed: number[] = [];
    const near: number[] = [];
    const far: number[] = [];
    for (const [key, part] of this.#stale) {
      const place = tileRect(key);
      if (isEmpty(intersect(place, this.#area))) {
        this.#tiles.delete(key);
        this.#stale.delete(key);
      } else if (part) parts.push(key);
      else if (isEmpty(intersect(place, seen))) far.push(key);
      else (this.#tiles.has(key) ? changed : near).push(key);
    }
    for (const key of parts) this.#renew(key);
    this.#whole = false;
    for (const key of changed) {
      if (performance.now() > until) return true;
      this.#flatten(key);
      this.#stale.delete(key);
      this.#ready.add(key);
    }
    for (const key of this.#ready) this.#blit(key, undefined);
    this.#ready.clear();
    for (const key of near) {
      if (performance.now() > until) return true;
      this.#renew(key);
    }
    this.#whole = true;
    for (const key of far) {
      if (performance.now() > until) return true;
      this.#renew(key);
    }
    return false;
  }

  #renew(key: number): void {
    const part = this.#stale.get(key);
    this.#flatten(key);
    this.#stale.delete(key);
    this.#blit(key, part);
  }

  #flatten(key: number): void {
    const page = this.#shown!;
    const known = this.#tiles.has(key);
    const stale = this.#stale.has(key);
    if (known && !stale) return;
    if (!showsTile(page.layers, key)) {
      this.#tiles.set(key, undefined);
      return;
    }
    const side = TILE >> this.#level;
    let flat = this.#tiles.get(key);
    const part = flat ? this.#stale.get(key) : undefined;
    if (!flat) this.#tiles.set(key, (flat = new Uint8ClampedArray(side * side * 4)));
    const bytes = new Uint8Array(flat.buffer);
    flattenTile(page.layers, key, this.#level, bytes, part, this.#frozen);
  }

  #blit(key: number, part: Rect | undefined): void {
    const context = this.#context!;
    const side = TILE >> this.#level;
    const scale = 2 ** -this.#level;
    const { left, top } = tileRect(key);
    const x = (left - this.#area.left) * scale;
    const y = (top - this.#area.top) * scale;
    const flat = this.#tiles.get(key);
    this.#drawn = unite(
      this.#drawn,
      part
        ? { left: x + part.left, top: y + part.top, right: x + part.right, bottom: y + part.bottom }
        : { left: x, top: y, right: x + side, bottom: y + side },
    );
    if (!flat) {
      context.clearRect(x, y, side, side);
      return;
    }
    const image = new ImageData(flat, side, side);
    if (!part) context.putImageData(image, x, y);
    else
      context.putImageData(image, x, y, part.left, part.top, part.right - part.left, part.bottom - part.top);
  }
}

/** The colour at a pixel of a document, RGBA, straight alpha. */
export function colourAt(
  page: PaintDocument,
  x: number,
  y: number,
): readonly [number, number, number, number] {
  const key = [...tilesIn({ left: x, top: y, right: x + 1, bottom: y + 1 })][0]!;
  const tile = new Uint8Array(TILE * TILE * 4);
  flattenTile(page.layers, key, 0, tile);
  const at = ((y - tileOf(y) * TILE) * TILE + x - tileOf(x) * TILE) * 4;
  return [tile[at]!, tile[at + 1]!, tile[at + 2]!, tile[at + 3]!];
}

const sameRect = (a: Rect, b: Rect): boolean =>
  a.left === b.left && a.top === b.top && a.right === b.right && a.bottom === b.bottom;
