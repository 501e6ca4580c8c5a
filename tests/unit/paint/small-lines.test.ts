import { describe, expect, it } from 'vitest';
import { rasterLayer } from '../../../renderer/paint/document.ts';
import { replaceTiles } from '../../../renderer/paint/operations.ts';
import { LinesKeeper } from '../../../renderer/paint/small-lines.ts';
import { toTiles, type Tiles } from '../../../renderer/paint/tiles.ts';
import { seeded } from './random.ts';
import { noiseLayer, page } from './sample-paintings.ts';

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
    const keeper = new LinesKeeper();
    const before = (await keeper.linesOf(first)).rgb.slice();
    const after = (await keeper.linesOf(second)).rgb.slice();
    expect(same(after, before)).toBe(false);
    expect(same(after, (await new LinesKeeper().linesOf(second)).rgb)).toBe(true);
    expect(same((await keeper.linesOf(first)).rgb, before)).toBe(true);
  });

  it('are those of the layer Lines alone where there is one, whatever its eye says', async () => {
    const lines = rasterLayer('lines', { visible: false, opacity: 0.3 }, marked(0, 0));
    const alone = await new LinesKeeper().linesOf(page(WIDTH, HEIGHT, [lines]));
    const among = page(WIDTH, HEIGHT, [rasterLayer('paint', {}, marked(700, 500)), lines]);
    expect(same((await new LinesKeeper().linesOf(among)).rgb, alone.rgb)).toBe(true);
    expect([...alone.rgb.subarray(0, 3)]).toEqual([0, 0, 0]);
  });

  it('lie over the page they were made from, also where its sides are odd', async () => {
    const { widthPx, heightPx, pageWidthPx, pageHeightPx } = await new LinesKeeper().linesOf(
      page(2481, 3507, [rasterLayer('a', {}, marked(2440, 3480))]),
    );
    expect(pageWidthPx / widthPx).toBe(pageHeightPx / heightPx);
    expect(pageWidthPx).toBeGreaterThanOrEqual(2481);
    expect(pageHeightPx).toBeGreaterThanOrEqual(3507);
  });

  it('let the window have its turn while they are made the first time', async () => {
    const large = page(2600, 1400, [noiseLayer(seeded(7), 'a', 2600, 1400)]);
    let turns = 0;
    await new LinesKeeper().linesOf(large, async () => void turns++);
    expect(turns).toBeGreaterThan(0);
  });
});
