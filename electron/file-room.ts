import { stat } from 'node:fs/promises';
import { basename, extname, isAbsolute, resolve } from 'node:path';
import type { Handlers } from './contract/session.ts';
import { MAX_PICTURE_BYTES } from './contract/values.ts';
import { exportDocument } from './document/export.ts';
import { ENDINGS, isDrawingFile } from './document/export-formats.ts';
import { saveAtomically } from './document/save.ts';
import { shownFile } from './document/shown.ts';
import { Failure } from './failure.ts';
import type { OpenDrawing, OpenReference } from './open-drawing.ts';
import { readCapped } from './read-file.ts';

type Channel = 'file.read' | 'document.save';

interface Files {
  /** The window may say where files lie. */
  readonly trustsPaths: boolean;
  readonly drawings: ReadonlyMap<string, OpenDrawing>;
  readonly references: ReadonlyMap<string, OpenReference>;
  readonly drawingOf: (documentId: string) => OpenDrawing;
}

/** The contract's channels about files by their place. */
export function fileHandlers(files: Files): Pick<Handlers, Channel> {
  const { trustsPaths, drawings, references, drawingOf } = files;
  const placeOf = (path: string): string => {
    if (!trustsPaths)
      throw new Failure('words', 'This window can’t name places on the disk. Open and save by its menus.');
    if (!isAbsolute(path)) throw new Failure('words', `${shownFile(path)} is no place from the disk’s root.`);
    return resolve(path);
  };

  return {
    async 'file.read'({ path: given }, { signal }) {
      const path = placeOf(given);
      if (!isDrawingFile(path))
        throw new Failure(
          'input',
          `${shownFile(path)} is not a picture Inkwash opens (PNG, JPEG, WebP, TIFF, OpenRaster or PSD).`,
        );
      return {
        name: basename(path),
        path,
        bytes: await readCapped(path, 'a drawing', MAX_PICTURE_BYTES, signal),
      };
    },
    async 'document.save'({ documentId, format, path: given, asOwn = false, ...flat }, { progress, signal }) {
      const path = placeOf(given);
      const opened = drawingOf(documentId);
      const endings = ENDINGS[format];
      if (!endings.includes(extname(path).slice(1).toLowerCase()))
        throw new Failure('words', `${shownFile(path)} should end in .${endings.join(' or .')}.`);
      if (asOwn && format !== 'ora')
        throw new Failure('words', 'A drawing is kept as OpenRaster; other formats are exported.');
      const isOwn = asOwn && opened.path !== undefined && resolve(opened.path) === path;
      if (isOwn) await requireAsLeft(path, opened);
      const others = [...drawings.values(), ...references.values()].filter((other) => other !== opened);
      const inputs = [...others, ...(isOwn ? [] : [opened])].flatMap((other) => other.path ?? []);
      const readFrom = [...drawings.values()].flatMap((drawing) => drawing.readFrom ?? []);
      const { document, name } = opened;
      const { bytes } = await exportDocument(document, format, { ...flat, name, progress, signal });
      await saveAtomically(path, bytes, { inputs: [...inputs, ...readFrom], signal });
      if (asOwn) {
        opened.name = basename(path);
        opened.path = path;
        opened.stamp = await stampOf(path);
      }
      return { name: basename(path), path };
    },
  };
}

/** What tells one state of a file from the next, as far as the disk says; undefined when there is no such file. */
export async function stampOf(path: string): Promise<string | undefined> {
  return stat(path, { bigint: true }).then(
    ({ mtimeNs, size }) => `${mtimeNs} ${size}`,
    () => undefined,
  );
}

/** Another program's changes are not overwritten unasked: said once, the next save is the answer. */
async function requireAsLeft(path: string, opened: OpenDrawing): Promise<void> {
  const now = await stampOf(path);
  if (opened.stamp === undefined || now === undefined || now === opened.stamp) return;
  opened.stamp = now;
  throw new Failure(
    'storage',
    `Another program has changed ${shownFile(path)} since it was opened here. Save again to replace that, or save under another name.`,
  );
}
