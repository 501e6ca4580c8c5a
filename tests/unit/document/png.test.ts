import sharp from 'sharp';
import { describe, expect, it } from 'vitest';
import { flatten } from '../../../electron/document/flatten.ts';
import { layerFileName, writeLayerPngs, writePng } from '../../../electron/document/png.ts';
import { documentOf, filled, inkedPage, layerOf, noise, pixelAt } from './sample-documents.ts';

async function decoded(png: Uint8Array) {
  const { data, info } = await sharp(png).ensureAlpha().raw().toBuffer({ resolveWithObject: true });
  return { data, width: info.width, height: info.height, channels: 4, space: 'srgb' } as const;
}

describe('a PNG', () => {
  it('of a document is the picture it shows, at its resolution', async () => {
    const page = inkedPage();
    const png = await writePng(page);
    expect(Buffer.compare((await decoded(png)).data, flatten(page).data)).toBe(0);
    expect(await sharp(png).metadata()).toMatchObject({
      density: 300,
      channels: 4,
      depth: 'uchar',
      isProgressive: false,
    });
  });

  it('keeps pixels exactly, colour under transparency too, and carries no profile to shift them', async () => {
    const raster = noise(40, 30, 9);
    const png = await writePng(raster);
    expect(Buffer.compare((await decoded(png)).data, raster.data)).toBe(0);
    expect((await sharp(png).metadata()).icc).toBeUndefined();
  });

  it('of a grey raster is grey', async () => {
    const grey = {
      data: Uint8Array.from([0, 90, 180, 255]),
      width: 2,
      height: 2,
      channels: 1,
      space: 'grey',
    } as const;
    const png = await writePng(grey, { dpi: 600 });
    expect(await sharp(png).metadata()).toMatchObject({ channels: 1, density: 600 });
    expect([...(await sharp(png).toColourspace('b-w').raw().toBuffer())]).toEqual([0, 90, 180, 255]);
  });

  it('is the same bytes every time', async () => {
    expect(Buffer.compare(await writePng(inkedPage()), await writePng(inkedPage()))).toBe(0);
  });
});

describe('the layers as PNG files', () => {
  it('are one a layer, numbered from the bottom, each as large as the page', async () => {
    const saved = new Map<string, Uint8Array>();
    const paths = await writeLayerPngs(
      inkedPage(),
      '/out/page 1',
      async (path, bytes) => void saved.set(path, bytes),
    );
    expect(paths).toEqual(
      ['01-Paper', '02-Flats', '03-Touch-ups ✎', '04-Shading', '05-Notes', '06-Lines'].map(
        (n) => `/out/page 1/${n}.png`,
      ),
    );
    expect([...saved.keys()]).toEqual(paths);
    for (const png of saved.values())
      expect(await sharp(png).metadata()).toMatchObject({ width: 60, height: 40, density: 300 });
  });

  it('hold what was painted: no opacity, no blending, hidden ones too', async () => {
    const layer = layerOf('Over', filled(2, 2, [10, 20, 30, 255]), {
      x: 1,
      y: -1,
      opacity: 0.1,
      blend: 'multiply',
      visible: false,
    });
    let png = new Uint8Array();
    await writeLayerPngs(
      documentOf(3, 2, [layer]),
      '/out',
      async (_, bytes) => void (png = Uint8Array.from(bytes)),
    );
    const picture = await decoded(png);
    expect([0, 1, 2].map((x) => pixelAt(picture, x, 0))).toEqual([
      [0, 0, 0, 0],
      [10, 20, 30, 255],
      [10, 20, 30, 255],
    ]);
    expect(pixelAt(picture, 1, 1)).toEqual([0, 0, 0, 0]);
  });

  it('get names that every file system takes and that lead nowhere else', () => {
    expect(layerFileName(3, 'Flats')).toBe('03-Flats.png');
    expect(layerFileName(112, '../../etc/passwd')).toBe('112-etc-passwd.png');
    expect(layerFileName(1, 'a<b>:"c"\\|?*\n\u202e.')).toBe('01-a-b---c.png');
    expect(layerFileName(1, ' . ')).toBe('01-Layer.png');
    expect(layerFileName(1, 'e\u0301 線 🌸')).toBe('01-é 線 🌸.png');
    expect(layerFileName(1, '線'.repeat(300)).length).toBeLessThan(70);
  });
});
