import { SYNTHESISE_INPUTS, workWindow } from '../engine/face-manifest.ts';
import type { FaceModel } from '../engine/registry.ts';
import type { Engine, Tensor } from '../engine/types.ts';
import { Failure } from '../failure.ts';
import type { Raster } from '../raster.ts';
import { faceFinish } from './finish.ts';
import { FACE_PARTS, perPart, type FacePart, type FaceWindow, type PerPart } from './parts.ts';
import type { Plane } from './windows.ts';

/** The networks of a face model. A run that has started is let finish: ending it would end the engine's process. */
export interface FaceNetworks {
  /** The parts' windows, px of the work size. */
  readonly windows: PerPart<FaceWindow>;
  /** @param sketches what cutPart gave, any number of them. @returns a vector each. */
  encode(part: FacePart, sketches: readonly Plane[]): Promise<Float32Array[]>;
  /** Feature mapping and image synthesis, whose maps stay in the engine, then `faceFinish`. @returns the face, opaque RGBA, sRGB. */
  synthesise(vectors: PerPart<Float32Array>): Promise<Raster>;
  readonly decodes: boolean;
  /** What a vector says as lines, 1 paper, 0 ink; only where `decodes`. */
  decode(part: FacePart, vector: Float32Array): Promise<Plane>;
}

export function faceNetworks(engine: Engine, model: FaceModel): FaceNetworks {
  const { manifest } = model;
  const { latent, outputPx } = manifest;
  const windows = perPart((part) => workWindow(manifest, part));
  const finish = faceFinish(windows, manifest.workPx, outputPx);

  async function run(name: string, feeds: Record<string, Tensor>, output: string): Promise<Tensor> {
    const found = (await engine.run(model.graph(name), feeds, undefined, [output]))[output];
    if (!found || found.data.length !== found.dims.reduce((a, b) => a * b, 1)) throw unlike(name);
    return found;
  }
  const unlike = (name: string): Failure =>
    new Failure(
      'engine',
      `The model "${manifest.id}" gave something else than its manifest says (${name}). Check it with "inkwash models verify".`,
    );
  const vectorOf = (vector: Float32Array): Tensor => ({ data: vector, dims: [1, latent] });

  return {
    windows,
    async encode(part, sketches) {
      const { sizePx } = windows[part];
      const area = sizePx * sizePx;
      const batch = new Float32Array(area * sketches.length);
      sketches.forEach(({ data }, i) => batch.set(data, i * area));
      const sketch = { data: batch, dims: [sketches.length, 1, sizePx, sizePx] };
      const { data } = await run(`encode-${part}`, { sketch }, 'vector');
      if (data.length !== latent * sketches.length || !data.every(Number.isFinite))
        throw unlike(`encode-${part}`);
      return sketches.map((_, i) => data.slice(i * latent, (i + 1) * latent));
    },
    async synthesise(vectors) {
      const steps = FACE_PARTS.map((part) => ({
        graph: model.graph(`map-${part}`),
        feeds: { vector: vectorOf(vectors[part]) },
        output: 'map',
        becomes: SYNTHESISE_INPUTS[part],
      }));
      const { outputs } = await engine.chain(steps, model.graph('synthesise'));
      const drawn = outputs['face']?.data;
      const area = outputPx * outputPx;
      if (drawn?.length !== 3 * area) throw unlike('synthesise');
      const data = finish(drawn);
      const rgba = new Uint8Array(4 * area).fill(255);
      for (let i = 0; i < area; i++)
        for (let c = 0; c < 3; c++)
          // A number that is none becomes 0 here.
          rgba[i * 4 + c] = Math.min(255, Math.max(0, Math.round(data[c * area + i]! * 255)));
      return { data: rgba, width: outputPx, height: outputPx, channels: 4, space: 'srgb' };
    },
    decodes: FACE_PARTS.every((part) => `decode-${part}` in manifest.graphs),
    async decode(part, vector) {
      const { sizePx } = windows[part];
      const { data } = await run(`decode-${part}`, { vector: vectorOf(vector) }, 'sketch');
      if (data.length !== sizePx * sizePx) throw unlike(`decode-${part}`);
      return { data, sizePx };
    },
  };
}
