import { randomBytes } from 'node:crypto';
import { mkdir, readdir, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { guidanceFrom } from './colorize/guidance.ts';
import type { MethodContext } from './colorize/method.ts';
import { METHODS } from './colorize/methods.ts';
import { saveAtomically } from './document/save.ts';
import { storageFailure } from './document/storage.ts';
import { createEngine } from './engine/engine.ts';
import { readPack } from './engine/pack.ts';
import { isColorizer, isFaceModel, readModel, type AnyModel } from './engine/registry.ts';
import { tryFaces } from './face/trial.ts';
import { Failure, throwIfCancelled } from './failure.ts';
import type { Progress } from './progress.ts';
import { createRaster } from './raster.ts';

export interface AddOptions {
  /** Where added models lie; made if need be. */
  readonly folder: string;
  /** Ids that are taken already. */
  readonly taken: readonly string[];
  readonly engineEntry: string;
  readonly signal?: AbortSignal | undefined;
  readonly progress?: Progress | undefined;
}

const REMEDY = 'Ask its maker for one for this version of Inkwash.';

/**
 * Adds the model in a pack: everything is checked and tried in a folder beside its place, whose name then becomes the
 * model's in one step. The trial runs in an engine process of its own, so that a bad graph ends no one's work.
 * @returns the model's id. @throws Failure `input` with one sentence naming the file, `storage`, `cancelled`.
 */
export async function addPack(bytes: Uint8Array, fileName: string, options: AddOptions): Promise<string> {
  const { folder, taken, signal, progress } = options;
  progress?.(0, 'Reading the pack');
  const { manifest, files } = await readPack(bytes, fileName, signal);
  const { id } = manifest;
  if (taken.includes(id))
    throw new Failure(
      'input',
      `A model "${id}" is there already. Remove it first with "inkwash models remove ${id}", or give the pack another id.`,
    );
  const staging = join(folder, `.adding-${randomBytes(6).toString('hex')}`);
  try {
    await onDisk(staging, () => mkdir(staging, { recursive: true }));
    for (const [name, content] of files) await saveAtomically(join(staging, name), content, { signal });
    progress?.(0.3, 'Trying the model');
    await tryModel(await readModel(staging, id, false), fileName, options);
    throwIfCancelled(signal);
    await onDisk(join(folder, id), () => rename(staging, join(folder, id)));
  } finally {
    await rm(staging, { recursive: true, force: true }).catch(() => undefined);
  }
  progress?.(1, 'Added');
  return id;
}

/** Whether there is an added model of this name, usable or not. */
export async function isAdded(folder: string, id: string): Promise<boolean> {
  const names = await readdir(folder).catch((): string[] => []);
  return !id.startsWith('.') && names.includes(id);
}

/** Removes an added model: gone from its name in one step, then from the disk. @throws Failure `storage`. */
export async function removeModelFolder(folder: string, id: string): Promise<void> {
  const doomed = join(folder, `.removing-${randomBytes(6).toString('hex')}`);
  await onDisk(join(folder, id), () => rename(join(folder, id), doomed));
  await onDisk(join(folder, id), () => rm(doomed, { recursive: true, force: true }));
}

async function onDisk(path: string, step: () => Promise<unknown>): Promise<void> {
  try {
    await step();
  } catch (cause) {
    throw storageFailure(cause, path, 'write');
  }
}

/** Opens every graph, compares it with the manifest, then colours a small drawing with all the method takes, or makes a face. */
async function tryModel(model: AnyModel, fileName: string, options: AddOptions): Promise<void> {
  const { manifest } = model;
  const engine = createEngine({ entry: options.engineEntry, provider: 'cpu', threads: 1 });
  try {
    for (const [name, { file, ...declared }] of Object.entries(manifest.graphs)) {
      const found = await engine.inspect(model.graph(name), options.signal);
      for (const side of ['inputs', 'outputs'] as const) {
        const fault = shapeFault(declared[side], found[side], side);
        if (fault)
          throw new Failure('input', `${fileName}: ${fault}, unlike the ${side} of ${file}. ${REMEDY}`);
      }
    }
    if (isFaceModel(model)) await tryFaces(engine, model, options.signal);
    else if (isColorizer(model))
      await colourTrial({ engine, model, signal: options.signal, correspondence: true });
  } catch (thrown) {
    if (thrown instanceof Failure && (thrown.kind === 'cancelled' || thrown.kind === 'input')) throw thrown;
    throw new Failure(
      'input',
      `${fileName}: its model can't do what the method "${manifest.method}" needs. ${REMEDY}`,
      thrown,
    );
  } finally {
    await engine.close();
  }
}

type Shape = readonly (number | string)[];
type Shapes = Readonly<Record<string, Shape>>;
const isFixed = (n: number | string | undefined): n is number => typeof n === 'number' && n > 0;

/**
 * How declared shapes contradict those found, as the first half of a sentence. A name stands for any free dimension;
 * exporters leave many a dimension of an output free that is always the same, so that is no contradiction.
 */
function shapeFault(declared: Shapes, found: Shapes, side: 'inputs' | 'outputs'): string | undefined {
  const names = (shapes: object): string => Object.keys(shapes).toSorted().join(', ');
  if (names(declared) !== names(found)) return `the manifest says ${names(declared) || 'nothing'}`;
  for (const [name, shape] of Object.entries(declared)) {
    const actual = found[name]!;
    const contradicts =
      shape.length !== actual.length ||
      shape.some((n, i) => isFixed(actual[i]) && (isFixed(n) ? n !== actual[i] : side === 'inputs'));
    if (contradicts) return `the manifest says "${name}" is ${shape.join('x')}`;
  }
  return undefined;
}

const TRIAL_PX = 96;

async function colourTrial(context: MethodContext): Promise<void> {
  const { manifest } = context.model;
  const method = METHODS.find(({ id }) => id === manifest.method);
  if (!method) throw new Error(`There is no code for the method "${manifest.method}".`);
  const picture = createRaster(TRIAL_PX, TRIAL_PX, 3);
  for (let i = 0; i < picture.data.length; i++) picture.data[i] = (i * 7) % 256;
  const ink = createRaster(TRIAL_PX, TRIAL_PX, 1);
  ink.data.fill(255).fill(0, TRIAL_PX * 40, TRIAL_PX * 44);
  const sizePx = Math.min(...manifest.sizes);
  const guidance = await guidanceFrom(method, context, picture, sizePx);
  const { takes } = method;
  await method.colorize(
    context,
    ink,
    {
      ...guidance,
      ...(takes.palette && { palette: [[200, 40, 40]] }),
      ...(takes.hints && { hints: [{ x: 0.5, y: 0.5, colour: [40, 40, 200] }] }),
      ...(takes.pins && { pins: [{ x: 0.2, y: 0.2, reference: 0, u: 0.5, v: 0.5 }] }),
    },
    sizePx,
  );
}
