import type { Raster } from '../../raster.ts';
import type { PsdSections } from './sections.ts';
import { cmykToSrgb } from './cmyk.ts';
import { srgbByte } from './planes.ts';

/** Colour modes by their numbers (specification, "File Header Section"). */
export const MODES = {
  bitmap: 0,
  grey: 1,
  indexed: 2,
  rgb: 3,
  cmyk: 4,
  multichannel: 7,
  duotone: 8,
  lab: 9,
} as const;

/** Turns the channels of a colour mode, one byte a pixel, into RGB; alpha is 255. */
export interface ColourReader {
  /** How many of the channels are colour. */
  readonly channels: number;
  toRgba(planes: readonly Uint8Array[], width: number, height: number): Raster;
}

/** The reader of a file's colour mode; undefined for modes that have no way to sRGB (multichannel, unknown ones). */
export async function colourReader(sections: PsdSections): Promise<ColourReader | undefined> {
  const { mode } = sections.header;
  switch (mode) {
    case MODES.bitmap:
    case MODES.grey:
    case MODES.duotone:
      // A duotone's data is its grey picture; its inks are known to Photoshop only.
      return reader(1, (out, [grey]) => {
        for (let i = 0, at = 0; i < grey!.length; i++, at += 4)
          out[at] = out[at + 1] = out[at + 2] = grey![i]!;
      });
    case MODES.indexed: {
      const { palette, transparentIndex } = sections;
      if (!palette) return undefined;
      return reader(1, (out, [index]) => {
        for (let i = 0, at = 0; i < index!.length; i++, at += 4) {
          const entry = index![i]!;
          out[at] = palette[entry]!;
          out[at + 1] = palette[256 + entry]!;
          out[at + 2] = palette[512 + entry]!;
          if (entry === transparentIndex) out[at + 3] = 0;
        }
      });
    }
    case MODES.rgb:
      return reader(3, (out, planes) => {
        for (let c = 0; c < 3; c++) {
          const plane = planes[c]!;
          for (let i = 0, at = c; i < plane.length; i++, at += 4) out[at] = plane[i]!;
        }
      });
    case MODES.cmyk: {
      const table = await cmykToSrgb(sections.iccProfile);
      return reader(4, (out, planes) => table.convert(planes, out));
    }
    case MODES.lab:
      return reader(3, labToSrgb);
    default:
      return undefined;
  }
}

function reader(
  channels: number,
  fill: (out: Uint8Array, planes: readonly Uint8Array[]) => void,
): ColourReader {
  return {
    channels,
    toRgba(planes, width, height) {
      const data = new Uint8Array(width * height * 4);
      for (let at = 3; at < data.length; at += 4) data[at] = 255;
      fill(data, planes);
      return { data, width, height, channels: 4, space: 'srgb' };
    },
  };
}

/** CIE L*a*b* for D50 (L 0–255 for 0–100, a and b with 128 for 0), adapted to D65 by Bradford's matrix, to sRGB. */
function labToSrgb(out: Uint8Array, [l, a, b]: readonly Uint8Array[]): void {
  const cube = (t: number): number => (t > 6 / 29 ? t ** 3 : 3 * (6 / 29) ** 2 * (t - 4 / 29));
  for (let i = 0, at = 0; i < l!.length; i++, at += 4) {
    const fy = ((l![i]! / 255) * 100 + 16) / 116;
    const x = 0.9642 * cube(fy + (a![i]! - 128) / 500);
    const y = cube(fy);
    const z = 0.8249 * cube(fy - (b![i]! - 128) / 200);
    out[at] = srgbByte(3.1338561 * x - 1.6168667 * y - 0.4906146 * z);
    out[at + 1] = srgbByte(-0.9787684 * x + 1.9161415 * y + 0.033454 * z);
    out[at + 2] = srgbByte(0.0719453 * x - 0.2289914 * y + 1.4052427 * z);
  }
}
