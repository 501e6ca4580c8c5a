import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { flatten } from '../../../electron/document/flatten.ts';
import type { InkDocument } from '../../../electron/document/model.ts';
import { writePsd } from '../../../electron/document/psd.ts';
import { readPsdBytes } from '../../../electron/document/read-psd.ts';
import { documentOf, inkedPage, layerOf, noise } from '../../unit/document/sample-documents.ts';

/** ImageMagick's own programs, not whatever else may be called "convert" on the path. */
const CONVERT = [
  '/usr/bin/convert-im6',
  '/usr/bin/magick',
  '/usr/bin/convert',
  '/opt/homebrew/bin/magick',
].find(
  (path) =>
    existsSync(path) && spawnSync(path, ['-version'], { encoding: 'utf8' }).stdout.includes('ImageMagick'),
);
const title = CONVERT
  ? `ImageMagick (${CONVERT})`
  : 'ImageMagick: skipped, because it is not installed here (apt-get install imagemagick)';

if (!CONVERT) console.warn(title);

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'inkwash-im-'));
});
afterAll(() => rmSync(folder, { recursive: true }));

function convert(...words: string[]): void {
  const { status, stderr } = spawnSync(CONVERT!, words, { encoding: 'utf8' });
  if (status !== 0) throw new Error(`ImageMagick: ${stderr}`);
}

async function asImageMagickSees(document: InkDocument, image: number): Promise<Uint8Array> {
  writeFileSync(join(folder, 'page.psd'), await writePsd(document));
  convert(`${join(folder, 'page.psd')}[${image}]`, '-depth', '8', `rgba:${join(folder, 'page.rgba')}`);
  return readFileSync(join(folder, 'page.rgba'));
}

describe.skipIf(!CONVERT)(title, () => {
  it('shows the composite of our PSD as the flattened page, bit for bit', async () => {
    const page = inkedPage(300, 200);
    expect(Buffer.compare(await asImageMagickSees(page, 0), flatten(page).data)).toBe(0);
  });

  it('shows a page with transparency as we do, within what 8 bits over white can hold', async () => {
    const page = documentOf(80, 60, [layerOf('Noise', noise(80, 60, 2))]);
    const [seen, ours] = [await asImageMagickSees(page, 0), flatten(page).data];
    for (let i = 0; i < ours.length; i += 4) {
      expect(seen[i + 3]).toBe(ours[i + 3]);
      for (let c = 0; c < 3; c++)
        expect(Math.abs(seen[i + c]! - ours[i + c]!) * (ours[i + 3]! / 255)).toBeLessThanOrEqual(2);
    }
  });

  it('reads each layer of our PSD, bit for bit', async () => {
    const page = documentOf(50, 40, [
      layerOf('A', noise(50, 40, 3)),
      layerOf('B', noise(50, 40, 4), { blend: 'screen' }),
    ]);
    for (const [index, layer] of page.layers.entries())
      if (layer.kind === 'raster')
        expect(Buffer.compare(await asImageMagickSees(page, index + 1), layer.pixels.data)).toBe(0);
  });

  it('writes flat, grey and 16-bit PSDs that we read', async () => {
    for (const [words, expected] of [
      [
        ['-depth', '8'],
        [255, 128, 0, 255],
      ],
      [
        ['-depth', '16'],
        [255, 128, 0, 255],
      ],
      [['-depth', '8', '-colorspace', 'gray', '-type', 'grayscale'], undefined],
    ] as const) {
      const path = join(folder, 'theirs.psd');
      convert('-size', '5x3', 'xc:#ff8000', ...words, path);
      const { document } = await readPsdBytes(readFileSync(path), 'theirs.psd');
      expect([document.width, document.height, document.layers.length]).toEqual([5, 3, 1]);
      const pixel = [...flatten(document).data.subarray(0, 4)];
      if (expected) expect(pixel).toEqual(expected);
      else expect(pixel).toEqual([pixel[0], pixel[0], pixel[0], 255]);
    }
  });

  it('writes CMYK PSDs that we read, in the colours of ink', async () => {
    const path = join(folder, 'cmyk.psd');
    convert('-size', '5x3', 'xc:#ff8000', '-colorspace', 'CMYK', path);
    const { document } = await readPsdBytes(readFileSync(path), 'cmyk.psd');
    const [red, green, blue, alpha] = flatten(document).data;
    expect([red! > 200, green! > 90 && green! < 190, blue! < 80, alpha]).toEqual([true, true, true, 255]);
  });
});
