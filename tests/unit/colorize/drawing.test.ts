import { differenceCiede2000 } from 'culori';
import { describe, expect, test } from 'vitest';
import { colourDrawing, type Colouring, type Drawing } from '../../../electron/colorize/drawing.ts';
import { NO_GUIDANCE, refuseUntaken } from '../../../electron/colorize/guidance.ts';
import type {
  ColorizeMethod,
  Guidance,
  MethodContext,
  ReferenceFeatures,
} from '../../../electron/colorize/method.ts';
import type { RasterLayer } from '../../../electron/document/model.ts';
import { createRaster, type Raster } from '../../../electron/raster.ts';
import { blankPage, drawRing } from '../page/drawings.ts';

type Colour = readonly [number, number, number];
const SKY: Colour = [150, 200, 235];
const SHIRT: Colour = [190, 190, 120];
const RED: Colour = [200, 40, 50];

const reference: Guidance['references'][number] = {
  features: {} as ReferenceFeatures,
  weight: 1,
};
const context = { model: { manifest: { id: 'fake' } } } as unknown as MethodContext;

/** Two shirts, one left, one right, each a ring; a method that colours them, and that turns both red when hinted so. */
function fakeMethod(takesHints: boolean, seen: Guidance[] = []): ColorizeMethod {
  const method: ColorizeMethod = {
    id: takesHints ? 'inkwash' : 'scft',
    title: 'Fake',
    takes: { references: 'many', palette: false, hints: takesHints, pins: takesHints },
    encodeReference: () => Promise.reject(new Error('not here')),
    async colorize(_context, _ink, guidance) {
      refuseUntaken(method, guidance);
      seen.push(guidance);
      const hint = guidance.hints[0]?.colour;
      const colour = createRaster(80, 40, 3);
      for (let y = 0; y < 40; y++)
        for (let x = 0; x < 80; x++) {
          const inside = Math.hypot(x - 20, y - 20) < 15 || Math.hypot(x - 52, y - 20) < 15;
          // A model that was hinted shifts everything else a little too.
          const shift = hint ? 9 : 0;
          colour.data.set(
            inside ? (hint ?? SHIRT) : [SKY[0] + shift, SKY[1], SKY[2] - shift],
            (y * 80 + x) * 3,
          );
        }
      return { colour };
    },
  };
  return method;
}

function drawing(): Drawing {
  const ink = blankPage(400, 200);
  drawRing(ink, 100, 100, 76, 3);
  drawRing(ink, 260, 100, 76, 3);
  const picture = createRaster(400, 200, 4);
  for (let p = 0; p < ink.data.length; p++) {
    picture.data.fill(ink.data[p]!, p * 4, p * 4 + 3);
    picture.data[p * 4 + 3] = 255;
  }
  return { name: 'two shirts', picture, ink, dpi: 96 };
}

function layer(colouring: Colouring, id: string): Raster {
  const [group] = colouring.layers;
  if (group?.kind !== 'group') throw new Error('no group');
  return (group.children.find((child) => child.id === id) as RasterLayer).pixels;
}

function rgbAt({ data, width }: Raster, x: number, y: number): [number, number, number] {
  const p = (y * width + x) * 4;
  return [data[p]!, data[p + 1]!, data[p + 2]!];
}

const deltaE = (one: Colour, other: Colour): number => {
  const rgb = ([r, g, b]: Colour) => ({ mode: 'rgb' as const, r: r / 255, g: g / 255, b: b / 255 });
  return differenceCiede2000()(rgb(one), rgb(other));
};

const options = { regions: true, gapPx: -1, sizePx: 256 };
const hint = { x: 0.25, y: 0.4, colour: RED };

describe('a hint', () => {
  test('is obeyed with a method that knows no hints, in Flats and in Colour, and changes no byte elsewhere', async () => {
    const seen: Guidance[] = [];
    const method = fakeMethod(false, seen);
    const plain = await colourDrawing(method, context, drawing(), {
      ...options,
      guidance: { ...NO_GUIDANCE, references: [reference] },
    });
    const hinted = await colourDrawing(method, context, drawing(), {
      ...options,
      guidance: { ...NO_GUIDANCE, references: [reference], hints: [hint] },
    });
    expect(seen.every(({ hints }) => hints.length === 0)).toBe(true);
    expect(rgbAt(layer(hinted, 'flats'), 100, 80)).toEqual([...RED]);
    expect(deltaE(rgbAt(layer(hinted, 'colour'), 100, 80), RED)).toBeLessThan(5);
    for (const id of ['flats', 'colour', 'shading']) {
      const [before, after] = [layer(plain, id), layer(hinted, id)];
      for (let y = 0; y < 200; y++)
        for (let x = 0; x < 400; x++)
          if (Math.hypot(x - 100, y - 100) > 80 && rgbAt(before, x, y).join() !== rgbAt(after, x, y).join())
            throw new Error(`${id} changed at ${x}, ${y}`);
    }
  });

  test('is spread by a method that knows hints no farther than it joins the marked place, and nothing else shifts', async () => {
    const seen: Guidance[] = [];
    const one = drawing();
    const method = fakeMethod(true, seen);
    const run = (hints: Guidance['hints']): Promise<Colouring> =>
      colourDrawing(method, context, one, {
        ...options,
        guidance: { ...NO_GUIDANCE, references: [reference], hints },
      });
    const plain = await run([]);
    const hinted = await run([hint]);
    expect(seen.map(({ hints }) => hints.length)).toEqual([0, 1]);
    expect(rgbAt(layer(hinted, 'flats'), 100, 80)).toEqual([...RED]);
    expect(deltaE(rgbAt(layer(hinted, 'colour'), 100, 80), RED)).toBeLessThan(5);
    expect(rgbAt(layer(hinted, 'flats'), 260, 100)).toEqual(rgbAt(layer(plain, 'flats'), 260, 100));
    for (const [x, y] of [
      [5, 5],
      [180, 190],
      [395, 100],
    ] as const)
      expect(rgbAt(layer(hinted, 'flats'), x, y)).toEqual(rgbAt(layer(plain, 'flats'), x, y));
  });

  test('alone is enough for a method that knows hints', async () => {
    const hinted = await colourDrawing(fakeMethod(true), context, drawing(), {
      ...options,
      guidance: { ...NO_GUIDANCE, hints: [hint] },
    });
    expect(rgbAt(layer(hinted, 'flats'), 100, 80)).toEqual([...RED]);
  });
});

describe('a pin', () => {
  test('gives its place the colour of the reference’s place', async () => {
    const pinned = await colourDrawing(fakeMethod(false), context, drawing(), {
      ...options,
      guidance: {
        ...NO_GUIDANCE,
        references: [reference],
        pins: [{ x: 0.65, y: 0.5, reference: 0, u: 0.5, v: 0.5 }],
      },
      pinColours: [[20, 90, 60]],
    });
    expect(rgbAt(layer(pinned, 'flats'), 260, 100)).toEqual([20, 90, 60]);
    expect(deltaE(rgbAt(layer(pinned, 'colour'), 260, 100), [20, 90, 60])).toBeLessThan(5);
    expect(rgbAt(layer(pinned, 'flats'), 100, 80)).toEqual([...SHIRT]);
  });

  test('without the colour it points at is a mistake of the caller', async () => {
    const run = colourDrawing(fakeMethod(false), context, drawing(), {
      ...options,
      guidance: {
        ...NO_GUIDANCE,
        references: [reference],
        pins: [{ x: 0.5, y: 0.5, reference: 0, u: 0, v: 0 }],
      },
    });
    await expect(run).rejects.toThrow(/1 pins need a colour each; got 0/);
  });
});

test('flats snap to the references’ own colours when asked', async () => {
  const colouring = await colourDrawing(fakeMethod(false), context, drawing(), {
    ...options,
    guidance: { ...NO_GUIDANCE, references: [reference] },
    snap: [
      [140, 195, 240],
      [200, 185, 110],
    ],
  });
  expect(rgbAt(layer(colouring, 'flats'), 5, 5)).toEqual([140, 195, 240]);
  expect(rgbAt(layer(colouring, 'flats'), 100, 80)).toEqual([200, 185, 110]);
});
