import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { Failure } from './failure.ts';
import { SAMPLES_FOLDER } from './places.ts';

const fileName = z.string().regex(/^[A-Za-z0-9._-]+$/);
const manifest = z.object({
  title: z.string(),
  drawings: z.array(z.object({ file: fileName, title: z.string() })).min(1),
  references: z.array(z.object({ file: fileName, title: z.string() })).min(1),
  credit: z.string(),
  licence: z.string(),
});
export type SampleManifest = z.infer<typeof manifest>;

export interface NamedBytes {
  readonly name: string;
  readonly bytes: Uint8Array;
}

/** Names and credits of a shipped sample. @throws Failure `storage` when the program's samples are damaged. */
export async function readSampleManifest(id: string): Promise<SampleManifest> {
  try {
    return manifest.parse(JSON.parse(await readFile(join(SAMPLES_FOLDER, id, 'sample.json'), 'utf8')));
  } catch (cause) {
    throw new Failure('storage', `The sample "${id}" is missing or damaged. Install Inkwash again.`, cause);
  }
}

/** The first drawing of a sample with all its references. */
export async function readSample(
  id: string,
): Promise<{ drawing: NamedBytes; references: NamedBytes[]; credit: string }> {
  const sample = await readSampleManifest(id);
  const load = async (file: string): Promise<NamedBytes> => ({
    name: file,
    bytes: new Uint8Array(await readFile(join(SAMPLES_FOLDER, id, file))),
  });
  return {
    drawing: await load(sample.drawings[0]!.file),
    references: await Promise.all(sample.references.map(({ file }) => load(file))),
    credit: sample.credit,
  };
}
