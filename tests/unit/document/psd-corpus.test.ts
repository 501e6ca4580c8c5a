import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { initializeCanvas, readPsd as readWithAgPsd } from 'ag-psd';
import { describe, expect, it } from 'vitest';
import { flatten } from '../../../electron/document/flatten.ts';
import { walkLayers } from '../../../electron/document/model.ts';
import { readPsdBytes } from '../../../electron/document/read-psd.ts';
import { Failure } from '../../../electron/failure.ts';
import { seeded } from '../paint/random.ts';

// ag-psd asks a canvas for its pixel buffers.
initializeCanvas(
  () => {
    throw new Error('No canvas is used here.');
  },
  (width, height) => ({ width, height, data: new Uint8ClampedArray(width * height * 4) }) as never,
);

const FOLDER = fileURLToPath(new URL('../../fixtures/psd/', import.meta.url));
const bytesOf = (name: string): Uint8Array => readFileSync(join(FOLDER, `${name}.psd`));
const ALL = readdirSync(FOLDER)
  .filter((name) => name.endsWith('.psd'))
  .map((name) => name.slice(0, -4));

const tree = async (name: string): Promise<string[]> => {
  const { document } = await readPsdBytes(bytesOf(name), `${name}.psd`);
  return [...walkLayers(document.layers)].map(
    ({ layer, path }) =>
      `${'  '.repeat(path.length - 1)}${layer.name} ${layer.kind === 'group' && layer.passThrough ? 'pass-through' : layer.blend}`,
  );
};

/** Mean difference, in levels of 0–255, of two pictures of a size on white paper. */
function onPaper(a: Uint8Array, b: ArrayLike<number>): number {
  let sum = 0;
  for (let at = 0; at < a.length; at += 4)
    for (let c = at; c < at + 3; c++) {
      const first = (a[c]! * a[at + 3]!) / 255 + 255 - a[at + 3]!;
      const second = (b[c]! * b[at + 3]!) / 255 + 255 - b[at + 3]!;
      sum += Math.abs(first - second);
    }
  return sum / ((a.length / 4) * 3);
}

describe('a PSD of another program', () => {
  it.each([
    'hard-mix',
    'pass-through',
    'clip-opacity',
    'masks',
    'layer-mask',
    'layer-larger-than-drawing',
    'two-layers',
    'cactus',
  ])('%s shows what its program saw', async (name) => {
    const bytes = bytesOf(name);
    const { document } = await readPsdBytes(bytes, `${name}.psd`);
    const { imageData } = readWithAgPsd(bytes, {
      useImageData: true,
      skipLayerImageData: true,
      skipThumbnail: true,
      logMissingFeatures: false,
    });
    expect(imageData?.width).toBe(document.width);
    expect(onPaper(flatten(document).data, imageData!.data)).toBeLessThanOrEqual(1);
  });

  it('keeps its groups, and what passes through them', async () => {
    expect(await tree('pass-through')).toMatchInlineSnapshot(`
      [
        "Color Fill 1 normal",
        "Layer 1 normal",
        "Group 1 pass-through",
        "  Layer 1 copy darken",
        "Group 1 copy pass-through",
        "  Layer 1 copy darken",
        "Group 1 copy 2 pass-through",
        "  Layer 1 copy darken",
      ]
    `);
    expect(await tree('vector-fills')).toMatchInlineSnapshot(`
      [
        " pass-through",
        "   normal",
        "Target group multiply",
        "   normal",
      ]
    `);
  });

  it('has its shapes drawn: a fill cut by a vector mask', async () => {
    const { document } = await readPsdBytes(bytesOf('vector-fills'), 'vector-fills.psd');
    const { data, width } = flatten(document);
    const at = (x: number, y: number) => [...data.subarray((y * width + x) * 4, (y * width + x) * 4 + 4)];
    expect(at(10, 10)[3]).toBe(0);
    expect(at(110, 140)).toEqual([255, 0, 0, 255]);
    expect(at(250, 200)).toEqual([0, 0, 0, 255]);
    expect(at(350, 250)).toEqual([0, 0, 255, 255]);
  });

  it('in black and white, or of a single grey pixel, opens too', async () => {
    const bitmap = (await readPsdBytes(bytesOf('bitmap-rle'), 'bitmap-rle.psd')).document;
    expect([bitmap.width, bitmap.height]).toEqual([300, 200]);
    expect(new Set(flatten(bitmap).data)).toEqual(new Set([0, 255]));
    expect((await readPsdBytes(bytesOf('grey-one-pixel'), 'grey.psd')).document.width).toBe(1);
  });

  it.each([
    ['version-invalid', /^version-invalid\.psd is no PSD; .*\.$/],
    ['image-width-30001', /^image-width-30001\.psd says it is 37681x50 pixels, .*\.$/],
  ])('that is malformed is refused: %s', async (name, sentence) => {
    await expect(readPsdBytes(bytesOf(name), `${name}.psd`)).rejects.toMatchObject({
      kind: 'input',
      message: expect.stringMatching(sentence) as string,
    });
  });

  it('whose groups are marked wrongly still opens with all its layers', async () => {
    const { document } = await readPsdBytes(bytesOf('section-divider-invalid'), 'marks.psd');
    expect(document.layers.length).toBeGreaterThan(0);
  });
});

describe('a damaged PSD opens or is refused in a sentence, and nothing else happens', () => {
  it.each(ALL)('%s, cut short anywhere or with bytes changed', async (name) => {
    const whole = bytesOf(name);
    const random = seeded(whole.length);
    const tries: Uint8Array[] = [];
    for (let at = 0; at < 24; at++) tries.push(whole.subarray(0, Math.floor(random() * whole.length)));
    for (let at = 0; at < 48; at++) {
      const copy = Uint8Array.from(whole);
      // Mostly where the structure is: headers and layer records stand first.
      const reach = at % 2 === 0 ? whole.length : Math.min(whole.length, 4000);
      for (let flips = 0; flips < 4; flips++) copy[Math.floor(random() * reach)] = Math.floor(random() * 256);
      tries.push(copy);
    }
    for (const bytes of tries)
      try {
        const { document } = await readPsdBytes(bytes, 'art.psd');
        expect(document.width).toBeGreaterThan(0);
      } catch (error) {
        if (!(error instanceof Failure)) throw error;
        expect(error.kind).toBe('input');
        expect(error.message).toContain('art.psd');
        expect(error.message).toMatch(/^[^\n]{20,400}\.$/);
      }
  });
});
