import { Cursor } from './cursor.ts';
import { blocks, readRecords, type PsdRecord } from './records.ts';

export interface PsdHeader {
  /** A PSB: some lengths have 64 bits. */
  readonly large: boolean;
  readonly channels: number;
  readonly width: number;
  readonly height: number;
  /** Bits a channel. */
  readonly depth: number;
  /** Colour mode's number (specification, "File Header Section"). */
  readonly mode: number;
}

export interface PsdSections {
  readonly header: PsdHeader;
  /** An indexed picture's colours: 256 reds, 256 greens, 256 blues. */
  readonly palette: Uint8Array | undefined;
  /** Place of its transparent colour. */
  readonly transparentIndex: number | undefined;
  readonly iccProfile: Uint8Array | undefined;
  readonly dpi: number;
  /** Bottom first. */
  readonly records: readonly PsdRecord[];
  /** The composite's first channel beyond its colours is transparency. */
  readonly alphaIsTransparency: boolean;
  /** The composite: a 16-bit compression number, then all channels. */
  readonly composite: Uint8Array;
}

/** Bytes of the file header. */
export const HEADER_BYTES = 26;

/** The file header; undefined when this is none. */
export function readHeader(bytes: Uint8Array): (PsdHeader & { version: number }) | undefined {
  if (bytes.length < HEADER_BYTES) return undefined;
  const cursor = new Cursor(bytes);
  if (cursor.text(4) !== '8BPS') return undefined;
  const version = cursor.u16();
  cursor.skip(6);
  const channels = cursor.u16();
  const [height, width] = [cursor.u32(), cursor.u32()];
  return { version, large: version === 2, channels, width, height, depth: cursor.u16(), mode: cursor.u16() };
}

/**
 * The sections of a PSD or PSB (Adobe Photoshop File Formats Specification), with pixels still compressed and nothing
 * copied: every length is held against the bytes that are there. Throws a RangeError when they don't hold together,
 * `TooManyLayers` beyond `mostLayers`.
 */
export function readSections(bytes: Uint8Array, mostLayers: number): PsdSections {
  const header = readHeader(bytes);
  if (!header) throw new RangeError('This is no PSD.');
  const { large, depth } = header;
  const file = new Cursor(bytes);
  file.skip(HEADER_BYTES);
  const colours = file.take(file.u32());
  const resources = readResources(new Cursor(file.take(file.u32())));
  const layers = new Cursor(file.take(file.length(large)));
  let found: ReturnType<typeof readRecords> = { records: [], alphaIsTransparency: false };
  if (layers.left > 0) {
    const info = new Cursor(layers.take(layers.length(large)));
    if (info.left >= 2) found = readRecords(info, large, mostLayers);
    // Some programs leave out the global mask section.
    if (layers.left >= 4 && layers.peek(4) !== '8BIM') layers.skip(Math.min(layers.u32(), layers.left));
    if (found.records.length === 0)
      for (const { key, data } of blocks(layers, large))
        if (key === 'Layr' || (depth === 16 && key === 'Lr16') || (depth === 32 && key === 'Lr32'))
          found = readRecords(new Cursor(data), large, mostLayers);
  }
  return {
    header,
    palette: header.mode === 2 && colours.length >= 768 ? colours : undefined,
    ...resources,
    ...found,
    composite: file.take(file.left),
  };
}

/** What of the image resources is used: resolution (1005), ICC profile (1039), an indexed picture's transparency (1047). */
function readResources(cursor: Cursor): Pick<PsdSections, 'dpi' | 'iccProfile' | 'transparentIndex'> {
  let dpi = 72;
  let iccProfile: Uint8Array | undefined;
  let transparentIndex: number | undefined;
  while (cursor.left >= 12) {
    cursor.skip(4);
    const id = cursor.u16();
    cursor.pascal(2);
    const length = cursor.u32();
    const data = new Cursor(cursor.take(length));
    if (length % 2 === 1 && cursor.left > 0) cursor.skip(1);
    if (id === 1005 && length >= 6) {
      // Always pixels an inch; the unit beside it is what dialogs show.
      const perInch = data.u32() / 65536;
      if (perInch >= 1 && perInch <= 100_000) dpi = perInch;
    } else if (id === 1039 && length > 128) iccProfile = data.take(length);
    else if (id === 1047 && length >= 2) transparentIndex = data.u16();
  }
  return { dpi, iccProfile, transparentIndex };
}
