/** Draws straight RGBA pixels, `sizePx` a side, into a canvas of that many pixels. */
export function paintFace(
  canvas: HTMLCanvasElement,
  { sizePx, rgba }: { readonly sizePx: number; readonly rgba: Uint8Array },
): void {
  if (canvas.width !== sizePx || canvas.height !== sizePx) canvas.width = canvas.height = sizePx;
  canvas.getContext('2d')?.putImageData(new ImageData(new Uint8ClampedArray(rgba), sizePx, sizePx), 0, 0);
}
