import { describe, expect, it } from 'vitest';
import { groupLayer, rasterLayer, type PaintDocument } from '../../../renderer/paint/document.ts';
import { flattenTile } from '../../../renderer/paint/flatten.ts';
import { simplified } from '../../../renderer/paint/marks.ts';
import { madePicture } from '../../../renderer/paint/made-picture.ts';
import { overPreview } from '../../../renderer/paint/over-preview.ts';
import { carriedOn, previewTiles, withPreview } from '../../../renderer/paint/preview-layer.ts';
import { TILE, tileKey, toTiles } from '../../../renderer/paint/tiles.ts';
import { page } from './sample-paintings.ts';

const [WIDTH, HEIGHT] = [256, 128];
const solid = (rgba: readonly number[], width = WIDTH, height = HEIGHT) => {
  const data = new Uint8Array(width * height * 4);
  for (let at = 0; at < data.length; at += 4) data.set(rgba, at);
  return data;
};
const layerOfColour = (id: string, rgba: readonly number[], more = {}) =>
  rasterLayer(id, more, toTiles(solid(rgba), 0, 0, WIDTH, HEIGHT));
/** What is shown at a place, whatever level it is looked at. */
function shown(document: PaintDocument, x: number, y: number, level = 0): number[] {
  const tile = new Uint8Array((TILE >> level) ** 2 * 4);
  flattenTile(document.layers, tileKey(Math.floor(x / TILE), Math.floor(y / TILE)), level, tile);
  const at = (((y % TILE) >> level) * (TILE >> level) + ((x % TILE) >> level)) * 4;
  return [...tile.subarray(at, at + 4)];
}

/** Two pixels: red on the left, blue on the right. */
const small = { rgba: Uint8Array.from([200, 0, 0, 255, 0, 0, 200, 255]), widthPx: 2, heightPx: 1 };
const preview = previewTiles(small, { width: WIDTH, height: HEIGHT });

describe('a live preview', () => {
  const lines = layerOfColour('lines', [128, 128, 128, 255], { blend: 'multiply', locked: true });

  it('is stretched over the page, at every zoom alike', () => {
    const document = withPreview(page(WIDTH, HEIGHT, []), preview);
    for (const level of [0, 2, 5]) {
      expect(shown(document, 10, 60, level)).toEqual([200, 0, 0, 255]);
      expect(shown(document, 250, 60, level)).toEqual([0, 0, 200, 255]);
    }
    expect(shown(document, 127, 60)[0]).toBeGreaterThan(95);
    expect(shown(document, 127, 60)[0]).toBeLessThan(105);
  });

  it('lies under the lines, in place of what was made, and under what the artist painted over it', () => {
    const touchUp = rasterLayer('touch-up', {}, toTiles(solid([9, 9, 9, 255], 40, 40), 0, 0, 40, 40));
    const group = groupLayer('colouring', { visible: false }, [
      layerOfColour('flats', [0, 255, 0, 255]),
      touchUp,
    ]);
    const document = withPreview(page(WIDTH, HEIGHT, [group, lines]), preview);
    expect(shown(document, 60, 60)[0]).toBe(100);
    expect(shown(document, 60, 60)[1]).toBe(0);
    expect(shown(document, 10, 10)[0]).toBeLessThan(6);
  });

  it('lies over the paper of a new drawing', () => {
    const paper = layerOfColour('paper', [255, 255, 255, 255]);
    const document = withPreview(page(WIDTH, HEIGHT, [paper, rasterLayer('layer-1')]), preview);
    expect(document.layers.map(({ id }) => id)).toEqual(['paper', 'preview-group', 'layer-1']);
  });

  it('is seen through what lies over it as in the whole stack: so much of it stays, and so much is added', () => {
    const soft = layerOfColour('soft', [220, 40, 90, 120]);
    const glow = layerOfColour('glow', [90, 60, 30, 200], { blend: 'screen', opacity: 0.6 });
    const shade = layerOfColour('shade', [200, 180, 255, 255], { blend: 'multiply', opacity: 0.7 });
    const inside = groupLayer('inside', { opacity: 0.5 }, [
      layerOfColour('hard', [30, 200, 10, 180], { blend: 'hard-light' }),
    ]);
    const group = groupLayer('colouring', {}, [layerOfColour('flats', [0, 255, 0, 255]), soft]);
    const drawn = page(WIDTH, HEIGHT, [
      layerOfColour('under', [1, 2, 3, 255]),
      group,
      glow,
      inside,
      shade,
      lines,
    ]);
    const { black, white } = overPreview(drawn)!;
    for (const x of [10, 127, 250])
      for (const level of [0, 3]) {
        const whole = shown(withPreview(drawn, preview), x, 60, level);
        const [added, overWhite] = [shown(black, x, 60, level), shown(white, x, 60, level)];
        const under = shown(withPreview(page(WIDTH, HEIGHT, []), preview), x, 60, level);
        const composed = [0, 1, 2].map((c) => added[c]! + ((overWhite[c]! - added[c]!) * under[c]!) / 255);
        for (const c of [0, 1, 2]) expect(Math.abs(composed[c]! - whole[c]!)).toBeLessThan(3);
      }
  });

  it('is flattened with the rest where a layer over it blends in no proportion', () => {
    const burn = layerOfColour('burn', [90, 60, 30, 200], { blend: 'color-burn' });
    expect(overPreview(page(WIDTH, HEIGHT, [lines, burn]))).toBeUndefined();
    const passing = groupLayer('group', { passThrough: true }, [burn]);
    expect(overPreview(page(WIDTH, HEIGHT, [lines, passing]))).toBeUndefined();
    expect(overPreview(page(WIDTH, HEIGHT, [burn, lines]))).toBeDefined();
    expect(overPreview(page(WIDTH, HEIGHT, [lines, { ...burn, visible: false }]))).toBeDefined();
  });

  it('changes where a draft of new lines differs from the last, and is as crisp as it was elsewhere', () => {
    const [columns, rows] = [8, 8];
    const draft = solid([100, 100, 100, 255], columns, rows);
    const later = draft.slice();
    later.set([60, 130, 100, 255], (2 * columns + 2) * 4);
    // What a model that looks at everything changes everywhere is no change.
    later.set([101, 99, 102, 255], (6 * columns + 6) * 4);
    const sized = (rgba: Uint8Array, widthPx: number, heightPx: number) => ({ rgba, widthPx, heightPx });
    const crisp = Uint8Array.from({ length: 32 * 32 * 4 }, (_, at) => (at % 4 === 3 ? 255 : (at * 37) % 256));
    const whole = sized(crisp, 32, 32);
    const [before, after] = [sized(draft, columns, rows), sized(later, columns, rows)];
    expect(carriedOn(whole, before, before).rgba).toEqual(crisp);
    const { rgba } = carriedOn(whole, before, after);
    const at = (x: number, y: number) => (y * 32 + x) * 4;
    const [here, there] = [at(10, 10), at(26, 26)];
    expect(rgba[here]).toBeLessThan(Math.max(1, crisp[here]!));
    expect(rgba[here + 2]).toBe(crisp[here + 2]);
    expect([...rgba.subarray(there, there + 4)]).toEqual([...crisp.subarray(there, there + 4)]);
    expect(carriedOn(whole, sized(draft, 4, 16), after)).toBe(after);
  });

  it('can be told from what colouring made, which is one small picture without lines and own paint', async () => {
    const made = [
      layerOfColour('flats', [200, 100, 40, 255]),
      layerOfColour('shading', [128, 128, 128, 255], { blend: 'multiply' }),
    ];
    const group = groupLayer('colouring', {}, [...made, layerOfColour('touch-up', [0, 0, 255, 255])]);
    const { rgba, widthPx, heightPx } = (await madePicture(page(WIDTH, HEIGHT, [group, lines])))!;
    expect([widthPx, heightPx]).toEqual([WIDTH, HEIGHT]);
    expect([...rgba.subarray(0, 4)]).toEqual([100, 50, 20, 255]);
    expect([...rgba.subarray(-4)]).toEqual([100, 50, 20, 255]);
    expect(await madePicture(page(WIDTH, HEIGHT, [lines]))).toBeUndefined();
  });

  it('leaves locked regions as they are', () => {
    const group = groupLayer('colouring', {}, [layerOfColour('flats', [0, 255, 0, 255])]);
    const locks = [{ id: 1, x: 5, y: 5, everywhere: false }];
    const locked = { ...page(WIDTH, HEIGHT, [group]), marks: { hints: [], pins: [], locks } };
    expect(shown(withPreview(locked, preview), 10, 60)).toEqual([0, 255, 0, 255]);
  });
});

it('a hint stroke keeps its shape with far fewer points', () => {
  const corner = Array.from({ length: 200 }, (_, i): [number, number] => (i < 100 ? [i, 0] : [99, i - 99]));
  expect(simplified(corner, 0.5)).toEqual([
    [0, 0],
    [99, 0],
    [99, 100],
  ]);
});
