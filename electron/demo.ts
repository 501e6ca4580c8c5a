/** `npm run demo`: colours the shipped book of real drawings into out/demo, page by page, without any display. */
import { mkdir } from 'node:fs/promises';
import { basename, extname, join } from 'node:path';
import { createHost } from './host.ts';
import { SAMPLES_FOLDER } from './places.ts';
import { readSampleManifest } from './samples.ts';
import { colorizeFile } from './shell/colorize.ts';
import { createReporter } from './shell/report.ts';

const out = join(process.cwd(), 'out', 'demo');
const book = join(SAMPLES_FOLDER, 'book');
const reporter = createReporter({ json: false });
const host = await createHost();
try {
  const { title, drawings, references, credit } = await readSampleManifest('book');
  await mkdir(out, { recursive: true });
  console.log(`Colouring "${title}" (${credit})`);
  for (const { file } of drawings) {
    const name = basename(file, extname(file));
    const words = { reference: references.map((r) => join(book, r.file)), regions: true };
    const signal = AbortSignal.timeout(10 * 60_000);
    await colorizeFile(host, join(book, file), { ...words, out: join(out, `${name}.psd`) }, reporter, signal);
    await colorizeFile(host, join(book, file), { ...words, out: join(out, `${name}.png`) }, reporter, signal);
  }
} catch (thrown) {
  process.exitCode = reporter.fail(thrown);
} finally {
  await host.close();
}
