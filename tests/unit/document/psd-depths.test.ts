import { deflateSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { flatten } from '../../../electron/document/flatten.ts';
import { readPsdBytes } from '../../../electron/document/read-psd.ts';

const u16 = (...values: number[]): Buffer => Buffer.concat(values.map((v) => Buffer.from([v >> 8, v & 255])));
const u32 = (...values: number[]): Buffer =>
  Buffer.concat(
    values.map((v) => {
      const four = Buffer.alloc(4);
      four.writeInt32BE(v | 0);
      return four;
    }),
  );
const long = (large: boolean, value: number): Buffer => (large ? u32(0, value) : u32(value));

interface Made {
  readonly mode: number;
  readonly depth: number;
  readonly width: number;
  readonly height: number;
  readonly large?: boolean;
  readonly palette?: Buffer;
  readonly resources?: Buffer;
  /** Raw samples of every channel. */
  readonly channels: readonly Buffer[];
  /** Of the layer; without it the file has only its composite. */
  readonly compression?: 0 | 1 | 2 | 3;
  /** Where a layer of 16 or 32 bits is kept. */
  readonly inBlock?: 'Lr16' | 'Lr32';
}

/** PSD's zip with prediction, the other way round. */
function predicted(raw: Buffer, rowBytes: number, depth: number): Buffer {
  const out = Buffer.alloc(raw.length);
  for (let start = 0; start < raw.length; start += rowBytes) {
    let row = raw.subarray(start, start + rowBytes);
    if (depth === 32) {
      const samples = rowBytes / 4;
      row = Buffer.from(row.map((_, at) => raw[start + (at % samples) * 4 + Math.floor(at / samples)]!));
    }
    for (let at = 0; at < rowBytes; at += depth === 16 ? 2 : 1)
      if (depth === 16)
        out.writeUInt16BE(
          (row.readUInt16BE(at) - (at > 0 ? row.readUInt16BE(at - 2) : 0)) & 0xffff,
          start + at,
        );
      else out[start + at] = row[at]! - (at > 0 ? row[at - 1]! : 0);
  }
  return out;
}

/** Rows packed in literal runs. */
function packed(raw: Buffer, rowBytes: number, large: boolean): Buffer {
  const rows: Buffer[] = [];
  for (let start = 0; start < raw.length; start += rowBytes)
    rows.push(Buffer.concat([Buffer.from([rowBytes - 1]), raw.subarray(start, start + rowBytes)]));
  return Buffer.concat([...rows.map(({ length }) => (large ? u32(length) : u16(length))), ...rows]);
}

/** A PSD written byte by byte from the specification. */
function psdOf(made: Made): Buffer {
  const { mode, depth, width, height, channels, compression, inBlock, large = false } = made;
  const rowBytes = Math.ceil((width * depth) / 8);
  const data = channels.map((raw) => {
    if (compression === 1) return Buffer.concat([u16(1), packed(raw, rowBytes, large)]);
    if (compression === 2) return Buffer.concat([u16(2), deflateSync(raw)]);
    if (compression === 3) return Buffer.concat([u16(3), deflateSync(predicted(raw, rowBytes, depth))]);
    return Buffer.concat([u16(0), raw]);
  });
  const name = Buffer.from([1, 0x41, 0, 0]);
  const extra = Buffer.concat([u32(0), u32(0), name]);
  const record = Buffer.concat([
    ...[u32(0, 0, height, width), u16(channels.length)],
    ...data.flatMap((bytes, id) => [u16(id), long(large, bytes.length)]),
    Buffer.from('8BIMnorm\xff\0\0\0', 'latin1'),
    ...[u32(extra.length), extra],
  ]);
  const info = Buffer.concat([u16(1), record, ...data]);
  const block = (key: string): Buffer =>
    Buffer.concat([
      Buffer.from(`8BIM${key}`),
      long(large, info.length),
      info,
      Buffer.alloc((4 - (info.length % 4)) % 4),
    ]);
  let layers = Buffer.alloc(0);
  if (compression !== undefined)
    layers = inBlock
      ? Buffer.concat([long(large, 0), u32(0), block(inBlock)])
      : Buffer.concat([long(large, info.length), info, u32(0)]);
  const [palette, resources] = [made.palette ?? Buffer.alloc(0), made.resources ?? Buffer.alloc(0)];
  return Buffer.concat([
    ...[Buffer.from('8BPS'), u16(large ? 2 : 1), Buffer.alloc(6), u16(channels.length)],
    ...[u32(height, width), u16(depth, mode)],
    ...[u32(palette.length), palette, u32(resources.length), resources],
    ...[long(large, layers.length), layers],
    ...[u16(0), ...channels],
  ]);
}

const bytes = (...values: number[]): Buffer => Buffer.from(values);
const words = (...values: number[]): Buffer => u16(...values);
const floats = (...values: number[]): Buffer => {
  const buffer = Buffer.alloc(values.length * 4);
  values.forEach((value, at) => buffer.writeFloatBE(value, at * 4));
  return buffer;
};

async function pixelsOf(made: Made): Promise<number[][]> {
  const { document } = await readPsdBytes(psdOf(made), 'made.psd');
  const { data } = flatten(document);
  return Array.from({ length: made.width * made.height }, (_, at) => [...data.subarray(at * 4, at * 4 + 4)]);
}

const near = (found: number[], wanted: number[], by: number): void =>
  found.forEach((value, at) => expect(Math.abs(value - wanted[at]!)).toBeLessThanOrEqual(by));

describe('PSDs of every depth and compression give the same 8-bit pixels', () => {
  const size = { width: 3, height: 2 };
  const values = [0, 64, 128, 192, 254, 255];
  const wanted = values.map((v) => [v, 255 - v, 64, 255]);
  const sixteen = (list: number[]): Buffer => words(...list.map((v) => v * 257));
  const light = (v: number): number => {
    const c = v / 255;
    return c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4;
  };
  const inverse = values.map((v) => 255 - v);
  const flatGreen = values.map(() => 64);
  const files = {
    8: [bytes(...values), bytes(...inverse), bytes(...flatGreen)],
    16: [sixteen(values), sixteen(inverse), sixteen(flatGreen)],
    32: [values, inverse, flatGreen].map((list) => floats(...list.map(light))),
  } as const;

  for (const depth of [8, 16, 32] as const)
    for (const large of [false, true])
      it(`${depth} bits, ${large ? 'PSB' : 'PSD'}: raw, RLE, zip, zip with prediction, flat`, async () => {
        const made = { mode: 3, depth, ...size, large, channels: files[depth] };
        for (const compression of [0, 1, 2, 3, undefined] as const)
          expect(await pixelsOf({ ...made, ...(compression !== undefined && { compression }) })).toEqual(
            wanted,
          );
        if (depth !== 8)
          expect(await pixelsOf({ ...made, compression: 3, inBlock: `Lr${depth}` })).toEqual(wanted);
      });
});

describe('PSDs of other colour modes come as sRGB', () => {
  it('greyscale and duotone', async () => {
    for (const mode of [1, 8])
      expect(await pixelsOf({ mode, depth: 8, width: 2, height: 1, channels: [bytes(10, 200)] })).toEqual([
        [10, 10, 10, 255],
        [200, 200, 200, 255],
      ]);
  });

  it('black and white, a bit a pixel', async () => {
    const picture = { mode: 0, depth: 1, width: 9, height: 1, channels: [bytes(0b10000000, 0b10000000)] };
    expect((await pixelsOf(picture)).map(([grey]) => grey)).toEqual([
      0, 255, 255, 255, 255, 255, 255, 255, 0,
    ]);
  });

  it('indexed, with its transparent colour', async () => {
    const palette = Buffer.alloc(768);
    palette.set([200, 10], 0);
    palette.set([100, 20], 256);
    palette.set([50, 30], 512);
    const resources = Buffer.concat([Buffer.from('8BIM'), u16(1047), bytes(0, 0), u32(2), u16(1)]);
    expect(
      await pixelsOf({ mode: 2, depth: 8, width: 2, height: 1, palette, resources, channels: [bytes(0, 1)] }),
    ).toEqual([
      [200, 100, 50, 255],
      [0, 0, 0, 0],
    ]);
  });

  it('CMYK, by colour management: paper white, a full black, a red that is no screen red', async () => {
    // 255 is no ink.
    const channels = [bytes(255, 0, 255), bytes(255, 0, 0), bytes(255, 0, 0), bytes(255, 0, 255)];
    const [paper, black, red] = await pixelsOf({
      mode: 4,
      depth: 8,
      width: 3,
      height: 1,
      channels,
      compression: 0,
    });
    near(paper!, [255, 255, 255, 255], 2);
    near(black!, [0, 0, 0, 255], 25);
    expect(red![0]).toBeGreaterThan(190);
    expect(Math.max(red![1]!, red![2]!)).toBeLessThan(80);
  });

  it('Lab', async () => {
    // White, mid grey, and sRGB red (L 54.3, a 80.8, b 69.9 for D50).
    const channels = [bytes(255, 137, 138), bytes(128, 128, 209), bytes(128, 128, 198)];
    const [white, grey, red] = await pixelsOf({ mode: 9, depth: 8, width: 3, height: 1, channels });
    near(white!, [255, 255, 255, 255], 1);
    expect(new Set(grey!.slice(0, 3)).size).toBe(1);
    near(red!, [255, 0, 0, 255], 4);
  });

  it('but ink channels without a way to colours are refused with the remedy', async () => {
    const file = psdOf({ mode: 7, depth: 8, width: 1, height: 1, channels: [bytes(1)] });
    await expect(readPsdBytes(file, 'inks.psd')).rejects.toMatchObject({
      kind: 'input',
      message:
        'inks.psd has ink channels of its own instead of colours; convert it to RGB and save it again.',
    });
  });
});
