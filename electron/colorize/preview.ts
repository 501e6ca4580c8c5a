import type { Raster } from '../raster.ts';
import { createRaster } from '../raster.ts';
import { colourDrawing, type ColorizeOptions, type Drawing } from './drawing.ts';
import type { ColorizeMethod, MethodContext, ModelColour } from './method.ts';
import { modelSizeFor, type ModelSize } from './model-size.ts';
import { shrinkInk, sketchTensor } from './to-tensor.ts';

/** A preview has at most about this many pixels: enough for crisp regions, little enough for a pause between two strokes. */
const PREVIEW_AREA = 512 * 512;
/** A page hardly larger than that is coloured as it is: then Apply gives what the preview showed, pixel for pixel. */
const LEAST_SCALE = 0.75;
/** As the layer Shading is laid over Flats. */
const SHADING_OPACITY = 0.8;

/** A quick colouring of a whole page as one picture. */
export interface Preview {
  /** RGBA, opaque: what lies under the lines. */
  readonly picture: Raster;
  readonly model: ModelColour;
}

/** The size of a page's preview. */
export function previewSize({ width, height }: ModelSize): ModelSize {
  const exact = Math.sqrt(PREVIEW_AREA / (width * height));
  const scale = exact < LEAST_SCALE ? exact : 1;
  const side = (length: number): number => Math.max(1, Math.round(length * scale));
  return { width: side(width), height: side(height) };
}

/** Small versions of drawings, with their regions, for as long as the drawing stands. */
const small = new WeakMap<Drawing, { readonly sizePx: number; readonly drawing: Promise<Drawing> }>();

/** A drawing as small as previews need it for a model size; made once. */
export function smallDrawing(drawing: Drawing, sizePx: number, stride: number): Promise<Drawing> {
  let known = small.get(drawing);
  if (known?.sizePx !== sizePx)
    small.set(drawing, (known = { sizePx, drawing: shrunk(drawing, sizePx, stride) }));
  return known.drawing;
}

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
  const { stride } = context.model.manifest;
  const less = await smallDrawing(drawing, options.sizePx, stride);
  // The network's lines first: while it runs, the rest is done.
  await sketchTensor(less.ink, modelSizeFor(less.ink, options.sizePx, stride));
  const page = drawing.page ?? drawing.ink;
  const gapPx = options.gapPx < 0 ? -1 : Math.round((options.gapPx * less.ink.width) / page.width);
  const { layers, model } = await colourDrawing(method, context, less, {
    ...options,
    gapPx,
    hiddenColour: false,
  });
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
  const { ink, dpi, page = ink } = drawing;
  const size = previewSize(ink);
  if (size.width === page.width) return { ...drawing, picture: ink };
  const smallInk = await shrinkInk(ink, size, modelSizeFor(ink, sizePx, stride), page);
  // Nobody looks at the picture of a small drawing: its own lines are on screen.
  return { name: drawing.name, picture: smallInk, ink: smallInk, dpi: (dpi * size.width) / page.width };
}

function shaded(flats: Raster, shading: Raster): Raster {
  const out = createRaster(flats.width, flats.height, 4);
  for (let i = 0; i < out.data.length; i++) {
    const through = 1 - SHADING_OPACITY + (SHADING_OPACITY * shading.data[i]!) / 255;
    out.data[i] = i % 4 === 3 ? 255 : flats.data[i]! * through + 0.5;
  }
  return out;
}
