import { basename } from 'node:path';
import { MAX_PICTURE_BYTES } from '../contract/values.ts';
import { readPictureFile } from '../page/decode.ts';

/** A picture named on the command line, as the contract's channels take it. @throws Failure naming the file. */
export async function pictureArgument(
  path: string,
  signal: AbortSignal,
): Promise<{ name: string; bytes: Uint8Array }> {
  const name = basename(path);
  return { name, bytes: await readPictureFile(path, { name, maxBytes: MAX_PICTURE_BYTES, signal }) };
}
