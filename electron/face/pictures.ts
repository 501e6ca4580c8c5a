import sharp from 'sharp';
import { CANVAS_PX } from './parts.ts';
import type { PartShadow } from './session.ts';
import { resizePlane } from './shadow.ts';
import type { Plane } from './windows.ts';

/** A known face's sketch on the canvas: CANVAS_PX squared, 255 paper, 0 ink. */
export function greyOf(sketch: Plane): Uint8Array {
  const { data } = resizePlane(sketch, CANVAS_PX);
  return Uint8Array.from(data, (value) => Math.round(255 * Math.min(1, Math.max(0, value))));
}

/** A square of grey bytes as a PNG of at most `sidePx` a side. */
export async function greyPng(grey: Uint8Array, fromPx: number, sidePx = fromPx): Promise<Uint8Array> {
  const image = sharp(grey, { raw: { width: fromPx, height: fromPx, channels: 1 } });
  return (fromPx > sidePx ? image.resize(sidePx, sidePx, { kernel: 'linear' }) : image)
    .toColourspace('b-w')
    .png({ compressionLevel: 6 })
    .toBuffer();
}

/** A square of a square of grey bytes. */
export function cropGrey(
  grey: Uint8Array,
  widthPx: number,
  { xPx, yPx, sizePx }: { readonly xPx: number; readonly yPx: number; readonly sizePx: number },
): Uint8Array {
  const out = new Uint8Array(sizePx * sizePx);
  for (let y = 0; y < sizePx; y++)
    out.set(grey.subarray((yPx + y) * widthPx + xPx, (yPx + y) * widthPx + xPx + sizePx), y * sizePx);
  return out;
}

/** All parts' shadows on one canvas, where two overlap the darker: RGBA, black with the darkness as alpha. */
export function shadowPicture(shadows: readonly PartShadow[]): Uint8Array {
  const rgba = new Uint8Array(4 * CANVAS_PX * CANVAS_PX);
  for (const { xPx, yPx, sizePx, darkness } of shadows)
    for (let y = 0; y < sizePx; y++)
      for (let x = 0; x < sizePx; x++) {
        const at = ((yPx + y) * CANVAS_PX + xPx + x) * 4 + 3;
        rgba[at] = Math.max(rgba[at]!, Math.round(255 * darkness[y * sizePx + x]!));
      }
  return rgba;
}
