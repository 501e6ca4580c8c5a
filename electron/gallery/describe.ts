import sharp from 'sharp';
import { contentHash } from '../colorize/feature-cache.ts';
import { decodePicture } from '../page/decode.ts';
import type { PictureFormat } from '../page/formats.ts';
import { toOklab, type Rgb } from '../page/oklab.ts';
import { bandPalette, paletteOf, type PaletteColour } from '../page/palette.ts';
import { likenessOf, type Likeness } from './likeness.ts';
import { toReference } from '../reference-picture.ts';

const THUMBNAIL_PX = 320;
const PALETTE_COLOURS = 16;
/** OKLab chroma under which a colour counts as grey. */
const GREY_CHROMA = 0.03;

/** All that the gallery knows of a picture by looking at it. */
export interface Description {
  readonly format: PictureFormat;
  readonly widthPx: number;
  readonly heightPx: number;
  /** contentHash of the picture as colouring takes it: what its features are kept by. */
  readonly pixelsHash: string;
  readonly likeness: Likeness;
  readonly palette: readonly PaletteColour[];
  readonly bands: readonly (readonly Rgb[])[];
  /** Degrees, of its commonest colour that is not grey; -1 when there is none. */
  readonly hue: number;
  /** WebP. */
  readonly thumbnail: Uint8Array;
  readonly notes: readonly string[];
}

/** @throws Failure as decodePicture. */
export async function describePicture(
  bytes: Uint8Array,
  name: string,
  signal?: AbortSignal,
): Promise<Description> {
  const { raster, format, notes } = await decodePicture(bytes, { name, signal });
  const picture = await toReference(raster);
  const { data, width, height, channels } = picture;
  const palette = paletteOf(picture, PALETTE_COLOURS);
  return {
    format,
    widthPx: raster.width,
    heightPx: raster.height,
    pixelsHash: contentHash(picture),
    likeness: await likenessOf(picture),
    palette,
    bands: bandPalette(picture),
    hue: hueOf(palette),
    thumbnail: await sharp(data, { raw: { width, height, channels } })
      .resize(THUMBNAIL_PX, THUMBNAIL_PX, { fit: 'inside', withoutEnlargement: true })
      .webp({ quality: 82 })
      .toBuffer(),
    notes,
  };
}

/** By share and chroma, so that a small vivid thing does not outweigh a large calm one, nor grey paper either. */
function hueOf(palette: readonly PaletteColour[]): number {
  let hue = -1;
  let most = 0;
  for (const { rgb, share } of palette) {
    const [, a, b] = toOklab(...rgb);
    const chroma = Math.hypot(a, b);
    if (chroma < GREY_CHROMA || share * chroma <= most) continue;
    most = share * chroma;
    hue = ((Math.atan2(b, a) * 180) / Math.PI + 360) % 360;
  }
  return hue;
}
