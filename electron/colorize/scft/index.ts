import { Failure } from '../../failure.ts';
import type { Tensor } from '../../engine/types.ts';
import type { ColorizeMethod, ReferenceFeatures } from '../method.ts';
import { modelSizeFor } from '../model-size.ts';
import { pictureTensor, sketchTensor, tensorPicture } from '../to-tensor.ts';

/** Joins the tokens of several references: [1,T1,D] + [1,T2,D] + … = [1,T1+T2+…,D]. */
function joinTokens(parts: readonly Tensor[]): Tensor {
  const depth = parts[0]!.dims[2]!;
  const data = new Float32Array(parts.reduce((sum, part) => sum + part.data.length, 0));
  let at = 0;
  for (const part of parts) {
    data.set(part.data, at);
    at += part.data.length;
  }
  return { data, dims: [1, data.length / depth, depth] };
}

function tensorOf(outputs: Readonly<Record<string, Tensor>>, name: string): Tensor {
  const tensor = outputs[name];
  if (!tensor) throw new Failure('engine', `The model "scft" gave no "${name}". Install the model again.`);
  return tensor;
}

export const scft: ColorizeMethod = {
  id: 'scft',
  title: 'SCFT',

  async encodeReference({ engine, model, signal }, picture, sizePx): Promise<ReferenceFeatures> {
    const { stride } = model.manifest;
    const size = modelSizeFor(picture, sizePx, stride);
    const reference = await pictureTensor(picture, size);
    const outputs = await engine.run(model.graph('reference'), { reference }, signal);
    return {
      method: 'scft',
      tensors: { keys: tensorOf(outputs, 'keys'), values: tensorOf(outputs, 'values') },
      grid: { columns: size.width / stride, rows: size.height / stride },
    };
  },

  async colorize({ engine, model, signal, progress }, ink, references, sizePx) {
    const { stride } = model.manifest;
    const size = modelSizeFor(ink, sizePx, stride);
    progress?.(0, 'Preparing the lines');
    const sketch = await sketchTensor(ink, size);
    const keys = joinTokens(references.map((r) => tensorOf(r.tensors, 'keys')));
    const values = joinTokens(references.map((r) => tensorOf(r.tensors, 'values')));
    progress?.(0.1, 'Colouring');
    const outputs = await engine.run(model.graph('colorize'), { sketch, keys, values }, signal);
    progress?.(1, 'Colouring');
    return {
      colour: tensorPicture(tensorOf(outputs, 'colour')),
      correspondence: {
        columns: size.width / stride,
        rows: size.height / stride,
        references: references.map((r) => r.grid),
        weights: tensorOf(outputs, 'attention').data,
      },
    };
  },
};
