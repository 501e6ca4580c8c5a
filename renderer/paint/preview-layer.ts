import { groupLayer, layerOf, rasterLayer, type Layer, type PaintDocument } from './document.ts';
import { FLATS_ID, flatsOf, keepMasked, lockedMask } from './flat-regions.ts';
import { marksOf } from './marks.ts';
import { tileMadeWhenSeen } from './mips.ts';
import { insertLayer, placeOf } from './operations.ts';
import { ownMask } from './own-paint.ts';
import { NO_TILES, TILE, tileRect, tilesIn, type Tile, type Tiles } from './tiles.ts';

/** A small picture, RGBA opaque, stretched over a whole page. */
export interface SmallPicture {
  readonly rgba: Uint8Array;
  readonly widthPx: number;
  readonly heightPx: number;
}

export const PREVIEW_ID = 'preview';
const KEPT_ID = 'preview-kept';
/** Layers that colouring makes, and a preview stands for. */
export const MADE_IDS: readonly string[] = ['colour', FLATS_ID, 'shading'];

/** A small picture as tiles of the page, smoothly enlarged where and at the level they are looked at. */
export function previewTiles(picture: SmallPicture, page: { width: number; height: number }): Tiles {
  const tiles = new Map<number, Tile>();
  for (const key of tilesIn({ left: 0, top: 0, right: page.width, bottom: page.height })) {
    const { left, top } = tileRect(key);
    const levels: Uint8Array[] = [];
    tiles.set(
      key,
      tileMadeWhenSeen((level) => (levels[level] ??= enlarge(picture, page, left, top, level))),
    );
  }
  return tiles;
}

function enlarge(
  { rgba, widthPx, heightPx }: SmallPicture,
  page: { width: number; height: number },
  left: number,
  top: number,
  level: number,
): Uint8Array {
  const side = TILE >> level;
  const step = 2 ** level;
  const out = new Uint8Array(side * side * 4);
  const limited = (value: number, most: number): number => Math.min(most, Math.max(0, value));
  for (let y = 0, at = 0; y < side; y++) {
    const v = limited(((top + (y + 0.5) * step) * heightPx) / page.height - 0.5, heightPx - 1);
    const v0 = Math.floor(v);
    const row0 = v0 * widthPx;
    const row1 = Math.min(heightPx - 1, v0 + 1) * widthPx;
    const down = v - v0;
    for (let x = 0; x < side; x++, at += 4) {
      const u = limited(((left + (x + 0.5) * step) * widthPx) / page.width - 0.5, widthPx - 1);
      const u0 = Math.floor(u);
      const u1 = Math.min(widthPx - 1, u0 + 1);
      const across = u - u0;
      const [a, b, c, d] = [(row0 + u0) * 4, (row0 + u1) * 4, (row1 + u0) * 4, (row1 + u1) * 4];
      for (let k = 0; k < 3; k++) {
        const upper = rgba[a + k]! + (rgba[b + k]! - rgba[a + k]!) * across;
        const lower = rgba[c + k]! + (rgba[d + k]! - rgba[c + k]!) * across;
        out[at + k] = upper + (lower - upper) * down + 0.5;
      }
      out[at + 3] = 255;
    }
  }
  return out;
}

/** Two drafts differ by less in places that nothing changed: the model looks at everything at once. */
const NO_CHANGE = 3;

/**
 * A whole preview after the lines changed: changed itself by as much as a draft of the new lines differs from the draft
 * of those it was made from, so that what the change left alone stays as crisp as it was. Drafts of one size.
 */
export function carriedOn(whole: SmallPicture, before: SmallPicture, after: SmallPicture): SmallPicture {
  const { widthPx: columns, heightPx: rows } = after;
  if (before.widthPx !== columns || before.heightPx !== rows) return after;
  const { widthPx, heightPx } = whole;
  // Rounds and limits what is put into it.
  const rgba = new Uint8ClampedArray(whole.rgba);
  const change = changeOf(before, after);
  const across = samples(widthPx, columns);
  const down = samples(heightPx, rows);
  const line = new Float32Array(columns * 3);
  for (let y = 0; y < heightPx; y++) {
    const [upper, lower, v] = [down.first[y]!, down.second[y]!, down.share[y]!];
    const left = Math.min(change.left[upper]!, change.left[lower]!);
    const right = Math.max(change.right[upper]!, change.right[lower]!);
    if (left >= right) continue;
    for (
      let i = left * 3, a = upper * columns * 3 + i, b = lower * columns * 3 + i;
      i < right * 3;
      i++, a++, b++
    )
      line[i] = change.by[a]! + (change.by[b]! - change.by[a]!) * v;
    const from = Math.max(0, Math.floor(((left - 0.5) * widthPx) / columns));
    const to = Math.min(widthPx, Math.ceil(((right + 0.5) * widthPx) / columns));
    for (let x = from, at = (y * widthPx + from) * 4; x < to; x++, at += 4) {
      const a = across.first[x]! * 3;
      const b = across.second[x]! * 3;
      const u = across.share[x]!;
      for (let k = 0; k < 3; k++)
        rgba[at + k] = rgba[at + k]! + line[a + k]! + (line[b + k]! - line[a + k]!) * u;
    }
    line.fill(0, left * 3, right * 3);
  }
  return { rgba: new Uint8Array(rgba.buffer), widthPx, heightPx };
}

/** What changed from one draft to another, three numbers a pixel, and in which columns of each row anything did. */
function changeOf(
  before: SmallPicture,
  after: SmallPicture,
): { readonly by: Float32Array; readonly left: Int32Array; readonly right: Int32Array } {
  const { widthPx: columns, heightPx: rows } = after;
  const by = new Float32Array(columns * rows * 3);
  const left = new Int32Array(rows).fill(columns);
  const right = new Int32Array(rows);
  for (let row = 0, from = 0, to = 0; row < rows; row++)
    for (let column = 0; column < columns; column++, from += 4, to += 3) {
      const r = after.rgba[from]! - before.rgba[from]!;
      const g = after.rgba[from + 1]! - before.rgba[from + 1]!;
      const b = after.rgba[from + 2]! - before.rgba[from + 2]!;
      if (Math.max(Math.abs(r), Math.abs(g), Math.abs(b)) < NO_CHANGE) continue;
      by[to] = r;
      by[to + 1] = g;
      by[to + 2] = b;
      left[row] = Math.min(left[row]!, column);
      right[row] = column + 1;
    }
  return { by, left, right };
}

/** For each of `length` pixels: between which of `count` it lies when those are stretched over it, and how far. */
function samples(
  length: number,
  count: number,
): { readonly first: Int32Array; readonly second: Int32Array; readonly share: Float64Array } {
  const first = new Int32Array(length);
  const second = new Int32Array(length);
  const share = new Float64Array(length);
  for (let at = 0; at < length; at++) {
    const place = Math.min(count - 1, Math.max(0, ((at + 0.5) * count) / length - 0.5));
    first[at] = Math.floor(place);
    second[at] = Math.min(count - 1, first[at]! + 1);
    share[at] = place - first[at]!;
  }
  return { first, second, share };
}

/**
 * The document as it would look with a preview in place of what colouring made: under the lines, with locked regions and
 * the artist's own paint as they are. For showing only.
 */
export function withPreview(document: PaintDocument, preview: Tiles): PaintDocument {
  const fresh: Layer[] = [rasterLayer(PREVIEW_ID, {}, preview)];
  const kept = keptTiles(document);
  if (kept.size > 0) fresh.push(rasterLayer(KEPT_ID, {}, kept));
  const group = layerOf(document, 'colouring');
  if (group?.kind === 'group') {
    const rest = group.children.filter(({ id }) => !MADE_IDS.includes(id));
    const change = (layers: readonly Layer[]): Layer[] =>
      layers.map((layer) => {
        if (layer.id === group.id) return { ...group, visible: true, children: [...fresh, ...rest] };
        return layer.kind === 'group' ? { ...layer, children: change(layer.children) } : layer;
      });
    return { ...document, layers: change(document.layers) };
  }
  const lines = placeOf(document, 'lines');
  const paper = placeOf(document, 'paper');
  const place = lines ?? { parentId: undefined, index: paper ? paper.index + 1 : 0 };
  return insertLayer(document, groupLayer('preview-group', {}, fresh), place);
}

const known = new WeakMap<PaintDocument['layers'], Tiles>();

/** What of Flats stays whatever comes: locked regions and her own paint. */
function keptTiles(document: PaintDocument): Tiles {
  const { locks } = marksOf(document);
  const flats = flatsOf(document);
  if (!flats) return NO_TILES;
  const made = document.made?.get(FLATS_ID);
  if (locks.length === 0 && (!made || made === flats)) return NO_TILES;
  const before = locks.length === 0 ? known.get(document.layers) : undefined;
  if (before) return before;
  let kept = NO_TILES;
  const own = made && ownMask(flats, made);
  if (own) kept = keepMasked(flats, kept, own);
  const locked = lockedMask(document, locks);
  if (locked) kept = keepMasked(flats, kept, locked);
  known.set(document.layers, kept);
  return kept;
}
