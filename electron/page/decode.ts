import { readFile, stat } from 'node:fs/promises';
import sharp, { type Metadata, type Sharp } from 'sharp';
import { asFailure, Failure, throwIfCancelled } from '../failure.ts';
import type { Raster } from '../raster.ts';
import { isAnimatedPng, sniffFormat, type PictureFormat } from './formats.ts';

export interface DecodeOptions {
  /** What to call the picture in messages: its file name. */
  readonly name: string;
  /** Largest width x height. Default 64 million. */
  readonly maxPixels?: number | undefined;
  /** Largest file. Default 512 MiB. */
  readonly maxBytes?: number | undefined;
  /** Largest width, largest height. Default 30,000. */
  readonly maxSidePx?: number | undefined;
  readonly signal?: AbortSignal | undefined;
}

export interface DecodedPicture {
  /** RGBA, sRGB, straight alpha, full size, upright. */
  readonly raster: Raster;
  readonly name: string;
  /** Dots per inch; 72 when the file does not say. */
  readonly dpi: number;
  readonly format: PictureFormat;
  /** What was changed or left out on the way in, one sentence each, for the user. */
  readonly notes: readonly string[];
}

const MAX_PIXELS = 64_000_000;
const MAX_BYTES = 512 * 1024 * 1024;
const MAX_SIDE_PX = 30_000;
/** A drawing narrower or lower than this has nothing to colour. */
const SMALLEST_DRAWING_PX = 16;

/**
 * Reads a picture whatever state it is in, or says in one sentence why not. PNG, JPEG, WebP, TIFF and GIF, told apart
 * by content; first picture of a file with several; turned upright (EXIF), brought to 8-bit sRGB (embedded ICC
 * profiles, CMYK, 16 bit, grey and palette pictures). Size is checked in the header before a pixel is allocated, and
 * a truncated file is refused, never shown half grey.
 * @param source a path or the file's bytes.
 * @throws Failure `input` (not a picture we open, damaged, too large), `storage` (missing, unreadable), `cancelled`.
 */
export async function decodePicture(
  source: string | Uint8Array,
  options: DecodeOptions,
): Promise<DecodedPicture> {
  const { name, signal } = options;
  throwIfCancelled(signal);
  const bytes = typeof source === 'string' ? await readPictureFile(source, options) : source;
  requireBytes(bytes.byteLength, options);
  const sniffed = sniffFormat(bytes);
  if ('other' in sniffed)
    throw new Failure(
      'input',
      `“${name}” is ${sniffed.other}, not a PNG, JPEG, WebP, TIFF or GIF picture. Export it as PNG and try again.`,
    );
  const { format } = sniffed;
  const damaged = (error: unknown): Failure =>
    new Failure('input', `“${name}” is damaged or cut short. Copy or export it again.`, error);

  let header: Metadata;
  try {
    header = await open(bytes, false).metadata();
  } catch (error) {
    throw damaged(error);
  }
  requireSize(header, options);
  throwIfCancelled(signal);
  try {
    const { data, info } = await open(bytes, options.maxPixels ?? MAX_PIXELS)
      .autoOrient()
      .toColourspace('srgb')
      .ensureAlpha()
      .raw({ depth: 'uchar' })
      .toBuffer({ resolveWithObject: true });
    throwIfCancelled(signal);
    return {
      raster: {
        data: new Uint8Array(data.buffer, data.byteOffset, data.byteLength),
        width: info.width,
        height: info.height,
        channels: 4,
        space: 'srgb',
      },
      name,
      dpi: dpiOf(header),
      format,
      notes: notesOn(header, bytes, options.name),
    };
  } catch (error) {
    if (error instanceof Failure) throw error;
    throw damaged(error);
  }
}

/**
 * Makes sure a picture is large enough to be coloured; a reference may be smaller.
 * @throws Failure `input` when a side is under 16 pixels.
 */
export function requireDrawable(picture: DecodedPicture): void {
  const { width, height } = picture.raster;
  if (Math.min(width, height) >= SMALLEST_DRAWING_PX) return;
  throw new Failure(
    'input',
    `“${picture.name}” is only ${width} x ${height} pixels. Choose a drawing of at least ${SMALLEST_DRAWING_PX} pixels a side.`,
  );
}

/** `maxPixels`: false for the header only, which says its size whatever that is. */
function open(bytes: Uint8Array, maxPixels: number | false): Sharp {
  return sharp(bytes, {
    failOn: 'truncated',
    limitInputPixels: maxPixels,
    limitInputChannels: 5,
    pages: 1,
    autoOrient: false,
  });
}

export async function readPictureFile(path: string, options: DecodeOptions): Promise<Uint8Array> {
  const { name, signal } = options;
  try {
    const about = await stat(path);
    if (about.isDirectory())
      throw new Failure('input', `“${name}” is a folder. Choose a picture in it, or one after another.`);
    if (!about.isFile())
      throw new Failure('input', `“${name}” is not an ordinary file. Choose a picture file.`);
    requireBytes(about.size, options);
    return await readFile(path, { signal });
  } catch (error) {
    throw asReadFailure(error, name);
  }
}

function asReadFailure(error: unknown, name: string): Failure {
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  if (code === 'ENOENT' || code === 'ENOTDIR')
    return new Failure('storage', `“${name}” is not there any more. Check its name and folder.`, error);
  if (code === 'EACCES' || code === 'EPERM')
    return new Failure(
      'storage',
      `“${name}” may not be read. Change its permissions or copy it elsewhere.`,
      error,
    );
  const known = asFailure(error);
  if (known.kind !== 'internal') return known;
  return new Failure(
    'storage',
    `“${name}” could not be read from the disk. Copy it elsewhere and try again.`,
    error,
  );
}

function requireBytes(size: number, options: DecodeOptions): void {
  const most = options.maxBytes ?? MAX_BYTES;
  if (size === 0) throw new Failure('input', `“${options.name}” is empty. Copy or export it again.`);
  if (size > most)
    throw new Failure(
      'input',
      `“${options.name}” is ${megabytes(size)} MB, more than the ${megabytes(most)} MB Inkwash opens. Export it smaller.`,
    );
}

function megabytes(bytes: number): string {
  return (bytes / 1024 / 1024).toFixed(bytes < 10 * 1024 * 1024 ? 1 : 0);
}

/** Refuses by the header alone, before anything is allocated. */
function requireSize(header: Metadata, options: DecodeOptions): void {
  const { width, height } = header;
  const pixels = options.maxPixels ?? MAX_PIXELS;
  const side = options.maxSidePx ?? MAX_SIDE_PX;
  const says = `“${options.name}” is ${width} x ${height} pixels, more than Inkwash opens`;
  if (width > side || height > side)
    throw new Failure('input', `${says} (${side} a side). Scale it down and try again.`);
  if (width * height > pixels)
    throw new Failure('input', `${says} (${Math.round(pixels / 1e6)} million). Scale it down and try again.`);
}

function dpiOf(header: Metadata): number {
  const density = header.density ?? 72;
  return density >= 1 && density <= 10_000 ? Math.round(density) : 72;
}

function notesOn(header: Metadata, bytes: Uint8Array, name: string): string[] {
  const notes: string[] = [];
  const pages = header.pages ?? 1;
  if (pages > 1 || (header.format === 'png' && isAnimatedPng(bytes)))
    notes.push(
      header.format === 'tiff'
        ? `“${name}” holds ${pages} pictures; the first is used.`
        : `“${name}” is animated; its first picture is used.`,
    );
  if (header.space === 'cmyk') notes.push(`“${name}” is a CMYK picture; its colours were converted to sRGB.`);
  if (header.depth === 'ushort' || header.depth === 'float')
    notes.push(`“${name}” has more than 8 bits a channel; it is worked on in 8.`);
  return notes;
}
