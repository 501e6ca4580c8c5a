import type { Raster } from '../raster.ts';
import type { Region } from './bounds.ts';

/** The most bytes PackBits needs for a row of `width` bytes. */
const worstRowBytes = (width: number) => width + Math.ceil(width / 128);

/** Bytes that `packChannel` needs at most for a region, its table of row lengths included. */
export function worstChannelBytes(region: Region): number {
  return region.height * (2 + worstRowBytes(region.width));
}

/**
 * One channel (0 red … 3 alpha) of a region of an RGBA raster as PSD's compression 1 stores it: a big-endian 16-bit
 * byte count for every row, then the rows in PackBits (PSD specification, "Image Data"; TIFF 6.0, section 9). Works in
 * `scratch`, which holds at least `worstChannelBytes(region)`; returns a copy of the used part.
 */
export function packChannel(
  pixels: Raster,
  region: Region,
  channel: number,
  scratch: Uint8Array,
): Uint8Array {
  const row = new Uint8Array(region.width);
  let at = region.height * 2;
  for (let y = 0; y < region.height; y++) {
    let from = ((region.y + y) * pixels.width + region.x) * 4 + channel;
    for (let x = 0; x < row.length; x++, from += 4) row[x] = pixels.data[from]!;
    const start = at;
    at = packRow(row, scratch, at);
    scratch[y * 2] = (at - start) >> 8;
    scratch[y * 2 + 1] = (at - start) & 255;
  }
  return scratch.slice(0, at);
}

/** Packs a row at `at` and returns where it ends. Runs of three and more are packed, shorter ones copied. */
function packRow(row: Uint8Array, out: Uint8Array, at: number): number {
  const end = row.length;
  let x = 0;
  while (x < end) {
    const value = row[x]!;
    let run = 1;
    while (run < 128 && x + run < end && row[x + run] === value) run++;
    if (run >= 3) {
      out[at++] = 257 - run;
      out[at++] = value;
      x += run;
      continue;
    }
    const start = x;
    const limit = Math.min(end, start + 128);
    while (x < limit && !(x + 2 < end && row[x] === row[x + 1] && row[x] === row[x + 2])) x++;
    out[at++] = x - start - 1;
    for (let i = start; i < x; i++) out[at++] = row[i]!;
  }
  return at;
}
