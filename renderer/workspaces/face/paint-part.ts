import { fromTiles } from '../../paint/tiles.ts';
import { linesOf, type FaceDocument, type FaceWindow } from '../../state/face-sketch.ts';

/** Draws one part's window of a face's sketch, black on nothing. */
export function paintPart(
  canvas: HTMLCanvasElement,
  face: FaceDocument,
  window: FaceWindow | undefined,
): void {
  const { xPx, yPx, sizePx } = window ?? { xPx: 0, yPx: 0, sizePx: face.width };
  canvas.width = canvas.height = sizePx;
  const rect = { left: xPx, top: yPx, right: xPx + sizePx, bottom: yPx + sizePx };
  const rgba = new Uint8ClampedArray(fromTiles(linesOf(face).tiles, rect).buffer);
  canvas.getContext('2d')?.putImageData(new ImageData(rgba, sizePx, sizePx), 0, 0);
}
