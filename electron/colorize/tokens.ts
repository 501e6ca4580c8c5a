import { Failure } from '../failure.ts';
import type { InstalledModel } from '../engine/registry.ts';
import type { Tensor } from '../engine/types.ts';

/** A tensor a graph must have given. @throws Failure `engine` naming the model. */
export function tensorOf(
  model: InstalledModel,
  outputs: Readonly<Record<string, Tensor>>,
  name: string,
): Tensor {
  const tensor = outputs[name];
  if (!tensor)
    throw new Failure('engine', `The model "${model.manifest.id}" gave no "${name}". Install it again.`);
  return tensor;
}

/** Joins tokens: [1,T1,D] + [1,T2,D] + … = [1,T1+T2+…,D]. At least one part, all of one D. */
export function joinTokens(parts: readonly Tensor[]): Tensor {
  const depth = parts[0]!.dims[2]!;
  const data = new Float32Array(parts.reduce((sum, part) => sum + part.data.length, 0));
  let at = 0;
  for (const part of parts) {
    data.set(part.data, at);
    at += part.data.length;
  }
  return { data, dims: [1, data.length / depth, depth] };
}

/** Picks tokens of [1,T,D] by their numbers, in that order. */
export function pickTokens({ data, dims }: Tensor, which: ArrayLike<number>): Tensor {
  const depth = dims[2]!;
  const picked = new Float32Array(which.length * depth);
  for (let i = 0; i < which.length; i++)
    picked.set(data.subarray(which[i]! * depth, (which[i]! + 1) * depth), i * depth);
  return { data: picked, dims: [1, which.length, depth] };
}
