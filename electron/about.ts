import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import type { Handlers } from './contract/session.ts';
import type { Host } from './host.ts';
import { LICENCES_FILE } from './places.ts';
import { readSampleManifest } from './samples.ts';

const SAMPLES = ['first-minute', 'book'];
const MAX_CARD = 64 * 1024;
const packageList = z.array(
  z.object({ name: z.string(), version: z.string(), licence: z.string(), text: z.string() }),
);

/** The contract's channel for About: credits of packages (written at the build), models and samples. */
export function aboutHandlers(host: Pick<Host, 'registry'>): Pick<Handlers, 'about.credits'> {
  return {
    async 'about.credits'() {
      const samples = await Promise.all(SAMPLES.map(readSampleManifest));
      return {
        packages: await readPackages(),
        models: await Promise.all(
          host.registry.models.map(async ({ manifest: { title, licence }, folder }) => ({
            title,
            licence,
            text: (await readFile(join(folder, 'CARD.md'), 'utf8').catch(() => '')).slice(0, MAX_CARD),
          })),
        ),
        samples: samples.map(({ title, licence, credit }) => ({ title, licence, text: credit })),
      };
    },
  };
}

/** An unbuilt program has no list yet. */
async function readPackages(): Promise<z.infer<typeof packageList>> {
  try {
    return packageList.parse(JSON.parse(await readFile(LICENCES_FILE, 'utf8')));
  } catch {
    return [];
  }
}
