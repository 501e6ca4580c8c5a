import { join } from 'node:path';
import sharp from 'sharp';
import { decodePicture } from '../page/decode.ts';
import { createRaster, type Raster } from '../raster.ts';

const MAX_FILE_BYTES = 64 * 1024 * 1024;

/**
 * A picture for measuring: decoded as every picture is (page/decode.ts), on white, sRGB, 3 channels, made smaller so that
 * its longer side is at most `sizePx` (never larger). @param path relative to the folder.
 * @throws Failure `input` or `storage` that names the file, `cancelled`.
 */
export async function readMeasuredPicture(
  folder: string,
  path: string,
  sizePx: number,
  signal?: AbortSignal,
): Promise<Raster> {
  const { raster } = await decodePicture(join(folder, path), {
    name: path,
    maxBytes: MAX_FILE_BYTES,
    signal,
  });
  const scale = Math.min(1, sizePx / Math.max(raster.width, raster.height));
  const scaled = (side: number): number => Math.max(1, Math.round(side * scale));
  return fitted(raster, scaled(raster.width), scaled(raster.height));
}

/** Grey bytes of a line drawing: Rec. 709 luma of the sRGB bytes. */
export function greyOf(picture: Raster): Raster {
  const out = createRaster(picture.width, picture.height, 1);
  const { data, channels } = picture;
  for (let i = 0; i < out.data.length; i++) {
    const at = i * channels;
    out.data[i] =
      channels === 1
        ? data[at]!
        : Math.round(0.2126 * data[at]! + 0.7152 * data[at + 1]! + 0.0722 * data[at + 2]!);
  }
  return out;
}

/** The picture at another size, 3 channels (alpha laid on white), bicubic (averaging where it shrinks); itself where nothing is to do. */
export async function fitted(picture: Raster, widthPx: number, heightPx: number): Promise<Raster> {
  const { data, width, height, channels } = picture;
  if (width === widthPx && height === heightPx && channels === 3) return picture;
  const resized = await sharp(data, { raw: { width, height, channels } })
    .flatten({ background: '#ffffff' })
    .resize(widthPx, heightPx, { fit: 'fill', kernel: 'cubic' })
    .toColourspace('srgb')
    .removeAlpha()
    .raw()
    .toBuffer();
  return { data: new Uint8Array(resized), width: widthPx, height: heightPx, channels: 3, space: 'srgb' };
}
