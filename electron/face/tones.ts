import { readInk } from '../page/ink.ts';
import type { Raster } from '../raster.ts';

/** More smooth grey than this share of the pixels is no line drawing: of 92 photographs of faces all had more, of 179 line drawings those with a wash. */
const SMOOTH = 0.065;
/** The same for smooth colour unlike the paper's. */
const COLOURED = 0.1;
const UNLIKE = 24;
/** Strokes, however grey, change more than this from pixel to pixel. */
const STEP = 24;

/**
 * Whether a picture has areas of tone or colour, as photographs, paintings and washes have and line drawings have not.
 * @param picture sRGB bytes, 4 channels (alpha is laid on white), some 256 px a side.
 */
export function hasTones(picture: Raster): boolean {
  const { data: ink, width, height } = readInk(picture);
  const smooth = (value: (p: number) => number, p: number): boolean => {
    const around = [p, p - 1, p + 1, p - width, p + width].map(value);
    return Math.max(...around) - Math.min(...around) < STEP;
  };
  const grey = (p: number): number => ink[p]!;
  const colour = colourOf(picture);
  const paper = commonest(colour.light);
  let [tones, coloured] = [0, 0];
  for (let y = 1; y < height - 1; y++)
    for (let x = 1; x < width - 1; x++) {
      const p = y * width + x;
      if (ink[p]! >= 30 && ink[p]! <= 240 && smooth(grey, p)) tones++;
      const unlike =
        Math.abs(colour.redGreen[p]! - colour.redGreen[paper]!) +
        Math.abs(colour.blueYellow[p]! - colour.blueYellow[paper]!);
      if (unlike > UNLIKE && smooth((i) => colour.light[i]!, p)) coloured++;
    }
  return tones > SMOOTH * ink.length || coloured > COLOURED * ink.length;
}

/** Opponent colours, levels: lightness, red against green, blue against yellow. */
function colourOf({
  data,
  width,
  height,
}: Raster): Record<'light' | 'redGreen' | 'blueYellow', Float32Array> {
  const planes = {
    light: new Float32Array(width * height),
    redGreen: new Float32Array(width * height),
    blueYellow: new Float32Array(width * height),
  };
  for (let i = 0; i < width * height; i++) {
    const opaque = data[i * 4 + 3]! / 255;
    const [r, g, b] = [0, 1, 2].map((c) => 255 + (data[i * 4 + c]! - 255) * opaque) as [
      number,
      number,
      number,
    ];
    planes.light[i] = (r + g + b) / 3;
    planes.redGreen[i] = r - g;
    planes.blueYellow[i] = b - (r + g) / 2;
  }
  return planes;
}

/** A pixel of the commonest lightness: of the paper, in a drawing. */
function commonest(light: Float32Array): number {
  const counts = new Uint32Array(32);
  for (const value of light) counts[Math.min(31, value >> 3)]!++;
  const mode = counts.indexOf(Math.max(...counts));
  return light.findIndex((value) => Math.min(31, value >> 3) === mode);
}
