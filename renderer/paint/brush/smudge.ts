import type { PaintDocument, RasterLayer } from '../document.ts';
import { maskAt, type Mask } from '../mask.ts';
import { refreshLevels } from '../mips.ts';
import {
  intersect,
  isEmpty,
  TILE,
  TILE_BYTES,
  tileKey,
  tileOf,
  tileRect,
  tilesIn,
  unite,
  type Rect,
  type Tile,
  type Tiles,
} from '../tiles.ts';
import { pressed, type Brush } from './brush.ts';
import type { Copy } from '../guides/symmetry.ts';
import { dabAt, dabBounds, dabCopy, printDab, type Dab } from './dab.ts';
import { StrokePath, type PenSample } from './path.ts';
import { settled, spacingOf, type Stroke } from './stroke.ts';

/**
 * The finger: every dab leaves some of the paint picked up before and picks up what lies there now. Works on
 * premultiplied colours, so that transparent places bring no colour of their own.
 */
export class SmudgeStroke implements Stroke {
  readonly tiles: Map<number, Tile>;
  readonly #before: Tiles;
  readonly #alphaLocked: boolean;
  readonly #selection: Mask | undefined;
  readonly #within: Rect;
  readonly #live = new Map<number, Tile>();
  readonly #dirtyOf = new Map<number, Rect>();
  readonly #path: StrokePath;
  /** Paint on each finger (the pen's and its copies'): premultiplied RGBA, 0–255, `#side` squared, around its dab's middle. */
  readonly #carried: Float32Array[] = [];
  readonly #side: number;
  #dirty: Rect | undefined;

  constructor(document: PaintDocument, layer: RasterLayer, brush: Brush, copies: readonly Copy[] = []) {
    this.#before = layer.tiles;
    this.tiles = new Map(layer.tiles);
    this.#alphaLocked = layer.alphaLocked;
    this.#selection = document.selection;
    const page = { left: 0, top: 0, right: document.width, bottom: document.height };
    this.#within = document.selection ? intersect(page, document.selection.bounds) : page;
    this.#side = Math.ceil(brush.sizePx) + 4;
    this.#path = new StrokePath(
      brush.stabilizer,
      (at) => Math.max(1, spacingOf(brush, dabAt(brush, at))),
      (at) => {
        const dab = dabAt(brush, at);
        const strength = brush.opacity * pressed(brush.opacityByPressure, at.pressure);
        this.#rub(0, dab, strength);
        for (const [i, copy] of copies.entries()) this.#rub(i + 1, dabCopy(dab, copy), strength);
      },
    );
  }

  add(samples: readonly PenSample[]): void {
    for (const sample of samples) this.#path.add(sample);
  }

  rest(gapMs: number): void {
    this.#path.rest(gapMs);
  }

  takeDirty(): Rect | undefined {
    this.#refresh();
    const dirty = this.#dirty;
    this.#dirty = undefined;
    return dirty;
  }

  #refresh(): void {
    for (const [key, area] of this.#dirtyOf) {
      const { left, top } = tileRect(key);
      const live = this.#live.get(key);
      if (live) refreshLevels(live, area.left - left, area.top - top, area.right - left, area.bottom - top);
    }
    this.#dirtyOf.clear();
  }

  end(): Tiles {
    this.#path.end();
    this.#refresh();
    return settled(this.tiles, this.#before, this.#live.keys());
  }

  #rub(finger: number, dab: Dab, strength: number): void {
    const side = this.#side;
    const left = Math.round(dab.x) - (side >> 1);
    const top = Math.round(dab.y) - (side >> 1);
    const first = !this.#carried[finger];
    const carried = (this.#carried[finger] ??= new Float32Array(side * side * 4));
    if (first) {
      this.#pickUp(carried, left, top, 1);
      return;
    }
    const box = { left, top, right: left + side, bottom: top + side };
    const area = intersect(intersect(dabBounds(dab), this.#within), box);
    if (!isEmpty(area)) {
      for (const key of tilesIn(area)) {
        const whole = tileRect(key);
        const part = intersect(whole, area);
        const live = this.#touch(key);
        printDab(dab, part, (x, y, cover) => {
          const at = ((y - whole.top) * TILE + x - whole.left) * 4;
          const from = ((y - top) * side + x - left) * 4;
          const w = cover * strength * (maskAt(this.#selection, x, y) / 255);
          const a = live[at + 3]!;
          const part255 = a / 255;
          const alpha = this.#alphaLocked ? a : a + (carried[from + 3]! - a) * w;
          if (alpha < 0.5) {
            live[at + 3] = 0;
            return;
          }
          const mixedAlpha = a + (carried[from + 3]! - a) * w;
          if (mixedAlpha <= 0) return;
          for (let c = 0; c < 3; c++) {
            const own = live[at + c]! * part255;
            const mixed = own + (carried[from + c]! - own) * w;
            live[at + c] = Math.min(255, (mixed * 255) / mixedAlpha + 0.5);
          }
          live[at + 3] = alpha + 0.5;
        });
        const known = this.#dirtyOf.get(key);
        this.#dirtyOf.set(key, unite(known, part));
      }
      this.#dirty = unite(this.#dirty, area);
    }
    this.#pickUp(carried, left, top, 1 - strength * 0.9);
  }

  /** Takes `part` of what lies under the finger. */
  #pickUp(carried: Float32Array, left: number, top: number, part: number): void {
    const side = this.#side;
    for (let y = 0; y < side; y++)
      for (let x = 0; x < side; x++) {
        const px = left + x;
        const py = top + y;
        const tile = this.tiles.get(tileKey(tileOf(px), tileOf(py)));
        const to = (y * side + x) * 4;
        const from = tile ? ((py - tileOf(py) * TILE) * TILE + px - tileOf(px) * TILE) * 4 : 0;
        const a = tile ? tile[from + 3]! : 0;
        for (let c = 0; c < 3; c++) {
          const here = tile ? (tile[from + c]! * a) / 255 : 0;
          carried[to + c]! += (here - carried[to + c]!) * part;
        }
        carried[to + 3]! += (a - carried[to + 3]!) * part;
      }
  }

  #touch(key: number): Tile {
    let live = this.#live.get(key);
    if (!live) {
      live = this.#before.get(key)?.slice() ?? new Uint8Array(TILE_BYTES);
      this.#live.set(key, live);
      this.tiles.set(key, live);
    }
    return live;
  }
}
