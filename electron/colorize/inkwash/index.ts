import { Failure } from '../../failure.ts';
import type { Tensor } from '../../engine/types.ts';
import type { Rgb } from '../../page/oklab.ts';
import { encodeTokens } from '../encode.ts';
import { refuseUntaken } from '../guidance.ts';
import type { ColorizeMethod, Correspondence, Guidance, MethodContext } from '../method.ts';
import { modelSizeFor } from '../model-size.ts';
import { sketchTensor, tensorPicture } from '../to-tensor.ts';
import { joinTokens, pickTokens, tensorOf } from '../tokens.ts';
import { votesOf } from './votes.ts';

/** Sides of a picture for `reference.onnx` are multiples of this, px; it is also the side of a swatch, the least there is. */
const REFERENCE_STRIDE = 16;

export const inkwash: ColorizeMethod = {
  id: 'inkwash',
  title: 'Inkwash',
  takes: { references: 'many', palette: true, hints: true, pins: true },

  encodeReference: (context, picture, sizePx) => encodeTokens(context, picture, sizePx, REFERENCE_STRIDE),

  async colorize(context, ink, guidance, sizePx) {
    const { engine, model, signal, progress, correspondence } = context;
    refuseUntaken(inkwash, guidance);
    const { stride, tokenStride = stride, valuePixels } = model.manifest;
    const votes = context.votes && valuePixels !== undefined;
    const size = modelSizeFor(ink, sizePx, stride);
    progress?.(0, 'Preparing the lines');
    const sketch = await sketchTensor(ink, size);
    const swatches = await encodeSwatches(context, [
      ...guidance.palette,
      ...guidance.hints.map(({ colour }) => colour),
    ]);
    progress?.(0.1, 'Colouring');
    const sources = sourcesOf(context, guidance, swatches);
    const marks = marksOf(context, guidance, swatches);
    const outputs = await engine.run(model.graph('colorize'), { sketch, ...sources, ...marks }, signal, [
      'colour',
      ...(context.colourOnly ? [] : ['confidence']),
      ...(correspondence || votes ? ['attention'] : []),
    ]);
    progress?.(1, 'Colouring');
    const colour = tensorPicture(tensorOf(model, outputs, 'colour'));
    if (context.colourOnly) return { colour };
    const result = { colour, confidence: tensorOf(model, outputs, 'confidence').data };
    if (!correspondence && !votes) return result;
    const grid = { columns: size.width / tokenStride, rows: size.height / tokenStride };
    const attention = tensorOf(model, outputs, 'attention');
    const values = joinTokens([sources.values, marks.hint_values]);
    return {
      ...result,
      ...(correspondence && { correspondence: correspondenceOf(attention, grid, guidance) }),
      ...(votes && { votes: votesOf(attention, values, grid) }),
    };
  },
};

/** One token a colour, in order: keys and values [1,colours,D]. */
interface Swatches {
  readonly keys: Tensor;
  readonly values: Tensor;
  /** The token of a colour that was encoded. */
  at(colour: Rgb): number;
}

/** All colours in one run, each as a flat picture whose tokens are averaged; none where there is no colour. */
async function encodeSwatches(
  { engine, model, signal }: MethodContext,
  colours: readonly Rgb[],
): Promise<Swatches | undefined> {
  const tokens = new Map<string, number>();
  const distinct = colours.filter((colour) => {
    if (tokens.has(colour.join())) return false;
    tokens.set(colour.join(), tokens.size);
    return true;
  });
  if (distinct.length === 0) return undefined;
  const area = REFERENCE_STRIDE * REFERENCE_STRIDE;
  const data = new Float32Array(distinct.length * 3 * area);
  distinct.flat().forEach((byte, plane) => data.fill(byte / 255, plane * area, (plane + 1) * area));
  const reference = { data, dims: [distinct.length, 3, REFERENCE_STRIDE, REFERENCE_STRIDE] };
  const outputs = await engine.run(model.graph('reference'), { reference }, signal);
  return {
    keys: meanTokens(tensorOf(model, outputs, 'keys')),
    values: meanTokens(tensorOf(model, outputs, 'values')),
    at: (colour) => tokens.get(colour.join())!,
  };
}

/** [N,T,D] → [1,N,D], the mean over T. */
function meanTokens({ data, dims }: Tensor): Tensor {
  const [pictures, tokens, depth] = dims as [number, number, number];
  const mean = new Float32Array(pictures * depth);
  for (let n = 0; n < pictures; n++)
    for (let t = 0; t < tokens; t++)
      for (let d = 0; d < depth; d++) mean[n * depth + d]! += data[(n * tokens + t) * depth + d]! / tokens;
  return { data: mean, dims: [1, pictures, depth] };
}

type Feeds<Name extends string> = Record<Name, Tensor>;

/** Tokens colour may come from: the references' in order, then the palette's. One that counts for nothing if there is none. */
function sourcesOf(
  { model }: MethodContext,
  guidance: Guidance,
  swatches: Swatches | undefined,
): Feeds<'keys' | 'values' | 'weights'> {
  const { references } = guidance;
  const palette = swatches ? [...new Set(guidance.palette.map(swatches.at))] : [];
  const weights = references.flatMap(({ features: { grid }, weight }) =>
    new Array<number>(grid.columns * grid.rows).fill(weight),
  );
  weights.push(...palette.map(() => 1));
  const join = (name: 'keys' | 'values'): Tensor => {
    const parts = references.map(({ features }) => tensorOf(model, features.tensors, name));
    if (swatches && palette.length > 0) parts.push(pickTokens(swatches[name], palette));
    if (parts.length > 0) return joinTokens(parts);
    return pickTokens(swatches![name], [0]);
  };
  const data = Float32Array.from(weights.length > 0 ? weights : [0]);
  return { keys: join('keys'), values: join('values'), weights: { data, dims: [1, data.length] } };
}

/** Places of the drawing that are told their colour: hints, then pins. One that counts for nothing if there is none. */
function marksOf(
  { model }: MethodContext,
  guidance: Guidance,
  swatches: Swatches | undefined,
): Feeds<'places' | 'hint_values' | 'hint_weights'> {
  const { references, hints, pins } = guidance;
  const values = [
    ...hints.map(({ colour }) => pickTokens(swatches!.values, [swatches!.at(colour)])),
    ...pins.map((pin) => {
      const reference = references[pin.reference];
      if (!reference) throw new Failure('words', 'A pin points at a reference that is not used. Remove it.');
      const { grid, tensors } = reference.features;
      return pickTokens(tensorOf(model, tensors, 'values'), [tokenAt(grid, pin)]);
    }),
  ];
  const marks = [...hints, ...pins];
  const places = marks.flatMap(({ x, y }) => [x * 2 - 1, y * 2 - 1]);
  if (marks.length === 0) {
    const depth = (swatches?.values ?? tensorOf(model, references[0]!.features.tensors, 'values')).dims[2]!;
    values.push({ data: new Float32Array(depth), dims: [1, 1, depth] });
    places.push(0, 0);
  }
  const count = values.length;
  return {
    places: { data: Float32Array.from(places), dims: [1, count, 2] },
    hint_values: joinTokens(values),
    hint_weights: { data: new Float32Array(count).fill(marks.length > 0 ? 1 : 0), dims: [1, count] },
  };
}

type Grid = Correspondence['references'][number];

/** The token under a place, 0–1 (clamped). */
function tokenAt({ columns, rows }: Grid, { u, v }: { readonly u: number; readonly v: number }): number {
  const cell = (at: number, count: number): number =>
    Math.min(count - 1, Math.max(0, Math.floor(at * count)));
  return cell(v, rows) * columns + cell(u, columns);
}

/** The references' part of the attention map [1,Q,T+K]; what a pin drew counts for the place it points at. */
function correspondenceOf({ data, dims }: Tensor, grid: Grid, guidance: Guidance): Correspondence {
  const references = guidance.references.map(({ features }) => features.grid);
  const starts: number[] = [];
  let total = 0;
  for (const { columns, rows } of references) {
    starts.push(total);
    total += columns * rows;
  }
  const width = dims[2]!;
  const firstPin = width - guidance.pins.length;
  const pinned = guidance.pins.map(
    (pin) => starts[pin.reference]! + tokenAt(references[pin.reference]!, pin),
  );
  const weights = new Float32Array(dims[1]! * total);
  for (let q = 0; q < dims[1]!; q++) {
    weights.set(data.subarray(q * width, q * width + total), q * total);
    pinned.forEach((token, k) => (weights[q * total + token]! += data[q * width + firstPin + k]!));
  }
  return { ...grid, references, weights };
}
