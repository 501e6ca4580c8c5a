import { describe, expect, it } from 'vitest';
import { flatten } from '../../../electron/document/flatten.ts';
import { BLEND_MODES } from '../../../electron/document/model.ts';
import type { BlendMode } from '../../../electron/document/model.ts';
import {
  documentOf,
  filled,
  groupOf,
  inkedPage,
  layerOf,
  noise,
  overlay,
  painted,
  pixelAt,
} from './sample-documents.ts';
import type { Rgba } from './sample-documents.ts';

/** Worked out apart from this code, literally from the W3C's and Photoshop's formulas: backdrop (200, 100, 50), source (100, 150, 220). */
const BY_HAND: Record<Exclude<BlendMode, 'dissolve'>, [number, number, number]> = {
  normal: [100, 150, 220],
  darken: [100, 100, 50],
  multiply: [78, 59, 43], // 200·100/255, 100·150/255, 50·220/255
  'color-burn': [115, 0, 17], // 255 − 55·255/100, 255 − 155·255/150 < 0, 255 − 205·255/220
  'linear-burn': [45, 0, 15],
  'darker-color': [200, 100, 50], // 30·200+59·100+11·50 = 12450 < 14270
  lighten: [200, 150, 220],
  screen: [222, 191, 227],
  'color-dodge': [255, 243, 255], // 200·255/155, 100·255/105, 50·255/35
  'linear-dodge': [255, 250, 255],
  'lighter-color': [100, 150, 220],
  overlay: [188, 118, 86], // hard-light with the two swapped
  'soft-light': [191, 111, 96],
  'hard-light': [157, 127, 199],
  'vivid-light': [185, 121, 182],
  'linear-light': [145, 145, 235],
  'pin-light': [200, 100, 185],
  'hard-mix': [255, 0, 255], // 300, 250, 270 against 255
  difference: [100, 50, 170],
  exclusion: [143, 132, 184],
  subtract: [100, 0, 0],
  divide: [255, 170, 58],
  // Lum(backdrop) = 124.5, Sat(backdrop) = 150; Lum(source) = 142.7, Sat(source) = 120.
  hue: [71, 134, 221],
  saturation: [185, 105, 65],
  color: [82, 132, 202],
  luminosity: [218, 118, 68],
};

describe('every blend mode gives what its formula says', () => {
  for (const mode of BLEND_MODES.filter((m) => m !== 'dissolve'))
    it(mode, () => {
      const picture = flatten(overlay([200, 100, 50, 255], [100, 150, 220, 255], mode));
      expect(pixelAt(picture, 0, 0)).toEqual([...BY_HAND[mode], 255]);
    });

  it('with half opacity lies half way between the backdrop and the blend', () => {
    for (const mode of BLEND_MODES.filter((m) => m !== 'dissolve')) {
      const [r] = pixelAt(flatten(overlay([200, 100, 50, 255], [100, 150, 220, 255], mode, 128 / 255)), 0, 0);
      expect(r).toBe(Math.floor((200 * 127 + BY_HAND[mode][0] * 128) / 255 + 0.5));
    }
  });

  it('with a transparent backdrop is the source itself', () => {
    for (const mode of BLEND_MODES.filter((m) => m !== 'dissolve')) {
      const document = documentOf(1, 1, [
        layerOf('Only', filled(1, 1, [100, 150, 220, 90]), { blend: mode }),
      ]);
      expect(pixelAt(flatten(document), 0, 0)).toEqual([100, 150, 220, 90]);
    }
  });

  it('mixes two half-transparent colours as the W3C formula does', () => {
    // αr = .502 + .251 − .502·.251; Cr as in section 5.8, with multiply where both are.
    const exact = (cb: number, ab: number, cs: number, as: number) => {
      const ar = as + ab - as * ab;
      return (255 * ((1 - ab) * as * cs + (1 - as) * ab * cb + as * ab * cb * cs)) / ar;
    };
    const picture = pixelAt(flatten(overlay([200, 100, 50, 64], [100, 150, 220, 128], 'multiply')), 0, 0);
    const alpha = 128 / 255 + 64 / 255 - (128 * 64) / 65025;
    expect(picture[3]).toBe(Math.round(alpha * 255));
    for (const [i, [cb, cs]] of (
      [
        [200, 100],
        [100, 150],
        [50, 220],
      ] as const
    ).entries())
      expect(Math.abs(picture[i]! - exact(cb / 255, 64 / 255, cs / 255, 128 / 255))).toBeLessThan(0.75);
  });
});

describe('what an artist sees', () => {
  it('lines multiplied over flats leave white paper to the flats and black ink black', () => {
    const document = inkedPage();
    const lines = document.layers.at(-1)!;
    const without = flatten({ ...document, layers: document.layers.slice(0, -1) });
    const picture = flatten(document);
    if (lines.kind !== 'raster') throw new Error('The page has lost its lines.');
    for (let i = 0; i < picture.data.length; i += 4) {
      const ink = lines.pixels.data[i] === 0;
      for (let c = 0; c < 3; c++) expect(picture.data[i + c]).toBe(ink ? 0 : without.data[i + c]);
    }
  });

  it('hidden layers and layers at no opacity change nothing', () => {
    const base = layerOf('Base', noise(9, 7, 1));
    const expected = flatten(documentOf(9, 7, [base])).data;
    for (const rest of [{ visible: false }, { opacity: 0 }])
      expect(flatten(documentOf(9, 7, [base, layerOf('Over', noise(9, 7, 2), rest)])).data).toEqual(expected);
  });

  it('layers may hang over every edge of the page', () => {
    const over = layerOf('Over', filled(3, 3, [1, 2, 3, 255]));
    const corners = [
      { x: -2, y: -2 },
      { x: 3, y: -2 },
      { x: -2, y: 3 },
      { x: 3, y: 3 },
    ].map((place) => ({ ...over, ...place }));
    const outside = { ...over, x: 40, y: -40 };
    const picture = flatten(documentOf(4, 4, [...corners, outside]));
    const painted = [0, 1, 2, 3].map((y) => [0, 1, 2, 3].map((x) => pixelAt(picture, x, y)[3] === 255));
    expect(painted).toEqual([
      [true, false, false, true],
      [false, false, false, false],
      [false, false, false, false],
      [true, false, false, true],
    ]);
  });

  it('a group is blended as one picture: its opacity does not let its own layers shine through each other', () => {
    const red: Rgba = [255, 0, 0, 255];
    const blue: Rgba = [0, 0, 255, 255];
    const group = groupOf('Group', [layerOf('Red', filled(1, 1, red)), layerOf('Blue', filled(1, 1, blue))], {
      opacity: 0.6,
    });
    const picture = flatten(documentOf(1, 1, [layerOf('Paper', filled(1, 1, [255, 255, 255, 255])), group]));
    expect(pixelAt(picture, 0, 0)).toEqual([102, 102, 255, 255]);
  });

  it('inside a group, multiply does not reach the layers below the group', () => {
    const group = groupOf('Group', [
      layerOf('Shade', filled(1, 1, [100, 100, 100, 255]), { blend: 'multiply' }),
    ]);
    const document = documentOf(1, 1, [layerOf('Paper', filled(1, 1, [200, 0, 0, 255])), group]);
    expect(pixelAt(flatten(document), 0, 0)).toEqual([100, 100, 100, 255]);
  });

  it('inside a group that passes through, multiply reaches them, at the opacity of the group', () => {
    const inside = groupOf(
      'G',
      [layerOf('Shade', filled(1, 1, [100, 100, 100, 255]), { blend: 'multiply' })],
      {
        passThrough: true,
      },
    );
    const below = layerOf('Below', filled(1, 1, [200, 100, 50, 255]));
    const shown = (group: typeof inside) => [...flatten(documentOf(1, 1, [below, group])).data];
    expect(shown(inside)).toEqual([78, 39, 20, 255]);
    expect(shown({ ...inside, opacity: 0.6 })).toEqual([127, 63, 32, 255]);
    // Clipped, it is one picture.
    expect(shown({ ...inside, clipped: true })).toEqual([100, 100, 100, 255]);
  });

  it('dissolve keeps about as many pixels as its opacity, opaque, and the same ones every time and in every region', () => {
    const document = documentOf(100, 100, [
      layerOf('Spray', filled(100, 100, [10, 20, 30, 255]), { blend: 'dissolve', opacity: 0.3 }),
    ]);
    const picture = flatten(document);
    const alphas = picture.data.filter((_, i) => i % 4 === 3);
    expect(new Set(alphas)).toEqual(new Set([0, 255]));
    const share = alphas.filter((a) => a === 255).length / alphas.length;
    expect(share).toBeGreaterThan(0.27);
    expect(share).toBeLessThan(0.33);
    const part = flatten(document, { region: { x: 31, y: 17, width: 20, height: 10 } });
    for (let x = 0; x < 20; x++) expect(pixelAt(part, x, 4)).toEqual(pixelAt(picture, 31 + x, 21));
  });
});

describe('flattening a page', () => {
  it('a region is the same pixels as the whole page has there, groups and strips notwithstanding', () => {
    const width = 700;
    const group = groupOf('Inner', [layerOf('A', noise(500, 500, 3), { x: 90, y: -20, blend: 'overlay' })], {
      blend: 'soft-light',
    });
    const document = documentOf(width, 500, [layerOf('Base', noise(width, 500, 4)), group]);
    const whole = flatten(document);
    const region = { x: 123, y: 301, width: 77, height: 150 };
    const part = flatten(document, { region });
    const expected = painted(
      region.width,
      region.height,
      (x, y) => pixelAt(whole, region.x + x, region.y + y) as unknown as Rgba,
    );
    expect(Buffer.compare(part.data, expected.data)).toBe(0);
  });

  it('leaves the document as it was', () => {
    const document = inkedPage();
    const before = structuredClone(document);
    flatten(document);
    expect(document).toEqual(before);
  });

  it('an empty document is transparent', () => {
    expect(flatten(documentOf(2, 2, [])).data.every((v) => v === 0)).toBe(true);
  });

  it('stops when cancelled, and refuses regions outside the page and layers without alpha', () => {
    expect(() => flatten(inkedPage(), { signal: AbortSignal.abort() })).toThrow('Cancelled.');
    expect(() => flatten(inkedPage(), { region: { x: 50, y: 0, width: 11, height: 1 } })).toThrow(
      /not inside the 60x40/,
    );
    const grey = { data: new Uint8Array(4), width: 2, height: 2, channels: 1, space: 'grey' } as const;
    expect(() => flatten(documentOf(2, 2, [layerOf('Grey', grey)]))).toThrow(
      /Layer "Grey" must hold 2x2 RGBA/,
    );
  });
});
