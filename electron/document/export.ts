import { basename, extname } from 'node:path';
import type { Progress } from '../progress.ts';
import { COLOURING_IDS } from './colouring.ts';
import { walkLayers } from './model.ts';
import type { InkDocument } from './model.ts';
import { ENDINGS, type ExportFormat } from './export-formats.ts';
import { writeFlat, type FlatOptions } from './flat-formats.ts';
import { writeOra } from './ora.ts';
import { writePng } from './png.ts';
import { writePsd } from './psd.ts';

const MIME: Readonly<Record<ExportFormat, string>> = {
  png: 'image/png',
  jpeg: 'image/jpeg',
  webp: 'image/webp',
  tiff: 'image/tiff',
  psd: 'image/vnd.adobe.photoshop',
  ora: 'image/openraster',
};

export interface ExportOptions extends FlatOptions {
  /** The drawing's file name; the export is named after it, with “-coloured” when it is. */
  readonly name: string;
  readonly progress?: Progress | undefined;
  readonly signal?: AbortSignal | undefined;
}

/** The document as a file's bytes: pictures flattened, PSD and OpenRaster with layers. The same document gives the same bytes. */
export async function exportDocument(
  document: InkDocument,
  format: ExportFormat,
  { name, progress, signal, ...flat }: ExportOptions,
): Promise<{ name: string; mime: string; bytes: Uint8Array }> {
  let bytes: Uint8Array;
  if (format === 'psd') bytes = await writePsd(document, { progress, signal });
  else if (format === 'ora') bytes = await writeOra(document, { progress, signal });
  else if (format === 'png' && !flat.background) bytes = await writePng(document, { signal });
  else bytes = await writeFlat(document, format, { ...flat, signal });
  const isColoured = [...walkLayers(document.layers)].some(({ layer }) => COLOURING_IDS.includes(layer.id));
  const stem = basename(name, extname(name)) + (isColoured ? '-coloured' : '');
  return { name: `${stem}.${ENDINGS[format][0]}`, mime: MIME[format], bytes };
}
