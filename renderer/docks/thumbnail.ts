import type { Layer, PaintDocument } from '../paint/document.ts';
import { flattenTile, showsTile } from '../paint/flatten.ts';
import { SMALLEST_LEVEL } from '../paint/mips.ts';
import { TILE, tileRect, tilesIn } from '../paint/tiles.ts';

/** Layers of a page, flattened and drawn into a canvas of its CSS size; the page keeps its shape and stands in the middle. */
export function paintThumbnail(
  canvas: HTMLCanvasElement,
  { width, height }: Pick<PaintDocument, 'width' | 'height'>,
  layers: readonly Layer[],
): void {
  const wide = (canvas.width = Math.max(1, Math.round(canvas.clientWidth * devicePixelRatio)));
  const high = (canvas.height = Math.max(1, Math.round(canvas.clientHeight * devicePixelRatio)));
  const context = canvas.getContext('2d');
  if (!context) return;
  const scale = Math.min(wide / width, high / height);
  const level = Math.min(SMALLEST_LEVEL, Math.max(0, Math.floor(Math.log2(1 / scale))));
  const flat = flatPicture({ width, height }, layers, level);
  if (!flat) return;
  context.imageSmoothingQuality = 'high';
  context.translate((wide - width * scale) / 2, (high - height * scale) / 2);
  const shrunk = 2 ** -level;
  context.drawImage(flat, 0, 0, width * shrunk, height * shrunk, 0, 0, width * scale, height * scale);
}

/** A page's layers at a level, in a canvas of whole tiles from the page's corner. */
function flatPicture(
  { width, height }: { width: number; height: number },
  layers: readonly Layer[],
  level: number,
): HTMLCanvasElement | undefined {
  const side = TILE >> level;
  const flat = document.createElement('canvas');
  flat.width = Math.ceil(width / TILE) * side;
  flat.height = Math.ceil(height / TILE) * side;
  const context = flat.getContext('2d', { willReadFrequently: true });
  if (!context) return undefined;
  const image = new ImageData(side, side);
  const bytes = new Uint8Array(image.data.buffer);
  for (const key of tilesIn({ left: 0, top: 0, right: width, bottom: height })) {
    if (!showsTile(layers, key)) continue;
    flattenTile(layers, key, level, bytes);
    const { left, top } = tileRect(key);
    context.putImageData(image, left * 2 ** -level, top * 2 ** -level);
  }
  return flat;
}
