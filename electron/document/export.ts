import { basename, extname } from 'node:path';
import type { Progress } from '../progress.ts';
import { COLOURING_IDS } from './colouring.ts';
import { walkLayers } from './model.ts';
import type { InkDocument } from './model.ts';
import { writeOra } from './ora.ts';
import { writePng } from './png.ts';
import { writePsd } from './psd.ts';

export const EXPORT_FORMATS = ['png', 'psd', 'ora'] as const;
export type ExportFormat = (typeof EXPORT_FORMATS)[number];

const MIME: Readonly<Record<ExportFormat, string>> = {
  png: 'image/png',
  psd: 'image/vnd.adobe.photoshop',
  ora: 'image/openraster',
};

export interface ExportOptions {
  /** The drawing's file name; the export is named after it, with “-coloured” when it is. */
  readonly name: string;
  readonly progress?: Progress | undefined;
  readonly signal?: AbortSignal | undefined;
}

/** The document as a file's bytes: PNG flattened, PSD and OpenRaster with layers. The same document gives the same bytes. */
export async function exportDocument(
  document: InkDocument,
  format: ExportFormat,
  { name, progress, signal }: ExportOptions,
): Promise<{ name: string; mime: string; bytes: Uint8Array }> {
  const write = { png: writePng, psd: writePsd, ora: writeOra }[format];
  const bytes = await write(document, { progress, signal });
  const isColoured = [...walkLayers(document.layers)].some(({ layer }) => COLOURING_IDS.includes(layer.id));
  const stem = basename(name, extname(name)) + (isColoured ? '-coloured' : '');
  return { name: `${stem}.${format}`, mime: MIME[format], bytes };
}
