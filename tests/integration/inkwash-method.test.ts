import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { NO_GUIDANCE } from '../../electron/colorize/guidance.ts';
import { inkwash as method } from '../../electron/colorize/inkwash/index.ts';
import type { Correspondence, Guidance, MethodContext, ModelColour } from '../../electron/colorize/method.ts';
import { dispatch, type CallContext } from '../../electron/contract/session.ts';
import { writePng } from '../../electron/document/png.ts';
import { createHost, type Host } from '../../electron/host.ts';
import { ENGINE_ENTRY } from '../../electron/places.ts';
import { createRaster, type Raster } from '../../electron/raster.ts';
import { TINY_MODELS } from './tiny-model.ts';

const RED = [255, 0, 0] as const;
const GREEN = [0, 255, 0] as const;
const BLUE = [0, 0, 255] as const;

const free: CallContext = { signal: new AbortController().signal, progress: () => undefined };
let host: Host;
let context: MethodContext;

beforeAll(async () => {
  host = await createHost({
    modelsFolder: TINY_MODELS,
    addedModelsFolder: join(TINY_MODELS, 'none'),
    engineEntry: ENGINE_ENTRY,
    provider: 'cpu',
    threads: 1,
  });
  context = { engine: host.engine, model: host.colorizer('tiny-inkwash').model };
});
afterAll(() => host.close());

type Paint = (x: number, y: number) => readonly number[];
function painted(width: number, height: number, paint: Paint): Raster {
  const raster = createRaster(width, height, 3);
  for (let y = 0; y < height; y++)
    for (let x = 0; x < width; x++) raster.data.set(paint(x / width, y / height), (y * width + x) * 3);
  return raster;
}
const flat = (colour: readonly number[]): Raster => painted(64, 64, () => colour);

/** A drawing without lines, and how one with a dark half looks. */
const paper = createRaster(200, 150, 1);
paper.data.fill(255);
const halfDark = { ...paper, data: paper.data.map((_, i) => (i % 200 < 100 ? 0 : 255)) };

const encode = async (picture: Raster, weight = 1): Promise<Guidance['references'][number]> => ({
  features: await method.encodeReference(context, picture, 256),
  weight,
});
const colour = (
  guidance: Partial<Guidance>,
  ink = paper,
  more: Partial<MethodContext> = {},
): Promise<ModelColour> =>
  method.colorize({ ...context, ...more }, ink, { ...NO_GUIDANCE, ...guidance }, 256);

function at({ colour: { data, width, height } }: ModelColour, x: number, y: number): number[] {
  const p = (Math.floor(y * height) * width + Math.floor(x * width)) * 3;
  return [...data.subarray(p, p + 3)];
}
const near = (expected: readonly number[]) => expected.map((value) => expect.closeTo(value, -1));

describe('inkwash takes its colours', () => {
  it('from several references by their weights', async () => {
    const [red, blue] = [flat(RED), flat(BLUE)];
    const mixed = (weights: readonly [number, number]): Promise<ModelColour> =>
      Promise.all([encode(red, weights[0]), encode(blue, weights[1])]).then((references) =>
        colour({ references }),
      );
    expect(at(await mixed([1, 0]), 0.5, 0.5)).toEqual(near(RED));
    expect(at(await mixed([0, 1]), 0.5, 0.5)).toEqual(near(BLUE));
    expect(at(await mixed([1, 1]), 0.5, 0.5)).toEqual(near([128, 0, 128]));
    expect(at(await mixed([1, 0.25]), 0.5, 0.5)).toEqual(near([204, 0, 51]));
  });

  it('from each reference where the drawing is like it', async () => {
    const references = await Promise.all([encode(flat([0, 60, 0])), encode(flat([255, 220, 255]))]);
    const result = await colour({ references }, halfDark);
    expect(at(result, 0.2, 0.5)).toEqual(near([0, 60, 0]));
    expect(at(result, 0.8, 0.5)).toEqual(near([255, 220, 255]));
  });

  it('from a palette alone, each colour counting once however often it is named', async () => {
    const result = await colour({ palette: [RED, RED, RED, BLUE] });
    expect(at(result, 0.5, 0.5)).toEqual(near([128, 0, 128]));
  });

  it('from a hint where the hint is, and from the palette elsewhere', async () => {
    const result = await colour({ palette: [BLUE], hints: [{ x: 0.2, y: 0.75, colour: RED }] });
    expect(at(result, 0.2, 0.75)).toEqual(near(RED));
    expect(at(result, 0.8, 0.25)).toEqual(near(BLUE));
  });

  it('from hints alone', async () => {
    const hints = [
      { x: 0.1, y: 0.5, colour: RED },
      { x: 0.9, y: 0.5, colour: GREEN },
    ];
    const result = await colour({ hints });
    expect(at(result, 0.1, 0.5)).toEqual(near(RED));
    expect(at(result, 0.9, 0.5)).toEqual(near(GREEN));
  });

  it('where a pin points, from the place of the reference it points at', async () => {
    const halves = painted(96, 48, (x) => (x < 0.5 ? RED : BLUE));
    const references = [await encode(flat(GREEN)), await encode(halves)];
    const pins = [{ x: 0.3, y: 0.3, reference: 1, u: 0.9, v: 0.5 }];
    const result = await colour({ references, pins, hints: [{ x: 0.9, y: 0.9, colour: GREEN }] });
    expect(at(result, 0.3, 0.3)).toEqual(near(BLUE));
    expect(at(result, 0.9, 0.9)).toEqual(near(GREEN));
  });

  it('and says how sure it is, for every pixel', async () => {
    const { confidence, colour: picture } = await colour({
      palette: [BLUE, RED],
      hints: [{ x: 0.2, y: 0.5, colour: RED }],
    });
    expect(confidence).toHaveLength(picture.width * picture.height);
    const sure = (x: number) =>
      confidence![Math.floor(picture.height / 2) * picture.width + Math.floor(x * picture.width)]!;
    expect(sure(0.2)).toBeGreaterThan(0.9);
    expect(sure(0.9)).toBeLessThan(0.6);
  });
});

describe('correspondence', () => {
  const halves = painted(96, 48, (x) => (x < 0.5 ? [0, 0, 0] : [255, 255, 255]));
  const row = (map: Correspondence, x: number, y: number): Float32Array => {
    const length = map.references.reduce((sum, { columns, rows }) => sum + columns * rows, 0);
    const token = Math.floor(y * map.rows) * map.columns + Math.floor(x * map.columns);
    return map.weights.subarray(token * length, (token + 1) * length);
  };
  const sum = (weights: Iterable<number>): number => [...weights].reduce((a, b) => a + b, 0);

  it('points at the places of the references that colours came from', async () => {
    const references = [await encode(flat(RED), 0), await encode(halves)];
    const { correspondence: map } = await colour({ references }, halfDark, { correspondence: true });
    const [first, second] = map!.references as [
      Correspondence['references'][0],
      Correspondence['references'][0],
    ];
    expect([map!.columns, map!.rows]).toEqual([36, 28]);
    expect(first).toEqual({ columns: 32, rows: 32 });
    expect(second.columns / second.rows).toBeCloseTo(2, 0);
    const weights = row(map!, 0.2, 0.5);
    const cells = weights.subarray(first.columns * first.rows);
    const dark = cells.filter((_, cell) => cell % second.columns < second.columns / 2);
    expect(sum(weights)).toBeCloseTo(1, 2);
    expect(sum(dark)).toBeGreaterThan(0.95);
  });

  it('counts what a pin drew for the place it points at, and hints for none', async () => {
    const references = [await encode(halves)];
    const pins = [{ x: 0.2, y: 0.2, reference: 0, u: 0.9, v: 0.9 }];
    const hints = [{ x: 0.8, y: 0.8, colour: RED }];
    const { correspondence: map } = await colour({ references, pins, hints }, paper, {
      correspondence: true,
    });
    const [{ columns, rows }] = map!.references as [Correspondence['references'][0]];
    const pinned = row(map!, 0.2, 0.2);
    expect(pinned.indexOf(Math.max(...pinned))).toBe(
      Math.floor(0.9 * rows) * columns + Math.floor(0.9 * columns),
    );
    expect(sum(row(map!, 0.8, 0.8))).toBeLessThan(0.1);
  });
});

describe('through a room', () => {
  const png = (raster: Raster) => writePng(raster, { dpi: 72 });
  const open = async () => {
    const room = host.openRoom();
    const art = painted(240, 160, (x, y) =>
      Math.abs(x - 0.5) < 0.01 || Math.abs(y - 0.5) < 0.01 ? [0, 0, 0] : [255, 255, 255],
    );
    const { documentId } = await dispatch(
      room.handlers,
      'drawing.open',
      { name: 'a.png', bytes: await png(art) },
      free,
    );
    const halves = painted(96, 48, (x) => (x < 0.5 ? RED : BLUE));
    const added = await dispatch(
      room.handlers,
      'reference.add',
      { name: 'r.png', bytes: await png(halves) },
      free,
    );
    return { room, documentId, ...added };
  };
  const words = (documentId: string) => ({ documentId, regions: false, gapPx: -1, sizePx: 256 });

  it('a reference is encoded once for all windows, and its attention only fetched when someone looks', async () => {
    const run = vi.spyOn(host.engine, 'run');
    const graphs = (): string[] => run.mock.calls.map(([{ graph }]) => graph);
    try {
      for (const _ of [1, 2]) {
        const { room, documentId, referenceId } = await open();
        await dispatch(
          room.handlers,
          'colorize.run',
          { ...words(documentId), references: [{ referenceId }] },
          free,
        );
        expect(Object.keys(await run.mock.results.at(-1)!.value)).toEqual(['colour', 'confidence']);
        for (const x of [10, 200])
          await dispatch(room.handlers, 'colorize.correspondence', { documentId, x, y: 10 }, free);
        expect(Object.keys(await run.mock.results.at(-1)!.value)).toContain('attention');
        room.close();
      }
      expect(graphs()).toEqual(['reference', 'colorize', 'colorize', 'colorize', 'colorize']);
    } finally {
      run.mockRestore();
    }
  });

  it('palette, strokes and pins reach the drawing at the pixels they name', async () => {
    const { room, documentId, referenceId } = await open();
    const plain = {
      ...words(documentId),
      references: [{ referenceId, weight: 0 }],
      palette: ['#00ff00'],
    };
    const pixel = async (x: number, y: number): Promise<number[]> => {
      const { rgba, widthPx } = await dispatch(
        room.handlers,
        'layer.pixels',
        { documentId, layerId: 'colour', maxSidePx: 240 },
        free,
      );
      return [...rgba.subarray((y * widthPx + x) * 4, (y * widthPx + x) * 4 + 3)];
    };
    await dispatch(room.handlers, 'colorize.run', plain, free);
    expect(await pixel(20, 140)).toEqual(near(GREEN));
    await dispatch(
      room.handlers,
      'colorize.run',
      {
        ...plain,
        hints: [
          {
            points: [
              [20, 20],
              [100, 20],
            ],
            colour: '#ffff00',
          },
        ],
        pins: [{ x: 200, y: 130, referenceId, u: 0.1, v: 0.5 }],
      },
      free,
    );
    for (const x of [20, 60, 100]) expect(await pixel(x, 20)).toEqual(near([255, 255, 0]));
    expect(await pixel(200, 130)).toEqual(near(RED));
    // No line parts this paper: all of it goes with one mark or the other.
    expect(await pixel(20, 140)).toEqual(near([255, 255, 0]));
    expect(await pixel(230, 100)).toEqual(near(RED));
    room.close();
  });

  it.each([
    [
      'a hint outside the drawing',
      { hints: [{ points: [[300, 20]], colour: '#ff0000' }] },
      /hint lies at 300, 20, outside.*240x160/,
    ],
    [
      'a pin to a reference that is not used',
      { palette: ['#00ff00'], pins: [{ x: 1, y: 1, referenceId: 'reference-999', u: 0, v: 0 }] },
      /reference that is not used/,
    ],
    ['nothing to take colours from', {}, /nothing to take colours from/],
    ['a size the model does not have', { sizePx: 768, palette: ['#00ff00'] }, /256, 512, not 768/],
    [
      'a method that is not there',
      { method: 'scft', palette: ['#00ff00'] },
      /"scft" is not installed.*tiny-inkwash/,
    ],
  ])('%s is refused in one sentence and changes nothing', async (_, more, sentence) => {
    const { room, documentId } = await open();
    const before = room.document(documentId);
    const args = { ...words(documentId), ...more } as Parameters<typeof dispatch<'colorize.run'>>[2];
    await expect(dispatch(room.handlers, 'colorize.run', args, free)).rejects.toMatchObject({
      kind: 'words',
      message: expect.stringMatching(sentence),
    });
    expect(room.document(documentId)).toBe(before);
    room.close();
  });

  it('says what its methods take', async () => {
    const { methods } = await dispatch(host.openRoom().handlers, 'app.info', {}, free);
    expect(methods).toMatchObject([
      {
        id: 'tiny-inkwash',
        method: 'inkwash',
        title: 'Tiny',
        takes: { references: 'many', palette: true, hints: true, pins: true },
      },
    ]);
  });
});
