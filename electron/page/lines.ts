import { setImmediate as breathe } from 'node:timers/promises';
import { throwIfCancelled } from '../failure.ts';
import type { Progress } from '../progress.ts';
import { createRaster, type Raster } from '../raster.ts';
import { loadOpenCv, matOf, withMats, type Cv } from './opencv.ts';
import { luma } from './paper.ts';

export interface LineOptions {
  /** Size of the finest stroke, pixels: the inner Gaussian's sigma. By default a 900th of the longer side, 0.7 to 4. */
  readonly sigmaPx?: number | undefined;
  readonly signal?: AbortSignal | undefined;
  readonly progress?: Progress | undefined;
}

/** Levels above this are paper. */
const FAINTEST = 238;
/** Rows worked on at a time. */
const STRIP = 512;
/** A step of opponent colour that makes a border, in Canny's gradient units for a blur of one pixel. */
const COLOUR_STEP = 110;
/** Ratio of the Gaussians (1.6 comes near to a Laplacian: Marr and Hildreth, 1980). */
const WIDER = 1.6;

/**
 * Draws the lines of a colour picture or scan: extended difference of Gaussians (Winnemöller, Kyprianidis, Olsen, 2012)
 * of its brightness, taken in proportion to the brightness around so that night scenes have lines too, joined with the
 * picture's own thin dark ink (black top-hat) and the borders between colours of like brightness. Paper is clean
 * white; specks are left out.
 * @param picture sRGB bytes, 1, 3 or 4 channels; alpha is laid on white.
 * @returns grey, 255 paper, 0 ink, at the picture's size.
 * @throws Failure `cancelled` when the signal fires.
 */
export async function drawLines(picture: Raster, options: LineOptions = {}): Promise<Raster> {
  const { signal, progress } = options;
  throwIfCancelled(signal);
  const { cv } = await loadOpenCv();
  const { width, height } = picture;
  const sigma = options.sigmaPx ?? Math.min(4, Math.max(0.7, Math.max(width, height) / 900));
  const reach = Math.ceil(6 * sigma) + 4;
  const lines = createRaster(width, height, 1);
  for (let top = 0; top < height; top += STRIP) {
    progress?.(top / height, 'Drawing lines');
    await breathe();
    throwIfCancelled(signal);
    const from = Math.max(0, top - reach);
    const to = Math.min(height, top + STRIP + reach);
    const strip = splitColour(picture, from, to);
    const drawn = drawStrip(cv, strip.light, width, to - from, sigma);
    if (picture.channels !== 1) addColourBorders(cv, drawn, strip, width, to - from, sigma);
    const bottom = Math.min(height, top + STRIP);
    lines.data.set(drawn.subarray((top - from) * width, (bottom - from) * width), top * width);
  }
  dropSpecks(cv, lines, Math.max(6, Math.round(10 * sigma * sigma)));
  progress?.(1, 'Drawing lines');
  return lines;
}

/** A strip of a picture in opponent colours, bytes: brightness, red against green, blue against yellow (128 is grey). */
interface Opponent {
  readonly light: Uint8Array;
  readonly redGreen: Uint8Array;
  readonly blueYellow: Uint8Array;
}

function splitColour(picture: Raster, from: number, to: number): Opponent {
  const { data, width, channels } = picture;
  const area = width * (to - from);
  if (channels === 1) {
    const light = data.slice(from * width, to * width);
    return { light, redGreen: light, blueYellow: light };
  }
  const strip = {
    light: new Uint8Array(area),
    redGreen: new Uint8Array(area),
    blueYellow: new Uint8Array(area),
  };
  for (let i = 0, p = from * width * channels; i < area; i++, p += channels) {
    const opaque = channels === 4 ? data[p + 3]! / 255 : 1;
    const r = 255 + (data[p]! - 255) * opaque;
    const g = 255 + (data[p + 1]! - 255) * opaque;
    const b = 255 + (data[p + 2]! - 255) * opaque;
    strip.light[i] = luma(r, g, b) + 0.5;
    strip.redGreen[i] = 128 + (r - g) / 2;
    strip.blueYellow[i] = 128 + (b - (r + g) / 2) / 2;
  }
  return strip;
}

function drawStrip(cv: Cv, light: Uint8Array, width: number, height: number, sigma: number): Uint8Array {
  return withMats((keep) => {
    const mat = keep(matOf(cv, light, width, height));
    const from = keep(new cv.Mat());
    mat.convertTo(from, cv.CV_32F);
    const narrow = keep(new cv.Mat());
    const wide = keep(new cv.Mat());
    const blur = (to: typeof narrow, size: number): void =>
      cv.GaussianBlur(from, to, new cv.Size(0, 0), size, size, cv.BORDER_REPLICATE);
    blur(narrow, sigma);
    blur(wide, WIDER * sigma);
    const side = 2 * Math.ceil(3 * sigma) + 1;
    const kernel = keep(
      cv.getStructuringElement(cv.MORPH_RECT, new cv.Size(side, side), new cv.Point(-1, -1)),
    );
    const closed = keep(new cv.Mat());
    cv.morphologyEx(mat, closed, cv.MORPH_CLOSE, kernel);
    const [g, k, c] = [narrow.data32F, wide.data32F, closed.data];
    const out = new Uint8Array(width * height);
    for (let p = 0; p < out.length; p++) {
      // XDoG, on the ratio to the local brightness: 1 where flat, lower on a line or the dark side of an edge.
      const drop = (k[p]! - g[p]!) / (k[p]! + 20);
      const drawn = smoothstep(0.012, 0.06, drop);
      const hat = (c[p]! - light[p]!) / (c[p]! + 30);
      const own = smoothstep(0.18, 0.45, hat);
      out[p] = 255 - 255 * Math.max(drawn, own) + 0.5;
    }
    return out;
  });
}

/** Adds the borders of colours of like brightness (Canny, 1986, on both opponent planes) where no line is drawn yet. */
function addColourBorders(
  cv: Cv,
  lines: Uint8Array,
  strip: Opponent,
  width: number,
  height: number,
  sigma: number,
): void {
  withMats((keep) => {
    const square = (reach: number): ReturnType<Cv['getStructuringElement']> =>
      keep(
        cv.getStructuringElement(
          cv.MORPH_RECT,
          new cv.Size(2 * reach + 1, 2 * reach + 1),
          new cv.Point(-1, -1),
        ),
      );
    const soft = 1.4 * sigma;
    const edges = [strip.redGreen, strip.blueYellow].map((plane) => {
      const mat = keep(matOf(cv, plane, width, height));
      cv.GaussianBlur(mat, mat, new cv.Size(0, 0), soft, soft, cv.BORDER_REPLICATE);
      const edge = keep(new cv.Mat());
      cv.Canny(mat, edge, COLOUR_STEP / 2 / soft, COLOUR_STEP / soft, 3, true);
      return edge;
    });
    const both = keep(new cv.Mat());
    cv.max(edges[0]!, edges[1]!, both);
    if (sigma > 1.2) cv.dilate(both, both, square(Math.round(sigma / 2)));
    cv.GaussianBlur(both, both, new cv.Size(0, 0), 0.7, 0.7, cv.BORDER_REPLICATE);
    const drawn = keep(matOf(cv, lines, width, height));
    const near = keep(new cv.Mat());
    cv.erode(drawn, near, square(Math.ceil(2 * sigma)));
    const [border, taken] = [both.data, near.data];
    for (let p = 0; p < lines.length; p++)
      if (taken[p]! > 150) lines[p] = Math.min(lines[p]!, 255 - Math.min(255, 1.6 * border[p]!));
  });
}

function smoothstep(low: number, high: number, value: number): number {
  const t = Math.min(1, Math.max(0, (value - low) / (high - low)));
  return t * t * (3 - 2 * t);
}

/** Whitens marks of fewer than `areaPx` pixels. */
function dropSpecks(cv: Cv, lines: Raster, areaPx: number): void {
  withMats((keep) => {
    const grey = keep(matOf(cv, lines.data, lines.width, lines.height));
    const marks = keep(new cv.Mat());
    cv.threshold(grey, marks, FAINTEST, 1, cv.THRESH_BINARY_INV);
    const labels = keep(new cv.Mat());
    const stats = keep(new cv.Mat());
    const centres = keep(new cv.Mat());
    cv.connectedComponentsWithStats(marks, labels, stats, centres, 8, cv.CV_32S);
    const of = labels.data32S;
    const about = stats.data32S;
    for (let p = 0; p < lines.data.length; p++) {
      const label = of[p]!;
      if (label === 0 || about[label * 5 + cv.CC_STAT_AREA]! < areaPx) lines.data[p] = 255;
    }
  });
}
