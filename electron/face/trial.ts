import type { FaceModel } from '../engine/registry.ts';
import type { Engine } from '../engine/types.ts';
import { CANVAS_PX } from './parts.ts';
import { openFaceSession } from './session.ts';
import { loadFaceSystem } from './system.ts';

/** Makes a face of a few strokes with all a face model has. @throws Failure where the model is not what it should be. */
export async function tryFaces(engine: Engine, model: FaceModel, signal?: AbortSignal): Promise<void> {
  const system = await loadFaceSystem(engine, model);
  const session = openFaceSession(system);
  const grey = session.sketch.slice();
  for (const [x, y] of [
    [170, 240],
    [300, 240],
    [240, 310],
    [230, 374],
    [100, 100],
  ] as const)
    for (let row = y; row < y + 6; row++) grey.fill(0, row * CANVAS_PX + x, row * CANVAS_PX + x + 48);
  const whole = { xPx: 0, yPx: 0, widthPx: CANVAS_PX, heightPx: CANVAS_PX, grey };
  await session.update({ patches: [whole] }, signal);
  await session.shadow(signal);
}
