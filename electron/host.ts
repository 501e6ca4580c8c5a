import { readFile } from 'node:fs/promises';
import { Failure } from './failure.ts';
import { createEngine, type OwnedEngine } from './engine/engine.ts';
import { readRegistry, verifyModel, type InstalledModel, type Registry } from './engine/registry.ts';
import type { ProviderChoice } from './engine/types.ts';
import { METHOD_IDS, type ColorizeMethod } from './colorize/method.ts';
import { METHODS } from './colorize/methods.ts';
import type { MethodInfo } from './contract/table.ts';
import { openRoom, type Room } from './room.ts';
import { ENGINE_ENTRY, MODELS_FOLDER, PACKAGE_FILE } from './places.ts';

export interface HostOptions {
  readonly provider?: ProviderChoice;
  readonly threads?: number;
  /** One folder a model; the shipped ones when left out. */
  readonly modelsFolder?: string;
  /** The compiled engine process; the built one beside the host when left out. */
  readonly engineEntry?: string;
  /** Ends the engine process after this long without work. */
  readonly engineIdleMs?: number;
  readonly log?: (line: string) => void;
}

/** A method and the model it runs. */
export interface Colorizer {
  readonly method: ColorizeMethod;
  readonly model: InstalledModel;
}

/** What every door opens: the engine, the models, and rooms (one a window or command) that hold documents. */
export interface Host {
  readonly version: string;
  readonly engine: OwnedEngine;
  readonly registry: Registry;
  /** Those whose models are installed, the default first. */
  readonly methods: readonly MethodInfo[];
  /** An installed method. @throws Failure `words` naming those there are. */
  colorizer(id: string): Colorizer;
  /** One line a fault: models that are not what their manifests say. */
  verify(): Promise<{ id: string; sentences: readonly string[] }[]>;
  openRoom(): Room;
  close(): Promise<void>;
}

/** Composes the services; the engine process starts with its first job. */
export async function createHost(options: HostOptions = {}): Promise<Host> {
  const registry = await readRegistry(options.modelsFolder ?? MODELS_FOLDER);
  const { version } = JSON.parse(await readFile(PACKAGE_FILE, 'utf8')) as { version: string };
  const engine = createEngine({
    ...(options.provider && { provider: options.provider }),
    ...(options.threads && { threads: options.threads }),
    entry: options.engineEntry ?? ENGINE_ENTRY,
    ...(options.engineIdleMs !== undefined && { idleMs: options.engineIdleMs }),
    ...(options.log && { log: options.log }),
  });
  const colorizers = new Map<string, Colorizer>();
  for (const id of METHOD_IDS) {
    const method = METHODS.find((m) => m.id === id);
    const model = registry.models.find(({ manifest }) => manifest.method === id);
    if (method && model) colorizers.set(id, { method, model });
  }

  const host: Host = {
    version,
    engine,
    registry,
    methods: [...colorizers.values()].map(({ method, model: { manifest } }) => ({
      id: method.id,
      title: method.title,
      summary: manifest.summary,
      sizesPx: manifest.sizes,
      defaultSizePx: manifest.defaultSize,
    })),
    colorizer(id) {
      const found = colorizers.get(id);
      if (found) return found;
      const there = [...colorizers.keys()].join(', ') || 'none';
      throw new Failure('words', `The method "${id}" is not installed. Installed: ${there}.`);
    },
    async verify() {
      const results = registry.problems.map(({ id, sentence }) => ({ id, sentences: [sentence] }));
      for (const model of registry.models)
        results.push({ id: model.manifest.id, sentences: await verifyModel(model) });
      return results;
    },
    openRoom: () => openRoom(host),
    close: () => engine.close(),
  };
  return host;
}
