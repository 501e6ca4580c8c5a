import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { writePsdUint8Array } from 'ag-psd';
import { describe, expect, it } from 'vitest';
import { Failure } from '../../../electron/failure.ts';
import { flatten } from '../../../electron/document/flatten.ts';
import { BLEND_MODES } from '../../../electron/document/model.ts';
import type { Layer } from '../../../electron/document/model.ts';
import { writePsd } from '../../../electron/document/psd.ts';
import { readPsd, readPsdBytes } from '../../../electron/document/read-psd.ts';
import { documentOf, filled, groupOf, inkedPage, layerOf, noise, pixelAt } from './sample-documents.ts';

const shapeOf = (layers: readonly Layer[]): unknown[] =>
  layers.map(({ name, visible, opacity, blend, locked, ...rest }) => ({
    name,
    visible,
    opacity: Math.round(opacity * 255),
    blend,
    locked,
    children: rest.kind === 'group' ? shapeOf(rest.children) : undefined,
  }));

async function refusal(bytes: Uint8Array): Promise<string> {
  try {
    await readPsdBytes(bytes, 'art.psd');
  } catch (error) {
    if (!(error instanceof Failure)) throw error;
    expect(error.kind).toBe('input');
    expect(error.message).toContain('art.psd');
    expect(error.message).toMatch(/^[^\n]{20,200}\.$/);
    return error.message;
  }
  throw new Error('The file was opened.');
}

/** The bytes with a big-endian number overwritten. */
function patched(bytes: Uint8Array, at: number, value: number, size: 2 | 4): Uint8Array {
  const copy = Buffer.from(bytes);
  copy.writeUIntBE(value, at, size);
  return copy;
}

describe('a PSD that was exported comes back', () => {
  it('with its groups, names, blend modes, opacities, visibility, locks and resolution', async () => {
    const { document, notes } = await readPsdBytes(await writePsd(inkedPage()), 'page.psd');
    expect(shapeOf(document.layers)).toEqual(shapeOf(inkedPage().layers));
    expect([document.width, document.height, document.dpi]).toEqual([60, 40, 300]);
    expect(notes).toEqual([]);
  });

  it('showing the same picture, to the last bit', async () => {
    const page = inkedPage();
    const { document } = await readPsdBytes(await writePsd(page), 'page.psd');
    expect(Buffer.compare(flatten(document).data, flatten(page).data)).toBe(0);
  });

  it('with groups that pass through', async () => {
    const inner = layerOf('Shade', filled(2, 2, [9, 9, 9, 255]), { blend: 'multiply' });
    const page = documentOf(2, 2, [
      groupOf('Through', [inner], { passThrough: true }),
      groupOf('One', [inner]),
    ]);
    const { document } = await readPsdBytes(await writePsd(page), 'page.psd');
    expect(document.layers.map((layer) => layer.kind === 'group' && (layer.passThrough ?? false))).toEqual([
      true,
      false,
    ]);
    expect(Buffer.compare(flatten(document).data, flatten(page).data)).toBe(0);
  });

  it('with every blend mode, and empty layers and groups', async () => {
    const layers: Layer[] = BLEND_MODES.map((blend) => layerOf(blend, noise(3, 3, 4), { blend }));
    layers.push(groupOf('Empty', []), layerOf('Nothing', filled(3, 3, [9, 9, 9, 0])));
    const { document } = await readPsdBytes(await writePsd(documentOf(3, 3, layers)), 'page.psd');
    expect(shapeOf(document.layers)).toEqual(shapeOf(layers));
    expect(new Set(document.layers.map((layer) => layer.id)).size).toBe(layers.length);
  });
});

describe('a PSD of another program', () => {
  const pixels = (width: number, height: number, colour: [number, number, number, number]) => {
    const { data } = filled(width, height, colour);
    return { width, height, data };
  };

  it('has its masks applied, and notes on what Inkwash draws otherwise', async () => {
    const bytes = writePsdUint8Array(
      {
        width: 4,
        height: 2,
        children: [
          {
            name: 'Masked',
            imageData: pixels(4, 2, [200, 100, 50, 255]),
            mask: {
              left: 1,
              top: 0,
              right: 3,
              bottom: 2,
              defaultColor: 0,
              imageData: pixels(2, 2, [128, 128, 128, 255]),
            },
          },
          { name: 'Clipped', clipping: true, imageData: pixels(4, 2, [1, 1, 1, 255]) },
          {
            name: 'Through',
            blendMode: 'pass through',
            children: [{ name: 'Inner', blendMode: 'multiply', imageData: pixels(1, 1, [1, 1, 1, 255]) }],
          },
        ],
      },
      { compress: true, noBackground: true },
    );
    const { document, notes } = await readPsdBytes(bytes, 'art.psd');
    const masked = document.layers[0]!;
    if (masked.kind !== 'raster') throw new Error('It became a group.');
    expect([0, 1, 2, 3].map((x) => pixelAt(masked.pixels, x, 1)[3])).toEqual([0, 128, 128, 0]);
    expect(document.layers[1]).toMatchObject({ name: 'Clipped', clipped: true });
    expect(document.layers[2]).toMatchObject({ name: 'Through', passThrough: true });
    expect(notes).toEqual([]);
  });
});

describe('a PSD that cannot be opened is refused in one sentence that names it and the remedy', () => {
  it('no PSD, an empty file, a file cut short', async () => {
    expect(await refusal(new Uint8Array())).toMatch(/^art\.psd is no PSD/);
    expect(await refusal(new TextEncoder().encode('GIF89a'.repeat(20)))).toMatch(/^art\.psd is no PSD/);
    const whole = await writePsd(inkedPage());
    expect(await refusal(whole.subarray(0, 2000))).toMatch(/is damaged or cut short/);
  });

  it('one that lies about its size', async () => {
    const whole = await writePsd(inkedPage());
    expect(await refusal(patched(whole, 14, 0x7fffffff, 4))).toMatch(/says it is 60x2147483647 pixels/);
    // The first layer record says it is 30000x20000 with the data of a 60x40 one.
    const record = Buffer.from(whole).indexOf('8BIMnorm') - 4 * 6 - 2 - 16;
    const wide = patched(patched(whole, record + 8, 20_000, 4), record + 12, 30_000, 4);
    expect(await refusal(wide)).toMatch(/need too much memory|is damaged/);
    const tall = patched(whole, record + 8, 20_000, 4);
    expect(await refusal(tall)).toMatch(/^Layer "Paper" of art\.psd is damaged or cut short/);
  });

  it('one whose colours or depth are not those of its data', async () => {
    const whole = await writePsd(inkedPage());
    expect(await refusal(patched(whole, 24, 4, 2))).toMatch(/^Layer "Paper" of art\.psd is damaged/);
    expect(await refusal(patched(whole, 22, 32, 2))).toMatch(/^Layer "Paper" of art\.psd is damaged/);
    expect(await refusal(patched(whole, 22, 4, 2))).toMatch(/4 bits a channel; convert it to 8 bits/);
  });

  it('a file that is not there', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'inkwash-psd-'));
    await expect(readPsd(join(folder, 'gone.psd'))).rejects.toMatchObject({ kind: 'storage' });
    writeFileSync(join(folder, 'page.psd'), await writePsd(inkedPage()));
    expect((await readPsd(join(folder, 'page.psd'))).document.layers).toHaveLength(5);
    rmSync(folder, { recursive: true });
  });
});
