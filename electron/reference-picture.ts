import sharp from 'sharp';
import type { Raster } from './raster.ts';

/** References are kept at most this large: no network sees more, and a hundred of them must fit in memory. */
const REFERENCE_PX = 1536;

/** A decoded picture as colouring takes it: what features are made of and kept by. Same pixels in, same pixels out. */
export async function toReference(picture: Raster): Promise<Raster> {
  const { data, width, height, channels } = picture;
  if (Math.max(width, height) <= REFERENCE_PX) return picture;
  const { data: small, info } = await sharp(data, { raw: { width, height, channels } })
    .resize(REFERENCE_PX, REFERENCE_PX, { fit: 'inside', kernel: 'lanczos3' })
    .raw()
    .toBuffer({ resolveWithObject: true });
  return { data: small, width: info.width, height: info.height, channels, space: picture.space };
}
