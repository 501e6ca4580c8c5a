import type { Progress } from '../progress.ts';
import type { InkDocument } from './model.ts';
import { writeOra } from './ora.ts';
import type { JsonValue } from './ora-entry.ts';
import { writePng } from './png.ts';
import { writePsd } from './psd.ts';
import { formatOf, saveAtomically } from './save.ts';
import type { DocumentFormat } from './save.ts';

export interface WriteDocumentOptions {
  /** By the path's ending when left out. */
  readonly format?: DocumentFormat | undefined;
  /** Paths that were read for this job and must never be overwritten. */
  readonly inputs?: readonly string[] | undefined;
  /** Inkwash's own data; only .ora has a place for it. */
  readonly extra?: JsonValue | undefined;
  readonly signal?: AbortSignal | undefined;
  readonly progress?: Progress | undefined;
}

/** Writes a document to `path` in the format of its ending, whole or not at all. Throws what the writer and the disk say. */
export async function writeDocument(
  document: InkDocument,
  path: string,
  options: WriteDocumentOptions = {},
): Promise<void> {
  const { format = formatOf(path), inputs, extra, signal, progress } = options;
  await saveAtomically(path, await encode(document, format, { extra, signal, progress }), { inputs, signal });
}

function encode(
  document: InkDocument,
  format: DocumentFormat,
  options: WriteDocumentOptions,
): Promise<Uint8Array> {
  if (format === 'psd') return writePsd(document, options);
  if (format === 'ora') return writeOra(document, options);
  return writePng(document, options);
}
