import type { Raster } from '../raster.ts';
import { createRaster } from '../raster.ts';
import { colourDrawing, type ColorizeOptions, type Drawing } from './drawing.ts';
import type { ColorizeMethod, MethodContext, ModelColour } from './method.ts';
import { modelSizeFor } from './model-size.ts';
import { shrinkInk } from './to-tensor.ts';

/** A preview has at most about this many pixels: enough for crisp regions, little enough for a pause between two strokes. */
const PREVIEW_AREA = 640 * 640;
/** As the layer Shading is laid over Flats. */
const SHADING_OPACITY = 0.8;

/** A quick colouring of a whole page as one picture. */
export interface Preview {
  /** RGBA, opaque: what lies under the lines. */
  readonly picture: Raster;
  readonly model: ModelColour;
}

/** Small versions of drawings, with their regions, for as long as the drawing stands. */
const small = new WeakMap<Drawing, { readonly sizePx: number; readonly drawing: Drawing }>();

/**
 * Colours a small version of a drawing, all the rest as `colourDrawing` does it: regions, hints and pins, shading. Gaps
 * are given in pixels of the full-size drawing. What is worked out for a drawing once (its small ink, its regions, the
 * colour without hints) is kept with it.
 */
export async function previewDrawing(
  method: ColorizeMethod,
  context: MethodContext,
  drawing: Drawing,
  options: ColorizeOptions,
): Promise<Preview> {
  const { sizePx } = options;
  let known = small.get(drawing);
  if (known?.sizePx !== sizePx) {
    known = { sizePx, drawing: await shrunk(drawing, sizePx, context.model.manifest.stride) };
    small.set(drawing, known);
  }
  const gapPx =
    options.gapPx < 0 ? -1 : Math.round((options.gapPx * known.drawing.ink.width) / drawing.ink.width);
  const { layers, model } = await colourDrawing(method, context, known.drawing, { ...options, gapPx });
  const group = layers.find((layer) => layer.kind === 'group');
  const pixelsOf = (id: string): Raster | undefined => {
    const layer = group?.children.find((child) => child.id === id);
    return layer?.kind === 'raster' ? layer.pixels : undefined;
  };
  const flats = pixelsOf('flats');
  const shading = pixelsOf('shading');
  const picture = flats && shading ? shaded(flats, shading) : pixelsOf('colour')!;
  return { picture, model };
}

async function shrunk(drawing: Drawing, sizePx: number, stride: number): Promise<Drawing> {
  const { ink, dpi } = drawing;
  const scale = Math.min(1, Math.sqrt(PREVIEW_AREA / (ink.width * ink.height)));
  if (scale === 1) return { ...drawing, picture: ink };
  const size = {
    width: Math.max(1, Math.round(ink.width * scale)),
    height: Math.max(1, Math.round(ink.height * scale)),
  };
  const smallInk = await shrinkInk(ink, size, modelSizeFor(ink, sizePx, stride));
  // Nobody looks at the picture of a small drawing: its own lines are on screen.
  return { name: drawing.name, picture: smallInk, ink: smallInk, dpi: dpi * scale };
}

function shaded(flats: Raster, shading: Raster): Raster {
  const out = createRaster(flats.width, flats.height, 4);
  for (let i = 0; i < out.data.length; i++) {
    const through = 1 - SHADING_OPACITY + (SHADING_OPACITY * shading.data[i]!) / 255;
    out.data[i] = i % 4 === 3 ? 255 : flats.data[i]! * through + 0.5;
  }
  return out;
}
