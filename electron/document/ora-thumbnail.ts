import { readFile, stat } from 'node:fs/promises';
import { openZip } from './zip.ts';

/** The specification asks for at most 256 px a side; a PNG of that is far smaller. */
const MAX_THUMBNAIL_BYTES = 1024 * 1024;
/** A thumbnail is not worth reading more than this. */
const MAX_FILE_BYTES = 512 * 1024 * 1024;
const MAX_ENTRIES = 5000;

/** The small picture an OpenRaster file carries, as PNG; undefined where it has none or is damaged. Never throws. */
export async function oraThumbnail(file: string | Uint8Array): Promise<Uint8Array | undefined> {
  try {
    if (typeof file === 'string' && (await stat(file)).size > MAX_FILE_BYTES) return undefined;
    const bytes = typeof file === 'string' ? await readFile(file) : file;
    const zip = await openZip(bytes, 'thumbnail', MAX_ENTRIES);
    const entry = 'Thumbnails/thumbnail.png';
    return zip.has(entry) ? await zip.read(entry, MAX_THUMBNAIL_BYTES) : undefined;
  } catch {
    return undefined;
  }
}
