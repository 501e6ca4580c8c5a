import type { PaintDocument, RasterLayer } from '../document.ts';
import type { Mask } from '../mask.ts';
import { refreshLevels } from '../mips.ts';
import {
  intersect,
  isClear,
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
import type { Copy } from '../guides/symmetry.ts';
import { dabAt, dabBounds, dabCopy, printDab, strewn, type Dab } from './dab.ts';
import { StrokePath, type PenSample } from './path.ts';

export type Rgb = readonly [number, number, number];

/** A stroke under way: takes pen readings, writes into copies of the tiles it touches and of no others. */
export interface Stroke {
  /** The layer's tiles with the stroke so far; changes while the stroke goes on. */
  readonly tiles: Tiles;
  add(samples: readonly PenSample[]): void;
  /** Lets a steadied line catch up with a resting pen. */
  rest(gapMs: number): void;
  /** What changed since last asked. */
  takeDirty(): Rect | undefined;
  /** @returns the layer's tiles with the whole stroke, to be kept; the same as before if it changed nothing. */
  end(): Tiles;
}

/** The smallest step between dabs. */
const LEAST_SPACING_PX = 0.35;

export const spacingOf = (brush: Brush, dab: Dab): number =>
  Math.max(LEAST_SPACING_PX, brush.spacing * 2 * dab.radius * Math.min(1, dab.roundness * 1.5));

interface Touched {
  readonly before: Tile | undefined;
  readonly live: Tile;
  /** Cover so far, 0–1 a pixel. */
  readonly cover: Float32Array;
  dirty: Rect | undefined;
}

/** Ink, pencil, marker, airbrush and erasers: dabs gather in a cover, which is laid on the pixels as they were before. */
export class PaintStroke implements Stroke {
  readonly tiles: Map<number, Tile>;
  readonly #before: Tiles;
  readonly #brush: Brush;
  readonly #rgb: Rgb;
  readonly #erases: boolean;
  readonly #alphaLocked: boolean;
  readonly #selection: Mask | undefined;
  readonly #within: Rect;
  readonly #touched = new Map<number, Touched>();
  readonly #path: StrokePath;
  readonly #copies: readonly Copy[];
  #dirty: Rect | undefined;
  #count = 0;
  /** The last dab, as far as it waits for the next one to say where the stroke goes. */
  #last: Dab | undefined;

  /**
   * @param rgb the paint; for an eraser on an alpha-locked layer, what it uncovers.
   * @param copies where else the stroke is drawn.
   */
  constructor(
    document: PaintDocument,
    layer: RasterLayer,
    brush: Brush,
    rgb: Rgb,
    copies: readonly Copy[] = [],
  ) {
    this.#copies = copies;
    this.#before = layer.tiles;
    this.tiles = new Map(layer.tiles);
    this.#brush = brush;
    this.#rgb = rgb;
    this.#alphaLocked = layer.alphaLocked;
    this.#erases = brush.kind === 'erase' && !layer.alphaLocked;
    this.#selection = document.selection;
    const page = { left: 0, top: 0, right: document.width, bottom: document.height };
    this.#within = document.selection ? intersect(page, document.selection.bounds) : page;
    this.#path = new StrokePath(
      brush.stabilizer,
      (at) => spacingOf(brush, dabAt(brush, at)),
      (at) => this.#follow(dabAt(brush, at)),
    );
  }

  add(samples: readonly PenSample[]): void {
    for (const sample of samples) this.#path.add(sample);
  }

  rest(gapMs: number): void {
    this.#path.rest(gapMs);
  }

  takeDirty(): Rect | undefined {
    this.#layAll();
    const dirty = this.#dirty;
    this.#dirty = undefined;
    return dirty;
  }

  end(): Tiles {
    this.#path.end();
    if (this.#count === 0 && this.#last) this.#printAll(strewn(this.#brush, this.#last, 0, 0));
    this.#layAll();
    return settled(this.tiles, this.#before, this.#touched.keys());
  }

  /** Prints the next dab; one whose tip turns with the stroke waits, at the beginning, until there is a direction. */
  #follow(dab: Dab): void {
    const before = this.#last;
    this.#last = dab;
    if (!this.#brush.follows) {
      this.#printAll(strewn(this.#brush, dab, this.#count++, 0));
      return;
    }
    if (!before) return;
    const direction = Math.atan2(dab.y - before.y, dab.x - before.x);
    if (this.#count === 0) this.#printAll(strewn(this.#brush, before, this.#count++, direction));
    this.#printAll(strewn(this.#brush, dab, this.#count++, direction));
  }

  #printAll(dab: Dab): void {
    this.#print(dab);
    for (const copy of this.#copies) this.#print(dabCopy(dab, copy));
  }

  #print(dab: Dab): void {
    const area = intersect(dabBounds(dab), this.#within);
    if (isEmpty(area)) return;
    const { buildsUp } = this.#brush;
    for (const key of tilesIn(area)) {
      const touched = this.#touch(key);
      if (!touched) continue;
      const whole = tileRect(key);
      const part = intersect(whole, area);
      const { cover } = touched;
      printDab(dab, part, (x, y, add) => {
        const at = (y - whole.top) * TILE + x - whole.left;
        const was = cover[at]!;
        if (buildsUp) cover[at] = was + (1 - was) * add;
        else if (add > was) cover[at] = add;
      });
      touched.dirty = unite(touched.dirty, part);
    }
    this.#dirty = unite(this.#dirty, area);
  }

  /** Undefined where nothing can change: the selection lets nothing through, or there is nothing to erase or to tint. */
  #touch(key: number): Touched | undefined {
    const known = this.#touched.get(key);
    if (known) return known;
    const before = this.#before.get(key);
    if (!before && (this.#erases || this.#alphaLocked)) return undefined;
    if (this.#selection && !this.#selection.tiles.has(key)) return undefined;
    const live = before ? before.slice() : new Uint8Array(TILE_BYTES);
    const touched: Touched = { before, live, cover: new Float32Array(TILE * TILE), dirty: undefined };
    this.#touched.set(key, touched);
    this.tiles.set(key, live);
    return touched;
  }

  #layAll(): void {
    for (const [key, touched] of this.#touched) {
      if (!touched.dirty) continue;
      this.#lay(key, touched, touched.dirty);
      touched.dirty = undefined;
    }
  }

  #lay(key: number, { before, live, cover }: Touched, area: Rect): void {
    const { left, top } = tileRect(key);
    const selected = this.#selection?.tiles.get(key);
    const [r, g, b] = this.#rgb;
    const { opacity } = this.#brush;
    for (let y = area.top - top; y < area.bottom - top; y++)
      for (let x = area.left - left; x < area.right - left; x++) {
        const at = y * TILE + x;
        let a = cover[at]! * opacity;
        if (selected) a *= selected[at]! / 255;
        if (a === 0) continue;
        const i = at * 4;
        const under = before ? before[i + 3]! / 255 : 0;
        if (this.#erases) {
          live[i + 3] = under * (1 - a) * 255 + 0.5;
        } else if (this.#alphaLocked) {
          if (under === 0) continue;
          live[i] = before![i]! + (r - before![i]!) * a + 0.5;
          live[i + 1] = before![i + 1]! + (g - before![i + 1]!) * a + 0.5;
          live[i + 2] = before![i + 2]! + (b - before![i + 2]!) * a + 0.5;
        } else {
          const alpha = a + under * (1 - a);
          const part = a / alpha;
          live[i] = under === 0 ? r : before![i]! + (r - before![i]!) * part + 0.5;
          live[i + 1] = under === 0 ? g : before![i + 1]! + (g - before![i + 1]!) * part + 0.5;
          live[i + 2] = under === 0 ? b : before![i + 2]! + (b - before![i + 2]!) * part + 0.5;
          live[i + 3] = alpha * 255 + 0.5;
        }
      }
    refreshLevels(live, area.left - left, area.top - top, area.right - left, area.bottom - top);
  }
}

/**
 * What a layer keeps of a finished stroke: of the tiles it touched, those that came out as they were are the old ones
 * again and clear ones go; `before` itself where nothing changed.
 * @param tiles the layer's tiles with the stroke, changed in place. @param touched keys of the tiles it wrote to.
 */
export function settled(tiles: Map<number, Tile>, before: Tiles, touched: Iterable<number>): Tiles {
  let changed = false;
  for (const key of touched) {
    const was = before.get(key);
    const live = tiles.get(key)!;
    if (sameBytes(was, live)) {
      if (was) tiles.set(key, was);
      else tiles.delete(key);
    } else {
      changed = true;
      if (isClear(live)) tiles.delete(key);
    }
  }
  return changed ? tiles : before;
}

function sameBytes(a: Uint8Array | undefined, b: Uint8Array): boolean {
  if (!a) return isClear(b);
  for (let at = 0; at < b.length; at++) if (a[at] !== b[at]) return false;
  return true;
}
