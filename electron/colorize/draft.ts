import { performance } from 'node:perf_hooks';
import sharp from 'sharp';
import type { SmallLinesWords } from '../contract/colour.ts';
import { noLines } from '../line-art.ts';
import { readInk } from '../page/ink.ts';
import { createRaster, type Raster } from '../raster.ts';
import { withoutForeignMarks } from './guidance.ts';
import type { ColorizeMethod, Guidance, MethodContext } from './method.ts';
import { modelSizeFor } from './model-size.ts';
import { strengthenInk } from './to-tensor.ts';

/** A drawing's first colour, while the pen is still busy. */
export interface Draft {
  /** RGBA, opaque, at model size, stretched over the page. */
  readonly picture: Raster;
  readonly spentMs: { readonly lines: number; readonly network: number; readonly picture: number };
}

/**
 * The quickest colour there is of small lines: what the model itself paints at its own size. Regions, snapping and
 * shading are left to `previewDrawing`, which follows when the pen rests; marks that the method doesn't know show there.
 * @throws Failure `words` where the lines show nothing, `cancelled`.
 */
export async function draftDrawing(
  method: ColorizeMethod,
  context: MethodContext,
  lines: SmallLinesWords,
  guidance: Guidance,
  sizePx: number,
): Promise<Draft> {
  const started = performance.now();
  const page = { width: lines.pageWidthPx, height: lines.pageHeightPx };
  const size = modelSizeFor(page, sizePx, context.model.manifest.stride);
  const ink = await readSmallInk(lines, size);
  const strong = await strengthenInk(ink, page);
  const read = performance.now();
  const { colour } = await method.colorize(
    { ...context, colourOnly: true },
    strong,
    withoutForeignMarks(method, guidance),
    sizePx,
  );
  const coloured = performance.now();
  const picture = createRaster(colour.width, colour.height, 4);
  const { data: out } = picture;
  for (let from = 0, to = 0; to < out.length; from += 3, to += 4) {
    out[to] = colour.data[from]!;
    out[to + 1] = colour.data[from + 1]!;
    out[to + 2] = colour.data[from + 2]!;
    out[to + 3] = 255;
  }
  const spentMs = { lines: read - started, network: coloured - read, picture: performance.now() - coloured };
  return { picture, spentMs };
}

/** The ink of a window's small lines at a size. */
export async function readSmallInk(
  { pixels, channels, widthPx: width, heightPx: height }: SmallLinesWords,
  size: { readonly width: number; readonly height: number },
): Promise<Raster> {
  if (pixels.every((value) => value === 255)) throw noLines();
  const isSize = size.width === width && size.height === height;
  const data = isSize
    ? pixels
    : await sharp(pixels, { raw: { width, height, channels } })
        .resize(size.width, size.height, { fit: 'fill', kernel: 'linear' })
        .toColourspace(channels === 1 ? 'b-w' : 'srgb')
        .raw()
        .toBuffer();
  return readInk({
    data,
    width: size.width,
    height: size.height,
    channels,
    space: channels === 1 ? 'grey' : 'srgb',
  });
}
