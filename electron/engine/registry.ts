import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { readdir, readFile, stat } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { z } from 'zod';
import { Failure } from '../failure.ts';
import { METHOD_IDS } from '../colorize/method.ts';
import { FACE_METHOD, faceManifestSchema, type FaceManifest } from './face-manifest.ts';
import { commonFields, type ModelFile } from './manifest-fields.ts';
import type { GraphRef } from './types.ts';

export const MAX_MANIFEST_BYTES = 256 * 1024;

export const manifestSchema = z
  .object({
    ...commonFields,
    method: z.enum(METHOD_IDS),
    /** Sides of the model's input are multiples of this, in pixels. */
    stride: z.number().int().positive().max(64),
    /** Pixels a side that one token stands for; `stride` when left out. */
    tokenStride: z.number().int().positive().max(64).optional(),
    /** Geometric mean of a reference's sides at the model, px, whatever the drawing's size; the drawing's when left out. */
    referenceSize: z.number().int().min(16).max(2048).optional(),
    /** Of `inkwash`: a token's value ends with its own half-size pixels, this many a side, and four numbers of its place. */
    valuePixels: z.literal(4).optional(),
    /** What the attention of `nerk` runs over; positions when left out. */
    attention: z.enum(['positions', 'channels']).optional(),
    sizes: z.array(z.number().int().min(64).max(2048)).min(1),
    defaultSize: z.number().int(),
  })
  .refine(({ id, method }) => id === method || ![...METHOD_IDS, FACE_METHOD].includes(id), {
    path: ['id'],
    message: 'it is the name of another method',
  })
  .refine(({ sizes, defaultSize }) => sizes.includes(defaultSize), {
    path: ['defaultSize'],
    message: 'it is not one of the sizes',
  });
export type Manifest = z.infer<typeof manifestSchema>;
export type AnyManifest = Manifest | FaceManifest;

/** A colorizer, unless said otherwise. */
export interface InstalledModel<M extends AnyManifest = Manifest> {
  readonly manifest: M;
  readonly folder: string;
  /** Whether it came with the program; only others can be removed. */
  readonly shipped: boolean;
  /** Differs for models whose files differ. */
  readonly hash: string;
  /** @throws Failure `engine` when the model has no such graph. */
  graph(name: string): GraphRef;
}

export type AnyModel = InstalledModel<AnyManifest>;
export type FaceModel = InstalledModel<FaceManifest>;

export function isFaceModel(model: AnyModel): model is FaceModel {
  return model.manifest.method === FACE_METHOD;
}

export function isColorizer(model: AnyModel): model is InstalledModel {
  return model.manifest.method !== FACE_METHOD;
}

/** All files a manifest speaks of: graphs, and a face model's bank. */
export function filesOf(manifest: AnyManifest): ModelFile[] {
  const graphs = Object.values(manifest.graphs);
  if (manifest.method !== FACE_METHOD) return graphs;
  const { vectors, sketches, table } = manifest.bank;
  return [...graphs, vectors, sketches, table];
}

export interface ModelProblem {
  readonly id: string;
  readonly sentence: string;
}

export interface Registry {
  readonly models: readonly AnyModel[];
  readonly problems: readonly ModelProblem[];
}

/** Where models lie, one folder each. */
export interface ModelFolders {
  /** Those that came with the program. */
  readonly shipped: string;
  /** Those the user added; need not exist. */
  readonly added: string;
}

/**
 * Reads the manifests of all models and checks that their files are there and have the promised sizes. Hashes are
 * checked by verifyModel, which reads every byte. An added model can't stand in for a shipped one.
 */
export async function readRegistry(folders: ModelFolders): Promise<Registry> {
  const shipped = await readModels(folders.shipped, true);
  const added = await readModels(folders.added, false);
  const hidden = added.models.filter(({ manifest: { id } }) =>
    shipped.models.some((model) => model.manifest.id === id),
  );
  return {
    models: [...shipped.models, ...added.models.filter((model) => !hidden.includes(model))],
    problems: [
      ...shipped.problems,
      ...added.problems,
      ...hidden.map(({ manifest: { id } }) => ({
        id,
        sentence: `The model "${id}" you added is not used: one of that name now comes with Inkwash. Remove yours with "inkwash models remove ${id}".`,
      })),
    ],
  };
}

async function readModels(folder: string, shipped: boolean): Promise<Registry> {
  const models: AnyModel[] = [];
  const problems: ModelProblem[] = [];
  const entries = await readdir(folder, { withFileTypes: true }).catch((cause: unknown) => {
    if (!shipped && cause instanceof Error && 'code' in cause && cause.code === 'ENOENT') return [];
    throw new Failure(
      'storage',
      shipped
        ? `The models folder "${basename(folder)}" can't be read. Install Inkwash again.`
        : `Your models folder ${folder} can't be read. Check its permissions.`,
      cause,
    );
  });
  for (const entry of entries.toSorted((a, b) => a.name.localeCompare(b.name, 'en'))) {
    // A name with a dot in front is a model being added or removed.
    if (!entry.isDirectory() || entry.name.startsWith('.')) continue;
    const path = join(folder, entry.name, 'manifest.json');
    const found = await stat(path).catch(() => undefined);
    if (!found) continue;
    try {
      models.push(await readModel(join(folder, entry.name), entry.name, shipped));
    } catch (thrown) {
      const sentence = thrown instanceof Error ? thrown.message : String(thrown);
      problems.push({ id: entry.name, sentence });
    }
  }
  return { models, problems };
}

/** Reads one model's folder. @throws Failure `input` saying what is wrong with it. */
export async function readModel(folder: string, id: string, shipped: boolean): Promise<AnyModel> {
  const path = join(folder, 'manifest.json');
  const { size } = await stat(path);
  if (size > MAX_MANIFEST_BYTES)
    throw new Failure('input', `The model "${id}" has a manifest of ${size} bytes; that is no manifest.`);
  const manifest = parseManifest(
    await readFile(path, 'utf8'),
    `the model "${id}"`,
    'Install the model again.',
  );
  if (manifest.id !== id)
    throw new Failure('input', `The folder "${id}" holds the model "${manifest.id}". Rename the folder.`);
  for (const { file, bytes } of filesOf(manifest)) {
    const found = await stat(join(folder, file)).catch(() => undefined);
    if (!found)
      throw new Failure('input', `The model "${id}" lacks its file ${file}. Install the model again.`);
    if (found.size !== bytes)
      throw new Failure(
        'input',
        `The model "${id}": ${file} has ${found.size} bytes where its manifest says ${bytes}. Install the model again.`,
      );
  }
  return {
    manifest,
    folder,
    shipped,
    hash: filesOf(manifest)
      .map(({ sha256 }) => sha256)
      .toSorted()
      .join(' '),
    graph(name) {
      const entry = manifest.graphs[name];
      if (!entry)
        throw new Failure('engine', `The model "${id}" has no graph "${name}". Install the model again.`);
      return { model: id, graph: name, path: join(folder, entry.file) };
    },
  };
}

/**
 * A manifest's text, checked. @param of whose it is, @param remedy what to do, both for sentences.
 * @throws Failure `input` naming the first thing that is wrong.
 */
export function parseManifest(text: string, of: string, remedy: string): AnyManifest {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch (cause) {
    throw new Failure('input', `The manifest of ${of} is not JSON. ${remedy}`, cause);
  }
  const schema = isRecord(json) && json['method'] === FACE_METHOD ? faceManifestSchema : manifestSchema;
  const parsed = schema.safeParse(json);
  if (!parsed.success) {
    const issue = parsed.error.issues[0];
    throw new Failure(
      'input',
      `The manifest of ${of} is wrong at ${issue?.path.join('.') || 'its root'}: ${issue?.message ?? ''}. ${remedy}`,
      parsed.error,
    );
  }
  return parsed.data;
}

/** Reads every byte of a model's files and compares their SHA-256 with the manifest. @returns sentences, none if all is well. */
export async function verifyModel(model: AnyModel): Promise<string[]> {
  const sentences: string[] = [];
  for (const { file, sha256 } of filesOf(model.manifest)) {
    const hash = createHash('sha256');
    await pipeline(createReadStream(join(model.folder, file)), hash);
    if (hash.digest('hex') !== sha256)
      sentences.push(
        `The model "${model.manifest.id}": ${file} is not the file its manifest names (SHA-256 differs). Install the model again.`,
      );
  }
  return sentences;
}

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null;
