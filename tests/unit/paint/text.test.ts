import { describe, expect, it } from 'vitest';
import {
  groupLayer,
  layerOf,
  paintingBarrier,
  rasterLayer,
  type RasterLayer,
} from '../../../renderer/paint/document.ts';
import { mergeDown, replaceTiles } from '../../../renderer/paint/operations.ts';
import { paintDataOf, withPaintData } from '../../../renderer/paint/paint-data.ts';
import { cropPage, remapPage, scalePage } from '../../../renderer/paint/page/page-operations.ts';
import { shiftLayer } from '../../../renderer/paint/shift-layer.ts';
import type { TextBlock } from '../../../renderer/paint/text/block.ts';
import { layout } from '../../../renderer/paint/text/layout.ts';
import { paintedBounds, toTiles } from '../../../renderer/paint/tiles.ts';
import { page } from './sample-paintings.ts';

/** Every letter ten wide. */
const measure = (text: string): number => [...text].length * 10;
const lines = (text: string, width: number): string[] =>
  layout(text, width, 'left', measure).map((line) => line.text);

describe('lines of text', () => {
  it('break at spaces, and where the text does', () => {
    expect(lines('The quick brown fox', 100)).toEqual(['The quick', 'brown fox']);
    expect(lines('a\n\nb', 100)).toEqual(['a', '', 'b']);
  });

  it('break a word that is wider than the box', () => {
    expect(lines('aaaaaaaaaaaa b', 50)).toEqual(['aaaaa', 'aaaaa', 'aa b']);
  });

  it('break between letters of Japanese, but put no full stop first', () => {
    expect(lines('今日はいい天気。', 70)).toEqual(['今日はいい天', '気。']);
  });

  it('stand left, in the middle or right', () => {
    const starts = (align: 'left' | 'center' | 'right'): number[] =>
      layout('abc abcde', 60, align, measure).map(({ x }) => x);
    expect([starts('left'), starts('center'), starts('right')]).toEqual([
      [0, 0],
      [15, 5],
      [30, 10],
    ]);
  });
});

const block: TextBlock = {
  ...{ text: 'Hi!', x: 20, y: 30, widthPx: 100, sizePx: 24, font: 'serif', bold: false, italic: true },
  ...{ align: 'center', lineHeight: 1.2, colour: '#102030', outlinePx: 2, outlineColour: '#ffffff' },
  angleDeg: 0,
};
const pixels = toTiles(new Uint8Array(50 * 20 * 4).fill(90), 40, 35, 50, 20);
const words: RasterLayer = { ...rasterLayer('layer-2', { name: 'Hi!' }, pixels), text: block };
const drawing = page(200, 100, [rasterLayer('layer-1'), words]);
const textOf = (document: typeof drawing): TextBlock | undefined => {
  const layer = document.layers.find(({ id }) => id === 'layer-2');
  return layer?.kind === 'raster' ? layer.text : undefined;
};

describe('a text layer', () => {
  it('can’t be painted on until it is plain', () => {
    expect(paintingBarrier(drawing, 'layer-2')).toBe('text');
    const plain = replaceTiles(drawing, 'layer-2', pixels);
    expect(paintingBarrier(plain, 'layer-2')).toBeUndefined();
    expect(textOf(plain)).toBeUndefined();
  });

  it('comes back from what was kept of it, word for word', () => {
    const kept: unknown = JSON.parse(JSON.stringify(paintDataOf(drawing)));
    const bare = replaceTiles(drawing, 'layer-2', pixels);
    expect(textOf(withPaintData(bare, kept))).toEqual(block);
  });

  it('is a picture when another program has painted on it since', () => {
    const kept: unknown = JSON.parse(JSON.stringify(paintDataOf(drawing)));
    const other = toTiles(new Uint8Array(50 * 20 * 4).fill(91), 40, 35, 50, 20);
    expect(textOf(withPaintData(replaceTiles(drawing, 'layer-2', other), kept))).toBeUndefined();
  });

  it('is a picture when what was kept is not sound', () => {
    const kept = JSON.parse(
      JSON.stringify(paintDataOf(drawing)).replace('"sizePx":24', '"sizePx":-1'),
    ) as unknown;
    expect(textOf(withPaintData(replaceTiles(drawing, 'layer-2', pixels), kept))).toBeUndefined();
    expect(withPaintData(drawing, 'nonsense')).toBe(drawing);
  });

  it('is no text any more when it is merged into', () => {
    const over = page(200, 100, [words, rasterLayer('layer-3', {}, pixels)]);
    expect(textOf(mergeDown(over, 'layer-3'))).toBeUndefined();
  });

  it('goes with a page that is cropped, scaled or turned; a mirrored one is a picture', () => {
    expect(textOf(cropPage(drawing, { left: 10, top: 5, right: 150, bottom: 90 }))).toMatchObject({
      x: 10,
      y: 25,
    });
    const half = scalePage(drawing, { width: 100, height: 50, resampling: 'bilinear' });
    expect(textOf(half)).toMatchObject({ x: 10, y: 15, sizePx: 12, widthPx: 50 });
    expect(textOf(remapPage(drawing, 'quarter-right'))).toMatchObject({ x: 70, y: 20, angleDeg: 90 });
    expect(textOf(remapPage(drawing, 'flip-x'))).toBeUndefined();
  });
});

describe('what moves as a whole', () => {
  it('is a text with its words, and a group but for what is locked in it', () => {
    expect(textOf(shiftLayer(drawing, 'layer-2', 7, -3))).toMatchObject({ x: 27, y: 27, text: 'Hi!' });
    const inner = [rasterLayer('layer-3', {}, pixels), rasterLayer('layer-4', { locked: true }, pixels)];
    const moved = shiftLayer(page(200, 100, [groupLayer('group-1', {}, inner)]), 'group-1', 20, 10);
    const left = (id: string): number | undefined => {
      const layer = layerOf(moved, id);
      return layer?.kind === 'raster' ? paintedBounds(layer.tiles)?.left : undefined;
    };
    expect([left('layer-3'), left('layer-4')]).toEqual([60, 40]);
    expect(shiftLayer(drawing, 'layer-2', 0, 0)).toBe(drawing);
  });
});

describe('rulers and symmetry', () => {
  it('come back from what was kept, and go with the page', () => {
    const guided = {
      ...drawing,
      guides: {
        assistants: [{ id: 'assistant-1', kind: 'vanishing' as const, places: [{ x: 50, y: 40 }] }],
        snaps: false,
        symmetry: { kind: 'vertical' as const, x: 100, y: 50, count: 6, mirrors: true },
      },
    };
    const kept: unknown = JSON.parse(JSON.stringify(paintDataOf(guided)));
    expect(withPaintData(drawing, kept).guides).toEqual(guided.guides);
    const turned = remapPage(guided, 'quarter-right').guides!;
    expect(turned.symmetry).toMatchObject({ kind: 'horizontal', x: 50, y: 100 });
    expect(turned.assistants[0]!.places).toEqual([{ x: 60, y: 50 }]);
  });
});
