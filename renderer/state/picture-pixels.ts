import { texts } from '../app/texts.ts';

/** A picture file's pixels: straight RGBA, sRGB. */
export async function pixelsOf(
  bytes: Uint8Array,
): Promise<{ data: Uint8Array; width: number; height: number }> {
  const bitmap = await createImageBitmap(new Blob([new Uint8Array(bytes)]));
  const { width, height } = bitmap;
  const context = new OffscreenCanvas(width, height).getContext('2d');
  if (!context) throw new Error(texts.face.noCanvas);
  context.drawImage(bitmap, 0, 0);
  bitmap.close();
  return { data: new Uint8Array(context.getImageData(0, 0, width, height).data.buffer), width, height };
}
