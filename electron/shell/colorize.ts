import { mkdir } from 'node:fs/promises';
import { basename, extname } from 'node:path';
import type { CallContext } from '../contract/session.ts';
import { dispatch } from '../contract/session.ts';
import type { MethodId } from '../colorize/method.ts';
import { METHOD_IDS } from '../colorize/method.ts';
import { writeLayerPngs } from '../document/png.ts';
import { formatOf, refuseInputs, saveAtomically } from '../document/save.ts';
import { Failure } from '../failure.ts';
import type { Host } from '../host.ts';
import { pictureArgument } from './picture-argument.ts';
import { part } from '../progress.ts';
import type { Reporter } from './report.ts';

export interface ColorizeWords {
  readonly reference?: readonly string[];
  readonly method?: string;
  readonly palette?: string;
  readonly hints?: string;
  readonly regions: boolean;
  readonly gap?: number;
  readonly size?: number;
  readonly out?: string;
  readonly layers?: string;
}

/** `inkwash colorize ART`: one drawing, through the same channels as a window. */
export async function colorizeFile(
  host: Host,
  art: string,
  words: ColorizeWords,
  reporter: Reporter,
  signal: AbortSignal,
): Promise<void> {
  const method = methodFor(host, words);
  const references = words.reference ?? [];
  if (references.length === 0)
    throw new Failure(
      'words',
      `The method "${method}" takes its colours from a picture. Give one with --reference.`,
    );
  if (words.palette !== undefined)
    throw new Failure(
      'words',
      `The method "${method}" has no use for --palette; it takes its colours from --reference alone.`,
    );
  if (words.hints !== undefined)
    throw new Failure(
      'words',
      `The method "${method}" has no use for --hints; it takes its colours from --reference alone.`,
    );
  const out = words.out ?? `${basename(art, extname(art))}-coloured.png`;
  const format = formatOf(out);
  const inputs = [art, ...references];
  await refuseInputs(out, inputs);

  const room = host.openRoom();
  const context = (from: number, to: number): CallContext => ({
    signal,
    progress: part(reporter.progress, from, to),
  });
  try {
    const drawing = await dispatch(
      room.handlers,
      'drawing.open',
      await pictureArgument(art, signal),
      context(0, 0.1),
    );
    const ids: string[] = [];
    for (const path of references) {
      const added = await dispatch(
        room.handlers,
        'reference.add',
        await pictureArgument(path, signal),
        context(0.1, 0.15),
      );
      ids.push(added.referenceId);
    }
    const { documentId } = drawing;
    const defaultSize = host.colorizer(method).model.manifest.defaultSize;
    const result = await dispatch(
      room.handlers,
      'colorize.run',
      {
        documentId,
        method,
        references: ids,
        regions: words.regions,
        gapPx: words.gap ?? -1,
        sizePx: words.size ?? defaultSize,
      },
      context(0.15, 0.8),
    );
    const file = await dispatch(room.handlers, 'document.export', { documentId, format }, context(0.8, 0.97));
    await saveAtomically(out, file.bytes, { inputs, signal });
    const saved = [out];
    if (words.layers !== undefined) {
      await mkdir(words.layers, { recursive: true }).catch((cause: unknown) => {
        throw new Failure(
          'storage',
          `The folder "${words.layers}" can't be made. Choose another with --layers.`,
          cause,
        );
      });
      const save = (path: string, bytes: Uint8Array): Promise<void> =>
        saveAtomically(path, bytes, { inputs, signal });
      saved.push(...(await writeLayerPngs(room.document(documentId), words.layers, save, { signal })));
    }
    const where = `${result.regionCount} regions, ${result.seconds.toFixed(1)} s on ${result.provider}`;
    for (const note of drawing.notes) process.stderr.write(`inkwash: ${note}\n`);
    reporter.say(`${out}  (${where})`, {
      art,
      out,
      saved,
      method,
      widthPx: drawing.widthPx,
      heightPx: drawing.heightPx,
      regions: result.regionCount,
      seconds: Math.round(result.seconds * 1000) / 1000,
      provider: result.provider,
      notes: drawing.notes,
    });
  } finally {
    room.close();
  }
}

/** The method asked for, or the first installed. @throws Failure `words` naming those that are there. */
function methodFor(host: Host, words: ColorizeWords): MethodId {
  const there = host.methods.map(({ id }) => id);
  if (words.method === undefined) {
    const [first] = there;
    if (first) return first;
    throw new Failure('input', 'No colouring model is installed. Run "inkwash models verify" to see why.');
  }
  const known = METHOD_IDS.find((id) => id === words.method);
  if (known && there.includes(known)) return known;
  throw new Failure(
    'words',
    `The method "${words.method}" is not installed. Installed: ${there.join(', ') || 'none'}.`,
  );
}
