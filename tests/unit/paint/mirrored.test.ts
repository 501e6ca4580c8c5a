import { describe, expect, it } from 'vitest';
import { MirroredStroke } from '../../../renderer/paint/brush/mirrored.ts';
import { rasterLayer, type PaintDocument, type RasterLayer } from '../../../renderer/paint/document.ts';
import { fromTiles, pixelAt, toTiles, type Tiles } from '../../../renderer/paint/tiles.ts';
import { along, page, preset, wholeOf } from './sample-paintings.ts';

const WIDTH = 512;
const pen = preset('ink', { sizePx: 6, stabilizer: 0 });
const eraser = preset('eraser', { sizePx: 20, stabilizer: 0 });

function drawn(tiles: Tiles, brush: typeof pen, from: [number, number], to: [number, number]) {
  const layer = rasterLayer('lines', {}, tiles);
  const document = page(WIDTH, WIDTH, [layer]);
  const stroke = new MirroredStroke(document, layer, brush, [0, 0, 0]);
  stroke.add(along(from, to, 20));
  return { document, layer, tiles: stroke.end(), stroke };
}

/** How much the picture differs from its own mirror image, as the largest difference of alpha. */
function unlike(document: PaintDocument, tiles: Tiles): number {
  const rgba = fromTiles(tiles, wholeOf(document));
  let most = 0;
  for (let y = 0; y < WIDTH; y++)
    for (let x = 0; x < WIDTH / 2; x++) {
      const [a, b] = [rgba[(y * WIDTH + x) * 4 + 3]!, rgba[(y * WIDTH + WIDTH - 1 - x) * 4 + 3]!];
      most = Math.max(most, Math.abs(a - b));
    }
  return most;
}

describe('a mirrored stroke', () => {
  it('draws the same on both halves, also where it crosses the middle', () => {
    const { document, tiles } = drawn(new Map(), pen, [120, 100], [300, 160]);
    expect(pixelAt(tiles, 121, 100)[3]).toBe(255);
    expect(pixelAt(tiles, WIDTH - 122, 100)[3]).toBe(255);
    expect(unlike(document, tiles)).toBeLessThanOrEqual(1);
  });

  it('erases on both halves', () => {
    const black = new Uint8Array(WIDTH * WIDTH * 4);
    for (let at = 3; at < black.length; at += 4) black[at] = 255;
    const { document, tiles } = drawn(toTiles(black, 0, 0, WIDTH, WIDTH), eraser, [230, 200], [280, 240]);
    expect(pixelAt(tiles, 256, 220)[3]).toBe(0);
    expect(pixelAt(tiles, 40, 220)[3]).toBe(255);
    expect(unlike(document, tiles)).toBeLessThanOrEqual(1);
  });

  it('leaves a layer as it was where it changes nothing', () => {
    const { layer, tiles } = drawn(new Map(), eraser, [100, 100], [200, 200]);
    expect(tiles).toBe((layer satisfies RasterLayer).tiles);
  });

  it('says what it drew, for the screen', () => {
    const { stroke } = drawn(new Map(), pen, [120, 100], [140, 100]);
    const dirty = stroke.takeDirty()!;
    expect(dirty.left).toBeLessThanOrEqual(118);
    expect(dirty.right).toBeGreaterThanOrEqual(WIDTH - 118);
    expect(stroke.takeDirty()).toBeUndefined();
  });
});
