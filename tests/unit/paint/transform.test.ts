import { describe, expect, it } from 'vitest';
import { rasterLayer } from '../../../renderer/paint/document.ts';
import { rectMask } from '../../../renderer/paint/mask.ts';
import { paintedBounds, pixelAt, toTiles } from '../../../renderer/paint/tiles.ts';
import { lift, middleOf, put, type Placement } from '../../../renderer/paint/transform.ts';

const PAGE = { left: 0, top: 0, right: 400, bottom: 300 };

/** A block from (100, 100) to (160, 140), left half red, right half blue. */
const block = () => {
  const rgba = new Uint8Array(60 * 40 * 4);
  for (let i = 0; i < 60 * 40; i++) rgba.set(i % 60 < 30 ? [255, 0, 0, 255] : [0, 0, 255, 255], i * 4);
  return rasterLayer('layer-1', {}, toTiles(rgba, 100, 100, 60, 40));
};
const still = (change: Partial<Placement> = {}): Placement => ({
  x: 130,
  y: 120,
  scaleX: 1,
  scaleY: 1,
  angle: 0,
  ...change,
});

describe('lifted pixels', () => {
  it('come back bit for bit where they were', () => {
    const lifted = lift(block(), undefined)!;
    expect(lifted.bounds).toEqual({ left: 100, top: 100, right: 160, bottom: 140 });
    expect(middleOf(lifted.bounds)).toEqual({ x: 130, y: 120 });
    const tiles = put(lifted, still(), PAGE);
    for (const [key, tile] of block().tiles) expect(Buffer.from(tiles.get(key)!).equals(tile)).toBe(true);
  });

  it('move by whole pixels without a change', () => {
    const tiles = put(lift(block(), undefined)!, still({ x: 230, y: 60 }), PAGE);
    expect(paintedBounds(tiles)).toEqual({ left: 200, top: 40, right: 260, bottom: 80 });
    expect(pixelAt(tiles, 229, 60)).toEqual([255, 0, 0, 255]);
    expect(pixelAt(tiles, 230, 60)).toEqual([0, 0, 255, 255]);
  });

  it('scale, turn and flip around their middle', () => {
    const lifted = lift(block(), undefined)!;
    const large = put(lifted, still({ scaleX: 2, scaleY: 2 }), PAGE);
    expect(pixelAt(large, 80, 90)).toEqual([255, 0, 0, 255]);
    expect(pixelAt(large, 185, 155)).toEqual([0, 0, 255, 255]);
    const turned = put(lifted, still({ angle: Math.PI / 2 }), PAGE);
    expect(pixelAt(turned, 130, 100)).toEqual([255, 0, 0, 255]);
    expect(pixelAt(turned, 130, 140)).toEqual([0, 0, 255, 255]);
    expect(pixelAt(turned, 105, 120)[3]).toBe(0);
    const flipped = put(lifted, still({ scaleX: -1 }), PAGE);
    expect(pixelAt(flipped, 105, 120)).toEqual([0, 0, 255, 255]);
    expect(pixelAt(flipped, 155, 120)).toEqual([255, 0, 0, 255]);
  });

  it('keep their colour when they shrink, and fine lines do not break', () => {
    const rgba = new Uint8Array(200 * 200 * 4);
    for (let y = 0; y < 200; y += 10)
      for (let x = 0; x < 200; x++) rgba.set([10, 200, 90, 255], (y * 200 + x) * 4);
    const lifted = lift(rasterLayer('a', {}, toTiles(rgba, 0, 0, 200, 200)), undefined)!;
    const tiles = put(lifted, { ...middleOf(lifted.bounds), scaleX: 0.2, scaleY: 0.2, angle: 0 }, PAGE);
    const { x, y } = middleOf(lifted.bounds);
    let alpha = 0;
    for (let dy = -15; dy < 15; dy++) {
      const [r, g, b, a] = pixelAt(tiles, Math.floor(x), Math.floor(y) + dy);
      alpha += a;
      if (a > 0) expect([r, g, b]).toEqual([10, 200, 90]);
    }
    expect(alpha / 30 / 255).toBeCloseTo(0.1, 1);
  });

  it('are only what was selected; the rest stays under them', () => {
    const lifted = lift(block(), rectMask({ left: 100, top: 100, right: 130, bottom: 140 }))!;
    const tiles = put(lifted, { ...middleOf(lifted.bounds), x: 145, scaleX: 1, scaleY: 1, angle: 0 }, PAGE);
    expect(paintedBounds(tiles)).toEqual({ left: 130, top: 100, right: 160, bottom: 140 });
    expect(pixelAt(tiles, 150, 120)).toEqual([255, 0, 0, 255]);
    expect(lift(block(), rectMask({ left: 0, top: 0, right: 50, bottom: 50 }))).toBeUndefined();
  });
});
