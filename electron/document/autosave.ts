import { randomBytes } from 'node:crypto';
import { mkdir, readdir, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { bootedAt, copyRecord, OWNER_FILE, type CopyRecord, type OwnerRecord } from './journal-folder.ts';
import type { InkDocument } from './model.ts';
import { writeOra } from './ora.ts';
import { saveAtomically } from './save.ts';

export interface AutosaveOptions {
  /** All journals' folder; the window's own is made in it with its first copy. */
  readonly root: string;
  /** Names the window's journal; the same again after a lost connection. */
  readonly windowId: string;
  /** From a change to its copy; 0: no copies are made by themselves. Asked at every change. */
  readonly minutes: () => number;
  readonly log?: ((line: string) => void) | undefined;
}

/** One open drawing, as its window's journal sees it. */
export interface JournalEntry {
  readonly name: string;
  readonly document: InkDocument;
}

/**
 * Keeps copies of drawings that no file holds yet, beside the artist's files and never over them: one OpenRaster a
 * drawing, replaced whole. They go when the drawing is saved or let go; after a crash the next start offers them
 * (recovery.ts).
 */
export interface Autosave {
  /** A drawing has changed; `read` gives it as it stands when its copy is made. */
  changed(documentId: string, read: () => JournalEntry | undefined): void;
  /** A file of the artist's holds it now, or she let it go. */
  settled(documentId: string): Promise<void>;
  /** Copies everything that has changed since its last copy. */
  saveNow(): Promise<void>;
  /** The window is gone: copies what changed, and leaves the copies to be recovered. */
  close(): Promise<void>;
}

export function createAutosave({ root, windowId, minutes, log }: AutosaveOptions): Autosave {
  // A folder of its own for every connection: an earlier one of the same window may still be closing.
  const folder = join(root, `${windowId}-${randomBytes(4).toString('hex')}`);
  const dirty = new Map<string, () => JournalEntry | undefined>();
  const timers = new Map<string, NodeJS.Timeout>();
  let begun = false;
  let work: Promise<void> = Promise.resolve();
  let closed = false;

  const queue = (step: () => Promise<void>): Promise<void> =>
    (work = work.then(step).catch((error: unknown) => {
      log?.(`A recovery copy could not be kept: ${error instanceof Error ? error.message : String(error)}`);
    }));

  const writeOwner = (isClosed: boolean): Promise<void> => {
    const owner: OwnerRecord = { pid: process.pid, bootedAt: bootedAt(), closed: isClosed };
    return saveAtomically(join(folder, OWNER_FILE), Buffer.from(JSON.stringify(owner)));
  };

  async function begin(): Promise<void> {
    await mkdir(folder, { recursive: true });
    await writeOwner(false);
    begun = true;
  }

  async function copy(documentId: string): Promise<void> {
    const read = dirty.get(documentId);
    const entry = read?.();
    stopTimer(documentId);
    dirty.delete(documentId);
    if (!entry) return;
    try {
      if (!begun) await begin();
      const { name, document } = entry;
      await saveAtomically(join(folder, `${documentId}.ora`), await writeOra(document));
      const { width: widthPx, height: heightPx } = document;
      const record: CopyRecord = { version: 1, name, widthPx, heightPx, savedAt: Date.now() };
      await saveAtomically(join(folder, `${documentId}.json`), Buffer.from(JSON.stringify(record)));
      await dropEarlier(name);
    } catch (error) {
      // The next change tries again.
      if (read && !dirty.has(documentId)) dirty.set(documentId, read);
      throw error;
    }
  }

  /** What earlier connections of the same window left stays until its drawings have newer copies. */
  async function dropEarlier(name: string): Promise<void> {
    for (const other of await readdir(root)) {
      const earlier = join(root, other);
      if (!other.startsWith(`${windowId}-`) || earlier === folder) continue;
      for (const file of (await readdir(earlier)).filter((one) => /^[a-z]+-[0-9]+\.json$/.test(one))) {
        const text = await readFile(join(earlier, file), 'utf8').catch(() => '');
        if (copyRecord.safeParse(parse(text)).data?.name === name)
          await removeCopy(earlier, file.slice(0, -'.json'.length));
      }
    }
  }

  function stopTimer(documentId: string): void {
    clearTimeout(timers.get(documentId));
    timers.delete(documentId);
  }

  return {
    changed(documentId, read) {
      if (closed) return;
      dirty.set(documentId, read);
      const wait = minutes() * 60_000;
      if (wait <= 0 || timers.has(documentId)) return;
      timers.set(documentId, setTimeout(() => void queue(() => copy(documentId)), wait).unref());
    },
    settled(documentId) {
      stopTimer(documentId);
      dirty.delete(documentId);
      return queue(() => (begun ? removeCopy(folder, documentId) : Promise.resolve()));
    },
    saveNow: () => {
      for (const id of dirty.keys()) void queue(() => copy(id));
      return work;
    },
    async close() {
      closed = true;
      for (const id of [...timers.keys()]) stopTimer(id);
      if (minutes() > 0) for (const id of dirty.keys()) void queue(() => copy(id));
      await queue(async () => {
        if (!begun) return;
        const left = (await readdir(folder)).some((name) => name.endsWith('.ora'));
        if (left) await writeOwner(true);
        else await rm(folder, { recursive: true, force: true });
      });
    },
  };
}

/** The picture goes before its record, so that no record stands for nothing. */
export async function removeCopy(folder: string, id: string): Promise<void> {
  await rm(join(folder, `${id}.ora`), { force: true });
  await rm(join(folder, `${id}.json`), { force: true });
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
