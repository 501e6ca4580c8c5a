import { describe, expect, it } from 'vitest';
import { groupLayer, rasterLayer, type PaintDocument } from '../../../renderer/paint/document.ts';
import { flattenTile } from '../../../renderer/paint/flatten.ts';
import { simplified } from '../../../renderer/paint/marks.ts';
import { previewTiles, withPreview } from '../../../renderer/paint/preview-layer.ts';
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
