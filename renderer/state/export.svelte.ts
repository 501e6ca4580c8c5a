import { texts } from '../app/texts.ts';
import { documents } from './documents.svelte.ts';
import { notices } from './notices.svelte.ts';
import { remember, remembered } from './remembered.ts';
import { host } from './session.svelte.ts';

export type ExportFormat = 'png' | 'psd' | 'ora';

class Exporter {
  /** What "Export again" writes. */
  lastFormat = $state<ExportFormat>(remembered('export', 'psd'));
  busy = $state(false);

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
      const file = await host.call('document.export', { documentId, format });
      save(file.name, new Blob([new Uint8Array(file.bytes)], { type: file.mime }));
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

function save(name: string, blob: Blob): void {
  const url = URL.createObjectURL(blob);
  const link = document.createElement('a');
  link.href = url;
  link.download = name;
  link.click();
  // The download has its own hold on the bytes once started; a minute is ample for it to start.
  setTimeout(() => URL.revokeObjectURL(url), 60_000);
}

export const exporter = new Exporter();
