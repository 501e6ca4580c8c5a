import { strFromU8, unzipSync } from 'fflate';
import { describe, expect, it } from 'vitest';
import { blankDocument } from '../../../electron/document/blank.ts';
import { placeColouring } from '../../../electron/document/colouring.ts';
import { openLayered } from '../../../electron/document/open.ts';
import { writeOra } from '../../../electron/document/ora.ts';
import { writePsd } from '../../../electron/document/psd.ts';
import {
  putPainting,
  takePixels,
  type LayerRecord,
  type PixelPatch,
} from '../../../electron/document/put.ts';
import type { Layer, RasterLayer } from '../../../electron/document/model.ts';
import { lineArtOf } from '../../../electron/line-art.ts';
import { documentOf, filled, groupOf, layerOf, pixelAt } from './sample-documents.ts';

const record = (id: string, rest: Partial<LayerRecord> = {}): LayerRecord => ({
  id,
  kind: 'raster',
  name: id,
  depth: 0,
  visible: true,
  opacity: 1,
  blend: 'normal',
  locked: false,
  alphaLocked: false,
  clipped: false,
  ...rest,
});
const patch = (layerId: string, rest: Partial<PixelPatch> = {}): PixelPatch => ({
  layerId,
  xPx: 0,
  yPx: 0,
  widthPx: 2,
  heightPx: 2,
  rgba: new Uint8Array(16).fill(200),
  ...rest,
});
const named = (layers: readonly Layer[]): unknown[] =>
  layers.map((layer) => (layer.kind === 'group' ? [layer.id, ...named(layer.children)] : layer.id));

describe('what was painted', () => {
  const red = layerOf('red', filled(8, 8, [255, 0, 0, 255]), { id: 'red' });
  const page = documentOf(8, 8, [red]);

  it('takes the order and groups of the list, and keeps pixels that did not change', () => {
    const list = [
      record('top'),
      record('group', { kind: 'group' }),
      record('inner', { depth: 1 }),
      record('red', { depth: 1 }),
      record('base'),
    ];
    const { layers } = putPainting(page, list, []);
    expect(named(layers)).toEqual(['base', ['group', 'red', 'inner'], 'top']);
    const inGroup = layers[1]?.kind === 'group' ? (layers[1].children[0] as RasterLayer) : undefined;
    expect(inGroup?.pixels).toBe(red.pixels);
  });

  it('writes pixels where they belong, grows a layer as far as needed and leaves the old document alone', () => {
    const after = putPainting(page, [record('red')], [patch('red', { xPx: 7, yPx: -1 })]);
    const layer = after.layers[0] as RasterLayer;
    expect([layer.x, layer.y, layer.pixels.width, layer.pixels.height]).toEqual([0, -1, 9, 9]);
    expect(pixelAt(layer.pixels, 7, 1)).toEqual([200, 200, 200, 200]);
    expect(pixelAt(layer.pixels, 0, 1)).toEqual([255, 0, 0, 255]);
    expect(pixelAt(layer.pixels, 0, 0)).toEqual([0, 0, 0, 0]);
    expect(pixelAt(red.pixels, 7, 0)).toEqual([255, 0, 0, 255]);
    const cleared = putPainting(page, [record('red')], [patch('red', { rgba: new Uint8Array(0) })]);
    expect(takePixels(cleared, 'red')).toMatchObject({ xPx: 0, yPx: 0, widthPx: 8, heightPx: 8 });
    expect(pixelAt((cleared.layers[0] as RasterLayer).pixels, 1, 1)).toEqual([0, 0, 0, 0]);
  });

  it.each([
    ['pixels that do not fill their place', [record('red')], [patch('red', { rgba: new Uint8Array(15) })]],
    ['pixels for no layer', [record('red')], [patch('blue')]],
    ['pixels for a group', [record('red', { kind: 'group' })], [patch('red')]],
    ['two layers with one id', [record('red'), record('red')], []],
    ['a layer deeper than any group', [record('red', { depth: 1 })], []],
    [
      'a layer that reaches too far',
      [record('red')],
      [patch('red'), patch('red', { xPx: 60_000, yPx: 60_000 })],
    ],
  ])('is refused with %s', (_, records, patches) => {
    expect(() => putPainting(page, records, patches)).toThrow(/could not be taken over/);
  });
});

describe('a colouring', () => {
  const fresh = (ids: string[], value: number) =>
    groupOf(
      'Colouring',
      ids.map((id) => layerOf(id, filled(4, 4, [value, 0, 0, 255]), { id })),
      { id: 'colouring' },
    );
  const own = layerOf('own', filled(4, 4, [1, 2, 3, 255]), { id: 'layer-1' });
  const lines = layerOf('Lines', filled(4, 4, [0, 0, 0, 255]), { id: 'lines' });

  it('comes under the lines, whatever lies over and under them', () => {
    const page = documentOf(4, 4, [layerOf('sketch', filled(4, 4, [9, 9, 9, 255]), { id: 's' }), lines, own]);
    const { layers, changed } = placeColouring(page, fresh(['colour', 'flats'], 10));
    expect(named(layers)).toEqual(['s', ['colouring', 'colour', 'flats'], 'lines', 'layer-1']);
    expect([...changed].sort()).toEqual(['colour', 'colouring', 'flats']);
  });

  it('goes into its layers where they are now, and touches none of the artist and none that is locked', () => {
    const first = placeColouring(documentOf(4, 4, [lines, own]), fresh(['colour', 'flats'], 10)).layers;
    const group = first[0]!;
    if (group.kind !== 'group') throw new Error('It is no group.');
    const [colour, flats] = group.children as [RasterLayer, RasterLayer];
    const touch = layerOf('touch', filled(4, 4, [5, 5, 5, 255]), { id: 'touch' });
    const page = documentOf(4, 4, [
      { ...group, name: 'Mine', children: [{ ...colour, opacity: 0.5 }, touch] },
      lines,
      own,
      { ...flats, locked: true },
    ]);
    const { layers, changed } = placeColouring(page, fresh(['colour', 'flats'], 99));
    expect(named(layers)).toEqual([['colouring', 'colour', 'touch'], 'lines', 'layer-1', 'flats']);
    expect([...changed]).toEqual(['colour']);
    const after = layers[0]?.kind === 'group' ? (layers[0].children[0] as RasterLayer) : undefined;
    expect(after).toMatchObject({ opacity: 0.5 });
    expect(pixelAt(after!.pixels, 0, 0)[0]).toBe(99);
    expect((layers[3] as RasterLayer).pixels).toBe(flats.pixels);
    expect(layers[2]).toBe(own);
  });

  it('hides what it no longer makes', () => {
    const { layers } = placeColouring(documentOf(4, 4, [lines]), fresh(['colour', 'flats'], 10));
    const again = placeColouring({ ...documentOf(4, 4, []), layers }, fresh(['colour'], 20));
    const group = again.layers[0]!;
    const shown = group.kind === 'group' ? group.children.map(({ id, visible }) => [id, visible]) : [];
    expect(shown).toEqual([
      ['colour', true],
      ['flats', false],
    ]);
  });
});

describe('line art', () => {
  it('is the layer Lines; without one, what is drawn on the paper', () => {
    const lines = layerOf('Lines', filled(4, 4, [0, 0, 0, 255]), { id: 'lines', visible: false });
    expect(lineArtOf(documentOf(4, 4, [lines]))).toBe(lines.pixels);
    const blank = blankDocument(4, 4, 72, true);
    expect(() => lineArtOf(blank)).toThrow(/no lines to colour/);
    const ink = layerOf('ink', filled(2, 2, [0, 0, 0, 255]), { id: 'layer-1', x: 1, y: 1 });
    const drawn = lineArtOf({ ...blank, layers: [blank.layers[0]!, ink] });
    expect(pixelAt(drawn, 1, 1)).toEqual([0, 0, 0, 255]);
    expect(pixelAt(drawn, 0, 0)).toEqual([0, 0, 0, 0]);
  });
});

describe('layered files', () => {
  const clipped = layerOf('over', filled(4, 4, [0, 0, 200, 255]), { clipped: true, blend: 'multiply' });
  const base = layerOf('base', filled(4, 4, [200, 200, 0, 128]), { alphaLocked: true });
  const page = documentOf(4, 4, [base, clipped]);

  it.each([
    ['art.ora', writeOra],
    ['art.psd', writePsd],
  ])('open with their clipping and locked alpha (%s)', async (name, write) => {
    const found = await openLayered(await write(page), name);
    expect(found?.document.layers.map(({ clipped: c, alphaLocked: a }) => [a ?? false, c ?? false])).toEqual([
      [true, false],
      [false, true],
    ]);
  });

  it('show other programs what is clipped inside what it is clipped to (.ora)', async () => {
    const normal = { ...clipped, blend: 'normal' as const, opacity: 0.5 };
    const look = { ...base, opacity: 0.4, blend: 'screen' as const, visible: false };
    const page = documentOf(4, 4, [look, normal, layerOf('free', filled(4, 4, [1, 1, 1, 9]))]);
    const bytes = await writeOra(page);
    const xml = strFromU8(unzipSync(bytes)['stack.xml']!);
    const names = [...xml.matchAll(/<(layer|stack) name="(\w+)".*?composite-op="([\w:-]+)"/g)].map((m) =>
      m.slice(1),
    );
    expect(names).toEqual([
      ['layer', 'free', 'svg:src-over'],
      ['stack', 'base', 'svg:screen'],
      ['layer', 'over', 'svg:src-atop'],
      ['layer', 'base', 'svg:src-over'],
    ]);
    const { document } = (await openLayered(bytes, 'a.ora'))!;
    expect(
      document.layers.map(({ name, opacity, blend, visible, clipped: c }) => [
        name,
        opacity,
        blend,
        visible,
        c ?? false,
      ]),
    ).toEqual([
      ['base', 0.4, 'screen', false, false],
      ['over', 0.5, 'normal', true, true],
      ['free', 1, 'normal', true, false],
    ]);
  });

  it('are told from pictures by what they hold', async () => {
    expect(await openLayered(Uint8Array.of(0x89, 0x50, 0x4e, 0x47), 'a.psd')).toBeUndefined();
    await expect(openLayered(new TextEncoder().encode('8BPS and no more'), 'a.png')).rejects.toThrow(
      /a\.png/,
    );
  });
});
