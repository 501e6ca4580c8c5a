import { walk, type Layer, type PaintDocument } from '../document.ts';
import type { Guides } from '../guides/guides.ts';
import type { Marks } from '../marks.ts';
import { cropMask, type Mask } from '../mask.ts';
import { scaled, type TextBlock } from '../text/block.ts';
import type { Rect, Tiles } from '../tiles.ts';
import { remappedPlace, remappedRect, remappedSize, remapTiles, shiftTiles, type Remap } from './remap.ts';
import { resampleTiles, type Resampling } from './resample.ts';

/*
 * What is done to a whole page at once. Each gives a new document with every layer, mask and guide at its new place;
 * what would be drawn over again from other letters (a turned text) keeps its words where the result is the same.
 */

export const MAX_SIDE_PX = 16_384;
export const MAX_AREA_PX = 64_000_000;

export const isPageSize = (width: number, height: number): boolean =>
  [width, height].every((px) => Number.isInteger(px) && px >= 1 && px <= MAX_SIDE_PX) &&
  width * height <= MAX_AREA_PX;

interface Move {
  readonly width: number;
  readonly height: number;
  readonly tiles: (tiles: Tiles) => Tiles;
  /** Undefined: the words are lost, the layer is a picture from now on. */
  readonly text: (text: TextBlock) => TextBlock | undefined;
  readonly place: (place: { x: number; y: number }) => { x: number; y: number };
  readonly selection: (mask: Mask) => Mask | undefined;
}

function moved(document: PaintDocument, move: Move): PaintDocument {
  // What was made and what the layer shows are mostly the same tiles: they move once.
  const known = new Map<Tiles, Tiles>();
  const tilesOf = (tiles: Tiles): Tiles => {
    const before = known.get(tiles);
    if (before) return before;
    const fresh = move.tiles(tiles);
    known.set(tiles, fresh);
    return fresh;
  };
  const visit = (layers: readonly Layer[]): Layer[] =>
    layers.map((layer) => {
      if (layer.kind === 'group') return { ...layer, children: visit(layer.children) };
      const { text, ...plain } = layer;
      const words = text && move.text(text);
      return { ...plain, tiles: tilesOf(layer.tiles), ...(words && { text: words }) };
    });
  const { selection, guides, marks, made } = document;
  return {
    ...document,
    width: move.width,
    height: move.height,
    layers: visit(document.layers),
    ...(made && { made: new Map([...made].map(([id, tiles]) => [id, tilesOf(tiles)])) }),
    selection: selection && move.selection(selection),
    ...(guides && { guides: movedGuides(guides, move.place) }),
    ...(marks && { marks: movedMarks(marks, move) }),
  };
}

/** What was said about places that are no longer on the page goes with them. */
function movedMarks({ hints, pins, locks }: Marks, { place, width, height }: Move): Marks {
  const isOn = ({ x, y }: { x: number; y: number }): boolean => x >= 0 && y >= 0 && x < width && y < height;
  return {
    hints: hints.flatMap((hint) => {
      const points = hint.points.map(([x, y]) => place({ x, y })).filter(isOn);
      return points.length > 0 ? [{ ...hint, points: points.map(({ x, y }) => [x, y] as const) }] : [];
    }),
    pins: pins.map((pin) => ({ ...pin, ...place(pin) })).filter(isOn),
    locks: locks.map((lock) => ({ ...lock, ...place(lock) })).filter(isOn),
  };
}

function movedGuides(guides: Guides, place: Move['place']): Guides {
  const { symmetry } = guides;
  return {
    ...guides,
    assistants: guides.assistants.map((assistant) => ({
      ...assistant,
      places: assistant.places.map(place),
    })),
    symmetry: symmetry && { ...symmetry, ...place(symmetry) },
  };
}

/** The page becomes `frame` (in the old page's pixels); what lies outside it is cut off. */
export function cropPage(document: PaintDocument, frame: Rect): PaintDocument {
  const [dx, dy] = [-frame.left, -frame.top];
  const width = frame.right - frame.left;
  const height = frame.bottom - frame.top;
  const page = { left: 0, top: 0, right: width, bottom: height };
  return moved(document, {
    width,
    height,
    tiles: (tiles) => shiftTiles(tiles, dx, dy, 4, page),
    text: (text) => scaled(text, 1, dx, dy),
    place: ({ x, y }) => ({ x: x + dx, y: y + dy }),
    selection: (mask) => cropMask(mask, dx, dy, page),
  });
}

/** The page turned by quarters or flipped; nothing is resampled. */
export function remapPage(document: PaintDocument, how: Remap): PaintDocument {
  const turn = how === 'quarter-right' ? 90 : how === 'quarter-left' ? -90 : how === 'half' ? 180 : undefined;
  const flipped = moved(document, {
    ...remappedSize(document, how),
    tiles: (tiles) => remapTiles(tiles, document, how),
    // Mirrored letters can't be drawn from their words.
    text: (text) =>
      turn === undefined
        ? undefined
        : {
            ...text,
            ...remappedPlace(text, document, how),
            angleDeg: ((text.angleDeg + turn + 540) % 360) - 180,
          },
    place: (place) => remappedPlace(place, document, how),
    selection: (mask) => remapMask(mask, document, how),
  });
  const { guides } = flipped;
  const crossed = how === 'quarter-right' || how === 'quarter-left';
  if (!guides?.symmetry || !crossed) return flipped;
  const { kind } = guides.symmetry;
  const other = kind === 'vertical' ? 'horizontal' : kind === 'horizontal' ? 'vertical' : kind;
  return { ...flipped, guides: { ...guides, symmetry: { ...guides.symmetry, kind: other } } };
}

function remapMask(mask: Mask, page: PaintDocument, how: Remap): Mask | undefined {
  // A mask is the alpha of a picture for the way there and back.
  const tiles = new Map<number, Uint8Array>();
  for (const [key, tile] of mask.tiles) {
    const rgba = new Uint8Array(tile.length * 4);
    for (let at = 0; at < tile.length; at++) rgba[at * 4 + 3] = tile[at]!;
    tiles.set(key, rgba);
  }
  const there = remapTiles(tiles, page, how);
  const back = new Map<number, Uint8Array>();
  for (const [key, rgba] of there)
    back.set(
      key,
      Uint8Array.from({ length: rgba.length / 4 }, (_, at) => rgba[at * 4 + 3]!),
    );
  return back.size === 0 ? undefined : { tiles: back, bounds: remappedRect(mask.bounds, page, how) };
}

export interface PageScale {
  readonly width: number;
  readonly height: number;
  readonly resampling: Resampling;
}

/** The page and everything on it scaled; the selection goes. Texts scale with it where both sides do alike. */
export function scalePage(
  document: PaintDocument,
  { width, height, resampling }: PageScale,
  progress: (part: number) => void = () => undefined,
): PaintDocument {
  const [scaleX, scaleY] = [width / document.width, height / document.height];
  const count = [...walk(document.layers)].filter(({ kind }) => kind === 'raster').length;
  const even = Math.abs(scaleX / scaleY - 1) < 0.005;
  let done = 0;
  return moved(document, {
    width,
    height,
    tiles: (tiles) => {
      const made = resampleTiles(tiles, scaleX, scaleY, resampling, (part) =>
        progress((done + part) / count),
      );
      done++;
      return made;
    },
    text: (text) => (even ? scaled(text, scaleX, 0, 0) : undefined),
    place: ({ x, y }) => ({ x: x * scaleX, y: y * scaleY }),
    selection: () => undefined,
  });
}

/** Where the old page lies in a larger or smaller one, held at an anchor: -1 left or top, 0 middle, 1 right or bottom. */
export function frameOf(
  page: { width: number; height: number },
  width: number,
  height: number,
  anchorX: -1 | 0 | 1,
  anchorY: -1 | 0 | 1,
): Rect {
  const left = Math.round(((page.width - width) * (anchorX + 1)) / 2);
  const top = Math.round(((page.height - height) * (anchorY + 1)) / 2);
  return { left, top, right: left + width, bottom: top + height };
}
