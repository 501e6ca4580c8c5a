import { fileURLToPath } from 'node:url';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { NO_GUIDANCE } from '../../electron/colorize/guidance.ts';
import type { ColorizeMethod, Guidance, MethodContext, ModelColour } from '../../electron/colorize/method.ts';
import { createHost, type Host } from '../../electron/host.ts';
import { bandPalette } from '../../electron/page/palette.ts';
import { ENGINE_ENTRY } from '../../electron/places.ts';
import { createRaster, type Raster } from '../../electron/raster.ts';

/** Graphs without weights, see make.py there: nerk answers brightness with colour, palette shows what it was given. */
const TINY = fileURLToPath(new URL('../fixtures/tiny-models', import.meta.url));
const RED = [230, 30, 30] as const;
const BLUE = [30, 30, 230] as const;
const PALE = [255, 250, 200] as const;

let host: Host;
beforeAll(async () => {
  host = await createHost({
    modelsFolder: TINY,
    addedModelsFolder: join(TINY, 'none'),
    engineEntry: ENGINE_ENTRY,
    provider: 'cpu',
    threads: 1,
  });
});
afterAll(() => host.close());

type Paint = (x: number, y: number) => readonly number[];
function painted(width: number, height: number, paint: Paint): Raster {
  const raster = createRaster(width, height, 3);
  for (let y = 0; y < height; y++)
    for (let x = 0; x < width; x++) raster.data.set(paint(x / width, y / height), (y * width + x) * 3);
  return raster;
}

/** Left half dark, right half paper. */
const ink = createRaster(128, 128, 1);
for (let i = 0; i < ink.data.length; i++) ink.data[i] = i % 128 < 64 ? 0 : 255;
const paper = createRaster(128, 128, 1);
paper.data.fill(255);

function at({ colour: { data, width, height } }: ModelColour, x: number, y: number): number[] {
  const p = (Math.floor(y * height) * width + Math.floor(x * width)) * 3;
  return [...data.subarray(p, p + 3)];
}
const near = (expected: readonly number[]) => expected.map((value) => expect.closeTo(value, -1));

function methodCalled(id: string): { method: ColorizeMethod; context: MethodContext } {
  const { method, model } = host.colorizer(id);
  return { method, context: { engine: host.engine, model } };
}

describe('nerk', () => {
  const halves = painted(96, 64, (x) => (x < 0.5 ? PALE : [40, 0, 60]));
  const coloured = async (drawing: Raster, correspondence = false): Promise<ModelColour> => {
    const { method, context } = methodCalled('nerk');
    const features = await method.encodeReference(context, halves, 64);
    const guidance = { ...NO_GUIDANCE, references: [{ features, weight: 1 }] };
    return method.colorize({ ...context, correspondence }, drawing, guidance, 64);
  };

  it('takes each colour from where the exemplar resembles the drawing', async () => {
    const made = await coloured(ink);
    expect(at(made, 0.2, 0.5)).toEqual(near([40, 0, 60]));
    expect(at(made, 0.8, 0.5)).toEqual(near(PALE));
  });

  it('says where on the exemplar it was, if asked', async () => {
    expect((await coloured(ink)).correspondence).toBeUndefined();
    const { columns, rows, references, weights } = (await coloured(ink, true)).correspondence!;
    const [exemplar] = references;
    expect([columns, rows]).toEqual([4, 4]);
    const tokens = exemplar!.columns * exemplar!.rows;
    expect(weights).toHaveLength(16 * tokens);
    const onRightHalf = (token: number): number =>
      weights
        .subarray(token * tokens, (token + 1) * tokens)
        .filter((_, t) => t % exemplar!.columns >= exemplar!.columns / 2)
        .reduce((sum, weight) => sum + weight, 0);
    expect(onRightHalf(0)).toBeCloseTo(1, 1); // dark drawing, dark half
    expect(onRightHalf(3)).toBeCloseTo(0, 1);
  });

  it('refuses a second exemplar, a palette, and nothing at all, each in a sentence', async () => {
    const { method, context } = methodCalled('nerk');
    const features = await method.encodeReference(context, halves, 64);
    const one = { features, weight: 1 };
    const refused = (guidance: Partial<Guidance>) =>
      expect(method.colorize(context, ink, { ...NO_GUIDANCE, ...guidance }, 64)).rejects;
    await refused({ references: [one, one] }).toMatchObject({ kind: 'words' });
    await refused({ references: [one], palette: [RED] }).toThrow(/no use for a palette/);
    await refused({}).toThrow(/nothing to take colours from/);
  });
});

describe('palette', () => {
  const stripes = painted(64, 64, (x, y) => [Math.floor(y * 4) * 60, x < 0.7 ? 250 : 20, 100]);
  const coloured = (guidance: Partial<Guidance>, drawing = paper): Promise<ModelColour> => {
    const { method, context } = methodCalled('palette');
    return method.colorize(context, drawing, { ...NO_GUIDANCE, ...guidance }, 64);
  };
  const encoded = async (picture: Raster, weight = 1): Promise<Guidance['references'][number]> => {
    const { method, context } = methodCalled('palette');
    return { features: await method.encodeReference(context, picture, 64), weight };
  };
  /** The tiny graph lays the colours out as four columns of four bands. */
  const shown = (made: ModelColour, band: number, i: number): number[] =>
    at(made, (i + 0.5) / 4, (band + 0.5) / 4);

  it("gives the network the reference's own bands", async () => {
    const made = await coloured({ references: [await encoded(stripes)] });
    bandPalette(stripes).forEach((colours, band) =>
      colours.forEach((rgb, i) => expect(shown(made, band, i)).toEqual([...rgb])),
    );
    expect(shown(made, 1, 0)).toEqual([60, 250, 100]);
  });

  it('of the reference nothing but its palette counts', async () => {
    const mirrored = painted(64, 64, (x, y) => [Math.floor(y * 4) * 60, x >= 0.3 ? 250 : 20, 100]);
    const [one, other] = await Promise.all(
      [stripes, mirrored].map(async (picture) => coloured({ references: [await encoded(picture)] }, ink)),
    );
    expect(one!.colour.data).toEqual(other!.colour.data);
  });

  it("takes the artist's colours in place of the reference's", async () => {
    const made = await coloured({ references: [await encoded(stripes)], palette: [RED, BLUE] });
    for (let band = 0; band < 4; band++)
      expect([0, 1, 2, 3].map((i) => shown(made, band, i))).toEqual([RED, BLUE, BLUE, BLUE]);
  });

  it('mixes the palettes of several references by their weights', async () => {
    const references = [
      await encoded(
        painted(64, 64, () => RED),
        0.5,
      ),
      await encoded(painted(64, 64, () => BLUE)),
    ];
    const made = await coloured({ references });
    expect([shown(made, 2, 0), shown(made, 2, 1)]).toEqual([[...BLUE], [...RED]]);
  });

  it('gives no correspondence, and needs some colour', async () => {
    expect((await coloured({ palette: [RED] })).correspondence).toBeUndefined();
    await expect(coloured({})).rejects.toThrow(/nothing to take colours from/);
    await expect(coloured({ palette: Array.from({ length: 17 }, () => RED) })).rejects.toThrow(/at most 16/);
  });
});
