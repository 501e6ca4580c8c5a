import type { Confidence } from '../state/colorize.svelte.ts';
import type { Matrix, Size } from './view.ts';

/** Not hatched where the model is at least this sure (0–1), or as sure as it is of half the page. */
const SURE = 0.6;
/** Hatched fully below this part of that. */
const UNSURE_PART = 0.3;
/** Between the hatch's lines on the screen. */
const SPACING_PX = 7;

interface Hatching {
  readonly matrix: Matrix;
  readonly page: Size;
  readonly stage: Size;
  readonly pixelRatio: number;
}

/** Paints diagonal lines over the parts of the page that the model is unsure of, at the same size at every zoom. */
export function paintHatch(canvas: HTMLCanvasElement, map: Confidence, where: Hatching): void {
  const { matrix, page, stage, pixelRatio } = where;
  canvas.width = Math.max(1, Math.round(stage.width * pixelRatio));
  canvas.height = Math.max(1, Math.round(stage.height * pixelRatio));
  const context = canvas.getContext('2d');
  if (!context) return;
  const doubt = doubtOf(map);
  if (!doubt) return;
  context.scale(pixelRatio, pixelRatio);
  context.save();
  context.transform(...matrix);
  context.imageSmoothingEnabled = true;
  context.drawImage(doubt, 0, 0, page.width, page.height);
  context.restore();
  // Lines only where there is doubt, light and dark so that they show on every colour.
  context.globalCompositeOperation = 'source-in';
  context.fillStyle = hatchPattern(context) ?? '#000';
  context.fillRect(0, 0, stage.width, stage.height);
}

const known = new WeakMap<Confidence, HTMLCanvasElement>();

/** The confidence as a picture whose alpha is the doubt. */
function doubtOf(map: Confidence): HTMLCanvasElement | undefined {
  const before = known.get(map);
  if (before) return before;
  const canvas = document.createElement('canvas');
  canvas.width = map.columns;
  canvas.height = map.rows;
  const context = canvas.getContext('2d');
  if (!context) return undefined;
  const image = context.createImageData(map.columns, map.rows);
  const middle = Uint8Array.from(map.bytes).sort()[map.bytes.length >> 1]!;
  const sure = Math.min(SURE, middle / 255);
  const unsure = sure * UNSURE_PART;
  map.bytes.forEach((here, at) => {
    const doubt = Math.min(1, Math.max(0, (sure - here / 255) / Math.max(0.001, sure - unsure)));
    image.data[at * 4 + 3] = Math.round(doubt * 255);
  });
  context.putImageData(image, 0, 0);
  known.set(map, canvas);
  return canvas;
}

function hatchPattern(context: CanvasRenderingContext2D): CanvasPattern | null {
  const tile = document.createElement('canvas');
  tile.width = tile.height = SPACING_PX;
  const paint = tile.getContext('2d');
  if (!paint) return null;
  const line = (shift: number, style: string): void => {
    paint.strokeStyle = style;
    paint.lineWidth = 1.2;
    paint.beginPath();
    for (const x of [-SPACING_PX, 0, SPACING_PX]) {
      paint.moveTo(x + shift, SPACING_PX);
      paint.lineTo(x + shift + SPACING_PX, 0);
    }
    paint.stroke();
  };
  line(0, 'rgb(0 0 0 / 60%)');
  line(1.2, 'rgb(255 255 255 / 60%)');
  return context.createPattern(tile, 'repeat');
}
