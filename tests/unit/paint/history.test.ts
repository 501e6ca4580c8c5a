import { describe, expect, it } from 'vitest';
import {
  freshId,
  groupLayer,
  listed,
  rasterLayer,
  type PaintDocument,
} from '../../../renderer/paint/document.ts';
import { layGradient } from '../../../renderer/paint/gradient.ts';
import { cropPage, remapPage, scalePage } from '../../../renderer/paint/page/page-operations.ts';
import { History } from '../../../renderer/paint/history.ts';
import { polygonMask } from '../../../renderer/paint/mask.ts';
import * as operations from '../../../renderer/paint/operations.ts';
import { seeded } from './random.ts';
import { along, anyBlend, fingerprint, page, preset, stroke, wholeOf } from './sample-paintings.ts';

const empty = () => page(300, 200, [rasterLayer('layer-1', { name: 'Ink' })]);
const line = (document: PaintDocument, y: number) =>
  stroke(document, 'layer-1', preset('ink'), along([20, y], [280, y], 20));

/** Any one thing an artist may do. */
function something(document: PaintDocument, random: () => number): PaintDocument {
  const rows = listed(document.layers);
  const any = rows[Math.floor(random() * rows.length)];
  const id = any?.layer.id ?? '';
  const point = (): [number, number] => [random() * 340 - 20, random() * 240 - 20];
  const kinds = ['ink', 'pencil', 'marker', 'airbrush', 'smudge', 'eraser', 'soft-eraser'];
  const pick = Math.floor(random() * 18);
  switch (pick) {
    case 0:
      return operations.insertLayer(
        document,
        rasterLayer(freshId(document)),
        operations.placeAbove(document, id),
      );
    case 1:
      return rows.length > 2 ? operations.removeLayer(document, id) : document;
    case 2: {
      const groups = rows.filter(({ layer }) => layer.kind === 'group');
      const parent = groups[Math.floor(random() * groups.length)]?.layer;
      const count = parent?.kind === 'group' ? parent.children.length : document.layers.length;
      const index = Math.floor(random() * (count + 1));
      return operations.moveLayer(document, id, { parentId: parent?.id, index });
    }
    case 3:
      return operations.changeLook(document, id, { opacity: random(), name: `Name ${random()}` });
    case 4:
      return operations.changeLook(document, id, { blend: anyBlend(random), clipped: random() < 0.5 });
    case 5:
      return operations.changeLook(document, id, {
        visible: random() < 0.8,
        alphaLocked: random() < 0.3,
        passThrough: random() < 0.3,
      });
    case 6:
      return operations.duplicateLayer(document, id).document;
    case 7:
      return operations.wrapInGroup(document, id, groupLayer(freshId(document, 'group')));
    case 8:
      return operations.mergeDown(document, id);
    case 14: {
      const [a, b] = [point(), point()].map(([x, y]) => [Math.round(x), Math.round(y)] as const);
      const left = Math.min(a![0], b![0]);
      const top = Math.min(a![1], b![1]);
      const side = 40 + Math.round(random() * 60);
      return cropPage(document, { left, top, right: left + 220 + side, bottom: top + 120 + side });
    }
    case 15: {
      const ways = ['quarter-right', 'quarter-left', 'half', 'flip-x', 'flip-y'] as const;
      return remapPage(document, ways[Math.floor(random() * ways.length)]!);
    }
    case 16:
      return scalePage(document, {
        width: 200 + Math.round(random() * 140),
        height: 140 + Math.round(random() * 100),
        resampling: random() < 0.5 ? 'bicubic' : 'nearest',
      });
    case 17: {
      const layer = any?.layer;
      if (layer?.kind !== 'raster') return document;
      const [from, to] = [point(), point()].map(([x, y]) => ({ x, y }));
      const laid = { shape: 'radial', from: from!, to: to!, start: [200, 90, 0], end: undefined } as const;
      const tiles = layGradient(layer, { ...laid, opacity: 0.5 }, wholeOf(document), document.selection);
      return operations.replaceTiles(document, id, tiles);
    }
    case 9: {
      const corners = [point(), point(), point()].map(([x, y]) => ({ x, y }));
      return operations.select(
        document,
        random() < 0.5 ? undefined : polygonMask(corners, wholeOf(document)),
      );
    }
    default: {
      if (any?.layer.kind !== 'raster') return document;
      const brush = preset(kinds[Math.floor(random() * kinds.length)]!, { sizePx: 4 + random() * 40 });
      const rgb = [random() * 255, random() * 255, random() * 255].map(Math.floor);
      const pressure = random();
      const samples = along(point(), point(), 12, (part) => pressure * (0.2 + part * 0.8));
      return stroke(document, id, brush, samples, [rgb[0]!, rgb[1]!, rgb[2]!]);
    }
  }
}

describe('history', () => {
  it.each([1, 2, 3])(
    'brings a hundred random operations back, and forth again, to identical pixels (seed %i)',
    (seed) => {
      const random = seeded(seed);
      const history = new History(empty());
      const seen = [fingerprint(history.current)];
      const idle = seeded(seed + 100);
      for (let tries = 0; history.past.length < 100 && tries < 1000; tries++) {
        const before = history.past.length;
        history.change((document) => something(document, random), 'now', 'something');
        if (history.past.length > before) seen.push(fingerprint(history.current));
        // Old steps are packed now and then, also only in part.
        for (let turns = Math.floor(idle() * 12); turns > 0 && history.pack(); turns--);
      }
      expect(seen).toHaveLength(101);
      for (let at = 99; at >= 0; at--) {
        expect(history.undo()).toBe(true);
        expect(fingerprint(history.current)).toBe(seen[at]);
      }
      expect(history.undo()).toBe(false);
      for (let at = 1; at <= 100; at++) {
        expect(history.redo()).toBe(true);
        expect(fingerprint(history.current)).toBe(seen[at]);
      }
      while (history.pack());
      while (history.undo());
      expect(fingerprint(history.current)).toBe(seen[0]);
      while (history.redo());
      expect(history.redo()).toBe(false);
    },
    60_000,
  );

  it('costs the tiles a step replaced, and forgets the oldest steps when they are too many', () => {
    const limit = 2 * 1024 * 1024;
    const history = new History(line(empty(), 60), limit);
    history.change((document) => line(document, 64), 'now', 'stroke');
    // One row of three tiles was replaced.
    expect(history.bytes).toBe(3 * 128 * 128 * 4);
    for (let y = 0; y < 60; y++) history.change((document) => line(document, 60 + (y % 5)), 'now', 'stroke');
    for (let y = 0; y < 60; y++)
      history.change(
        (document) =>
          stroke(document, 'layer-1', preset('ink'), along([20, y], [280, 190 - y], 20), [y, 0, 0]),
        'now',
        'stroke',
      );
    expect(history.bytes).toBeLessThanOrEqual(limit);
    expect(history.past.length).toBeGreaterThan(1);
    const newest = fingerprint(history.current);
    while (history.undo());
    while (history.redo());
    expect(fingerprint(history.current)).toBe(newest);
  });

  it('keeps many more steps of a large page in the same memory once they are packed', () => {
    const limit = 2 * 1024 * 1024;
    const [plain, packed] = [new History(empty(), limit), new History(empty(), limit)];
    const most = { plain: 0, packed: 0 };
    for (let number = 0; number < 60; number++) {
      const change = (document: PaintDocument) => line(document, 10 + ((number * 37) % 180));
      plain.change(change, 'now', 'stroke');
      packed.change(change, 'now', 'stroke');
      while (packed.pack());
      most.plain = Math.max(most.plain, plain.bytes);
      most.packed = Math.max(most.packed, packed.bytes);
    }
    expect(Math.max(most.plain, most.packed)).toBeLessThanOrEqual(limit);
    expect(packed.past.length).toBeGreaterThan(1.5 * plain.past.length);
    expect(fingerprint(packed.current)).toBe(fingerprint(plain.current));
    for (let undone = plain.past.length; undone > 0; undone--)
      expect(plain.undo() && packed.undo()).toBe(true);
    expect(fingerprint(packed.current)).toBe(fingerprint(plain.current));
  }, 60_000);

  it('makes one step of a drag, and none of a drag that is given up', () => {
    const history = new History(empty());
    const opacity = (value: number) => (document: PaintDocument) =>
      operations.changeLook(document, 'layer-1', { opacity: value });
    for (const value of [0.9, 0.7, 0.5]) history.change(opacity(value), 'never');
    history.change(opacity(0.4), 'now', 'opacity');
    expect(history.past.map(({ label }) => label)).toEqual(['opacity']);
    history.change(opacity(0.1), 'never');
    history.abandon();
    expect(history.current.layers[0]?.opacity).toBe(0.4);
    history.undo();
    expect(history.current.layers[0]?.opacity).toBe(1);
  });

  it('takes a result that arrives in the middle of a stroke as a step of its own, after the stroke', () => {
    const history = new History(empty());
    history.change((document) => line(document, 50), 'never');
    history.change(
      (document) =>
        operations.insertLayer(document, rasterLayer('colour'), { parentId: undefined, index: 0 }),
      'eventually',
      'colour',
    );
    expect(history.current.layers).toHaveLength(1);
    history.change((document) => line(document, 60), 'now', 'stroke');
    expect(history.past.map(({ label }) => label)).toEqual(['stroke', 'colour']);
    expect(history.current.layers).toHaveLength(2);
    history.undo();
    expect(history.current.layers).toHaveLength(1);
    expect(history.current.layers[0]?.kind === 'raster' && history.current.layers[0].tiles.size).toBe(3);
  });

  it('drops what was undone once something new is done', () => {
    const history = new History(empty());
    history.change((document) => line(document, 50), 'now', 'first');
    history.undo();
    expect(history.future.map(({ label }) => label)).toEqual(['first']);
    history.change((document) => line(document, 90), 'now', 'second');
    expect(history.redo()).toBe(false);
  });
});
