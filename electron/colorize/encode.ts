import type { Raster } from '../raster.ts';
import type { MethodContext, ReferenceFeatures } from './method.ts';
import { modelSizeFor, referenceSizePx } from './model-size.ts';
import { pictureTensor } from './to-tensor.ts';
import { tensorOf } from './tokens.ts';

/**
 * A reference as keys and values, for the methods whose attention works on tokens of a picture.
 * @param picture sRGB, 3 or 4 channels. @param sizePx geometric mean of the drawing's sides at the model.
 * @param stride sides of the reference at the model are multiples of this, px.
 */
export async function encodeTokens(
  { engine, model, signal }: MethodContext,
  picture: Raster,
  sizePx: number,
  stride = model.manifest.stride,
): Promise<ReferenceFeatures> {
  const { method, tokenStride = model.manifest.stride } = model.manifest;
  const size = modelSizeFor(picture, referenceSizePx(model.manifest, sizePx), stride);
  const reference = await pictureTensor(picture, size);
  const outputs = await engine.run(model.graph('reference'), { reference }, signal);
  return {
    method,
    tensors: { keys: tensorOf(model, outputs, 'keys'), values: tensorOf(model, outputs, 'values') },
    grid: { columns: size.width / tokenStride, rows: size.height / tokenStride },
  };
}
