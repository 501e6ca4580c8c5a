import { PRESETS, type Brush } from '../paint/brush/brush.ts';
import type { PenSample } from '../paint/brush/path.ts';
import { SmudgeStroke } from '../paint/brush/smudge.ts';
import { PaintStroke, type Rgb } from '../paint/brush/stroke.ts';
import { rasterLayer, type PaintDocument, type RasterLayer } from '../paint/document.ts';
import { fromTiles } from '../paint/tiles.ts';

/** By parts of the canvas, each from one place to another. */
const STRIPS: Record<Brush['kind'], readonly (readonly (readonly [number, number])[])[]> = {
  paint: [],
  erase: [
    [
      [0, 0.5],
      [1, 0.5],
    ],
  ],
  smudge: [0.35, 0.65].map((x) => [
    [x, 0.2],
    [x, 0.8],
  ]),
};

const LARGEST_TIP_PX = 18;
const SOLID: Brush = { ...PRESETS[0]!, sizeByPressure: undefined, stabilizer: 0 };

/** A wave drawn with the brush, pressed harder towards its middle, in the colour of the canvas' text. */
export function previewBrush(canvas: HTMLCanvasElement, brush: Brush): void {
  const width = (canvas.width = Math.max(1, Math.round(canvas.clientWidth * devicePixelRatio)));
  const height = (canvas.height = Math.max(1, Math.round(canvas.clientHeight * devicePixelRatio)));
  const context = canvas.getContext('2d');
  if (!context) return;
  const [r = 0, g = 0, b = 0] = (getComputedStyle(canvas).color.match(/\d+/g) ?? []).map(Number);
  const ink: Rgb = [r, g, b];
  const largest = (brush.kind === 'erase' ? 9 : LARGEST_TIP_PX) * devicePixelRatio;
  const tip = { ...brush, sizePx: Math.min(brush.sizePx, largest), stabilizer: 0 };
  const page = (layer: RasterLayer): PaintDocument => ({
    width,
    height,
    layers: [layer],
    selection: undefined,
  });
  let layer = rasterLayer('layer-1');
  // Something to erase, or two bars to smear.
  const strips = STRIPS[brush.kind];
  for (const strip of strips) {
    const size = height * (brush.kind === 'erase' ? 0.9 : 0.4);
    const bar = new PaintStroke(page(layer), layer, { ...SOLID, sizePx: size }, ink);
    bar.add(strip.map(([x, y]) => sample(width * x, height * y, 1)));
    layer = { ...layer, tiles: bar.end() };
  }
  const stroke =
    brush.kind === 'smudge'
      ? new SmudgeStroke(page(layer), layer, { ...tip, sizePx: height * 0.5 })
      : new PaintStroke(page(layer), layer, tip, ink);
  stroke.add(
    Array.from({ length: 40 }, (_, i) => {
      const part = i / 39;
      const y = height * (0.5 - 0.22 * Math.sin(part * 2 * Math.PI));
      return sample(width * (0.08 + 0.84 * part), y, Math.sin(part * Math.PI));
    }),
  );
  const rgba = fromTiles(stroke.end(), { left: 0, top: 0, right: width, bottom: height });
  context.putImageData(new ImageData(new Uint8ClampedArray(rgba.buffer), width, height), 0, 0);
}

const sample = (x: number, y: number, pressure: number): PenSample => ({
  x,
  y,
  pressure,
  tilt: 0,
  azimuth: 0,
  timeMs: 0,
});
