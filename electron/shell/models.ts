import { Failure } from '../failure.ts';
import { filesOf, isFaceModel } from '../engine/registry.ts';
import type { Host } from '../host.ts';
import type { Reporter } from './report.ts';

const mebibytes = (bytes: number): string => `${(bytes / 1024 / 1024).toFixed(1)} MiB`;

/** `inkwash models list` */
export function listModels(host: Host, reporter: Reporter): void {
  for (const { manifest, shipped } of host.registry.models) {
    const bytes = filesOf(manifest).reduce((sum, file) => sum + file.bytes, 0);
    const { id, method, version, title, summary, licence } = manifest;
    reporter.say(
      `${id.padEnd(10)} ${version}  ${mebibytes(bytes).padStart(9)}  ${licence}  ${summary}${shipped ? '' : ` (added, method ${method})`}`,
      {
        id,
        method,
        shipped,
        version,
        title,
        summary,
        licence,
        ...('sizes' in manifest ? { sizes: manifest.sizes } : { people: manifest.bank.people }),
        bytes,
      },
    );
  }
  for (const { id, sentence } of host.registry.problems)
    reporter.say(`${id.padEnd(10)} unusable: ${sentence}`, { id, error: sentence });
  if (host.registry.models.length === 0 && host.registry.problems.length === 0)
    reporter.say('No models are installed.', { models: 0 });
}

/** `inkwash models add FILE`. */
export async function addModel(
  host: Host,
  file: string,
  reporter: Reporter,
  signal: AbortSignal,
): Promise<void> {
  const id = await host.addModel(file, signal, reporter.progress);
  const added = host.registry.models.find(({ manifest }) => manifest.id === id);
  if (!added) throw new Failure('input', `The model "${id}" is gone already. Add it again.`);
  const { version, title, method } = added.manifest;
  const use = isFaceModel(added) ? '"inkwash face" uses it from now on.' : `Use it with --method ${id}.`;
  reporter.say(`Added "${id}" ${version} (${title}). ${use}`, {
    id,
    method,
    version,
    title,
  });
}

/** `inkwash models remove ID`. */
export async function removeModel(host: Host, id: string, reporter: Reporter): Promise<void> {
  await host.removeModel(id);
  reporter.say(`Removed "${id}".`, { removed: id });
}

/** `inkwash models verify`. @returns whether every model is what its manifest says. */
export async function verifyModels(host: Host, reporter: Reporter): Promise<boolean> {
  let good = true;
  for (const { id, sentences } of await host.verify()) {
    good &&= sentences.length === 0;
    reporter.say(`${id.padEnd(10)} ${sentences.join(' ') || 'good'}`, {
      id,
      ok: sentences.length === 0,
      errors: sentences,
    });
  }
  return good;
}
