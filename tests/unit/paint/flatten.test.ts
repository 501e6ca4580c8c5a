import { describe, expect, it } from 'vitest';
import { flatten } from '../../../electron/document/flatten.ts';
import type { InkDocument, Layer as HostLayer } from '../../../electron/document/model.ts';
import { differingTiles } from '../../../renderer/paint/difference.ts';
import { groupLayer, type Layer, type PaintDocument } from '../../../renderer/paint/document.ts';
import { flattenTile, flattenToTiles, Frozen } from '../../../renderer/paint/flatten.ts';
import { changeLook, mergeDown, moveLayer } from '../../../renderer/paint/operations.ts';
import { fromTiles, TILE_BYTES, tileKey, tilesIn } from '../../../renderer/paint/tiles.ts';
import { seeded } from './random.ts';
import { along, anyBlend, noiseLayer, page, preset, stroke, wholeOf } from './sample-paintings.ts';

const WIDTH = 200;
const HEIGHT = 150;

function anyPage(seed: number): PaintDocument {
  const random = seeded(seed);
  const layer = (id: string) =>
    noiseLayer(random, id, WIDTH, HEIGHT, {
      blend: anyBlend(random),
      opacity: random(),
      visible: random() > 0.1,
      clipped: random() > 0.6,
    });
  return page(WIDTH, HEIGHT, [
    layer('a'),
    layer('b'),
    groupLayer('g', { blend: anyBlend(random), opacity: 0.7, passThrough: random() > 0.5 }, [
      layer('c'),
      layer('d'),
      groupLayer('h', { passThrough: random() > 0.5, clipped: random() > 0.7 }, [layer('e')]),
    ]),
    layer('f'),
    groupLayer('p', { passThrough: true, visible: random() > 0.1 }, [
      layer('q'),
      groupLayer('r', { passThrough: true, opacity: random() > 0.5 ? 1 : random() }, [
        layer('s'),
        layer('t'),
      ]),
    ]),
    layer('i'),
  ]);
}

const forHost = (document: PaintDocument): InkDocument => {
  const layer = (of: Layer): HostLayer => {
    const { id, name, visible, opacity, blend, locked, clipped } = of;
    const common = { id, name, visible, opacity, blend, locked, clipped };
    if (of.kind === 'group')
      return { ...common, kind: 'group', passThrough: of.passThrough, children: of.children.map(layer) };
    const data = fromTiles(of.tiles, wholeOf(document));
    const pixels = {
      data,
      width: document.width,
      height: document.height,
      channels: 4,
      space: 'srgb',
    } as const;
    return { ...common, kind: 'raster', x: 0, y: 0, pixels };
  };
  return { width: document.width, height: document.height, dpi: 72, layers: document.layers.map(layer) };
};

const pictureOf = (document: PaintDocument) => fromTiles(flattenToTiles(document.layers), wholeOf(document));

describe('what the screen shows', () => {
  it.each([11, 12, 13, 14, 15, 16, 17, 18])(
    'is, byte for byte, what the host writes into files (seed %i)',
    (seed) => {
      const document = anyPage(seed);
      expect(Buffer.from(pictureOf(document)).equals(flatten(forHost(document)).data)).toBe(true);
    },
  );

  it('shows a clipped layer only where the layer under it is', () => {
    const random = seeded(5);
    const base = stroke(
      page(WIDTH, HEIGHT, [noiseLayer(random, 'base', 1, 1)]),
      'base',
      preset('ink', { sizePx: 30 }),
      along([30, 70], [170, 70], 9),
    ).layers[0]!;
    const over = noiseLayer(random, 'over', WIDTH, HEIGHT, { clipped: true });
    const alone = pictureOf(page(WIDTH, HEIGHT, [base]));
    const both = pictureOf(page(WIDTH, HEIGHT, [base, over]));
    for (let at = 3; at < both.length; at += 4) expect(both[at]).toBe(alone[at]);
    expect(Buffer.from(both).equals(Buffer.from(alone))).toBe(false);
  });

  it('is the same while a stroke is under way, to one step of 255', () => {
    for (const active of ['a', 'c', 'e', 'f']) {
      const document = anyPage(21);
      const frozen = new Frozen(active);
      const plain = new Uint8Array(TILE_BYTES);
      const part = new Uint8Array(TILE_BYTES);
      for (const key of tilesIn(wholeOf(document))) {
        flattenTile(document.layers, key, 0, plain);
        flattenTile(document.layers, key, 0, part, undefined, frozen);
        const area = { left: 13, top: 20, right: 90, bottom: 61 };
        flattenTile(document.layers, key, 0, part, area, frozen);
        let most = 0;
        for (let at = 0; at < plain.length; at += 4) {
          const alpha = Math.min(plain[at + 3]!, part[at + 3]!) / 255;
          for (let c = 0; c < 3; c++) most = Math.max(most, Math.abs(plain[at + c]! - part[at + c]!) * alpha);
          most = Math.max(most, Math.abs(plain[at + 3]! - part[at + 3]!));
        }
        expect(most).toBeLessThanOrEqual(2);
      }
    }
  });

  it('keeps its mean colour when zoomed out', () => {
    const document = stroke(
      page(256, 256, [noiseLayer(seeded(3), 'layer-1', 1, 1)]),
      'layer-1',
      preset('ink', { sizePx: 60 }),
      along([40, 60], [100, 90], 6),
      [200, 80, 40],
    );
    const whole = new Uint8Array(TILE_BYTES);
    const small = new Uint8Array(16 * 16 * 4);
    flattenTile(document.layers, tileKey(0, 0), 0, whole);
    flattenTile(document.layers, tileKey(0, 0), 3, small);
    const mean = (bytes: Uint8Array, c: number): number => {
      let total = 0;
      for (let at = 0; at < bytes.length; at += 4) total += (bytes[at + c]! * bytes[at + 3]!) / 255;
      return total / (bytes.length / 4);
    };
    for (const c of [0, 1, 2]) expect(mean(small, c)).toBeCloseTo(mean(whole, c), 0);
  });

  it('looks the same after a layer is merged down', () => {
    const random = seeded(9);
    const below = noiseLayer(random, 'below', WIDTH, HEIGHT, { opacity: 0.6 });
    const above = noiseLayer(random, 'above', WIDTH, HEIGHT, { blend: 'multiply', opacity: 0.8 });
    const document = page(WIDTH, HEIGHT, [below, above]);
    const merged = mergeDown(document, 'above');
    expect(merged.layers.map(({ id }) => id)).toEqual(['below']);
    expect(Buffer.from(pictureOf(merged)).equals(Buffer.from(pictureOf(document)))).toBe(true);
  });
});

describe('what is drawn anew', () => {
  it('covers every place where two documents look different', () => {
    const before = anyPage(31);
    const ink = stroke(before, 'f', preset('ink'), along([10, 10], [60, 20], 5));
    const places = [
      ink,
      changeLook(before, 'b', { opacity: 0.1 }),
      changeLook(before, 'g', { visible: false }),
      moveLayer(before, 'a', { parentId: 'g', index: 1 }),
      { ...before, layers: before.layers.slice(1) },
    ];
    for (const after of places) {
      const keys = differingTiles(before, after);
      const [a, b] = [new Uint8Array(TILE_BYTES), new Uint8Array(TILE_BYTES)];
      for (const key of tilesIn(wholeOf(before))) {
        flattenTile(before.layers, key, 0, a);
        flattenTile(after.layers, key, 0, b);
        if (!Buffer.from(a).equals(b)) expect(keys.has(key)).toBe(true);
      }
    }
    expect(differingTiles(before, ink).size).toBe(1);
    expect(differingTiles(before, changeLook(before, 'f', { name: 'Other', locked: true })).size).toBe(0);
  });
});
