import type { Rgb } from './brush/stroke.ts';
import type { Layer, PaintDocument } from './document.ts';
import { flattenTile } from './flatten.ts';
import { intersect, TILE, TILE_BYTES, tileRect, tilesIn } from './tiles.ts';

/**
 * The mean colour of a square of `sidePx` (odd) around a pixel. Of all that shows, it is seen over white; of one layer,
 * places weigh as much as they cover, and where it covers nothing the answer is undefined.
 */
export function meanColour(
  document: PaintDocument,
  layer: Layer | undefined,
  x: number,
  y: number,
  sidePx: number,
): Rgb | undefined {
  const reach = (sidePx - 1) / 2;
  const page = { left: 0, top: 0, right: document.width, bottom: document.height };
  const area = intersect(
    { left: x - reach, top: y - reach, right: x + reach + 1, bottom: y + reach + 1 },
    page,
  );
  const layers = layer ? [{ ...layer, visible: true, opacity: 1, clipped: false }] : document.layers;
  const tile = new Uint8Array(TILE_BYTES);
  let [r, g, b, weight] = [0, 0, 0, 0];
  for (const key of tilesIn(area)) {
    flattenTile(layers, key, 0, tile);
    const whole = tileRect(key);
    const part = intersect(whole, area);
    for (let py = part.top; py < part.bottom; py++)
      for (let px = part.left; px < part.right; px++) {
        const at = ((py - whole.top) * TILE + px - whole.left) * 4;
        const alpha = tile[at + 3]! / 255;
        const paper = layer ? 0 : 255 * (1 - alpha);
        r += tile[at]! * alpha + paper;
        g += tile[at + 1]! * alpha + paper;
        b += tile[at + 2]! * alpha + paper;
        weight += layer ? alpha : 1;
      }
  }
  if (weight < 1 / 255) return undefined;
  return [Math.round(r / weight), Math.round(g / weight), Math.round(b / weight)];
}
