import { arch, cpus, freemem, platform, release, totalmem } from 'node:os';
import { createRequire } from 'node:module';
import sharp from 'sharp';
import { asFailure } from '../failure.ts';
import type { Host } from '../host.ts';
import type { Reporter } from './report.ts';

const gibibytes = (bytes: number): string => `${(bytes / 1024 ** 3).toFixed(1)} GiB`;

/** `inkwash doctor`: what a bug report needs. @returns whether everything needed for colouring is in order. */
export async function examine(host: Host, reporter: Reporter): Promise<boolean> {
  const say = (name: string, text: string, json: Record<string, unknown>): void =>
    reporter.say(`${name.padEnd(12)} ${text}`, { check: name, ...json });
  const versions = {
    inkwash: host.version,
    node: process.versions.node,
    sharp: sharp.versions.sharp,
    libvips: sharp.versions.vips,
  };
  say(
    'versions',
    `Inkwash ${versions.inkwash}, Node ${versions.node}, sharp ${versions.sharp}, libvips ${versions.libvips}`,
    versions,
  );
  const cores = cpus();
  say(
    'machine',
    `${platform()} ${release()} ${arch()}, ${cores.length} cores (${cores[0]?.model.trim() ?? 'unknown'}), ${gibibytes(totalmem())} memory, ${gibibytes(freemem())} free`,
    {
      platform: platform(),
      arch: arch(),
      cores: cores.length,
      memory: totalmem(),
      free: freemem(),
    },
  );
  const desktop = electronVersion();
  say('desktop', desktop ? `Electron ${desktop} package` : 'no Electron package; the browser door is used', {
    electron: desktop ?? null,
  });
  const report = await host.engine.report();
  say(
    'engine',
    `ONNX Runtime ${report.runtimeVersion}, ${report.threads} threads, runs on ${report.chosen}`,
    { ...report },
  );
  say('providers', `found: ${report.found.join(', ')}`, { found: report.found });
  for (const { provider, ok, reason } of report.tried)
    say('tried', `${provider}: ${ok ? 'works' : `no (${reason ?? 'unknown'})`}`, {
      provider,
      ok,
      ...(reason && { reason }),
    });
  let good = host.methods.length > 0;
  if (!good) say('models', 'no colouring model is installed', { ok: false });
  for (const { id, sentences } of await host.verify()) {
    good &&= sentences.length === 0;
    say('model', `${id}: ${sentences.join(' ') || 'good'}`, { id, ok: sentences.length === 0 });
  }
  const gallery = await examineGallery(host);
  say('gallery', gallery.text, gallery.json);
  return good;
}

/** A gallery is not needed for colouring, and none is made by looking. */
async function examineGallery({ gallery }: Host): Promise<{ text: string; json: Record<string, unknown> }> {
  const { folder: location } = gallery;
  if (!(await gallery.exists()))
    return { text: `none yet, would be in ${location}`, json: { ok: true, location, pictures: 0 } };
  try {
    const { pictures, missing, writable, notes } = await gallery.state();
    const states = [
      ...(writable ? [] : ['read-only']),
      ...(missing > 0 ? [`${missing} without their files`] : []),
      ...notes,
    ];
    return {
      text: `${pictures} ${pictures === 1 ? 'picture' : 'pictures'} in ${location}: ${states.join(', ') || 'good'}`,
      json: { ok: missing === 0 && notes.length === 0, location, pictures, missing, writable, notes },
    };
  } catch (thrown) {
    const sentence = asFailure(thrown).message;
    return { text: sentence, json: { ok: false, location, reason: sentence } };
  }
}

function electronVersion(): string | undefined {
  try {
    const { version } = createRequire(import.meta.url)('electron/package.json') as { version: string };
    return version;
  } catch {
    return undefined;
  }
}
