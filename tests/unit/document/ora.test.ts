import { strFromU8, unzipSync, zipSync } from 'fflate';
import sharp from 'sharp';
import { beforeAll, describe, expect, it } from 'vitest';
import { flatten } from '../../../electron/document/flatten.ts';
import { BLEND_MODES, type Layer } from '../../../electron/document/model.ts';
import { writeOra } from '../../../electron/document/ora.ts';
import { readOraBytes } from '../../../electron/document/read-ora.ts';
import { documentOf, filled, groupOf, inkedPage, layerOf, noise } from './sample-documents.ts';

/** Local file headers in file order, read by hand from the zip (APPNOTE 4.3.7). */
function zipHeaders(bytes: Uint8Array): { name: string; method: number; extra: number }[] {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const headers = [];
  for (let at = 0; view.getUint32(at, true) === 0x04034b50;) {
    const nameLength = view.getUint16(at + 26, true);
    const extra = view.getUint16(at + 28, true);
    headers.push({
      name: strFromU8(bytes.subarray(at + 30, at + 30 + nameLength)),
      method: view.getUint16(at + 8, true),
      extra,
    });
    at += 30 + nameLength + extra + view.getUint32(at + 18, true);
  }
  return headers;
}

describe('an .ora in Krita, GIMP or MyPaint', () => {
  let bytes: Uint8Array;
  let files: Record<string, Uint8Array>;
  beforeAll(async () => {
    bytes = await writeOra(inkedPage());
    files = unzipSync(bytes);
  });

  it('is recognised by its first bytes: mimetype comes first, stored, with nothing in between', () => {
    expect(zipHeaders(bytes)[0]).toEqual({ name: 'mimetype', method: 0, extra: 0 });
    expect(strFromU8(bytes.subarray(30, 30 + 8 + 16))).toBe('mimetypeimage/openraster');
  });

  it('has the entries the specification asks for, and one of our own', () => {
    expect(zipHeaders(bytes).map((header) => header.name)).toEqual([
      'mimetype',
      'stack.xml',
      ...[0, 1, 2, 3, 4, 5].map((n) => `data/layer${n}.png`),
      'mergedimage.png',
      'Thumbnails/thumbnail.png',
      'inkwash.json',
    ]);
  });

  it('lists its layers topmost first, with place, opacity, visibility, blend mode and lock', () => {
    expect(strFromU8(files['stack.xml']!)).toBe(
      `<?xml version="1.0" encoding="UTF-8"?>
<image version="0.0.5" w="60" h="40" xres="300" yres="300">
  <stack>
    <layer name="Lines" opacity="1" visibility="visible" composite-op="svg:multiply" src="data/layer0.png" x="0" y="0"/>
    <layer name="Notes" opacity="1" visibility="hidden" composite-op="svg:hard-light" src="data/layer1.png" x="-2" y="37"/>
    <layer name="Shading" opacity="0.5" visibility="visible" composite-op="svg:multiply" src="data/layer2.png" x="0" y="0"/>
    <stack name="Colours 色" opacity="0.8" visibility="visible" composite-op="svg:src-over" isolation="isolate">
      <layer name="Touch-ups ✎" opacity="1" visibility="visible" composite-op="svg:src-over" src="data/layer3.png" x="30" y="6"/>
      <layer name="Flats" opacity="1" visibility="visible" composite-op="svg:src-over" edit-locked="true" src="data/layer4.png" x="0" y="0"/>
    </stack>
    <layer name="Paper" opacity="1" visibility="visible" composite-op="svg:src-over" src="data/layer5.png" x="0" y="0"/>
  </stack>
</image>
`,
    );
  });

  it('shows the flattened page as its merged image', async () => {
    const merged = await sharp(files['mergedimage.png']!).raw().toBuffer({ resolveWithObject: true });
    expect([merged.info.width, merged.info.height, merged.info.channels]).toEqual([60, 40, 4]);
    expect(Buffer.compare(merged.data, flatten(inkedPage()).data)).toBe(0);
  });

  it('has a plain thumbnail that fits in 256 pixels', async () => {
    const large = unzipSync(
      await writeOra(documentOf(700, 300, [layerOf('A', filled(700, 300, [9, 200, 30, 255]))])),
    );
    const thumbnail = await sharp(large['Thumbnails/thumbnail.png']!).metadata();
    expect(thumbnail).toMatchObject({
      width: 256,
      height: 110,
      depth: 'uchar',
      isProgressive: false,
      format: 'png',
    });
    const small = await sharp(files['Thumbnails/thumbnail.png']!).metadata();
    expect([small.width, small.height]).toEqual([60, 40]);
  });

  it('carries names that XML would trip over', async () => {
    const name = `<"Tom & Jerry's">\n\t]]> \u0001 \ud83c\udf38 \ud800`;
    const written = await writeOra(documentOf(1, 1, [layerOf(name, filled(1, 1, [1, 1, 1, 255]))]));
    const { document } = await readOraBytes(written, 'names.ora');
    expect(document.layers[0]!.name).toBe(name);
  });
});

describe('saved and opened again', () => {
  it('a document is what it was: layers, groups, ids, names, places, pixels, dpi, and our own data', async () => {
    const page = { ...inkedPage(), dpi: 299.72 };
    const extra = { pins: [[1, 2, 3, 4]], note: 'prefère le rouge', references: ['a.png'] };
    const read = await readOraBytes(await writeOra(page, { extra }), 'page.ora');
    expect(read.document).toEqual({ ...withBuffers(page), extra });
    expect(read.extra).toEqual(extra);
    expect(read.notes).toEqual([]);
  });

  it('every blend mode survives', async () => {
    const layers = BLEND_MODES.map((blend) => layerOf(blend, filled(1, 1, [1, 2, 3, 255]), { blend }));
    const { document } = await readOraBytes(await writeOra(documentOf(1, 1, layers)), 'modes.ora');
    expect(document.layers.map((layer) => layer.blend)).toEqual([...BLEND_MODES]);
  });

  it('groups that pass through do so again, and those that are one picture stay one', async () => {
    const inner = () => [layerOf('Shade', filled(2, 2, [9, 9, 9, 255]), { blend: 'multiply' })];
    const page = documentOf(2, 2, [
      groupOf('Through', inner(), { passThrough: true, opacity: 0.5, id: 'a' }),
      groupOf('One', [{ ...inner()[0]!, id: 'x' }], { id: 'b' }),
    ]);
    expect((await readOraBytes(await writeOra(page), 'page.ora')).document).toEqual(withBuffers(page));
  });

  it('layers clipped in any mode come back clipped, also when another program saved the file again', async () => {
    const page = documentOf(3, 2, [
      layerOf('Base', noise(3, 2, 1), { blend: 'multiply', opacity: 0.5 }),
      layerOf('Shade', noise(3, 2, 2), { clipped: true, blend: 'screen' }),
      layerOf('Tint', noise(3, 2, 3), { clipped: true, visible: false }),
      layerOf('Above', noise(3, 2, 4)),
    ]);
    const bytes = await writeOra(page);
    expect((await readOraBytes(bytes, 'page.ora')).document).toEqual(withBuffers(page));
    const { 'inkwash.json': _ours, ...others } = unzipSync(bytes);
    const saved = zipSync(others, { level: 0 });
    const { document } = await readOraBytes(saved, 'page.ora');
    const look = ({ name, blend, opacity, visible, clipped = false }: Layer) =>
      [name, blend, opacity, visible, clipped].join();
    expect(document.layers.map(look)).toEqual(page.layers.map(look));
  });

  it('colour under full transparency survives: erasing can be undone by hand in another program', async () => {
    const page = documentOf(16, 16, [
      layerOf('Hidden', noise(16, 16, 3)),
      layerOf('Gone', filled(4, 4, [9, 8, 7, 0])),
    ]);
    const { document } = await readOraBytes(await writeOra(page), 'page.ora');
    expect(document).toEqual(withBuffers(page));
  });

  it('an empty document and empty groups survive', async () => {
    const page = documentOf(5, 4, [groupOf('Empty', [groupOf('Inner', [])])]);
    expect((await readOraBytes(await writeOra(page), 'a.ora')).document).toEqual(page);
    expect((await readOraBytes(await writeOra(documentOf(5, 4, [])), 'a.ora')).document.layers).toEqual([]);
  });

  it('gives the same bytes for the same document, in any time zone', async () => {
    const zone = process.env['TZ'];
    const first = await writeOra(inkedPage());
    process.env['TZ'] = 'Pacific/Kiritimati';
    const second = await writeOra(inkedPage());
    if (zone === undefined) delete process.env['TZ'];
    else process.env['TZ'] = zone;
    expect(Buffer.compare(first, second)).toBe(0);
  });

  it('stops when cancelled, writing or reading', async () => {
    const signal = AbortSignal.abort();
    await expect(writeOra(inkedPage(), { signal })).rejects.toMatchObject({ kind: 'cancelled' });
    const bytes = await writeOra(inkedPage());
    await expect(readOraBytes(bytes, 'page.ora', { signal })).rejects.toMatchObject({ kind: 'cancelled' });
  });
});

/** sharp gives Buffers; vitest tells them from plain byte arrays, people need not. */
function withBuffers<T>(value: T): T {
  if (value instanceof Uint8Array) return Buffer.from(value) as unknown as T;
  if (Array.isArray(value)) return value.map(withBuffers) as unknown as T;
  if (typeof value === 'object' && value !== null)
    return Object.fromEntries(Object.entries(value).map(([key, v]) => [key, withBuffers(v)])) as unknown as T;
  return value;
}
