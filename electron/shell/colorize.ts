import { mkdir } from 'node:fs/promises';
import { basename, extname } from 'node:path';
import type { CallContext } from '../contract/session.ts';
import { dispatch } from '../contract/session.ts';
import type { ReferenceInfo } from '../contract/table.ts';
import { refuseUntaken, withoutForeignMarks, type GuidanceNames } from '../colorize/guidance.ts';
import { writeLayerPngs } from '../document/png.ts';
import { formatOf, refuseInputs, saveAtomically } from '../document/save.ts';
import { shown } from '../document/shown.ts';
import { Failure } from '../failure.ts';
import type { Host } from '../host.ts';
import { readHints } from './hints-file.ts';
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
  const { method, model } = host.colorizer(words.method);
  const references = words.reference ?? [];
  const { hints, pins } = words.hints ? await readHints(words.hints, signal) : { hints: [], pins: [] };
  const palette = words.palette === undefined ? [] : paletteWords(words.palette);
  const offered = {
    references: references.map(() => ({ weight: 1 })),
    palette: typeof palette === 'string' ? [palette] : palette,
    hints,
    pins,
  };
  refuseUntaken(method, withoutForeignMarks(method, offered), NAMES);
  for (const { reference } of pins)
    if (reference > references.length)
      throw new Failure(
        'words',
        `${words.hints}: a pin points at reference ${reference} where --reference names ${references.length}. Count from 1.`,
      );
  const out = words.out ?? `${basename(art, extname(art))}-coloured.png`;
  const format = formatOf(out);
  const inputs = [art, ...references, ...(typeof palette === 'string' ? [palette] : [])];
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
    const addPicture = async (path: string): Promise<ReferenceInfo> =>
      dispatch(room.handlers, 'reference.add', await pictureArgument(path, signal), context(0.1, 0.15));
    const ids: string[] = [];
    for (const path of references) ids.push((await addPicture(path)).referenceId);
    const colours = typeof palette === 'string' ? (await addPicture(palette)).bands : palette;
    const { documentId } = drawing;
    const result = await dispatch(
      room.handlers,
      'colorize.run',
      {
        documentId,
        method: model.manifest.id,
        references: ids.map((referenceId) => ({ referenceId })),
        palette: colours,
        hints,
        pins: pins.map(({ reference, ...pin }) => ({ ...pin, referenceId: ids[reference - 1]! })),
        regions: words.regions,
        gapPx: words.gap ?? -1,
        sizePx: words.size ?? model.manifest.defaultSize,
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
      method: model.manifest.id,
      widthPx: drawing.widthPx,
      heightPx: drawing.heightPx,
      regions: result.regionCount,
      seconds: Math.round(result.seconds * 1000) / 1000,
      provider: result.provider,
      notes: drawing.notes,
    });
  } finally {
    await room.close();
  }
}

const NAMES: GuidanceNames = {
  references: '--reference',
  palette: '--palette',
  hints: 'hints (--hints)',
  pins: 'pins (--hints)',
};

/** The colours written out, or the path of a picture whose palette is taken. @throws Failure `words`. */
function paletteWords(text: string): string[] | string {
  if (!text.trim().startsWith('#')) return text;
  return text.split(',').map((word) => {
    const colour = word.trim();
    if (!/^#([0-9a-f]{3}|[0-9a-f]{6})$/i.test(colour))
      throw new Failure(
        'words',
        `--palette: "${shown(colour)}" is no colour. Write colours like #aabbcc with commas between them, or name a picture.`,
      );
    return colour.length === 7 ? colour : colour.replace(/[0-9a-f]/gi, '$&$&');
  });
}
