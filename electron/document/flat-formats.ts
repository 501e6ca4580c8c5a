import sharp, { type Sharp } from 'sharp';
import { Failure, throwIfCancelled } from '../failure.ts';
import type { FlatFormat } from './export-formats.ts';
import { flatten } from './flatten.ts';
import type { InkDocument } from './model.ts';

export interface FlatOptions {
  /** 1–100, for JPEG and WebP; 90 when left out. */
  readonly quality?: number | undefined;
  /** WebP only: every pixel as it is. */
  readonly lossless?: boolean | undefined;
  /** `#rrggbb` that shows where the drawing is transparent. Left out: it stays so, and is white in JPEG, which has no alpha. */
  readonly background?: string | undefined;
  readonly signal?: AbortSignal | undefined;
}

/** What the formats themselves can hold, pixels a side. */
const LARGEST_SIDE: Readonly<Record<FlatFormat, number>> = {
  png: 2 ** 31 - 1,
  jpeg: 65_500,
  webp: 16_383,
  tiff: 2 ** 31 - 1,
};
const MM_PER_INCH = 25.4;

/**
 * The picture a document shows as one flat file, 8 bits a channel, sRGB, with its resolution. The same document and
 * options give the same bytes. Throws an `input` Failure when the format can't hold so large a picture, a `cancelled`
 * one when the signal fires.
 */
export async function writeFlat(
  document: InkDocument,
  format: FlatFormat,
  { quality = 90, lossless = false, background, signal }: FlatOptions = {},
): Promise<Uint8Array> {
  const side = Math.max(document.width, document.height);
  if (side > LARGEST_SIDE[format])
    throw new Failure(
      'input',
      `This drawing is ${side} pixels long; a ${format.toUpperCase()} file holds ${LARGEST_SIDE[format]}. Export it as PNG or TIFF.`,
    );
  const { data, width, height } = flatten(document, { signal });
  throwIfCancelled(signal);
  let picture = sharp(data, { raw: { width, height, channels: 4 }, limitInputPixels: false })
    .toColourspace('srgb')
    .withDensity(document.dpi);
  const under = background ?? (format === 'jpeg' ? '#ffffff' : undefined);
  if (under) picture = picture.flatten({ background: under });
  const bytes = await encode(picture, format, quality, lossless, document.dpi).toBuffer();
  throwIfCancelled(signal);
  return bytes;
}

function encode(picture: Sharp, format: FlatFormat, quality: number, lossless: boolean, dpi: number): Sharp {
  switch (format) {
    case 'png':
      return picture.png({ compressionLevel: 6, adaptiveFiltering: true });
    // Thin coloured lines bleed when colour is stored at half the size.
    case 'jpeg':
      return picture.jpeg({ quality, chromaSubsampling: quality >= 75 ? '4:4:4' : '4:2:0' });
    case 'webp':
      return picture.webp({ quality, lossless, exact: lossless });
    case 'tiff': {
      const dotsPerMm = dpi / MM_PER_INCH;
      return picture.tiff({
        compression: 'lzw',
        predictor: 'horizontal',
        xres: dotsPerMm,
        yres: dotsPerMm,
        resolutionUnit: 'inch',
      });
    }
  }
}
