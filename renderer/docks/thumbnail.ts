import type { Placed } from '../canvas/surfaces.svelte.ts';
import type { Size } from '../canvas/view.ts';

/** Paints pictures, bottom first, into a canvas of its CSS size; the document keeps its shape and stands in the middle. */
export function paintThumbnail(
  canvas: HTMLCanvasElement,
  size: Size,
  pictures: readonly (Placed | undefined)[],
): void {
  const width = (canvas.width = Math.round(canvas.clientWidth * devicePixelRatio));
  const height = (canvas.height = Math.round(canvas.clientHeight * devicePixelRatio));
  const context = canvas.getContext('2d');
  if (!context) return;
  const scale = Math.min(width / size.width, height / size.height);
  context.imageSmoothingQuality = 'high';
  context.translate((width - size.width * scale) / 2, (height - size.height * scale) / 2);
  context.scale(scale, scale);
  for (const placed of pictures)
    if (placed) context.drawImage(placed.image, placed.x, placed.y, placed.width, placed.height);
}
