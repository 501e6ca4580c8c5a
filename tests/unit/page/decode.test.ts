import { chmod, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import sharp, { type Sharp } from 'sharp';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { Failure, type FailureKind } from '../../../electron/failure.ts';
import { decodePicture, requireDrawable } from '../../../electron/page/decode.ts';
import type { Raster } from '../../../electron/raster.ts';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'inkwash-decode-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

/** Left half red, right half blue. */
function redBlue(width = 64, height = 32): Sharp {
  const data = Buffer.alloc(width * height * 3);
  for (let p = 0; p < width * height; p++) data.set(p % width < width / 2 ? [255, 0, 0] : [0, 0, 255], p * 3);
  return sharp(data, { raw: { width, height, channels: 3 } });
}

function noise(width: number, height: number): Sharp {
  const data = Buffer.alloc(width * height * 3);
  let seed = 1;
  for (let i = 0; i < data.length; i++) data[i] = (seed = (Math.imul(seed, 1103515245) + 12345) >>> 0) >>> 24;
  return sharp(data, { raw: { width, height, channels: 3 } });
}

function pixel(raster: Raster, x: number, y: number): number[] {
  const p = (y * raster.width + x) * raster.channels;
  return [...raster.data.subarray(p, p + raster.channels)];
}

async function refusal(source: string | Uint8Array, name: string, extra: object = {}): Promise<Failure> {
  const thrown: unknown = await decodePicture(source, { name, ...extra }).catch((error: unknown) => error);
  if (!(thrown instanceof Failure)) throw new Error(`expected a Failure for ${name}, got ${String(thrown)}`);
  return thrown;
}

/** One or two short sentences, in words, that name the file. */
function expectSentence(failure: Failure, kind: FailureKind, name: string, says: RegExp): void {
  expect(failure.kind).toBe(kind);
  expect(failure.message).toContain(name);
  expect(failure.message).toMatch(says);
  expect(failure.message).not.toMatch(/\n|Vips|libpng|at \//i);
}

describe('pictures that open', () => {
  test.each(['png', 'jpeg', 'webp', 'tiff', 'gif'] as const)(
    'a %s opens at full size in its own colours',
    async (format) => {
      const bytes = await redBlue().toFormat(format, { quality: 100 }).toBuffer();
      const picture = await decodePicture(bytes, { name: `a.${format}` });
      expect(picture.format).toBe(format);
      expect(picture.raster).toMatchObject({ width: 64, height: 32, channels: 4, space: 'srgb' });
      const [r, g, b, a] = pixel(picture.raster, 8, 16);
      expect(r).toBeGreaterThan(240);
      expect(g).toBeLessThan(20);
      expect(b).toBeLessThan(20);
      expect(a).toBe(255);
      expect(picture.notes).toEqual([]);
    },
  );

  test('a file opens from its path, whatever its extension says', async () => {
    const path = join(folder, 'really-a-png.jpg');
    await writeFile(path, await redBlue().png().toBuffer());
    const picture = await decodePicture(path, { name: 'really-a-png.jpg' });
    expect(picture.format).toBe('png');
  });

  test('a photograph taken sideways stands upright', async () => {
    const bytes = await redBlue().withMetadata({ orientation: 6 }).jpeg({ quality: 100 }).toBuffer();
    const { raster } = await decodePicture(bytes, { name: 'sideways.jpg' });
    expect([raster.width, raster.height]).toEqual([32, 64]);
    expect(pixel(raster, 16, 8)[0]).toBeGreaterThan(240);
    expect(pixel(raster, 16, 56)[2]).toBeGreaterThan(240);
  });

  test('CMYK becomes sRGB, and says so', async () => {
    const bytes = await redBlue().toColourspace('cmyk').jpeg({ quality: 100 }).toBuffer();
    expect((await sharp(bytes).metadata()).space).toBe('cmyk');
    const picture = await decodePicture(bytes, { name: 'print.jpg' });
    const [r, g, b] = pixel(picture.raster, 8, 16);
    expect(r! - Math.max(g!, b!)).toBeGreaterThan(120);
    expect(picture.notes.join()).toContain('CMYK');
  });

  test('16-bit becomes 8-bit at the same brightness, and says so', async () => {
    const grey = new Uint16Array(32 * 32).fill(0x8000);
    const bytes = await sharp(grey, { raw: { width: 32, height: 32, channels: 1 } })
      .toColourspace('grey16')
      .png()
      .toBuffer();
    expect((await sharp(bytes).metadata()).depth).toBe('ushort');
    const picture = await decodePicture(bytes, { name: 'deep.png' });
    expect(pixel(picture.raster, 3, 3)).toEqual([128, 128, 128, 255]);
    expect(picture.notes.join()).toContain('8 bits');
  });

  test('transparency is kept, straight', async () => {
    const bytes = await sharp({
      create: { width: 20, height: 20, channels: 4, background: { r: 200, g: 100, b: 50, alpha: 0.5 } },
    })
      .png()
      .toBuffer();
    const { raster } = await decodePicture(bytes, { name: 'glass.png' });
    const [r, g, b, a] = pixel(raster, 10, 10);
    expect([r, g, b]).toEqual([200, 100, 50]);
    expect(Math.abs(a! - 128)).toBeLessThanOrEqual(1);
  });

  test('grey and palette pictures become RGBA', async () => {
    const grey = await redBlue().greyscale().png().toBuffer();
    const palette = await redBlue().png({ palette: true, colours: 2 }).toBuffer();
    const one = await decodePicture(grey, { name: 'grey.png' });
    const [r, g, b] = pixel(one.raster, 0, 0);
    expect(r).toBe(g);
    expect(g).toBe(b);
    const two = await decodePicture(palette, { name: 'palette.png' });
    expect(pixel(two.raster, 63, 0)).toEqual([0, 0, 255, 255]);
  });

  test('another colour profile is converted to sRGB', async () => {
    const bytes = await sharp({
      create: { width: 16, height: 16, channels: 3, background: { r: 0, g: 255, b: 0 } },
    })
      .withIccProfile('p3')
      .png()
      .toBuffer();
    const wide = await sharp(bytes, { ignoreIcc: true } as object)
      .removeAlpha()
      .raw()
      .toBuffer();
    expect(wide[0]).toBeGreaterThan(90);
    const { raster } = await decodePicture(bytes, { name: 'p3.png' });
    const [r, g, b] = pixel(raster, 4, 4);
    expect(r).toBeLessThan(12);
    expect(g).toBeGreaterThan(245);
    expect(b).toBeLessThan(12);
  });

  test('an animation gives its first picture and a note', async () => {
    const frames = Buffer.concat([Buffer.alloc(16 * 16 * 3, 10), Buffer.alloc(16 * 16 * 3, 240)]);
    const bytes = await sharp(frames, { raw: { width: 16, height: 32, channels: 3, pageHeight: 16 } })
      .webp({ lossless: true })
      .toBuffer();
    expect((await sharp(bytes).metadata()).pages).toBe(2);
    const picture = await decodePicture(bytes, { name: 'blink.webp' });
    expect(picture.raster.height).toBe(16);
    expect(pixel(picture.raster, 5, 5)[0]).toBe(10);
    expect(picture.notes).toHaveLength(1);
    expect(picture.notes[0]).toContain('animated');
  });

  test('the resolution of the scan is known, 72 where it is not', async () => {
    const scan = await redBlue().withMetadata({ density: 300 }).png().toBuffer();
    expect((await decodePicture(scan, { name: 'scan.png' })).dpi).toBe(300);
    expect((await decodePicture(await redBlue().png().toBuffer(), { name: 'plain.png' })).dpi).toBe(72);
  });
});

describe('pictures that do not open say why in one sentence', () => {
  test.each(['png', 'jpeg', 'webp', 'tiff'] as const)(
    'a %s cut short is refused, not shown half grey',
    async (format) => {
      const whole = await noise(300, 300).toFormat(format).toBuffer();
      for (const share of [0.97, 0.6, 0.1]) {
        const cut = whole.subarray(0, Math.floor(whole.length * share));
        expectSentence(await refusal(cut, `cut.${format}`), 'input', `cut.${format}`, /damaged|cut short/);
      }
    },
  );

  test('a PNG that claims to be enormous is refused by its header', async () => {
    const bomb = Buffer.from(await redBlue().png().toBuffer());
    bomb.writeUInt32BE(200_000, 16);
    bomb.writeUInt32BE(200_000, 20);
    expectSentence(await refusal(bomb, 'bomb.png'), 'input', 'bomb.png', /200000 x 200000 pixels/);
  });

  test('a decompression bomb with a true header is refused before its pixels exist', async () => {
    const bytes = await sharp({ create: { width: 9000, height: 9000, channels: 3, background: 'white' } })
      .png({ compressionLevel: 9 })
      .toBuffer();
    expect(bytes.length).toBeLessThan(1_000_000);
    expectSentence(await refusal(bytes, 'big.png'), 'input', 'big.png', /9000 x 9000 pixels.*Scale it down/);
    expectSentence(
      await refusal(await redBlue(300, 20).png().toBuffer(), 'long.png', { maxSidePx: 200 }),
      'input',
      'long.png',
      /200 a side/,
    );
  });

  test('a file over the size limit is refused before it is read', async () => {
    const path = join(folder, 'fat.png');
    await writeFile(path, await noise(200, 200).png().toBuffer());
    expectSentence(await refusal(path, 'fat.png', { maxBytes: 20_000 }), 'input', 'fat.png', /MB/);
  });

  test.each([
    ['notes.png', Buffer.from('Dear diary, this is text.'), /text file/],
    ['art.psd', Buffer.from('8BPS\0\x01\0\0\0\0\0\0\0\x03'), /Photoshop/],
    [
      'logo.svg',
      Buffer.from(
        '<?xml version="1.0"?><svg xmlns="http://www.w3.org/2000/svg"><image href="http://127.0.0.1/x"/></svg>',
      ),
      /SVG/,
    ],
    ['paper.png', Buffer.from('%PDF-1.7\n'), /PDF/],
    ['book.png', Buffer.from('PK\x03\x04rest'), /zip/],
    ['random.png', Buffer.from([1, 2, 3, 0, 255, 254, 0, 9]), /no picture/],
  ])('%s, which is no picture we open, is named for what it is', async (name, bytes, says) => {
    const failure = await refusal(bytes, name);
    expectSentence(failure, 'input', name, says);
    expect(failure.message).toContain('PNG');
  });

  test('a picture’s signature with rubbish behind it is damaged', async () => {
    const rubbish = Buffer.concat([(await redBlue().png().toBuffer()).subarray(0, 8), Buffer.alloc(500, 7)]);
    expectSentence(await refusal(rubbish, 'rubbish.png'), 'input', 'rubbish.png', /damaged/);
    expectSentence(
      await refusal(Buffer.from([0xff, 0xd8, 0xff, 0xe0]), 'stub.jpg'),
      'input',
      'stub.jpg',
      /damaged/,
    );
  });

  test('an empty file, a missing one and a folder each get their own sentence', async () => {
    const empty = join(folder, 'empty.png');
    await writeFile(empty, '');
    expectSentence(await refusal(empty, 'empty.png'), 'input', 'empty.png', /empty/);
    expectSentence(await refusal(new Uint8Array(0), 'nothing'), 'input', 'nothing', /empty/);
    expectSentence(await refusal(join(folder, 'gone.png'), 'gone.png'), 'storage', 'gone.png', /not there/);
    await mkdir(join(folder, 'pages.png'));
    expectSentence(await refusal(join(folder, 'pages.png'), 'pages.png'), 'input', 'pages.png', /folder/);
    expectSentence(await refusal('/dev/null', 'null'), 'input', 'null', /not an ordinary file/);
  });

  test.skipIf(process.getuid?.() === 0)('a file that may not be read says so', async () => {
    const path = join(folder, 'secret.png');
    await writeFile(path, await redBlue().png().toBuffer());
    await chmod(path, 0);
    expectSentence(await refusal(path, 'secret.png'), 'storage', 'secret.png', /may not be read/);
  });

  test('cancelling is not an error of the picture', async () => {
    const bytes = await redBlue().png().toBuffer();
    expect((await refusal(bytes, 'x.png', { signal: AbortSignal.abort() })).kind).toBe('cancelled');
  });
});

test('a one-pixel picture can be a reference but not a drawing', async () => {
  const dot = await decodePicture(await redBlue(1, 1).png().toBuffer(), { name: 'dot.png' });
  expect(dot.raster.width).toBe(1);
  expect(() => requireDrawable(dot)).toThrow(/“dot.png” is only 1 x 1 pixels/);
  const drawing = await decodePicture(await redBlue(16, 16).png().toBuffer(), { name: 'small.png' });
  expect(() => requireDrawable(drawing)).not.toThrow();
});
