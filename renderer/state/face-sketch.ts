import type { Args, Result } from '../../electron/contract/table.ts';
import type { FaceInfo, FaceResult } from '../../electron/contract/face.ts';
import { rasterLayer, type PaintDocument, type RasterLayer } from '../paint/document.ts';
import { fromTiles, NO_TILES, TILE, tileRect, tilesIn, toTiles, type Tiles } from '../paint/tiles.ts';

export type FacePart = FaceResult['parts'][number]['part'];
export type FaceSpace = FaceResult['space'];
export type FaceWindow = FaceInfo['windows'][number];
export type Refinement = Readonly<Record<FacePart, number>>;

/** In the contract's order. */
export const FACE_PARTS: readonly FacePart[] = ['left-eye', 'right-eye', 'nose', 'mouth', 'rest'];
export const FACE_SPACES: readonly FaceSpace[] = ['all', 'feminine', 'masculine'];
/** Side of the sketch. */
export const SKETCH_PX = 512;
export const SKETCH = { left: 0, top: 0, right: SKETCH_PX, bottom: SKETCH_PX };
export const LINES_ID = 'lines';
/** Between my line and what is known of faces. */
export const FIRST_REFINEMENT = 0.5;

/** The sketch and what decides how it is read: everything of a face that can be undone. */
export interface FaceDocument extends PaintDocument {
  /** Per part, 0 (my line) to 1 (known faces). */
  readonly refinement: Refinement;
  readonly space: FaceSpace;
}

export const evenRefinement = (value: number): Refinement => ({
  'left-eye': value,
  'right-eye': value,
  nose: value,
  mouth: value,
  rest: value,
});

export const blankFace = (): FaceDocument => ({
  width: SKETCH_PX,
  height: SKETCH_PX,
  layers: [rasterLayer(LINES_ID)],
  selection: undefined,
  refinement: evenRefinement(FIRST_REFINEMENT),
  space: 'all',
});

export function linesOf(face: FaceDocument): RasterLayer {
  return face.layers[0] as RasterLayer;
}

export function withLines(face: FaceDocument, tiles: Tiles): FaceDocument {
  const lines = linesOf(face);
  return lines.tiles === tiles ? face : { ...face, layers: [{ ...lines, tiles }] };
}

export const isBlank = (face: FaceDocument): boolean => linesOf(face).tiles.size === 0;

/** The sketch as the host takes it: 512×512 grey bytes, 255 paper, 0 ink. */
export function greyOf(face: FaceDocument): Uint8Array {
  const rgba = fromTiles(linesOf(face).tiles, SKETCH);
  const grey = new Uint8Array(SKETCH_PX * SKETCH_PX);
  for (let at = 0; at < grey.length; at++) grey[at] = 255 - rgba[at * 4 + 3]!;
  return grey;
}

export const BLANK_GREY: Uint8Array = new Uint8Array(SKETCH_PX * SKETCH_PX).fill(255);

/** Black lines as dark as the sketch is, in a square whose corner is given. */
export function tilesOfGrey(grey: Uint8Array, xPx = 0, yPx = 0, sizePx = SKETCH_PX): Tiles {
  const rgba = new Uint8Array(sizePx * sizePx * 4);
  for (let at = 0; at < grey.length; at++) rgba[at * 4 + 3] = 255 - grey[at]!;
  return toTiles(rgba, xPx, yPx, sizePx, sizePx);
}

type Patch = NonNullable<Args<'face.update'>['patches']>[number];

/** What changed between two sketches: at most one rectangle a tile, so that the host looks anew only where it must. */
export function patchesBetween(before: Uint8Array, after: Uint8Array): Patch[] {
  const patches: Patch[] = [];
  for (const key of tilesIn(SKETCH)) {
    const tile = tileRect(key);
    let [left, top, right, bottom] = [tile.right, tile.bottom, tile.left, tile.top];
    for (let y = tile.top; y < tile.bottom; y++)
      for (let x = tile.left, at = y * SKETCH_PX + x; x < tile.right; x++, at++)
        if (before[at] !== after[at]) {
          if (x < left) left = x;
          if (x >= right) right = x + 1;
          if (y < top) top = y;
          bottom = y + 1;
        }
    if (right > left) patches.push(patchOf(after, left, top, right - left, bottom - top));
  }
  return patches;
}

function patchOf(grey: Uint8Array, xPx: number, yPx: number, widthPx: number, heightPx: number): Patch {
  const cut = new Uint8Array(widthPx * heightPx);
  for (let y = 0; y < heightPx; y++) {
    const from = (yPx + y) * SKETCH_PX + xPx;
    cut.set(grey.subarray(from, from + widthPx), y * widthPx);
  }
  return { xPx, yPx, widthPx, heightPx, grey: cut };
}

/** The sketch with one part of another in place of its own; between the two where the mask is half. */
export function pastePart(
  face: FaceDocument,
  { xPx, yPx, sizePx, grey, mask }: Pick<Result<'face.part'>, 'xPx' | 'yPx' | 'sizePx' | 'grey' | 'mask'>,
): FaceDocument {
  const sketch = greyOf(face);
  for (let y = 0; y < sizePx; y++)
    for (let x = 0; x < sizePx; x++) {
      const from = y * sizePx + x;
      const to = (yPx + y) * SKETCH_PX + xPx + x;
      const part = mask[from]! / 255;
      if (part > 0) sketch[to] = Math.round(sketch[to]! + (grey[from]! - sketch[to]!) * part);
    }
  return withLines(face, keptTiles(linesOf(face).tiles, tilesOfGrey(sketch)));
}

/** New tiles, but the old ones wherever they are the same: steps of the history share them. */
function keptTiles(before: Tiles, after: Tiles): Tiles {
  const tiles = new Map(after);
  for (const [key, tile] of after) {
    const was = before.get(key);
    if (was && sameInk(was, tile)) tiles.set(key, was);
  }
  return tiles;
}

function sameInk(a: Uint8Array, b: Uint8Array): boolean {
  for (let at = 3; at < TILE * TILE * 4; at += 4) if (a[at] !== b[at]) return false;
  return true;
}

export const withoutInk = (face: FaceDocument): FaceDocument => withLines(face, NO_TILES);

/** The part a place of the sketch belongs to: the one whose window it lies deepest in, else the rest. */
export function partAt(windows: readonly FaceWindow[], x: number, y: number): FacePart {
  let best: FacePart = 'rest';
  let least = 1;
  for (const { part, xPx, yPx, sizePx } of windows) {
    if (part === 'rest') continue;
    const half = sizePx / 2;
    const away = Math.max(Math.abs(x - xPx - half), Math.abs(y - yPx - half)) / half;
    if (away < least) [best, least] = [part, away];
  }
  return best;
}
