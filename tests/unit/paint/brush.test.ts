import { describe, expect, it } from 'vitest';
import { PRESETS } from '../../../renderer/paint/brush/brush.ts';
import { StrokePath, type PenSample } from '../../../renderer/paint/brush/path.ts';
import { PaintStroke } from '../../../renderer/paint/brush/stroke.ts';
import { rasterLayer, type PaintDocument, type RasterLayer } from '../../../renderer/paint/document.ts';
import { maskAt, rectMask } from '../../../renderer/paint/mask.ts';
import { paintedBounds, pixelAt, tileKey, toTiles } from '../../../renderer/paint/tiles.ts';
import { along, page, preset, sample, stroke } from './sample-paintings.ts';

const blank = (look: Partial<RasterLayer> = {}): PaintDocument =>
  page(400, 300, [rasterLayer('layer-1', look, look.tiles)]);
const tilesOf = (document: PaintDocument) => (document.layers[0] as RasterLayer).tiles;
const alpha = (document: PaintDocument, x: number, y: number) => pixelAt(tilesOf(document), x, y)[3];
const red = () => {
  const rgba = new Uint8Array(400 * 300 * 4);
  for (let at = 0; at < rgba.length; at += 4) rgba.set([255, 0, 0, 255], at);
  return toTiles(rgba, 0, 0, 400, 300);
};

describe('an ink line', () => {
  it('is as thick as the pen is pressed', () => {
    const brush = preset('ink', { sizePx: 40, stabilizer: 0 });
    const drawn = stroke(
      blank(),
      'layer-1',
      brush,
      along([50, 150], [350, 150], 60, (part) => part),
    );
    const thickness = (x: number): number => {
      let sum = 0;
      for (let y = 100; y < 200; y++) sum += alpha(drawn, x, y) / 255;
      return sum;
    };
    expect(thickness(340)).toBeGreaterThan(35);
    expect(thickness(340)).toBeLessThan(42);
    expect(thickness(200)).toBeLessThan(thickness(300));
    expect(thickness(80)).toBeLessThan(10);
    expect(thickness(80)).toBeGreaterThan(2);
  });

  it('is even along its way: no scallops, no gaps', () => {
    const brush = preset('ink', { sizePx: 20, stabilizer: 0 });
    const drawn = stroke(blank(), 'layer-1', brush, along([30, 80], [370, 220], 30));
    // Across the middle it is opaque everywhere; at 10 px beside it there is an edge of steady strength.
    for (let part = 0.1; part < 0.9; part += 0.01) {
      const [x, y] = [30 + 340 * part, 80 + 140 * part];
      expect(alpha(drawn, Math.round(x), Math.round(y))).toBe(255);
    }
  });

  it('touches only its own tiles and shares the others', () => {
    const before = blank({ tiles: red() });
    const after = stroke(before, 'layer-1', preset('ink'), along([20, 20], [100, 30], 20));
    const changed = [...tilesOf(after)].filter(([key, tile]) => tilesOf(before).get(key) !== tile);
    expect(changed.map(([key]) => key)).toEqual([tileKey(0, 0)]);
  });

  it('reaches the place where the pen was lifted, however much it is steadied', () => {
    for (const stabilizer of [0, 4, 20]) {
      const drawn = stroke(
        blank(),
        'layer-1',
        preset('ink', { stabilizer }),
        along([40, 40], [300, 200], 30),
      );
      expect(alpha(drawn, 299, 199)).toBeGreaterThan(100);
      expect(alpha(drawn, 40, 40)).toBeGreaterThan(100);
    }
  });

  it('is a dot when the pen is only set down', () => {
    const drawn = stroke(blank(), 'layer-1', preset('ink', { sizePx: 10 }), [sample(100, 100)]);
    expect(paintedBounds(tilesOf(drawn))).toEqual({ left: 95, top: 95, right: 105, bottom: 105 });
  });

  it('covers no more than its opacity, also where it crosses itself', () => {
    const brush = preset('marker', { opacity: 0.5, opacityByPressure: undefined });
    const there = along([50, 150], [350, 150], 20);
    const drawn = stroke(blank(), 'layer-1', brush, [...there, ...there.toReversed()]);
    expect(alpha(drawn, 200, 150)).toBe(128);
  });
});

describe('pen readings', () => {
  it('all bend the line: none is lost, in whatever portions they come', () => {
    const zigzag = Array.from({ length: 200 }, (_, i) =>
      sample(20 + i * 1.8, 150 + (i % 2 ? 40 : -40), 1, i),
    );
    const brush = preset('ink', { sizePx: 3, stabilizer: 0, sizeByPressure: undefined });
    const atOnce = stroke(blank(), 'layer-1', brush, zigzag);
    const layer = blank().layers[0] as RasterLayer;
    const inPortions = new PaintStroke(blank(), layer, brush, [0, 0, 0]);
    for (let at = 0; at < zigzag.length; at += 7) {
      inPortions.add(zigzag.slice(at, at + 7));
      inPortions.takeDirty();
    }
    const tiles = inPortions.end();
    expect(tiles.size).toBe(tilesOf(atOnce).size);
    for (const [key, tile] of tiles) expect(Buffer.from(tile).equals(tilesOf(atOnce).get(key)!)).toBe(true);
    // Every turn of the zigzag leaves ink on its own side, half way out at least.
    for (let i = 10; i < 190; i += 2) {
      const x = Math.round(zigzag[i]!.x);
      let highest = 300;
      for (let y = 0; y < 150; y++) if (alpha(atOnce, x, y) > 0) highest = Math.min(highest, y);
      expect(highest).toBeLessThan(135);
    }
  });

  it('are followed by a shaky hand less, the more it is steadied', () => {
    const shaky = Array.from({ length: 120 }, (_, i) => sample(20 + i * 3, 150 + 8 * Math.sin(i), 1, i * 8));
    const wobble = (stabilizer: number): number => {
      const places: PenSample[] = [];
      const path = new StrokePath(
        stabilizer,
        () => 1,
        (at) => places.push(at),
      );
      for (const reading of shaky) path.add(reading);
      path.end();
      const inner = places.filter(({ x }) => x > 60 && x < 300);
      return Math.max(...inner.map(({ y }) => Math.abs(y - 150)));
    };
    expect(wobble(4)).toBeLessThan(wobble(0));
    expect(wobble(12)).toBeLessThan(wobble(4) / 1.5);
  });
});

describe('each preset', () => {
  it.each(PRESETS.map(({ id }) => id))('%s changes what is there', (id) => {
    const half = blank({ tiles: new Map([...red()].filter(([key]) => key !== tileKey(1, 1))) });
    const after = stroke(half, 'layer-1', preset(id, { sizePx: 30 }), along([100, 150], [260, 150], 30));
    expect(tilesOf(after) === tilesOf(half)).toBe(false);
  });

  it('airbrush is soft and adds up; ink is not', () => {
    const once = along([150, 150], [250, 150], 20);
    const spray = preset('airbrush', { sizePx: 60 });
    const one = stroke(blank(), 'layer-1', spray, once);
    const two = stroke(blank(), 'layer-1', spray, [...once, ...once.toReversed()]);
    expect(alpha(two, 200, 150)).toBeGreaterThan(alpha(one, 200, 150));
    expect(alpha(one, 200, 165)).toBeLessThan(alpha(one, 200, 150));
    expect(alpha(one, 200, 165)).toBeGreaterThan(0);
  });

  it('pencil shows the grain of the paper, more the lighter it is pressed', () => {
    const unevenness = (pressure: number): number => {
      const brush = preset('pencil', { sizePx: 40 });
      const drawn = stroke(
        blank(),
        'layer-1',
        brush,
        along([100, 150], [300, 150], 30, () => pressure),
      );
      const values: number[] = [];
      for (let x = 150; x < 250; x++) for (let y = 145; y < 155; y++) values.push(alpha(drawn, x, y));
      const mean = values.reduce((a, b) => a + b) / values.length;
      return Math.sqrt(values.reduce((a, b) => a + (b - mean) ** 2, 0) / values.length) / mean;
    };
    expect(unevenness(0.3)).toBeGreaterThan(unevenness(1));
    expect(unevenness(0.3)).toBeGreaterThan(0.3);
  });

  it('eraser takes paint away and leaves no tile behind where nothing is left', () => {
    const dot = stroke(blank(), 'layer-1', preset('ink'), [sample(60, 60)]);
    const gone = stroke(dot, 'layer-1', preset('eraser', { sizePx: 60 }), along([40, 60], [80, 60], 9));
    expect(tilesOf(gone).size).toBe(0);
  });

  it('smudge carries paint along and invents no colour', () => {
    const bar = stroke(
      blank(),
      'layer-1',
      preset('ink', { sizePx: 40 }),
      along([100, 50], [100, 250], 20),
      [10, 200, 90],
    );
    const smeared = stroke(
      bar,
      'layer-1',
      preset('smudge', { sizePx: 30 }),
      along([100, 150], [180, 150], 30),
    );
    const [r, g, b, a] = pixelAt(tilesOf(smeared), 140, 150);
    expect(alpha(bar, 140, 150)).toBe(0);
    expect(a).toBeGreaterThan(20);
    for (const [is, was] of [
      [r, 10],
      [g, 200],
      [b, 90],
    ] as const)
      expect(Math.abs(is - was)).toBeLessThanOrEqual(3);
  });
});

describe('limits', () => {
  it('a selection lets paint through only inside it', () => {
    const selection = rectMask({ left: 150, top: 0, right: 250, bottom: 300 });
    const document = { ...blank(), selection };
    const drawn = stroke(
      document,
      'layer-1',
      preset('ink', { sizePx: 20 }),
      along([50, 150], [350, 150], 30),
    );
    expect(paintedBounds(tilesOf(drawn))).toMatchObject({ left: 150, right: 250 });
    expect(maskAt(selection, 149, 10)).toBe(0);
  });

  it('a locked alpha lets paint tint what is there and adds nothing', () => {
    const dot = stroke(blank(), 'layer-1', preset('ink', { sizePx: 30 }), [sample(100, 100)]);
    const locked = { ...dot, layers: [{ ...(dot.layers[0] as RasterLayer), alphaLocked: true }] };
    const brush = preset('marker', { opacity: 1 });
    const tinted = stroke(locked, 'layer-1', brush, along([50, 100], [300, 100], 30), [0, 0, 255]);
    expect(pixelAt(tilesOf(tinted), 100, 100)).toEqual([0, 0, 255, 255]);
    expect(paintedBounds(tilesOf(tinted))).toEqual(paintedBounds(tilesOf(dot)));
  });

  it('paint stays on the page', () => {
    const drawn = stroke(
      blank(),
      'layer-1',
      preset('ink', { sizePx: 80 }),
      along([-60, 150], [460, 150], 40),
    );
    expect(paintedBounds(tilesOf(drawn))).toMatchObject({ left: 0, right: 400 });
  });
});
