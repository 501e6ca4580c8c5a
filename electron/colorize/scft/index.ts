import type { ColorizeMethod, ReferenceFeatures } from '../method.ts';
import { encodeTokens } from '../encode.ts';
import { refuseUntaken } from '../guidance.ts';
import { modelSizeFor } from '../model-size.ts';
import { sketchTensor, tensorPicture } from '../to-tensor.ts';
import { joinTokens, pickTokens, tensorOf } from '../tokens.ts';

export const scft: ColorizeMethod = {
  id: 'scft',
  title: 'SCFT',
  takes: { references: 'many', palette: false, hints: false, pins: false },

  encodeReference: encodeTokens,

  async colorize({ engine, model, signal, progress, correspondence }, ink, guidance, sizePx) {
    refuseUntaken(scft, guidance);
    const { stride, tokenStride = stride } = model.manifest;
    const { references } = guidance;
    const size = modelSizeFor(ink, sizePx, stride);
    progress?.(0, 'Preparing the lines');
    const sketch = await sketchTensor(ink, size);
    const kept = references.map(({ features, weight }) => tokensKept(tokenCount(features.grid), weight));
    const join = (name: string) =>
      joinTokens(
        references.map(({ features }, i) => pickTokens(tensorOf(model, features.tensors, name), kept[i]!)),
      );
    progress?.(0.1, 'Colouring');
    const outputs = await engine.run(
      model.graph('colorize'),
      { sketch, keys: join('keys'), values: join('values') },
      signal,
      correspondence ? ['colour', 'attention'] : ['colour'],
    );
    progress?.(1, 'Colouring');
    const colour = tensorPicture(tensorOf(model, outputs, 'colour'));
    if (!correspondence) return { colour };
    const grids = references.map(({ features }) => features.grid);
    const columns = size.width / tokenStride;
    const rows = size.height / tokenStride;
    const attention = tensorOf(model, outputs, 'attention').data;
    return {
      colour,
      correspondence: { columns, rows, references: grids, weights: spread(attention, kept, grids) },
    };
  },
};

type Grid = ReferenceFeatures['grid'];
const tokenCount = ({ columns, rows }: Grid): number => columns * rows;
const GOLDEN = (Math.sqrt(5) - 1) / 2;

/**
 * The graph has no weights, so a reference of weight w speaks with that share of its tokens, spread evenly over it:
 * in a softmax over many tokens that is what a bias of log w would do.
 */
function tokensKept(count: number, weight: number): number[] {
  return Array.from({ length: count }, (_, token) => token).filter(
    (token) => weight >= 1 || (token * GOLDEN) % 1 < weight,
  );
}

/** Attention to the tokens kept, [Q, kept], laid out over all tokens of all references, [Q, T]. */
function spread(
  attention: Float32Array,
  kept: readonly (readonly number[])[],
  grids: readonly Grid[],
): Float32Array {
  const places: number[] = [];
  let total = 0;
  grids.forEach((grid, i) => {
    for (const token of kept[i]!) places.push(total + token);
    total += tokenCount(grid);
  });
  if (places.length === total) return attention;
  const all = new Float32Array((attention.length / places.length) * total);
  for (let at = 0, row = 0; at < attention.length; at += places.length, row += total)
    for (let i = 0; i < places.length; i++) all[row + places[i]!] = attention[at + i]!;
  return all;
}
