import { createHash } from 'node:crypto';
import { openZip, type ZipEntry, type ZipRemedies } from '../document/zip.ts';
import { shown } from '../document/shown.ts';
import { Failure, throwIfCancelled } from '../failure.ts';
import { opsetOf } from './onnx.ts';
import { filesOf, MAX_MANIFEST_BYTES, parseManifest, type AnyManifest } from './registry.ts';

/** What a model pack may weigh, as a file. */
export const MAX_PACK_BYTES = 128 * 1024 * 1024;
const MAX_UNPACKED_BYTES = 192 * 1024 * 1024;
const MAX_ENTRIES = 32;
const MAX_CARD_BYTES = 1024 * 1024;

const MANIFEST = 'manifest.json';
const CARD = 'CARD.md';
/** Graphs, and the bank of a face model. */
const MODEL_FILE = /^[A-Za-z0-9_-][A-Za-z0-9._-]{0,59}\.(onnx|bin|json)$/;

const REMEDY = 'Ask its maker for a whole one.';
const REMEDIES: ZipRemedies = {
  tooMany: 'it is no model pack',
  unsafe: 'do not trust it',
  duplicate: 'ask its maker for one without',
  missing: 'it is no whole model pack',
  locked: 'ask its maker for one without',
  tooLarge: 'no model of that size can be added',
  damaged: 'get it once more',
};

/** A model pack's content: files by name, exactly those the manifest speaks of, the manifest and the card. */
export interface Pack {
  readonly manifest: AnyManifest;
  readonly files: ReadonlyMap<string, Uint8Array>;
}

/**
 * Reads a model pack (models/README.md has its layout) and believes nothing: names before anything else, then sizes
 * before anything is allocated, the manifest, and of each graph its size, its SHA-256 and its opset. Nothing is run.
 * @param fileName for sentences. @throws Failure `input` with one sentence that names the file, `cancelled`.
 */
export async function readPack(bytes: Uint8Array, fileName: string, signal?: AbortSignal): Promise<Pack> {
  const zip = await openZip(bytes, fileName, MAX_ENTRIES, REMEDIES);
  const refuse = (sentence: string): never => {
    throw new Failure('input', `${fileName}${sentence} ${REMEDY}`);
  };
  for (const entry of zip.entries) {
    const fault = nameFault(entry);
    if (fault) refuse(` ${fault}`);
  }
  const names = zip.entries.map(({ name }) => name);
  if (new Set(names.map((name) => name.toLowerCase())).size < names.length)
    refuse(` holds names that differ in capitals only.`);
  const total = zip.entries.reduce((sum, entry) => sum + entry.bytes, 0);
  if (total > MAX_UNPACKED_BYTES)
    refuse(` unpacks to ${mebibytes(total)}; ${mebibytes(MAX_UNPACKED_BYTES)} are the most.`);

  const files = new Map<string, Uint8Array>();
  const read = async (name: string, bytesAtMost: number): Promise<Uint8Array> => {
    throwIfCancelled(signal);
    const content = await zip.read(name, bytesAtMost, signal);
    files.set(name, content);
    return content;
  };
  const text = new TextDecoder().decode(await read(MANIFEST, MAX_MANIFEST_BYTES));
  const manifest = parseManifest(text, fileName, REMEDY);
  await read(CARD, MAX_CARD_BYTES);
  for (const { file, bytes: promised, sha256 } of filesOf(manifest)) {
    const found = zip.entries.find(({ name }) => name === file);
    if (!found) return refuse(` lacks ${shown(file)}, which its manifest names.`);
    if (found.bytes !== promised)
      refuse(`: ${file} has ${found.bytes} bytes where the manifest says ${promised}.`);
    const graph = await read(file, promised);
    if (createHash('sha256').update(graph).digest('hex') !== sha256)
      refuse(`: ${file} is not the file the manifest names (SHA-256 differs).`);
    if (!file.endsWith('.onnx')) continue;
    const opset = opsetIn(graph);
    if (opset === undefined) refuse(`: ${file} is no ONNX model.`);
    if (opset !== manifest.opset)
      refuse(`: ${file} is of opset ${opset} where the manifest says ${manifest.opset}.`);
  }
  const unnamed = names.find((name) => !files.has(name));
  if (unnamed !== undefined) refuse(` holds ${shown(unnamed)}, which its manifest does not name.`);
  return { manifest, files };
}

/** What is wrong with an entry's name or kind, before any path is made of it. */
function nameFault({ name, kind }: ZipEntry): string | undefined {
  if (kind === 'link') return `holds a link (${shown(name)}).`;
  if (kind === 'folder' || /[/\\]/.test(name))
    return `holds folders (${shown(name)}); a model pack has none.`;
  if (name !== MANIFEST && name !== CARD && !MODEL_FILE.test(name))
    return `holds ${shown(name)}; a model pack has only ${MANIFEST}, ${CARD}, .onnx files and a bank of faces.`;
  return undefined;
}

function opsetIn(graph: Uint8Array): number | undefined {
  try {
    return opsetOf(graph);
  } catch {
    return undefined;
  }
}

const mebibytes = (bytes: number): string => `${Math.round(bytes / 1024 / 1024)} MiB`;
