import type { Args } from '../../electron/contract/table.ts';
import { saveFile } from '../app/save-file.ts';
import { texts } from '../app/texts.ts';
import { documents } from './documents.svelte.ts';
import { notices } from './notices.svelte.ts';
import { remember, remembered } from './remembered.ts';
import { host } from './session.svelte.ts';

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

  /** As the format was exported last. */
  optionsOf(format: ExportFormat): ExportOptions {
    return this.#options[format] ?? { quality: 90, lossless: false, background: undefined };
  }

  setOptions(format: ExportFormat, options: ExportOptions): void {
    this.#options = { ...this.#options, [format]: options };
    remember('export-options', this.#options);
  }

  /** Asks the host for the whole document as a file and hands it to the browser to save. Saving is not “export again”. */
  async export(format: ExportFormat, isSave = false): Promise<void> {
    const document = documents.active;
    if (!document || this.busy) return;
    this.busy = true;
    if (!isSave) {
      this.lastFormat = format;
      remember('export', format);
    }
    try {
      await document.flush();
      const { layers } = document.painted;
      const { documentId } = document.info;
      const flat = isSave || format === 'psd' || format === 'ora' ? {} : this.optionsOf(format);
      const file = await host.call('document.export', { documentId, format, ...flat });
      saveFile(file.name, new Blob([new Uint8Array(file.bytes)], { type: file.mime }));
      // A change made while the file was being written is not in it.
      document.markSaved(layers);
      notices.info(texts.notices.exported(file.name), { key: 'export' });
    } catch (thrown) {
      notices.failure(thrown, {
        action: { label: texts.notices.retry, run: () => void this.export(format, isSave) },
      });
    } finally {
      this.busy = false;
    }
  }
}

export const exporter = new Exporter();

documents.save = async (document) => {
  documents.active = document;
  await exporter.export('ora', true);
  return !document.unsaved;
};
