import type { DrawingInfo } from '../../electron/contract/table.ts';
import { texts } from '../app/texts.ts';
import type { PaintDocument } from '../paint/document.ts';
import { notices } from './notices.svelte.ts';
import { OpenDocument } from './open-document.svelte.ts';
import { fetchTiles } from './painting-sync.ts';
import { host } from './session.svelte.ts';
import { askSystem } from './system.ts';

/** What is known of a drawing beside its layers when it is opened; each gives how the document then begins. */
export const openers: ((info: DrawingInfo) => Promise<(document: PaintDocument) => PaintDocument>)[] = [];

const rasterIds = (info: DrawingInfo): string[] =>
  info.layers.filter(({ kind }) => kind === 'raster').map(({ id }) => id);

class Documents {
  list = $state.raw<readonly OpenDocument[]>([]);
  active = $state.raw<OpenDocument | undefined>(undefined);
  /** A drawing being read. */
  opening = $state(false);
  readonly unsaved = $derived(this.list.some((document) => document.unsaved));
  #newCount = 0;

  /** Fetches and shows a drawing the host has opened. */
  async add(info: DrawingInfo, source: File | undefined, isNew = false): Promise<OpenDocument> {
    const tiles = await fetchTiles(info.documentId, rasterIds(info));
    const prepared = await Promise.all(openers.map((open) => open(info)));
    const document = new OpenDocument(info, tiles, source, isNew, (start) =>
      prepared.reduce((known, prepare) => prepare(known), start),
    );
    this.list = [...this.list, document];
    this.active = document;
    for (const note of info.notes) notices.info(texts.notices.about(info.name, note));
    return document;
  }

  /** @param path where the file lies, if that is known (desktop). A file that is open already comes to the front. */
  async open(file: File, path = window.inkwash?.pathOf(file)): Promise<OpenDocument | undefined> {
    const there = path ? this.list.find((other) => other.path === path) : undefined;
    if (there) {
      this.active = there;
      return there;
    }
    return this.#opened(async () => {
      const bytes = new Uint8Array(await file.arrayBuffer());
      const place = path ? { path } : {};
      const document = await this.add(
        await host.call('drawing.open', { name: file.name, bytes, ...place }),
        file,
      );
      if (path) {
        document.path = path;
        void askSystem('recent.add', { path });
      }
      return document;
    });
  }

  /** A blank drawing. */
  async create(size: {
    widthPx: number;
    heightPx: number;
    dpi: number;
    paper: boolean;
  }): Promise<OpenDocument | undefined> {
    return this.#opened(async () => {
      const name = texts.newDrawing.name(++this.#newCount);
      return this.add(await host.call('painting.new', { name, ...size }), undefined, true);
    });
  }

  async #opened(open: () => Promise<OpenDocument>): Promise<OpenDocument | undefined> {
    this.opening = true;
    try {
      return await open();
    } catch (thrown) {
      notices.failure(thrown);
      return undefined;
    } finally {
      this.opening = false;
    }
  }

  /** Set by the exporter: saves a drawing and says whether it did. */
  save: (document: OpenDocument) => Promise<boolean> = () => Promise.resolve(false);

  async saveAndClose(document: OpenDocument): Promise<void> {
    if (await this.save(document)) this.close(document);
  }

  /** Closes; what was not saved is asked about in a notice, not lost. */
  close(document: OpenDocument, evenIfUnsaved = false): void {
    const key = `close-${document.info.documentId}`;
    if (document.unsaved && !evenIfUnsaved) {
      notices.error(texts.notices.closeUnsaved(document.info.name), {
        key,
        action: { label: texts.notices.saveAndClose, run: () => void this.saveAndClose(document) },
        also: { label: texts.notices.closeAnyway, run: () => this.close(document, true) },
      });
      return;
    }
    notices.dismissKey(key);
    document.close();
    const at = this.list.indexOf(document);
    this.list = this.list.filter((other) => other !== document);
    if (this.active === document) this.active = this.list[Math.min(at, this.list.length - 1)];
    host.call('drawing.close', { documentId: document.info.documentId }).catch(notices.failure);
  }
}

export const documents = new Documents();
