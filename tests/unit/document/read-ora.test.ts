import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { strFromU8, strToU8, unzipSync, zipSync } from 'fflate';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Failure } from '../../../electron/failure.ts';
import { writeOra } from '../../../electron/document/ora.ts';
import { readOra, readOraBytes } from '../../../electron/document/read-ora.ts';
import { inkedPage, pixelAt } from './sample-documents.ts';

let files: Record<string, Uint8Array>;
let whole: Uint8Array;
let folder: string;
beforeAll(async () => {
  whole = await writeOra(inkedPage());
  files = unzipSync(whole);
  folder = mkdtempSync(join(tmpdir(), 'inkwash-ora-'));
});
afterAll(() => rmSync(folder, { recursive: true }));

/** The sample file with entries changed or (undefined) taken out. */
function changed(entries: Record<string, Uint8Array | string | undefined>): Uint8Array {
  const merged = Object.entries({ ...files, ...entries }).flatMap(([name, content]) =>
    content === undefined ? [] : [[name, typeof content === 'string' ? strToU8(content) : content] as const],
  );
  return zipSync(Object.fromEntries(merged), { level: 1 });
}
const stackOf = (inner: string, image = 'w="60" h="40"') => `<image ${image}><stack>${inner}</stack></image>`;

/** Reads what must be refused; the sentence has to name the file and be a single one. */
async function refusal(bytes: Uint8Array): Promise<string> {
  try {
    await readOraBytes(bytes, 'page.ora');
  } catch (error) {
    if (!(error instanceof Failure)) throw error;
    expect(error.kind).toBe('input');
    expect(error.message).toContain('page.ora');
    expect(error.message).toMatch(/^[^\n]{20,200}\.$/);
    return error.message;
  }
  throw new Error('The file was opened.');
}

describe('a file that cannot be opened is refused in one sentence that names it and the remedy', () => {
  it('no zip at all, an empty file, a file cut short', async () => {
    for (const bytes of [
      strToU8('not a zip '.repeat(99)),
      new Uint8Array(),
      whole.subarray(0, whole.length - 400),
    ])
      expect(await refusal(bytes)).toBe(
        'page.ora is damaged or cut short; open a backup or an autosave instead.',
      );
  });

  it('a zip that is something else', async () => {
    expect(await refusal(changed({ mimetype: 'application/epub+zip' }))).toMatch(
      /is no OpenRaster file; open it in/,
    );
    expect(await refusal(changed({ 'stack.xml': undefined }))).toMatch(/is no OpenRaster file/);
  });

  it('a missing layer picture', async () => {
    expect(await refusal(changed({ 'data/layer4.png': undefined }))).toBe(
      'page.ora lacks the picture of layer "Flats"; open a backup or an autosave, or save it again where it was made.',
    );
  });

  it('a layer picture with flipped bits, or that is no PNG', async () => {
    const broken = whole.slice();
    const at = Buffer.from(whole).indexOf('IDAT') + 8;
    broken[at] = broken[at]! ^ 255;
    expect(await refusal(broken)).toMatch(/data\/layer0\.png in page\.ora is damaged/);
    expect(await refusal(changed({ 'data/layer0.png': 'GIF89a nothing' }))).toMatch(
      /picture of layer "Lines" in page\.ora is damaged/,
    );
    const svg =
      '<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"><rect width="9" height="9"/></svg>';
    expect(await refusal(changed({ 'data/layer0.png': svg }))).toMatch(/is no PNG/);
  });

  it('a layer list that is not XML, has no size, or is no layer list', async () => {
    for (const xml of [
      '<image w="3" h="3"><stack>',
      'hello',
      '',
      stackOf('', 'w="-3" h="4"'),
      stackOf('', 'w="1e9" h="4"'),
      '<svg/>',
    ])
      expect(await refusal(changed({ 'stack.xml': xml }))).toMatch(
        /layer list \(stack\.xml\) of page\.ora cannot be read/,
      );
  });

  it('entities that would swell into gigabytes', async () => {
    const bomb = `<!DOCTYPE image [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;">]>${stackOf('<layer name="&b;"/>')}`;
    expect(await refusal(changed({ 'stack.xml': bomb }))).toMatch(/cannot be read/);
  });

  it('sizes no machine should believe', async () => {
    expect(await refusal(changed({ 'stack.xml': stackOf('', 'w="30000" h="30000"') }))).toMatch(
      /says it is 30000x30000 pixels, more than Inkwash opens/,
    );
    const huge = Buffer.from(files['data/layer0.png']!);
    huge.writeUInt32BE(2_000_000_000, 16);
    expect(await refusal(changed({ 'data/layer0.png': huge }))).toMatch(/layer "Lines"/);
    const layers = '<stack>'.repeat(70) + '</stack>'.repeat(70);
    expect(await refusal(changed({ 'stack.xml': stackOf(layers) }))).toMatch(
      /more layers than Inkwash opens/,
    );
    expect(await refusal(changed({ 'stack.xml': stackOf('<stack/>'.repeat(1001)) }))).toMatch(
      /more layers than/,
    );
  });

  it('a layer list that unpacks to far more than a layer list is', async () => {
    const swollen = changed({ 'stack.xml': stackOf(' '.repeat(9 << 20)) });
    expect(swollen.length).toBeLessThan(1 << 20);
    expect(await refusal(swollen)).toBe(
      'stack.xml in page.ora is too large to open safely; make the picture smaller.',
    );
  });

  it('an entry that lies about its size', async () => {
    const lying = Buffer.from(
      zipSync({ ...files, 'stack.xml': strToU8(stackOf(' '.repeat(50_000))) }, { level: 9 }),
    );
    // Both the local and the central record say 100 bytes instead of some 50 000.
    const size = Buffer.alloc(4);
    size.writeUInt32LE(50_000 + stackOf('').length);
    for (let at = lying.indexOf(size); at >= 0; at = lying.indexOf(size, at + 1))
      lying.writeUInt32LE(100, at);
    expect(await refusal(lying)).toMatch(/stack\.xml in page\.ora is damaged/);
  });

  it('thousands of entries', async () => {
    const many = Object.fromEntries(Array.from({ length: 5001 }, (_, n) => [`data/${n}`, new Uint8Array()]));
    expect(await refusal(changed(many))).toMatch(/page\.ora has more than 5000 entries/);
  });

  it('a file that is not there, or is a folder', async () => {
    await expect(readOra(join(folder, 'gone.ora'))).rejects.toMatchObject({
      kind: 'storage',
      message: `gone.ora was not opened: there is no such file in ${folder}; choose another.`,
    });
    await expect(readOra(folder)).rejects.toMatchObject({ message: expect.stringContaining('is a folder') });
  });
});

describe('a file of another program is opened as it is meant', () => {
  it('without inkwash.json, with defaults for what it leaves out', async () => {
    const xml = stackOf(
      '<layer src="data/layer0.png"/><layer name="B" src="data/layer4.png" composite-op="krita:pin_light"/>',
    );
    const { document, extra } = await readOraBytes(
      changed({ 'inkwash.json': undefined, 'stack.xml': xml }),
      'krita.ora',
    );
    expect(document.dpi).toBe(72);
    expect(extra).toBeUndefined();
    expect(
      document.layers.map(({ id, name, blend, opacity, visible, locked }) => ({
        id,
        name,
        blend,
        opacity,
        visible,
        locked,
      })),
    ).toEqual([
      { id: 'layer-2', name: 'B', blend: 'pin-light', opacity: 1, visible: true, locked: false },
      { id: 'layer-1', name: '', blend: 'normal', opacity: 1, visible: true, locked: false },
    ]);
  });

  it('what another program changed wins over inkwash.json', async () => {
    const xml = strFromU8(files['stack.xml']!)
      .replace(
        'name="Shading" opacity="0.5" visibility="visible" composite-op="svg:multiply"',
        'name="Shading" opacity="0.25" visibility="hidden" composite-op="svg:screen"',
      )
      .replace('name="Notes"', 'name="My notes"');
    const { document } = await readOraBytes(changed({ 'stack.xml': xml }), 'page.ora');
    const shading = document.layers.find((layer) => layer.name === 'Shading');
    expect(shading).toMatchObject({ id: 'id-Shading', blend: 'screen', opacity: 0.25, visible: false });
    expect(document.layers.map((layer) => layer.name)).toContain('My notes');
  });

  it('a broken inkwash.json costs ids, never the picture', async () => {
    for (const json of ['{', '[]', '{"version":9}']) {
      const { document } = await readOraBytes(changed({ 'inkwash.json': json }), 'page.ora');
      expect(document.layers).toHaveLength(5);
      expect(document.layers.at(-1)!.name).toBe('Lines');
    }
  });

  it('grey, palette and 16-bit layers come as 8-bit RGBA', async () => {
    const grey = await sharp({ create: { width: 3, height: 2, channels: 3, background: '#808080' } })
      .greyscale()
      .png()
      .toBuffer();
    const samples = Uint16Array.from({ length: 24 }, (_, i) => (i % 4 === 3 ? 65535 : 257 * 128));
    const deep = await sharp(samples, { raw: { width: 3, height: 2, channels: 4 } })
      .toColourspace('rgb16')
      .png()
      .toBuffer();
    expect((await sharp(deep).metadata()).depth).toBe('ushort');
    const palette = await sharp({ create: { width: 3, height: 2, channels: 4, background: '#ff800080' } })
      .png({ palette: true })
      .toBuffer();
    const xml = stackOf(
      '<layer src="data/layer0.png"/><layer src="data/layer1.png"/><layer src="data/layer2.png"/>',
    );
    const { document } = await readOraBytes(
      changed({
        'stack.xml': xml,
        'data/layer0.png': grey,
        'data/layer1.png': deep,
        'data/layer2.png': palette,
      }),
      'mixed.ora',
    );
    const colours = document.layers.map((layer) =>
      layer.kind === 'raster' ? pixelAt(layer.pixels, 1, 1) : [],
    );
    expect(colours).toEqual([
      [255, 128, 0, 128],
      [128, 128, 128, 255],
      [128, 128, 128, 255],
    ]);
  });

  it('says what it could not bring along', async () => {
    const xml = stackOf(
      '<filter type="blur"/><stack name="G"><layer src="data/layer0.png" composite-op="svg:multiply"/></stack>',
    );
    const { document, notes } = await readOraBytes(changed({ 'stack.xml': xml }), 'k.ora');
    expect(notes).toEqual(['A "filter" element of k.ora was left out: Inkwash has no such layer.']);
    // Nothing told it to be one picture.
    expect(document.layers[0]).toMatchObject({ name: 'G', passThrough: true });
  });

  it('from disk as from memory', async () => {
    writeFileSync(join(folder, 'page.ora'), whole);
    const steps: string[] = [];
    const { document } = await readOra(join(folder, 'page.ora'), { progress: (_, step) => steps.push(step) });
    expect(document).toEqual((await readOraBytes(whole, 'page.ora')).document);
    expect(steps).toContain('Reading layer Flats');
    expect(steps.at(-1)).toBe('OpenRaster read');
  });
});
