import sharp from 'sharp';
import { describe, expect, it } from 'vitest';
import { exportDocument } from '../../../electron/document/export.ts';
import type { InkDocument } from '../../../electron/document/model.ts';
import { putPage } from '../../../electron/document/put.ts';
import { readOraBytes } from '../../../electron/document/read-ora.ts';
import { createRaster } from '../../../electron/raster.ts';

/** 40 × 30, a red block on the left half, nothing on the right. */
function halfRed(): InkDocument {
  const pixels = createRaster(20, 30, 4);
  for (let at = 0; at < pixels.data.length; at += 4) pixels.data.set([220, 30, 20, 255], at);
  const look = { visible: true, opacity: 1, blend: 'normal', locked: false } as const;
  return {
    width: 40,
    height: 30,
    dpi: 300,
    layers: [{ ...look, kind: 'raster', id: 'layer-1', name: 'Red', x: 0, y: 0, pixels }],
  };
}
const pixelOf = async (bytes: Uint8Array, left: number): Promise<number[]> => [
  ...(await sharp(bytes).extract({ left, top: 15, width: 1, height: 1 }).raw().toBuffer()),
];

describe('a drawing exported as one picture', () => {
  it('is white under what is transparent in a JPEG, or what is asked for', async () => {
    const plain = await exportDocument(halfRed(), 'jpeg', { name: 'page.png', quality: 95 });
    expect(plain).toMatchObject({ name: 'page.jpg', mime: 'image/jpeg' });
    expect((await pixelOf(plain.bytes, 35)).every((value) => value > 250)).toBe(true);
    const blue = await exportDocument(halfRed(), 'jpeg', { name: 'page.png', background: '#0000ff' });
    const [r = 0, , b = 0] = await pixelOf(blue.bytes, 35);
    expect(b).toBeGreaterThan(240);
    expect(r).toBeLessThan(15);
  });

  it('gets smaller with less quality', async () => {
    const size = async (quality: number): Promise<number> =>
      (await exportDocument(halfRed(), 'webp', { name: 'a', quality })).bytes.length;
    expect(await size(20)).toBeLessThan(await size(100));
  });

  it('keeps every pixel and its transparency as lossless WebP and as TIFF', async () => {
    for (const [format, ending] of [
      ['webp', 'webp'],
      ['tiff', 'tif'],
    ] as const) {
      const file = await exportDocument(halfRed(), format, { name: 'a.ora', lossless: true });
      expect(file.name).toBe(`a.${ending}`);
      expect(await pixelOf(file.bytes, 5)).toEqual([220, 30, 20, 255]);
      expect((await pixelOf(file.bytes, 35))[3]).toBe(0);
    }
  });

  it('says its resolution', async () => {
    for (const format of ['jpeg', 'tiff', 'png'] as const) {
      const { bytes } = await exportDocument(halfRed(), format, { name: 'a' });
      expect((await sharp(bytes).metadata()).density).toBe(300);
    }
  });

  it('is refused as WebP when a side is longer than WebP can say', async () => {
    const long = { ...halfRed(), width: 20_000, height: 1 };
    await expect(exportDocument(long, 'webp', { name: 'a' })).rejects.toThrow(/16383.*PNG or TIFF/);
  });
});

describe('what the painting window keeps beside the layers', () => {
  it('comes back from a saved OpenRaster word for word, with the page as it was put', async () => {
    const paint = { texts: { 'layer-1': { text: 'Hello “you”', sizePx: 40 } } };
    const put = putPage(halfRed(), { widthPx: 60, heightPx: 50, dpi: 350, paint });
    const { bytes } = await exportDocument(put, 'ora', { name: 'a' });
    const { document } = await readOraBytes(bytes, 'a.ora');
    expect(document).toMatchObject({ width: 60, height: 50, dpi: 350 });
    expect(document.extra).toEqual({ paint });
  });
});
