import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { bandColours, bandPalette, commonest } from '../../../electron/page/palette.ts';
import type { Raster } from '../../../electron/raster.ts';

interface Known {
  readonly name: string;
  readonly width: number;
  readonly height: number;
  readonly channels: 3 | 4;
  readonly data: string;
  readonly bands: number[][][];
}

/** Pictures and the palettes that models/training/palettes.py gives them; its tests read the same file. */
const KNOWN = JSON.parse(
  readFileSync(new URL('../../fixtures/palettes.json', import.meta.url), 'utf8'),
) as Known[];

const rasterOf = ({ width, height, channels, data }: Known): Raster => ({
  data: new Uint8Array(Buffer.from(data, 'base64')),
  width,
  height,
  channels,
  space: 'srgb',
});

describe('palette in bands', () => {
  test.each(KNOWN)('is the one the network was trained with: $name', (known) => {
    expect(bandPalette(rasterOf(known))).toEqual(known.bands);
  });

  test('shares of a band add up to all of it, commonest first', () => {
    for (const band of bandColours(rasterOf(KNOWN[0]!))) {
      const shares = band.map(({ share }) => share);
      expect(shares.reduce((sum, share) => sum + share, 0)).toBeCloseTo(1, 9);
      expect(shares).toEqual(shares.toSorted((a, b) => b - a));
    }
  });

  test('of more colours the commonest stay, and near ones become one', () => {
    const red = { rgb: [200, 20, 20] as const, share: 0.4 };
    const nearlyRed = { rgb: [198, 22, 20] as const, share: 0.2 };
    const blue = { rgb: [20, 20, 200] as const, share: 0.3 };
    const found = commonest([nearlyRed, blue, red], 2);
    expect(found.map(({ rgb }) => rgb)).toEqual([red.rgb, blue.rgb]);
    expect(found[0]!.share).toBeCloseTo(0.6 / 0.9, 9);
  });
});
