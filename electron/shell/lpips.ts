import type { Engine } from '../engine/types.ts';
import { Failure } from '../failure.ts';
import type { Raster } from '../raster.ts';

/**
 * LPIPS (Zhang, Isola, Efros, Shechtman, Wang, CVPR 2018) on SqueezeNet 1.1, run by the engine: how different two
 * pictures look to a network that knows objects. 0 for equal pictures; 0.1 is a small change, 0.5 another picture.
 * @param path the graph of models/training/export_lpips.py.
 * @returns a measure of two pictures of one size: sRGB bytes, 3 channels, at least 32 px a side.
 */
export function lpipsBy(
  engine: Pick<Engine, 'run'>,
  path: string,
  signal?: AbortSignal,
): (one: Raster, other: Raster) => Promise<number> {
  const graph = { model: 'lpips', graph: 'lpips', path };
  return async (one, other) => {
    const { distance } = await engine.run(graph, { one: planesOf(one), other: planesOf(other) }, signal);
    const value = distance?.data[0];
    if (value === undefined)
      throw new Failure('engine', `${path} gave no distance. Export it again with training.export_lpips.`);
    return value;
  };
}

function planesOf({ data, width, height, channels }: Raster): { data: Float32Array; dims: number[] } {
  const area = width * height;
  const planes = new Float32Array(area * 3);
  for (let p = 0; p < area; p++)
    for (let c = 0; c < 3; c++) planes[c * area + p] = data[p * channels + c]! / 255;
  return { data: planes, dims: [1, 3, height, width] };
}
