import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { zipSync, type Zippable } from 'fflate';

/** Graphs of the method `inkwash` that average colours: see make.py there. */
export const TINY_MODELS = fileURLToPath(new URL('../fixtures/models/', import.meta.url));

export type PackFiles = Record<string, Uint8Array>;

/** The files of a model pack, all in order. */
export async function tinyPackFiles(): Promise<PackFiles> {
  const folder = join(TINY_MODELS, 'tiny-inkwash');
  const names = (await readdir(folder)).filter((name) => /^(manifest\.json|CARD\.md|.*\.onnx)$/.test(name));
  const entries = names.map(
    async (name) => [name, new Uint8Array(await readFile(join(folder, name)))] as const,
  );
  return Object.fromEntries(await Promise.all(entries));
}

export function zipOf(files: Zippable): Uint8Array {
  return zipSync(files, { level: 6 });
}

/** The pack with a changed manifest. */
export function withManifest(files: PackFiles, change: (manifest: TinyManifest) => unknown): PackFiles {
  const manifest = JSON.parse(new TextDecoder().decode(files['manifest.json'])) as TinyManifest;
  change(manifest);
  return { ...files, 'manifest.json': new TextEncoder().encode(JSON.stringify(manifest)) };
}

/** As much of a manifest as tests change. */
export interface TinyManifest {
  id: string;
  method: string;
  opset: number;
  title: string;
  graphs: Record<
    'reference' | 'colorize',
    {
      file: string;
      sha256: string;
      bytes: number;
      inputs: Record<string, unknown>;
      outputs: Record<string, unknown>;
    }
  >;
}
