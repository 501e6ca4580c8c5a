import type { Progress } from '../progress.ts';
import type { InkDocument } from './model.ts';
import { readOraBytes } from './read-ora.ts';
import { readPsdBytes } from './read-psd.ts';

export interface OpenOptions {
  readonly signal?: AbortSignal | undefined;
  readonly progress?: Progress | undefined;
}

const starts = (bytes: Uint8Array, with_: string): boolean =>
  [...with_].every((letter, at) => bytes[at] === letter.charCodeAt(0));

/**
 * The layered document in a file's bytes, if they are one: a PSD, or a zip named .ora. Undefined for anything else.
 * Throws an `input` Failure that names the file when it is one and can't be opened.
 */
export async function openLayered(
  bytes: Uint8Array,
  name: string,
  options: OpenOptions = {},
): Promise<{ document: InkDocument; notes: readonly string[] } | undefined> {
  if (starts(bytes, '8BPS')) return readPsdBytes(bytes, name, options);
  const isZip = starts(bytes, 'PK\x03\x04');
  if (isZip && (name.toLowerCase().endsWith('.ora') || holdsOraType(bytes)))
    return readOraBytes(bytes, name, options);
  return undefined;
}

/** An OpenRaster file's first entry is its type, stored plainly. */
function holdsOraType(bytes: Uint8Array): boolean {
  return new TextDecoder('latin1').decode(bytes.subarray(30, 80)).includes('image/openraster');
}
