import { createRaster, type Raster } from '../raster.ts';
import { decodeSrgb, encodeSrgb, mustMatch } from './colour.ts';
import { regionColours, type LabelMap, type RegionColour } from './regions.ts';

/*
 * What needs no learning, and so what a model has to beat. All take the line drawing as grey bytes (255 paper, 0 ink)
 * and return sRGB bytes, 3 channels, of its size. Mean colour and nearest regions multiply the lines over the colours;
 * Reinhard transfer maps ink and paper alike.
 */

/** The reference's mean colour (mean of sRGB bytes, which is what PSNR rewards) all over. @param reference sRGB bytes. */
export function meanColour(lines: Raster, reference: Raster): Raster {
  const mean = [0, 0, 0];
  const pixels = reference.width * reference.height;
  for (let i = 0; i < pixels; i++)
    for (let c = 0; c < 3; c++) mean[c]! += reference.data[i * reference.channels + c]! / pixels;
  return underLines(lines, () => mean);
}

/**
 * Colour transfer by statistics (Reinhard, Ashikhmin, Gooch, Shirley 2001): in their lαβ space the drawing gets the
 * reference's mean and spread of each channel. A drawing has no spread in α and β, so there only the mean moves.
 * @param reference sRGB bytes, any size.
 */
export function reinhardTransfer(lines: Raster, reference: Raster): Raster {
  const ours = lalphabetaOf(lines);
  const from = statistics(ours);
  const to = statistics(lalphabetaOf(reference));
  const out = createRaster(lines.width, lines.height, 3);
  for (let i = 0; i < lines.width * lines.height; i++) {
    const moved = [0, 1, 2].map((c) => {
      const gain = from.spread[c]! > 1e-6 ? to.spread[c]! / from.spread[c]! : 0;
      return (ours[i * 3 + c]! - from.mean[c]!) * gain + to.mean[c]!;
    });
    out.data.set(rgbOf(moved[0]!, moved[1]!, moved[2]!), i * 3);
  }
  return out;
}

/**
 * Every region of the drawing takes the median colour of the reference's region most like it in place and size:
 * distance between centres (shares of the picture's sides) and difference of the logarithms of the areas.
 * @param map regions of the drawing. @param reference sRGB bytes. @param referenceMap regions of the reference.
 * @throws RangeError when a map and its picture differ in size or the reference has no region.
 */
export function nearestRegions(
  lines: Raster,
  map: LabelMap,
  reference: Raster,
  referenceMap: LabelMap,
): Raster {
  mustMatch(lines, map);
  const theirs = [...regionColours(reference, referenceMap).values()];
  if (theirs.length === 0) throw new RangeError('The reference has no region.');
  const ours = regionColours(toRgb(lines), map);
  const shareOfArea = (region: RegionColour, of: LabelMap): number => region.area / (of.width * of.height);
  const chosen = new Map<number, readonly number[]>();
  for (const [label, region] of ours) {
    const unlike = (other: RegionColour): number =>
      Math.hypot(region.x - other.x, region.y - other.y) +
      0.1 * Math.abs(Math.log(shareOfArea(region, map) / shareOfArea(other, referenceMap)));
    let best = theirs[0]!;
    for (const other of theirs) if (unlike(other) < unlike(best)) best = other;
    chosen.set(label, best.rgb);
  }
  const paper = [255, 255, 255];
  return underLines(lines, (pixel) => chosen.get(map.labels[pixel]!) ?? paper);
}

function underLines(lines: Raster, colourAt: (pixel: number) => readonly number[]): Raster {
  const out = createRaster(lines.width, lines.height, 3);
  for (let i = 0; i < lines.width * lines.height; i++) {
    const colour = colourAt(i);
    const light = lines.data[i * lines.channels]! / 255;
    for (let c = 0; c < 3; c++) out.data[i * 3 + c] = Math.round(colour[c]! * light);
  }
  return out;
}

function toRgb(grey: Raster): Raster {
  const out = createRaster(grey.width, grey.height, 3);
  for (let i = 0; i < grey.width * grey.height; i++)
    out.data.fill(grey.data[i * grey.channels]!, i * 3, i * 3 + 3);
  return out;
}

/** Darkest cone response: the logarithm needs a floor, one step of 8-bit black. */
const FLOOR = 1 / 4096;

function lalphabetaOf(picture: Raster): Float32Array {
  const { data, channels } = picture;
  const pixels = picture.width * picture.height;
  const out = new Float32Array(pixels * 3);
  for (let i = 0; i < pixels; i++) {
    const at = i * channels;
    const r = decodeSrgb(data[at]!);
    const g = channels === 1 ? r : decodeSrgb(data[at + 1]!);
    const b = channels === 1 ? r : decodeSrgb(data[at + 2]!);
    const l = Math.log10(Math.max(FLOOR, 0.3811 * r + 0.5783 * g + 0.0402 * b));
    const m = Math.log10(Math.max(FLOOR, 0.1967 * r + 0.7244 * g + 0.0782 * b));
    const s = Math.log10(Math.max(FLOOR, 0.0241 * r + 0.1288 * g + 0.8444 * b));
    out[i * 3] = (l + m + s) / Math.sqrt(3);
    out[i * 3 + 1] = (l + m - 2 * s) / Math.sqrt(6);
    out[i * 3 + 2] = (l - m) / Math.sqrt(2);
  }
  return out;
}

function rgbOf(light: number, alpha: number, beta: number): [number, number, number] {
  const common = light / Math.sqrt(3) + alpha / Math.sqrt(6);
  const l = 10 ** (common + beta / Math.sqrt(2));
  const m = 10 ** (common - beta / Math.sqrt(2));
  const s = 10 ** (light / Math.sqrt(3) - (2 * alpha) / Math.sqrt(6));
  return [
    encodeSrgb(4.4679 * l - 3.5873 * m + 0.1193 * s),
    encodeSrgb(-1.2186 * l + 2.3809 * m - 0.1624 * s),
    encodeSrgb(0.0497 * l - 0.2439 * m + 1.2045 * s),
  ];
}

function statistics(values: Float32Array): { mean: number[]; spread: number[] } {
  const mean = [0, 0, 0];
  const square = [0, 0, 0];
  const n = values.length / 3;
  values.forEach((v, i) => {
    mean[i % 3]! += v / n;
    square[i % 3]! += (v * v) / n;
  });
  return { mean, spread: square.map((q, c) => Math.sqrt(Math.max(0, q - mean[c]! ** 2))) };
}
