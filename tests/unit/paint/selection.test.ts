import { describe, expect, it } from 'vitest';
import { rasterLayer } from '../../../renderer/paint/document.ts';
import { layGradient } from '../../../renderer/paint/gradient.ts';
import {
  alphaMask,
  bytesOf,
  cropMask,
  maskAt,
  maskExtent,
  rectMask,
  type Mask,
} from '../../../renderer/paint/mask.ts';
import { meanColour } from '../../../renderer/paint/sample.ts';
import { pixelAt, toTiles } from '../../../renderer/paint/tiles.ts';
import { jobs } from '../../../renderer/paint/background/jobs.ts';
import type { Reshape } from '../../../renderer/paint/reshape.ts';
import { page } from './sample-paintings.ts';

const PAGE = { left: 0, top: 0, right: 300, bottom: 200 };
const box = rectMask({ left: 100, top: 60, right: 200, bottom: 140 })!;
const reshaped = (mask: Mask, how: Reshape, px: number): Mask | undefined =>
  jobs.reshape({ mask, how, px, page: PAGE }, () => undefined);

describe('the edge of a selection', () => {
  it('grows and shrinks by as many pixels as asked, round at its corners', () => {
    const grown = reshaped(box, 'grow', 10)!;
    expect(maskExtent(grown)).toEqual({ left: 90, top: 50, right: 210, bottom: 150 });
    expect(maskAt(grown, 91, 51)).toBe(0);
    expect(maskAt(grown, 94, 54)).toBe(255);
    const shrunk = reshaped(box, 'shrink', 10)!;
    expect(maskExtent(shrunk)).toEqual({ left: 110, top: 70, right: 190, bottom: 130 });
    expect(reshaped(box, 'shrink', 41)).toBeUndefined();
  });

  it('does not come in from the rim of the page', () => {
    const whole = rectMask(PAGE)!;
    expect(maskExtent(reshaped(whole, 'shrink', 20)!)).toEqual(PAGE);
    expect(maskAt(reshaped(whole, 'feather', 20)!, 0, 0)).toBe(255);
  });

  it('softens evenly to both sides and loses nothing inside', () => {
    const soft = reshaped(box, 'feather', 16)!;
    expect(maskAt(soft, 150, 100)).toBe(255);
    expect(Math.abs(maskAt(soft, 99, 100) + maskAt(soft, 100, 100) - 255)).toBeLessThanOrEqual(2);
    const across = Array.from({ length: 40 }, (_, i) => maskAt(soft, 80 + i, 100));
    expect(across).toEqual([...across].sort((a, b) => a - b));
  });

  it('becomes a band as wide as asked', () => {
    const band = reshaped(box, 'border', 8)!;
    expect(maskAt(band, 150, 100)).toBe(0);
    const width = Array.from({ length: 60 }, (_, i) => maskAt(band, 80 + i, 100)).filter(Boolean).length;
    expect(width).toBe(8);
  });
});

describe('a selection', () => {
  it('is what a layer shows, as softly as it shows it', () => {
    const rgba = new Uint8Array(40 * 40 * 4);
    for (let i = 0; i < 40 * 40; i++) rgba[i * 4 + 3] = i % 40 < 20 ? 255 : 80;
    const mask = alphaMask(toTiles(rgba, 120, 120, 40, 40), PAGE)!;
    expect([maskAt(mask, 125, 130), maskAt(mask, 150, 130), maskAt(mask, 170, 130)]).toEqual([255, 80, 0]);
  });

  it('moves by whole pixels and keeps its values', () => {
    const soft = reshaped(box, 'feather', 10)!;
    const moved = cropMask(soft, -37, 12, PAGE)!;
    const area = { left: 100, top: 60, right: 140, bottom: 90 };
    const there = { left: 63, top: 72, right: 103, bottom: 102 };
    expect(Buffer.from(bytesOf(moved, there)).equals(bytesOf(soft, area))).toBe(true);
  });
});

describe('a gradient', () => {
  const laid = (end: [number, number, number] | undefined, selection?: Mask) =>
    layGradient(
      rasterLayer('a'),
      { shape: 'linear', from: { x: 50, y: 0 }, to: { x: 250, y: 0 }, start: [200, 0, 0], end, opacity: 1 },
      PAGE,
      selection,
    );

  it('goes from one colour to the other, and holds beyond its ends', () => {
    const tiles = laid([0, 0, 200]);
    expect(pixelAt(tiles, 10, 100)).toEqual([200, 0, 0, 255]);
    expect(pixelAt(tiles, 290, 100)).toEqual([0, 0, 200, 255]);
    expect(Math.abs(pixelAt(tiles, 150, 100)[0] - 100)).toBeLessThanOrEqual(2);
  });

  it('fades out where it has no other colour, inside what is selected', () => {
    const tiles = laid(undefined, box);
    expect(pixelAt(tiles, 60, 100)[3]).toBe(0);
    expect(pixelAt(tiles, 110, 100)[3]).toBeGreaterThan(170);
    expect(pixelAt(tiles, 190, 100)[3]).toBeLessThan(90);
  });
});

describe('the eyedropper', () => {
  const rgba = new Uint8Array(20 * 20 * 4);
  for (let i = 0; i < 400; i++) rgba.set(i % 2 ? [200, 100, 0, 255] : [100, 0, 0, 255], i * 4);
  const top = rasterLayer('a', {}, toTiles(rgba, 0, 0, 20, 20));
  const under = rasterLayer('b', {}, toTiles(new Uint8Array(400 * 4).fill(255), 10, 0, 20, 20));
  const painted = page(300, 200, [under, top]);

  it('takes a pixel, or the mean of an area', () => {
    expect(meanColour(painted, undefined, 4, 4, 1)).toEqual([100, 0, 0]);
    // Three of its five columns are the lighter ones.
    expect(meanColour(painted, undefined, 5, 5, 5)).toEqual([160, 60, 0]);
  });

  it('takes one layer’s colour where asked, and none where it shows nothing', () => {
    expect(meanColour(painted, under, 12, 4, 1)).toEqual([255, 255, 255]);
    expect(meanColour(painted, under, 4, 4, 3)).toBeUndefined();
    expect(meanColour(painted, undefined, 250, 150, 3)).toEqual([255, 255, 255]);
  });
});
