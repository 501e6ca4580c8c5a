import sharp from 'sharp';
import { Failure, throwIfCancelled } from '../failure.ts';
import { decodePicture, requireDrawable } from '../page/decode.ts';
import { readInk } from '../page/ink.ts';
import { drawLines } from '../page/lines.ts';
import type { Progress } from '../progress.ts';
import type { Raster } from '../raster.ts';
import { CANVAS_PX } from './parts.ts';
import { hasTones } from './tones.ts';
import { FAINT, findFace, settleFace, type FaceTemplate, type Placement } from './place.ts';
import { greyOf } from './pictures.ts';
import { STANDARD_PX, standardSketch } from './standard-sketch.ts';
import { workSketch, type Plane } from './windows.ts';

export interface SketchOptions {
  /** The file's name, for sentences. */
  readonly name: string;
  /** `auto`: a picture with smooth tones is a photograph. */
  readonly as: 'auto' | 'drawing' | 'photograph';
  /** What faces have in common (faceTemplate). */
  readonly template: FaceTemplate;
  readonly signal?: AbortSignal | undefined;
  readonly progress?: Progress | undefined;
}

export interface PlacedSketch {
  /** CANVAS_PX squared, 255 paper, 0 ink. */
  readonly grey: Uint8Array;
  readonly photograph: boolean;
  /** Plain sentences about what was done. */
  readonly notes: readonly string[];
}

/** Pictures are looked at this large at most: faces are found and drawn on a canvas of 512. */
const LOOK_PX = 1536;
/** Side at which a face is looked for. */
const SEARCH_PX = 256;
/** A face that was found is put right within a square so much wider than it. */
const AROUND = 1.4;
/** A sketch with less ink than this share of its pixels is blank. */
const BLANK = 0.0004;
/** The darkest twentieth of a sketch's marks is brought at least this near to black. */
const LINE_BLACK = 30;
const MOST_GAIN = 4;

/**
 * A picture file as a sketch on the canvas: ink read from any paper (tinted, dark, transparent), or the standard drawing of
 * a photograph; the face in it found and moved to its place.
 * @throws Failure `input` naming the file: no picture, too small, too large, blank; `cancelled`.
 */
export async function readSketch(bytes: Uint8Array, options: SketchOptions): Promise<PlacedSketch> {
  const { name, template, signal, progress } = options;
  const decoded = await decodePicture(bytes, { name, signal });
  requireDrawable(decoded);
  const notes = [...decoded.notes];
  progress?.(0.2, 'Reading the lines');
  const picture = await fitWithin(decoded.raster, LOOK_PX);
  const read = readInk(picture);
  const small = await fitWithin(picture, SEARCH_PX);
  const photograph = options.as === 'photograph' || (options.as === 'auto' && hasTones(small));
  const ink = photograph ? await drawLines(picture, { signal }) : read;
  if (photograph) notes.push(`“${name}” looks like a photograph or painting; its lines were drawn.`);
  if (inkOf(ink) < BLANK)
    throw new Failure(
      'input',
      `“${name}” is blank: there are no lines on it. Draw a face, from the front, and try again.`,
    );
  throwIfCancelled(signal);
  progress?.(0.6, 'Finding the face');
  const search = await fitWithin(ink, SEARCH_PX);
  const found = findFace(search, template);
  const scale = Math.max(ink.width, ink.height) / Math.max(search.width, search.height);
  // A photograph is drawn as the known faces were, so that it is compared with them as like with like.
  const draw = async (at: Placement): Promise<Plane> =>
    photograph ? standardSketch(picture, at) : workSketch(await layOnCanvas(ink, at), STANDARD_PX);
  let placement = scaled(found.placement, scale);
  if (!found.asIs) placement = await settled(placement, draw, template);
  throwIfCancelled(signal);
  const grey = photograph ? greyOf(standardSketch(picture, placement)) : await layOnCanvas(ink, placement);
  if (!found.asIs)
    notes.push(
      found.several
        ? `“${name}” has more than one face; one was taken. Crop it to the one you mean if it is another.`
        : `The face in “${name}” was found and moved to its place.`,
    );
  else if (found.likeness < FAINT)
    notes.push(
      `No face was found in “${name}”; it was taken as it is. A face from the front, alone, works best.`,
    );
  progress?.(1, 'Read');
  return { grey, photograph, notes };
}

/** A found face's square put right. @param draw the lines of a square, STANDARD_PX a side. */
async function settled(
  found: Placement,
  draw: (at: Placement) => Promise<Plane>,
  template: FaceTemplate,
): Promise<Placement> {
  const rim = (found.sidePx * (AROUND - 1)) / 2;
  const wide = { xPx: found.xPx - rim, yPx: found.yPx - rim, sidePx: found.sidePx * AROUND };
  const scale = STANDARD_PX / wide.sidePx;
  const at = { xPx: rim * scale, yPx: rim * scale, sidePx: found.sidePx * scale };
  const { xPx, yPx, sidePx } = scaled(settleFace(await draw(wide), at, template), 1 / scale);
  return { xPx: wide.xPx + xPx, yPx: wide.yPx + yPx, sidePx };
}

const scaled = ({ xPx, yPx, sidePx }: Placement, by: number): Placement => ({
  xPx: xPx * by,
  yPx: yPx * by,
  sidePx: sidePx * by,
});

/** The placement's square of the drawing as a canvas: shrunk by averaging, then darkened if that made its lines pale. */
export async function layOnCanvas(ink: Raster, { xPx, yPx, sidePx }: Placement): Promise<Uint8Array> {
  const side = Math.max(1, Math.round(sidePx));
  const [left, top] = [Math.round(xPx), Math.round(yPx)];
  const paper = { background: '#ffffff' };
  const raw = { raw: { width: ink.width, height: ink.height, channels: 1 as const } };
  const around = {
    left: Math.max(0, -left),
    top: Math.max(0, -top),
    right: Math.max(0, left + side - ink.width),
    bottom: Math.max(0, top + side - ink.height),
  };
  const wide = await sharp(ink.data, raw)
    .extend({ ...around, ...paper })
    .toColourspace('b-w')
    .raw()
    .toBuffer({ resolveWithObject: true });
  const grey = await sharp(wide.data, {
    raw: { width: wide.info.width, height: wide.info.height, channels: wide.info.channels },
  })
    .extract({ left: left + around.left, top: top + around.top, width: side, height: side })
    .resize(CANVAS_PX, CANVAS_PX, { fit: 'fill', kernel: side > CANVAS_PX ? 'linear' : 'cubic' })
    .toColourspace('b-w')
    .raw()
    .toBuffer();
  return darkenLines(new Uint8Array(grey));
}

function darkenLines(grey: Uint8Array): Uint8Array {
  const counts = new Uint32Array(256);
  for (const value of grey) counts[value]!++;
  const marks = counts.subarray(0, 236).reduce((sum, n) => sum + n, 0);
  if (marks === 0) return grey;
  let darkest = 0;
  for (let below = counts[0]!; below < 0.05 * marks && darkest < 235;) below += counts[++darkest]!;
  if (darkest <= LINE_BLACK) return grey;
  const gain = Math.min(MOST_GAIN, (255 - LINE_BLACK) / (255 - darkest));
  return grey.map((value) => Math.max(0, 255 - (255 - value) * gain));
}

function inkOf({ data }: Raster): number {
  let ink = 0;
  for (const value of data) ink += 255 - value;
  return ink / 255 / data.length;
}

async function fitWithin(picture: Raster, sidePx: number): Promise<Raster> {
  const { data, width, height, channels, space } = picture;
  if (Math.max(width, height) <= sidePx) return picture;
  const image = sharp(data, { raw: { width, height, channels } }).resize(sidePx, sidePx, {
    fit: 'inside',
    kernel: 'linear',
  });
  const { data: small, info } = await (channels === 1 ? image.toColourspace('b-w') : image)
    .raw()
    .toBuffer({ resolveWithObject: true });
  return { data: new Uint8Array(small), width: info.width, height: info.height, channels, space };
}
