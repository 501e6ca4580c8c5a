import { createHash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import Psd, { type Layer as PsdLayer, type NodeChild } from '@webtoon/psd';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { measuredPalette, paletteDistance } from '../../electron/quality/palette.ts';
import { inkwash, SAMPLES, scratchFolder } from './run-cli.ts';

const ART = join(SAMPLES, 'first-minute', 'boy-with-kitten.webp');
const CATS = join(SAMPLES, 'first-minute', 'boy-with-cats.webp');
const FATHER = join(SAMPLES, 'first-minute', 'father-and-daughter.webp');

let scratch: Awaited<ReturnType<typeof scratchFolder>>;
beforeAll(async () => {
  scratch = await scratchFolder();
});
afterAll(() => scratch.remove());

const sha = async (path: string): Promise<string> =>
  createHash('sha256')
    .update(await readFile(path))
    .digest('hex');

async function rgb(path: string): Promise<Buffer> {
  return sharp(path).flatten({ background: '#fff' }).toColourspace('srgb').raw().toBuffer();
}

type Palette = ReturnType<typeof measuredPalette>;

async function paletteIn(path: string): Promise<Palette> {
  const { width, height } = await sharp(path).metadata();
  return measuredPalette({
    data: new Uint8Array(await rgb(path)),
    width,
    height,
    channels: 3,
    space: 'srgb',
  });
}

describe('inkwash colorize', () => {
  it.each(['png', 'psd', 'ora'])('gives the same bytes for the same command twice (%s)', async (format) => {
    const outs = ['a', 'b'].map((name) => scratch.path(`${name}.${format}`));
    for (const out of outs) {
      const result = await inkwash(['colorize', ART, '--reference', CATS, '--out', out]);
      expect(result).toMatchObject({ code: 0, stderr: '' });
    }
    expect(await sha(outs[0]!)).toBe(await sha(outs[1]!));
  });

  it("takes its colour from the reference: each of two colourings wears its own reference's palette, not the other's", async () => {
    const references = [CATS, FATHER];
    const outs = [scratch.path('cats.png'), scratch.path('father.png')];
    for (const [i, reference] of references.entries())
      expect((await inkwash(['colorize', ART, '--reference', reference, '--out', outs[i]!])).code).toBe(0);
    const palettes = await Promise.all([...outs, ...references].map(paletteIn));
    const [likeCats, likeFather, cats, father] = palettes as [Palette, Palette, Palette, Palette];
    expect(paletteDistance(likeCats, cats)).toBeLessThan(paletteDistance(likeCats, father));
    expect(paletteDistance(likeFather, father)).toBeLessThan(paletteDistance(likeFather, cats));
    expect(paletteDistance(likeCats, likeFather)).toBeGreaterThan(0.05);
  });

  it('saves a PSD whose layers another reader understands, with the drawing untouched on top', async () => {
    const out = scratch.path('layers.psd');
    const { code, stdout } = await inkwash(['colorize', ART, '--reference', CATS, '--out', out, '--json']);
    expect(code).toBe(0);
    const report = JSON.parse(stdout.trim().split('\n').at(-1)!) as { regions: number; widthPx: number };
    expect(report.regions).toBeGreaterThan(10);

    const psd = Psd.parse((await readFile(out)).buffer as ArrayBuffer);
    const names: string[] = [];
    const layers = new Map<string, PsdLayer>();
    psd.children.forEach(function visit(node: NodeChild): void {
      if (node.type !== 'Layer' && node.type !== 'Group') return;
      names.push(node.name);
      if (node.type === 'Layer') layers.set(node.name, node);
      else node.children.forEach(visit);
    });
    expect(names).toEqual(['Lines', 'Colouring', 'Shading', 'Flats', 'Colour']);
    const lines = layers.get('Lines')!;
    const pixels = await lines.composite(false);
    const original = await sharp(ART).ensureAlpha().toColourspace('srgb').raw().toBuffer();
    expect([lines.width, lines.height]).toEqual([psd.width, psd.height]);
    expect(Buffer.compare(Buffer.from(pixels), original)).toBe(0);
  });

  it('saves every layer as a picture with --layers', async () => {
    const folder = scratch.path('layers');
    const out = scratch.path('with-layers.png');
    expect(
      (await inkwash(['colorize', ART, '--reference', CATS, '--out', out, '--layers', folder])).code,
    ).toBe(0);
    const files = await readdir(folder);
    expect(files.toSorted()).toEqual(['01-Colour.png', '02-Flats.png', '03-Shading.png', '04-Lines.png']);
    const [lines, original] = await Promise.all([rgb(join(folder, '04-Lines.png')), rgb(ART)]);
    expect(Buffer.compare(lines, original)).toBe(0);
  });

  it('leaves Flats and Shading out with --regions off', async () => {
    const folder = scratch.path('no-regions');
    const words = ['--regions', 'off', '--layers', folder, '--out', scratch.path('no-regions.png')];
    expect((await inkwash(['colorize', ART, '--reference', CATS, ...words])).code).toBe(0);
    expect((await readdir(folder)).toSorted()).toEqual(['01-Colour.png', '02-Lines.png']);
  });

  it('takes several references and other sizes', async () => {
    const out = scratch.path('two.png');
    const words = [
      '--reference',
      CATS,
      '--reference',
      FATHER,
      '--size',
      '512',
      '--gap',
      '0',
      '--threads',
      '1',
      '--provider',
      'cpu',
    ];
    expect(await inkwash(['colorize', ART, ...words, '--out', out])).toMatchObject({ code: 0, stderr: '' });
    expect(await sharp(out).metadata()).toMatchObject({ width: (await sharp(ART).metadata()).width });
  });

  it('lays flats under every pixel, so that no paper shows through when the lines are moved', async () => {
    const folder = scratch.path('opaque');
    await inkwash([
      'colorize',
      ART,
      '--reference',
      CATS,
      '--out',
      scratch.path('opaque.png'),
      '--layers',
      folder,
    ]);
    const { channels } = await sharp(join(folder, '02-Flats.png')).stats();
    expect(channels[3]?.min ?? 255).toBe(255);
  });
});

describe('inkwash lines', () => {
  it('draws dark lines on white paper from a colour picture, at its size', async () => {
    const out = scratch.path('lines.png');
    expect((await inkwash(['lines', CATS, '--out', out])).code).toBe(0);
    const { width, height } = await sharp(CATS).metadata();
    expect(await sharp(out).metadata()).toMatchObject({ width, height });
    const grey = await sharp(out).greyscale().raw().toBuffer();
    const share = (test: (v: number) => boolean): number => grey.filter(test).length / grey.length;
    expect(share((v) => v > 230)).toBeGreaterThan(0.6);
    expect(share((v) => v < 90)).toBeGreaterThan(0.005);
  });
});
