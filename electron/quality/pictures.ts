import { stat } from 'node:fs/promises';
import sharp from 'sharp';
import { Failure } from '../failure.ts';
import { createRaster, type Raster } from '../raster.ts';

const MAX_FILE_BYTES = 64 * 1024 * 1024;
const MAX_PIXELS = 64 * 1024 * 1024;

/**
 * A picture for measuring: upright, on white, sRGB, 3 channels, made smaller so that its longer side is at most
 * `sizePx` (never larger). File size and dimensions are checked before anything is decoded.
 * @throws Failure `input` that names the file.
 */
export async function readMeasuredPicture(path: string, sizePx: number): Promise<Raster> {
  const found = await stat(path).catch((cause: unknown) => {
    throw new Failure('input', `${path} is not there. Check the path in pairs.tsv.`, cause);
  });
  if (found.size > MAX_FILE_BYTES)
    throw new Failure(
      'input',
      `${path} has ${found.size} bytes; ${MAX_FILE_BYTES} are the most. Make it smaller.`,
    );
  const metadata = await sharp(path, { limitInputPixels: false }).metadata().catch(unreadable(path));
  if (metadata.width * metadata.height > MAX_PIXELS)
    throw new Failure(
      'input',
      `${path} is ${metadata.width}x${metadata.height}; at most ${MAX_PIXELS} pixels are measured. Make it smaller.`,
    );
  const { data, info } = await sharp(path, { limitInputPixels: MAX_PIXELS, failOn: 'error' })
    .autoOrient()
    .resize(sizePx, sizePx, { fit: 'inside', withoutEnlargement: true })
    .flatten({ background: '#ffffff' })
    .toColourspace('srgb')
    .removeAlpha()
    .raw({ depth: 'uchar' })
    .toBuffer({ resolveWithObject: true })
    .catch(unreadable(path));
  const out = createRaster(info.width, info.height, 3);
  if (info.channels === 3) out.data.set(data);
  else for (let i = 0; i < out.data.length; i++) out.data[i] = data[Math.floor(i / 3) * info.channels]!;
  return out;
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

/** The picture at another size, 3 channels (alpha laid on white), bicubic; itself where nothing is to do. */
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

function unreadable(path: string): (cause: unknown) => never {
  return (cause) => {
    throw new Failure('input', `${path} can't be read as a picture. Save it again as PNG or WebP.`, cause);
  };
}
