import type { ColorizeMethod } from '../method.ts';
import { encodeTokens } from '../encode.ts';
import { refuseUntaken } from '../guidance.ts';
import { modelSizeFor } from '../model-size.ts';
import { sketchTensor, tensorPicture } from '../to-tensor.ts';
import { tensorOf } from '../tokens.ts';

export const nerk: ColorizeMethod = {
  id: 'nerk',
  title: 'Nerk',
  takes: { references: 'one', palette: false, hints: false, pins: false },

  encodeReference: encodeTokens,

  async colorize({ engine, model, signal, progress, correspondence }, ink, guidance, sizePx) {
    refuseUntaken(nerk, guidance);
    const { stride, tokenStride = stride, attention } = model.manifest;
    const { tensors, grid } = guidance.references[0]!.features;
    const size = modelSizeFor(ink, sizePx, stride);
    progress?.(0, 'Preparing the lines');
    const sketch = await sketchTensor(ink, size);
    progress?.(0.1, 'Colouring');
    const mapped = correspondence && attention !== 'channels';
    const outputs = await engine.run(
      model.graph('colorize'),
      { sketch, keys: tensorOf(model, tensors, 'keys'), values: tensorOf(model, tensors, 'values') },
      signal,
      mapped ? ['colour', 'attention'] : ['colour'],
    );
    progress?.(1, 'Colouring');
    const colour = tensorPicture(tensorOf(model, outputs, 'colour'));
    if (!mapped) return { colour };
    return {
      colour,
      correspondence: {
        columns: size.width / tokenStride,
        rows: size.height / tokenStride,
        references: [grid],
        weights: tensorOf(model, outputs, 'attention').data,
      },
    };
  },
};
