import { fromTiles, toTiles, type Rect, type Tiles } from '../paint/tiles.ts';

/** As large a picture as is taken from the clipboard. */
const MAX_AREA_PX = 64_000_000;

function canvasOf(width: number, height: number): [HTMLCanvasElement, CanvasRenderingContext2D] {
  const canvas = document.createElement('canvas');
  canvas.width = width;
  canvas.height = height;
  const context = canvas.getContext('2d', { willReadFrequently: true });
  if (!context) throw new Error('The browser gave no canvas to draw on.');
  return [canvas, context];
}

/** A rectangle of a picture as a PNG. */
export function pngOf(tiles: Tiles, rect: Rect): Promise<Blob> {
  const [width, height] = [rect.right - rect.left, rect.bottom - rect.top];
  const [canvas, context] = canvasOf(width, height);
  const pixels = new Uint8ClampedArray(fromTiles(tiles, rect).buffer);
  context.putImageData(new ImageData(pixels, width, height), 0, 0);
  return new Promise((resolve, reject) =>
    canvas.toBlob((blob) =>
      blob ? resolve(blob) : reject(new Error('The picture could not be written as PNG.')),
    ),
  );
}

export interface ReadPicture {
  readonly width: number;
  readonly height: number;
  /** From (0, 0). */
  readonly tiles: Tiles;
}

/** A picture file's pixels; `too-large` beyond 64 million of them. Rejects when the browser can't read it. */
export async function readPicture(file: Blob): Promise<ReadPicture | 'too-large'> {
  const bitmap = await createImageBitmap(file);
  try {
    const { width, height } = bitmap;
    if (width * height > MAX_AREA_PX) return 'too-large';
    const [, context] = canvasOf(width, height);
    context.drawImage(bitmap, 0, 0);
    const { data } = context.getImageData(0, 0, width, height);
    return { width, height, tiles: toTiles(new Uint8Array(data.buffer), 0, 0, width, height) };
  } finally {
    bitmap.close();
  }
}
