import type { PaintDocument, RasterLayer } from '../document.ts';
import { refreshLevels } from '../mips.ts';
import {
  intersect,
  isEmpty,
  TILE,
  TILE_BYTES,
  tileRect,
  tilesIn,
  unite,
  type Rect,
  type Tile,
  type Tiles,
} from '../tiles.ts';
import type { Brush } from './brush.ts';
import type { PenSample } from './path.ts';
import { PaintStroke, settled, type Rgb, type Stroke } from './stroke.ts';

/**
 * A stroke and its mirror image over the page's upright middle, as one: where the two meet, the stronger counts, as
 * within one stroke. For brushes of one colour that do not build up (pens, erasers).
 */
export class MirroredStroke implements Stroke {
  readonly tiles: Map<number, Tile>;
  readonly #before: Tiles;
  readonly #halves: readonly [PaintStroke, PaintStroke];
  readonly #width: number;
  readonly #erases: boolean;
  readonly #touched = new Set<number>();
  #dirty: Rect | undefined;

  constructor(document: PaintDocument, layer: RasterLayer, brush: Brush, rgb: Rgb) {
    this.#before = layer.tiles;
    this.tiles = new Map(layer.tiles);
    this.#width = document.width;
    this.#erases = brush.kind === 'erase';
    this.#halves = [
      new PaintStroke(document, layer, brush, rgb),
      new PaintStroke(document, layer, brush, rgb),
    ];
  }

  add(samples: readonly PenSample[]): void {
    this.#halves[0].add(samples);
    this.#halves[1].add(
      samples.map((at) => ({ ...at, x: this.#width - at.x, azimuth: Math.PI - at.azimuth })),
    );
  }

  rest(gapMs: number): void {
    for (const half of this.#halves) half.rest(gapMs);
  }

  takeDirty(): Rect | undefined {
    this.#joinAll();
    const dirty = this.#dirty;
    this.#dirty = undefined;
    return dirty;
  }

  end(): Tiles {
    for (const half of this.#halves) half.end();
    this.#joinAll();
    return settled(this.tiles, this.#before, this.#touched);
  }

  #joinAll(): void {
    for (const half of this.#halves) {
      const rect = half.takeDirty();
      if (!rect) continue;
      this.#join(rect);
      this.#dirty = unite(this.#dirty, rect);
    }
  }

  #join(rect: Rect): void {
    for (const key of tilesIn(rect)) {
      const [a, b] = this.#halves.map(({ tiles }) => tiles.get(key));
      const before = this.#before.get(key);
      if (a === before && b === before) continue;
      const whole = tileRect(key);
      const part = intersect(whole, rect);
      if (isEmpty(part)) continue;
      const live = this.#liveTile(key, before);
      for (let y = part.top - whole.top; y < part.bottom - whole.top; y++)
        for (let at = (y * TILE + part.left - whole.left) * 4, x = part.left; x < part.right; x++, at += 4) {
          const [alphaA, alphaB] = [a?.[at + 3] ?? 0, b?.[at + 3] ?? 0];
          const stronger = this.#erases ? alphaA < alphaB : alphaA > alphaB;
          const from = stronger ? a : b;
          for (let i = at; i < at + 4; i++) live[i] = from?.[i] ?? 0;
        }
      const { left, top } = whole;
      refreshLevels(live, part.left - left, part.top - top, part.right - left, part.bottom - top);
    }
  }

  #liveTile(key: number, before: Tile | undefined): Tile {
    if (this.#touched.has(key)) return this.tiles.get(key)!;
    const live = before ? before.slice() : new Uint8Array(TILE_BYTES);
    this.#touched.add(key);
    this.tiles.set(key, live);
    return live;
  }
}
