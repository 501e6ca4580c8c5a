import { texts } from '../app/texts.ts';
import { gallery } from './gallery.svelte.ts';
import { HostError } from './host-client.ts';
import { notices } from './notices.svelte.ts';
import { host } from './session.svelte.ts';

const PICTURE_NAME = /\.(png|jpe?g|webp|tiff?|gif|ora|psd|psb)$/i;
const AT_ONCE = 2;
const MOST_DEEP = 16;
/** Failures told one by one; a folder of holiday videos need not be read out. */
const MOST_TOLD = 50;

/** A picture to add: with what it is to be tagged. */
interface Waiting {
  readonly name: string;
  readonly tag: string | undefined;
  file(): Promise<File>;
}

/** Adds pictures from files, folders and the clipboard, a few at a time, for as long as it takes. */
class GalleryImport {
  /** Looking through folders for pictures. */
  looking = $state(0);
  total = $state(0);
  done = $state(0);
  readonly running = $derived(this.looking > 0 || this.done < this.total);
  #queue: Waiting[] = [];
  #working = false;
  #stopping = new AbortController();

  stop(): void {
    this.#stopping.abort();
  }

  /** Chosen or pasted files; those of a chosen folder are tagged with the folder they lie in. */
  addFiles(files: readonly File[]): void {
    const waiting = files
      .filter((file) => PICTURE_NAME.test(file.name) || file.type.startsWith('image/'))
      .map((file) => {
        const folder = file.webkitRelativePath.split('/').at(-2);
        return { name: file.name, tag: folder, file: () => Promise.resolve(file) };
      });
    this.#add(waiting);
  }

  /** Dropped files and folders. To be called while the drop is being handled. */
  async addDropped(data: DataTransfer | null): Promise<void> {
    // Entries are gone as soon as the drop is handled.
    const entries = [...(data?.items ?? [])].flatMap((item) => item.webkitGetAsEntry() ?? []);
    const files = [...(data?.files ?? [])];
    if (entries.length === 0) return this.addFiles(files);
    this.#begin();
    this.looking++;
    const waiting: Waiting[] = [];
    try {
      for (const entry of entries) await this.#walk(entry, undefined, waiting, MOST_DEEP);
    } catch (thrown) {
      notices.failure(thrown);
    } finally {
      this.looking--;
    }
    this.#add(waiting);
  }

  async #walk(
    entry: FileSystemEntry,
    folder: string | undefined,
    waiting: Waiting[],
    deep: number,
  ): Promise<void> {
    if (this.#stopping.signal.aborted) return;
    if (isFile(entry)) {
      const file = (): Promise<File> => new Promise((resolve, reject) => entry.file(resolve, reject));
      if (PICTURE_NAME.test(entry.name)) waiting.push({ name: entry.name, tag: folder, file });
    } else if (isFolder(entry) && deep > 0 && !entry.name.startsWith('.')) {
      for (const inside of await entriesOf(entry)) await this.#walk(inside, entry.name, waiting, deep - 1);
    }
  }

  #begin(): void {
    if (!this.running) this.#stopping = new AbortController();
  }

  #add(waiting: readonly Waiting[]): void {
    this.#begin();
    if (waiting.length === 0) {
      if (!this.#stopping.signal.aborted) notices.error(texts.gallery.noPictures, { key: 'gallery-import' });
      return;
    }
    this.#queue.push(...waiting);
    this.total += waiting.length;
    if (!this.#working) void this.#work();
  }

  async #work(): Promise<void> {
    const counts = { added: 0, there: 0, alike: 0 };
    const failures: string[] = [];
    this.#working = true;
    const { signal } = this.#stopping;
    const next = async (): Promise<void> => {
      for (let one = this.#queue.shift(); one && !signal.aborted; one = this.#queue.shift()) {
        try {
          const file = await one.file();
          const bytes = new Uint8Array(await file.arrayBuffer());
          const tags = one.tag ? [one.tag.replace(/,/g, ' ').slice(0, 64)] : [];
          const { outcome, lookalikes } = await host.call(
            'gallery.add',
            { name: one.name, bytes, tags },
            { signal },
          );
          if (outcome === 'there') counts.there++;
          else counts.added++;
          if (outcome === 'added' && lookalikes.length > 0) counts.alike++;
          this.done++;
        } catch (thrown) {
          if (signal.aborted) return;
          this.done++;
          failures.push(thrown instanceof Error ? thrown.message : `${one.name}: ${String(thrown)}`);
          // Without room or a connection the others would fail alike.
          if (thrown instanceof HostError && ['storage', 'connection'].includes(thrown.kind)) this.stop();
        }
      }
    };
    await Promise.all(Array.from({ length: AT_ONCE }, next));
    const left = this.total - this.done;
    this.#working = false;
    this.#queue = [];
    this.total = 0;
    this.done = 0;
    const { added, there, alike } = counts;
    const sentence = texts.gallery.imported(added, there, alike, failures.length, left);
    const options = {
      key: 'gallery-import',
      details: failures.slice(0, MOST_TOLD).join('\n'),
      ...(alike > 0 && {
        action: { label: texts.gallery.review, run: () => void gallery.findLookalikes() },
      }),
    };
    if (failures.length > 0)
      notices.error(failures.length === 1 && added + there === 0 ? failures[0]! : sentence, options);
    else notices.info(sentence, options);
    if (gallery.shown) await gallery.refresh();
  }
}

const isFile = (entry: FileSystemEntry): entry is FileSystemFileEntry => entry.isFile;
const isFolder = (entry: FileSystemEntry): entry is FileSystemDirectoryEntry => entry.isDirectory;

/** All of a folder's entries: the reader gives them in portions. */
async function entriesOf(folder: FileSystemDirectoryEntry): Promise<FileSystemEntry[]> {
  const reader = folder.createReader();
  const entries: FileSystemEntry[] = [];
  for (;;) {
    const some = await new Promise<FileSystemEntry[]>((resolve, reject) =>
      reader.readEntries(resolve, reject),
    );
    if (some.length === 0) return entries;
    entries.push(...some);
  }
}

/** Asks for a folder. Resolves with no files when the dialog is dismissed. */
export function chooseFolder(): Promise<File[]> {
  return new Promise((resolve) => {
    const input = document.createElement('input');
    input.type = 'file';
    input.webkitdirectory = true;
    input.addEventListener('change', () => resolve([...(input.files ?? [])]), { once: true });
    input.addEventListener('cancel', () => resolve([]), { once: true });
    input.click();
  });
}

export const galleryImport = new GalleryImport();
