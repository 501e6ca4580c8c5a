import type { Args } from '../../electron/contract/table.ts';
import { saveFile } from '../app/save-file.ts';
import { texts } from '../app/texts.ts';
import { documents } from './documents.svelte.ts';
import type { OpenDocument } from './open-document.svelte.ts';
import { marksOf } from '../paint/marks.ts';
import { notices } from './notices.svelte.ts';
import { remember, remembered } from './remembered.ts';
import { host } from './session.svelte.ts';
import { askSystem, isDesktop } from './system.ts';

export type ExportFormat = Args<'document.export'>['format'];
/** As they are offered. */
export const FORMATS: readonly ExportFormat[] = ['png', 'jpeg', 'webp', 'tiff', 'psd', 'ora'];

/** How flat pictures are written. */
export interface ExportOptions {
  /** 1–100. */
  readonly quality: number;
  readonly lossless: boolean;
  /** `#rrggbb`; undefined: what is transparent stays so. */
  readonly background: string | undefined;
}

class Exporter {
  /** The format that the dialog is opened with. */
  asked = $state<ExportFormat | undefined>(undefined);
  #options = $state.raw<Partial<Record<ExportFormat, ExportOptions>>>(remembered('export-options', {}));
  /** What "Export again" writes. */
  lastFormat = $state<ExportFormat>(remembered('export', 'psd'));
  busy = $state(false);
  /** Where each drawing went last, a format. */
  readonly #places = new WeakMap<OpenDocument, Partial<Record<ExportFormat, string>>>();

  /** As the format was exported last. */
  optionsOf(format: ExportFormat): ExportOptions {
    return this.#options[format] ?? { quality: 90, lossless: false, background: undefined };
  }

  setOptions(format: ExportFormat, options: ExportOptions): void {
    this.#options = { ...this.#options, [format]: options };
    remember('export-options', this.#options);
  }

  /** Writes a copy in another format. On the desktop a place is asked for, unless it goes again where it went. */
  async export(format: ExportFormat, again = false): Promise<void> {
    const document = documents.active;
    if (!document || this.busy) return;
    this.lastFormat = format;
    remember('export', format);
    const placeOf = async (): Promise<string | undefined> => {
      const place = again ? this.#places.get(document)?.[format] : undefined;
      if (!isDesktop || place) return place;
      const chosen = await askPlace(document, format, texts.place.export(texts.formats[format]));
      if (chosen) this.#places.set(document, { ...this.#places.get(document), [format]: chosen });
      return chosen;
    };
    await this.#write(document, format, placeOf, () => void this.export(format));
  }

  /** Saves a drawing as OpenRaster: over its own file, where it has one, else where the artist says. */
  async save(document: OpenDocument, asNew = false): Promise<boolean> {
    if (this.busy) return false;
    const place = asNew ? undefined : document.ownPath;
    const placeOf = async (): Promise<string | undefined> =>
      place ?? (isDesktop ? askPlace(document, 'ora', texts.place.save) : undefined);
    await this.#write(document, 'ora', placeOf, () => void this.save(document, asNew), true);
    return !document.unsaved;
  }

  /** @param placeOf where the file shall lie: on the desktop without one nothing is written, a browser asks itself. */
  async #write(
    document: OpenDocument,
    format: ExportFormat,
    placeOf: () => Promise<string | undefined>,
    retry: () => void,
    isSave = false,
  ): Promise<void> {
    this.busy = true;
    try {
      const path = await placeOf();
      if (isDesktop && path === undefined) return;
      await document.flush();
      const { layers } = document.painted;
      const marks = marksOf(document.painted);
      const { documentId } = document.info;
      const holdsLayers = format === 'psd' || format === 'ora';
      const flat = isSave || holdsLayers ? {} : this.optionsOf(format);
      const words = { documentId, format, ...flat };
      let name: string;
      if (path === undefined) {
        const file = await host.call('document.export', words);
        ({ name } = file);
        saveFile(name, new Blob([new Uint8Array(file.bytes)], { type: file.mime }));
      } else {
        const file = await host.call('document.save', { ...words, path, asOwn: isSave });
        ({ name } = file);
        if (isSave) {
          document.rename(name, file.path);
          void askSystem('recent.add', { path: file.path });
        }
      }
      // A change made while the file was being written is not in it; a picture without layers holds no drawing, and
      // one that has a file of its own is saved only there.
      if (isSave || (holdsLayers && !document.ownPath)) document.markSaved(layers, marks);
      notices.info(texts.notices.exported(name), { key: 'export' });
    } catch (thrown) {
      notices.failure(thrown, { key: 'export', action: { label: texts.notices.retry, run: retry } });
    } finally {
      this.busy = false;
    }
  }
}

/** Asks for a place beside the drawing's file, under its name. */
async function askPlace(
  document: OpenDocument,
  format: ExportFormat,
  title: string,
): Promise<string | undefined> {
  const stem = document.info.name.replace(/\.[^.]{1,5}$/, '');
  const answer = await askSystem('place.ask', {
    title,
    stem: format !== 'ora' && document.coloured ? `${stem}-coloured` : stem,
    ...(document.path !== undefined && { beside: document.path }),
    format,
    formatName: texts.formats[format],
  });
  return answer?.path;
}

export const exporter = new Exporter();

documents.save = async (document) => {
  documents.active = document;
  return exporter.save(document);
};
