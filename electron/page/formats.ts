/** Picture formats Inkwash opens. */
export type PictureFormat = 'png' | 'jpeg' | 'webp' | 'tiff' | 'gif';

/** What the first bytes of a file say it is: a format we open, or the everyday name of something else. */
export type Sniffed = { readonly format: PictureFormat } | { readonly other: string };

const SIGNATURES: readonly { readonly at?: number; readonly bytes: string; readonly is: Sniffed }[] = [
  { bytes: '\x89PNG\r\n\x1a\n', is: { format: 'png' } },
  { bytes: '\xff\xd8\xff', is: { format: 'jpeg' } },
  { at: 8, bytes: 'WEBP', is: { format: 'webp' } },
  { bytes: 'II*\0', is: { format: 'tiff' } },
  { bytes: 'MM\0*', is: { format: 'tiff' } },
  { bytes: 'II+\0', is: { format: 'tiff' } },
  { bytes: 'MM\0+', is: { format: 'tiff' } },
  { bytes: 'GIF87a', is: { format: 'gif' } },
  { bytes: 'GIF89a', is: { format: 'gif' } },
  { bytes: '8BPS', is: { other: 'a Photoshop document' } },
  { bytes: '%PDF', is: { other: 'a PDF document' } },
  { bytes: 'PK\x03\x04', is: { other: 'a zip archive' } },
  { bytes: 'BM', is: { other: 'a BMP picture' } },
  { bytes: 'gimp xcf', is: { other: 'a GIMP document' } },
  { bytes: 'CSFCHUNK', is: { other: 'a Clip Studio document' } },
  { at: 4, bytes: 'ftypavif', is: { other: 'an AVIF picture' } },
  { at: 4, bytes: 'ftyphei', is: { other: 'a HEIC picture' } },
  { at: 4, bytes: 'ftypmif1', is: { other: 'a HEIC picture' } },
  { at: 4, bytes: 'ftyp', is: { other: 'a video' } },
  { bytes: '\0\0\0\x0cjP  ', is: { other: 'a JPEG 2000 picture' } },
  { bytes: '\0\0\x01\0', is: { other: 'an icon' } },
  { bytes: '\x7fELF', is: { other: 'a program' } },
  { bytes: 'MZ', is: { other: 'a program' } },
];

/** Tells what a file is by its content; its name does not count. */
export function sniffFormat(bytes: Uint8Array): Sniffed {
  for (const { at = 0, bytes: signature, is } of SIGNATURES) if (startsWith(bytes, signature, at)) return is;
  const head = new TextDecoder('utf-8').decode(bytes.subarray(0, 1024));
  if (/<svg[\s>]/i.test(head)) return { other: 'an SVG drawing' };
  if (/^\s*(<\?xml|<!doctype html|<html)/i.test(head)) return { other: 'a web page or XML file' };
  if (isText(head)) return { other: 'a text file' };
  return { other: 'no picture that Inkwash knows' };
}

function startsWith(bytes: Uint8Array, signature: string, at: number): boolean {
  if (bytes.length < at + signature.length) return false;
  for (let i = 0; i < signature.length; i++) if (bytes[at + i] !== signature.charCodeAt(i)) return false;
  return true;
}

function isText(head: string): boolean {
  for (const letter of head) {
    const code = letter.codePointAt(0)!;
    if (code === 0xfffd || (code < 32 && code !== 9 && code !== 10 && code !== 13)) return false;
  }
  return true;
}

/** Whether a PNG is animated: an `acTL` chunk before the first picture data (APNG specification 1.0). */
export function isAnimatedPng(bytes: Uint8Array): boolean {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  for (let at = 8; at + 8 <= bytes.length; at += 12 + view.getUint32(at)) {
    if (startsWith(bytes, 'acTL', at + 4)) return true;
    if (startsWith(bytes, 'IDAT', at + 4)) return false;
  }
  return false;
}
