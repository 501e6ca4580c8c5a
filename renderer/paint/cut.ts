import { rasterLayer, type Layer, type PaintDocument } from './document.ts';
import { flattenToTiles } from './flatten.ts';
import { lift } from './transform.ts';
import { intersect, isEmpty, paintedBounds, pixelAt, type Rect, type Tiles } from './tiles.ts';

/** A piece of a picture, with where it lay. */
export interface Clip {
  readonly tiles: Tiles;
  readonly bounds: Rect;
}

/**
 * What is selected of one layer (of a group: of what it shows), or of all that shows when no layer is given; without a
 * selection, all of it that lies on the page. Undefined when that is nothing.
 */
export function clipOf(document: PaintDocument, layer: Layer | undefined): Clip | undefined {
  const tiles =
    layer?.kind === 'raster'
      ? layer.tiles
      : flattenToTiles(layer ? [{ ...layer, visible: true, opacity: 1, blend: 'normal' }] : document.layers);
  const taken = lift(rasterLayer('clip', {}, tiles), document.selection);
  if (!taken) return undefined;
  const page = { left: 0, top: 0, right: document.width, bottom: document.height };
  const bounds = intersect(taken.bounds, page);
  return isEmpty(bounds) ? undefined : { tiles: taken.content, bounds };
}

/** Whether a picture from elsewhere is, give or take what a PNG's way over the clipboard rounds, the clip. */
export function isSameClip(clip: Clip, tiles: Tiles, width: number, height: number): boolean {
  const { left, top, right, bottom } = clip.bounds;
  if (right - left !== width || bottom - top !== height) return false;
  const bounds = paintedBounds(tiles);
  if (!bounds) return false;
  let [off, seen] = [0, 0];
  // A lattice of places is enough to tell pictures of the same size apart.
  const step = Math.max(1, Math.floor(Math.sqrt((width * height) / 4096)));
  for (let y = 0; y < height; y += step)
    for (let x = 0; x < width; x += step) {
      const [a, b] = [pixelAt(clip.tiles, left + x, top + y), pixelAt(tiles, x, y)];
      seen++;
      if (Math.abs(a[3] - b[3]) > 2) off++;
      else if (a[3] > 32 && a.some((value, c) => Math.abs(value - b[c]!) > 8)) off++;
    }
  return off <= seen * 0.002;
}
