import { describe, expect, it } from 'vitest';
import { readInk } from '../../../electron/page/ink.ts';
import { PaintStroke } from '../../../renderer/paint/brush/stroke.ts';
import { rasterLayer, type RasterLayer } from '../../../renderer/paint/document.ts';
import { replaceTiles } from '../../../renderer/paint/operations.ts';
import { FOR_DRAFTS, FOR_WHOLE, LinesKeeper } from '../../../renderer/paint/small-lines.ts';
import { toTiles, type Tiles } from '../../../renderer/paint/tiles.ts';
import { seeded } from './random.ts';
import { along, noiseLayer, page, preset } from './sample-paintings.ts';

const WIDTH = 1500;
const HEIGHT = 1100;

const marked = (x: number, y: number): Tiles => {
  const dark = new Uint8Array(60 * 40 * 4);
  for (let at = 3; at < dark.length; at += 4) dark[at] = 255;
  return toTiles(dark, x, y, 60, 40);
};

const same = (a: Uint8Array, b: Uint8Array): boolean => Buffer.compare(a, b) === 0;

describe('the small lines of a preview', () => {
  it('follow a stroke and its undoing as if they were made anew', async () => {
    const first = page(WIDTH, HEIGHT, [
      rasterLayer('paper', {}, marked(600, 600)),
      rasterLayer('a', { opacity: 0.5 }, marked(180, 280)),
      rasterLayer('b', {}, marked(200, 300)),
    ]);
    const second = replaceTiles(first, 'b', marked(1400, 1050));
    const keeper = new LinesKeeper(FOR_WHOLE);
    const before = (await keeper.linesOf(first)).pixels.slice();
    const after = (await keeper.linesOf(second)).pixels.slice();
    expect(same(after, before)).toBe(false);
    expect(same(after, (await new LinesKeeper(FOR_WHOLE).linesOf(second)).pixels)).toBe(true);
    expect(same((await keeper.linesOf(first)).pixels, before)).toBe(true);
  });

  it('follow a stroke while it is drawn, to its end, and its being given up', async () => {
    for (const manner of [FOR_DRAFTS, FOR_WHOLE]) {
      const layer = rasterLayer('a', {}, marked(180, 280)) as RasterLayer;
      const before = page(WIDTH, HEIGHT, [layer]);
      const keeper = new LinesKeeper(manner);
      const first = (await keeper.linesOf(before)).pixels.slice();
      const stroke = new PaintStroke(before, layer, preset('ink'), [20, 20, 24], []);
      const under = replaceTiles(before, 'a', stroke.tiles);
      const readings = along([150, 200], [1300, 900], 60);
      let last = first;
      for (let at = 0; at < readings.length; at += 20) {
        stroke.add(readings.slice(at, at + 20));
        const dirty = stroke.takeDirty();
        if (dirty) keeper.touch(dirty);
        const now = (await keeper.linesOf(under)).pixels.slice();
        expect(same(now, last)).toBe(false);
        expect(same(now, (await new LinesKeeper(manner).linesOf(under)).pixels)).toBe(true);
        last = now;
      }
      const tiles = stroke.end();
      const rest = stroke.takeDirty();
      if (rest) keeper.touch(rest);
      const after = replaceTiles(before, 'a', tiles);
      const ended = (await keeper.linesOf(after)).pixels.slice();
      expect(same(ended, (await new LinesKeeper(manner).linesOf(after)).pixels)).toBe(true);
      expect(same((await keeper.linesOf(before)).pixels, first)).toBe(true);
    }
  });

  it('of a draft are grey, and the host reads the same ink from them, from yellow lines too', async () => {
    const side = 64;
    const rgba = new Uint8Array(side * side * 4);
    for (let at = 0; at < rgba.length; at += 4) {
      const row = at / 4 / side;
      rgba.set([255, 255, 255, 255], at);
      if (row > 20 && row < 24) rgba.set([255, 220, 0, 255], at);
      if (row > 40 && row < 44) rgba.set([60, 20, 120, 255], at);
    }
    const drawn = page(side, side, [rasterLayer('a', {}, toTiles(rgba, 0, 0, side, side))]);
    const { pixels, channels } = await new LinesKeeper(FOR_DRAFTS).linesOf(drawn);
    expect(channels).toBe(1);
    const size = { width: side, height: side };
    const grey = readInk({ data: pixels, ...size, channels: 1, space: 'grey' }).data;
    const ink = readInk({ data: rgba, ...size, channels: 4, space: 'srgb' }).data;
    expect(ink[22 * side]).toBeLessThan(200);
    for (const row of [10, 22, 30, 42])
      expect(grey[row * side]).toEqual(expect.closeTo(ink[row * side]!, -0.5));
  });

  it('are those of the layer Lines alone where there is one, whatever its eye says', async () => {
    const lines = rasterLayer('lines', { visible: false, opacity: 0.3 }, marked(0, 0));
    const alone = await new LinesKeeper(FOR_WHOLE).linesOf(page(WIDTH, HEIGHT, [lines]));
    const among = page(WIDTH, HEIGHT, [rasterLayer('paint', {}, marked(700, 500)), lines]);
    expect(same((await new LinesKeeper(FOR_WHOLE).linesOf(among)).pixels, alone.pixels)).toBe(true);
    expect([...alone.pixels.subarray(0, 3)]).toEqual([0, 0, 0]);
  });

  it('lie over the page they were made from, also where its sides are odd', async () => {
    const { widthPx, heightPx, pageWidthPx, pageHeightPx } = await new LinesKeeper(FOR_WHOLE).linesOf(
      page(2481, 3507, [rasterLayer('a', {}, marked(2440, 3480))]),
    );
    expect(pageWidthPx / widthPx).toBe(pageHeightPx / heightPx);
    expect(pageWidthPx).toBeGreaterThanOrEqual(2481);
    expect(pageHeightPx).toBeGreaterThanOrEqual(3507);
  });

  it('let the window have its turn while they are made the first time', async () => {
    const large = page(2600, 1400, [noiseLayer(seeded(7), 'a', 2600, 1400)]);
    let turns = 0;
    await new LinesKeeper(FOR_WHOLE).linesOf(large, async () => void turns++);
    expect(turns).toBeGreaterThan(0);
  });
});
