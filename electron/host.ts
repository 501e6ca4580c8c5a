import { readFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { Failure } from './failure.ts';
import { createEngine, type OwnedEngine } from './engine/engine.ts';
import { MAX_PACK_BYTES } from './engine/pack.ts';
import {
  isColorizer,
  isFaceModel,
  readRegistry,
  verifyModel,
  type FaceModel,
  type InstalledModel,
  type Registry,
} from './engine/registry.ts';
import type { ProviderChoice } from './engine/types.ts';
import { createFeatureCache, type FeatureCache } from './colorize/feature-cache.ts';
import { createFeatureShelf } from './gallery/feature-shelf.ts';
import { createGallery, type Gallery } from './gallery/gallery.ts';
import { METHOD_IDS, type ColorizeMethod } from './colorize/method.ts';
import { METHODS } from './colorize/methods.ts';
import { loadFaceSystem, type FaceSystem } from './face/system.ts';
import type { MethodInfo } from './contract/table.ts';
import type { Progress } from './progress.ts';
import { readCapped } from './read-file.ts';
import { openRoom, type Room } from './room.ts';
import type { Settings } from './settings/schema.ts';
import { createRecents, type Recents } from './recents/store.ts';
import { createSettings, type SettingsStore } from './settings/store.ts';
import { addPack, isAdded, removeModelFolder } from './model-packs.ts';
import { ADDED_MODELS_FOLDER, DATA_FOLDER, ENGINE_ENTRY, MODELS_FOLDER, PACKAGE_FILE } from './places.ts';

export interface HostOptions {
  readonly provider?: ProviderChoice;
  readonly threads?: number;
  /** One folder a model; the shipped ones when left out. */
  readonly modelsFolder?: string;
  /** The same for models the user added. */
  readonly addedModelsFolder?: string;
  /** Where the gallery, settings and recovery copies are kept; the user's own when left out. */
  readonly dataFolder?: string;
  /** Windows may say where files lie: theirs come from the desktop program's own main process. */
  readonly trustsPaths?: boolean;
  /** Provider and threads follow the settings, unless they are given here. The shell's single commands leave this out. */
  readonly followSettings?: boolean;
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
  /** As last read: adding and removing models reads it anew. */
  readonly registry: Registry;
  readonly features: FeatureCache;
  readonly gallery: Gallery;
  readonly settings: SettingsStore;
  readonly recents: Recents;
  /** What is kept for this user lies here. */
  readonly dataFolder: string;
  /** Windows may say where files lie. */
  readonly trustsPaths: boolean;
  readonly log: ((line: string) => void) | undefined;
  /** Which settings were given when the program was started, and so do not follow the file. */
  readonly fixed: readonly ('provider' | 'threads')[];
  /** What can be chosen, the default first: a method under its own id, or with another model under that model's. */
  readonly methods: readonly MethodInfo[];
  /** One of them, or the default. @throws Failure `words` naming those there are, `input` when there is none. */
  colorizer(id?: string): Colorizer;
  /** Whether there is a model of faces: one the user added, or the one that ships. */
  readonly faceModel: FaceModel | undefined;
  /** It and its bank of known faces, read at first use. @throws Failure `input` when there is none or it is not whole. */
  faces(): Promise<FaceSystem>;
  /** One line a fault: models that are not what their manifests say. */
  verify(): Promise<{ id: string; sentences: readonly string[] }[]>;
  /** Adds the model in a pack file beside the shipped ones. @returns its id. @throws Failure, see addPack. */
  addModel(path: string, signal?: AbortSignal, progress?: Progress): Promise<string>;
  /** @throws Failure `words` for a model that ships with the program or isn't there, `storage`. */
  removeModel(id: string): Promise<void>;
  openRoom(): Room;
  close(): Promise<void>;
}

/** What encoded references may take in memory: some two hundred at the usual size. */
const FEATURE_BYTES = 128 * 1024 * 1024;
/** What those of the gallery's pictures may take on disk. */
const SHELF_BYTES = 512 * 1024 * 1024;

/** By id, in the order of METHOD_IDS; a method's own model before others for it. */
function colorizersOf({ models }: Registry): Map<string, Colorizer> {
  const colorizers = new Map<string, Colorizer>();
  for (const id of METHOD_IDS) {
    const method = METHODS.find((m) => m.id === id);
    const its = models.filter(isColorizer).filter(({ manifest }) => manifest.method === id);
    const own = its.filter(({ manifest }) => manifest.id === id);
    for (const model of [...own, ...its.filter((m) => !own.includes(m))])
      if (method) colorizers.set(model.manifest.id, { method, model });
  }
  return colorizers;
}

/** Composes the services; the engine process starts with its first job. */
export async function createHost(options: HostOptions = {}): Promise<Host> {
  const folders = {
    shipped: options.modelsFolder ?? MODELS_FOLDER,
    added: options.addedModelsFolder ?? ADDED_MODELS_FOLDER,
  };
  const engineEntry = options.engineEntry ?? ENGINE_ENTRY;
  let registry = await readRegistry(folders);
  let colorizers = colorizersOf(registry);
  const { version } = JSON.parse(await readFile(PACKAGE_FILE, 'utf8')) as { version: string };
  const engine = createEngine({
    ...(options.provider && { provider: options.provider }),
    ...(options.threads && { threads: options.threads }),
    entry: engineEntry,
    ...(options.engineIdleMs !== undefined && { idleMs: options.engineIdleMs }),
    ...(options.log && { log: options.log }),
  });
  const fixed = (['provider', 'threads'] as const).filter((name) => options[name] !== undefined);
  const dataFolder = options.dataFolder ?? DATA_FOLDER;
  const settings = createSettings(join(dataFolder, 'settings.json'));
  const recents = createRecents(join(dataFolder, 'recents'), options.log);
  const gallery = createGallery(join(dataFolder, 'gallery'));
  const shelf = createFeatureShelf(gallery, { maxBytes: SHELF_BYTES, version });
  if (options.followSettings) {
    const follow = ({ provider, threads }: Settings): void =>
      engine.configure({
        provider: options.provider ?? provider,
        threads: options.threads ?? (threads || undefined),
      });
    follow((await settings.read()).settings);
    settings.onChange(follow);
  }
  let faces: { hash: string; system: Promise<FaceSystem> } | undefined;
  const readAgain = async (): Promise<void> => {
    registry = await readRegistry(folders);
    colorizers = colorizersOf(registry);
  };

  const host: Host = {
    version,
    engine,
    get registry() {
      return registry;
    },
    features: createFeatureCache(FEATURE_BYTES, shelf),
    gallery,
    settings,
    recents,
    dataFolder,
    trustsPaths: options.trustsPaths ?? false,
    log: options.log,
    fixed,
    get methods() {
      return [...colorizers].map(
        ([
          id,
          {
            method,
            model: { manifest },
          },
        ]) => ({
          id,
          method: method.id,
          title: id === method.id ? method.title : manifest.title,
          summary: manifest.summary,
          takes: { ...method.takes, hints: true, pins: method.takes.references !== 'none' },
          sizesPx: manifest.sizes,
          defaultSizePx: manifest.defaultSize,
        }),
      );
    },
    colorizer(id) {
      const [first] = colorizers.values();
      if (!first)
        throw new Failure(
          'input',
          'No colouring model is installed. Run "inkwash models verify" to see why.',
        );
      const found = id === undefined ? first : colorizers.get(id);
      if (found) return found;
      const there = [...colorizers.keys()].join(', ');
      throw new Failure('words', `The method "${id}" is not installed. Installed: ${there}.`);
    },
    get faceModel() {
      const models = registry.models.filter(isFaceModel);
      return models.find(({ shipped }) => !shipped) ?? models[0];
    },
    faces() {
      const model = host.faceModel;
      if (!model)
        return Promise.reject(
          new Failure('input', 'There is no face model. Add one with "inkwash models add FILE".'),
        );
      if (faces?.hash === model.hash) return faces.system;
      const system = loadFaceSystem(engine, model);
      faces = { hash: model.hash, system };
      system.catch(() => (faces = undefined));
      return system;
    },
    async verify() {
      const results = registry.problems.map(({ id, sentence }) => ({ id, sentences: [sentence] }));
      for (const model of registry.models)
        results.push({ id: model.manifest.id, sentences: await verifyModel(model) });
      return results;
    },
    async addModel(path, signal, progress) {
      const name = basename(path);
      const bytes = await readCapped(path, 'a model pack', MAX_PACK_BYTES, signal);
      const taken = [
        ...registry.models.map(({ manifest }) => manifest.id),
        ...registry.problems.map((p) => p.id),
      ];
      const id = await addPack(bytes, name, { folder: folders.added, taken, engineEntry, signal, progress });
      await readAgain();
      return id;
    },
    async removeModel(id) {
      if (!(await isAdded(folders.added, id))) {
        const added = registry.models.filter(({ shipped }) => !shipped).map(({ manifest }) => manifest.id);
        const which = `Models you added: ${added.join(', ') || 'none'}.`;
        if (registry.models.some(({ manifest }) => manifest.id === id))
          throw new Failure('words', `The model "${id}" comes with Inkwash and stays. ${which}`);
        throw new Failure('words', `There is no model "${id}". ${which}`);
      }
      await removeModelFolder(folders.added, id);
      await readAgain();
      // Its graphs may be open; another model may take their place.
      engine.restart();
    },
    openRoom: () => openRoom(host),
    async close() {
      await engine.close();
      shelf.close();
      await gallery.close();
    },
  };
  return host;
}
