import { inflateSync } from 'node:zlib';

/** How samples lie in a channel: bits of each (1, 8, 16 or 32), and whether RLE rows have 32-bit lengths (PSB). */
export interface SampleLayout {
  readonly depth: number;
  readonly large: boolean;
}

interface Size {
  readonly width: number;
  readonly height: number;
}

const RAW = 0;
const RLE = 1;
const ZIP = 2;
const ZIP_PREDICTED = 3;

/** Bytes of a row of samples. */
export const rowBytesOf = (width: number, depth: number): number => Math.ceil((width * depth) / 8);

/**
 * A channel of a layer (specification, "Channel image data": a compression number, then rows) as one byte a pixel:
 * 16 bits scaled from 0–65535, 32-bit floats from linear light 0–1 to sRGB (or from 0–1 as they are, when not
 * `isLight`), one bit as 0 and 255. The data is held against the size before anything is allocated for it. Throws a RangeError
 * when it can't fill it.
 */
export function decodeChannel(
  bytes: Uint8Array,
  size: Size,
  layout: SampleLayout,
  isLight = true,
): Uint8Array {
  return decodePlanes(bytes, size, layout, 1, () => isLight)[0]!;
}

/** The same for several channels behind one compression number, as in a file's composite. */
export function decodePlanes(
  bytes: Uint8Array,
  size: Size,
  layout: SampleLayout,
  count: number,
  isLight: (channel: number) => boolean,
): Uint8Array[] {
  const rowBytes = rowBytesOf(size.width, layout.depth);
  const planeBytes = rowBytes * size.height;
  if (bytes.length < 2) throw new RangeError('There is no channel data.');
  const compression = (bytes[0]! << 8) | bytes[1]!;
  const data = bytes.subarray(2);
  const raw = unpack(data, compression, rowBytes, size.height * count, layout);
  const planes: Uint8Array[] = [];
  for (let channel = 0; channel < count; channel++) {
    const own = raw.subarray(channel * planeBytes, (channel + 1) * planeBytes);
    planes.push(toBytePlane(own, size, layout.depth, isLight(channel)));
  }
  return planes;
}

function unpack(
  data: Uint8Array,
  compression: number,
  rowBytes: number,
  rows: number,
  { depth, large }: SampleLayout,
): Uint8Array {
  const wanted = rowBytes * rows;
  const lying = () => new RangeError(`${data.length} bytes of channel data are for ${wanted}.`);
  if (compression === RAW) {
    if (data.length < wanted) throw lying();
    return data.subarray(0, wanted);
  }
  if (compression === RLE) {
    const lengthBytes = large ? 4 : 2;
    // The fewest bytes a row can take: two for every 128.
    if (data.length < rows * (lengthBytes + 2 * Math.ceil(rowBytes / 128))) throw lying();
    return unpackRows(data, rowBytes, rows, lengthBytes);
  }
  if (compression !== ZIP && compression !== ZIP_PREDICTED)
    throw new RangeError(`Compression ${compression} is unknown.`);
  const inflated = new Uint8Array(inflateSync(data, { maxOutputLength: Math.max(1, wanted) }));
  if (inflated.length !== wanted) throw lying();
  if (compression === ZIP_PREDICTED) undoPrediction(inflated, rowBytes, depth);
  return inflated;
}

/** PackBits rows after the table of their lengths (specification, "Image Data"; TIFF 6.0, section 9). */
function unpackRows(data: Uint8Array, rowBytes: number, rows: number, lengthBytes: number): Uint8Array {
  const out = new Uint8Array(rowBytes * rows);
  let at = rows * lengthBytes;
  for (let row = 0; row < rows; row++) {
    let length = 0;
    for (let k = 0; k < lengthBytes; k++) length = length * 256 + data[row * lengthBytes + k]!;
    const end = at + length;
    if (end > data.length) throw new RangeError('A packed row ends behind its channel.');
    let to = row * rowBytes;
    const rowEnd = to + rowBytes;
    while (at < end && to < rowEnd) {
      const head = data[at++]!;
      if (head === 128) continue;
      if (head < 128) {
        const count = Math.min(head + 1, rowEnd - to, end - at);
        for (let k = 0; k < count; k++) out[to++] = data[at++]!;
      } else {
        const count = Math.min(257 - head, rowEnd - to);
        if (at >= end) throw new RangeError('A packed row is cut short.');
        out.fill(data[at++]!, to, to + count);
        to += count;
      }
    }
    if (to !== rowEnd) throw new RangeError('A packed row is too short.');
    at = end;
  }
  return out;
}

/**
 * PSD's zip with prediction: each sample is stored as its difference from the one to its left; of 32-bit samples, a row's
 * first bytes come first, then its second bytes and so on, and the bytes are what differs.
 */
function undoPrediction(data: Uint8Array, rowBytes: number, depth: number): void {
  for (let start = 0; start < data.length; start += rowBytes) {
    const end = start + rowBytes;
    if (depth === 16) {
      for (let at = start + 2; at + 1 < end; at += 2) {
        const sum = ((data[at]! << 8) | data[at + 1]!) + ((data[at - 2]! << 8) | data[at - 1]!);
        data[at] = (sum >> 8) & 255;
        data[at + 1] = sum & 255;
      }
      continue;
    }
    for (let at = start + 1; at < end; at++) data[at] = (data[at]! + data[at - 1]!) & 255;
    if (depth !== 32) continue;
    const row = data.slice(start, end);
    const samples = rowBytes / 4;
    for (let sample = 0; sample < samples; sample++)
      for (let k = 0; k < 4; k++) data[start + sample * 4 + k] = row[k * samples + sample]!;
  }
}

/** sRGB byte of linear light 0–1 (IEC 61966-2-1). */
export function srgbByte(light: number): number {
  if (!(light > 0)) return 0;
  if (light >= 1) return 255;
  return Math.round(255 * (light <= 0.0031308 ? light * 12.92 : 1.055 * light ** (1 / 2.4) - 0.055));
}

function toBytePlane(raw: Uint8Array, { width, height }: Size, depth: number, isLight: boolean): Uint8Array {
  if (depth === 8) return raw;
  const plane = new Uint8Array(width * height);
  if (depth === 16)
    for (let i = 0; i < plane.length; i++) plane[i] = (((raw[2 * i]! << 8) | raw[2 * i + 1]!) + 128.5) / 257;
  else if (depth === 32) {
    const view = new DataView(raw.buffer, raw.byteOffset, raw.byteLength);
    for (let i = 0; i < plane.length; i++) {
      const value = view.getFloat32(4 * i);
      plane[i] = isLight ? srgbByte(value) : value >= 1 ? 255 : value > 0 ? Math.round(value * 255) : 0;
    }
  } else {
    // One bit: set is black.
    const rowBytes = rowBytesOf(width, 1);
    for (let y = 0, i = 0; y < height; y++)
      for (let x = 0; x < width; x++, i++)
        plane[i] = raw[y * rowBytes + (x >> 3)]! & (128 >> (x & 7)) ? 0 : 255;
  }
  return plane;
}
