import { readdir, readFile, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { Failure } from '../failure.ts';
import { removeCopy } from './autosave.ts';
import { copyRecord, isAlive, OWNER_FILE, ownerRecord } from './journal-folder.ts';
import { storageFailure } from './storage.ts';
import { oraThumbnail } from './ora-thumbnail.ts';

/** Copies older than this are let go. */
const MAX_AGE_MS = 60 * 24 * 60 * 60_000;
/** What abandoned copies may take on the disk; the oldest go first. */
const MAX_TOTAL_BYTES = 2 * 1024 * 1024 * 1024;
const MAX_COPIES = 40;
/** No drawing Inkwash opens makes a larger file. */
const MAX_COPY_BYTES = 1024 * 1024 * 1024;

export interface Recoverable {
  /** Names it among all journals: window and document. */
  readonly recoveryId: string;
  readonly name: string;
  readonly widthPx: number;
  readonly heightPx: number;
  /** Milliseconds since 1970. */
  readonly savedAt: number;
  /** PNG, at most 256 px a side; left out where the copy has none. */
  readonly thumbnail?: Uint8Array;
}

const RECOVERY_ID = /^([a-z0-9-]{8,64})\/([a-z]+-[0-9]{1,9})$/;

/**
 * Drawings that windows left unsaved, newest first: those of crashed hosts and of closed windows, not those of windows
 * that are still there. Lets go what is too old or too much.
 */
export async function listRecoverable(root: string, ownWindowId: string): Promise<Recoverable[]> {
  const found: (Recoverable & { bytes: number })[] = [];
  for (const window of await folderNames(root)) {
    if (window.startsWith(ownWindowId)) continue;
    const folder = join(root, window);
    const owner = ownerRecord.safeParse(await readJson(join(folder, OWNER_FILE)));
    if (owner.success && isAlive(owner.data)) continue;
    const copies = await readCopies(folder, window);
    if (copies.length === 0) await rm(folder, { recursive: true, force: true }).catch(() => undefined);
    found.push(...copies);
  }
  found.sort((a, b) => b.savedAt - a.savedAt);
  let total = 0;
  const kept: Recoverable[] = [];
  for (const { bytes, ...copy } of found) {
    total += bytes;
    const isTooMuch = kept.length >= MAX_COPIES || (kept.length > 0 && total > MAX_TOTAL_BYTES);
    if (isTooMuch || Date.now() - copy.savedAt > MAX_AGE_MS) await forgetRecoverable(root, copy.recoveryId);
    else kept.push(copy);
  }
  return kept;
}

/** A copy's file and the name of its drawing. @throws Failure `storage` when it is gone, `words` for no such id. */
export async function readRecoverable(
  root: string,
  recoveryId: string,
): Promise<{ name: string; bytes: Uint8Array }> {
  const { folder, id } = placeOf(root, recoveryId);
  const path = join(folder, `${id}.ora`);
  try {
    const { size } = await stat(path);
    if (size > MAX_COPY_BYTES) throw new Failure('input', 'This recovery copy is damaged. Discard it.');
    const record = copyRecord.safeParse(await readJson(join(folder, `${id}.json`)));
    return { name: oraName(record.data?.name ?? UNNAMED), bytes: await readFile(path) };
  } catch (error) {
    throw storageFailure(error, path, 'read');
  }
}

export async function forgetRecoverable(root: string, recoveryId: string): Promise<void> {
  const { folder, id } = placeOf(root, recoveryId);
  await removeCopy(folder, id);
}

const UNNAMED = 'Recovered drawing';
/** A recovered page.png has layers now. */
const oraName = (name: string): string =>
  `${name.replace(/\.(?:png|jpe?g|webp|tiff?|ora|psd|psb)$/i, '')}.ora`;

/** Names are checked before a path is made of them. */
function placeOf(root: string, recoveryId: string): { folder: string; id: string } {
  const [, window, id] = RECOVERY_ID.exec(recoveryId) ?? [];
  if (window === undefined || id === undefined) throw new Failure('words', 'There is no such recovery copy.');
  return { folder: join(root, window), id };
}

async function readCopies(folder: string, window: string): Promise<(Recoverable & { bytes: number })[]> {
  const copies: (Recoverable & { bytes: number })[] = [];
  for (const file of await readdir(folder).catch(() => [])) {
    const recoveryId = `${window}/${file.replace(/\.ora$/, '')}`;
    if (!file.endsWith('.ora') || !RECOVERY_ID.test(recoveryId)) continue;
    const path = join(folder, file);
    const about = await stat(path).catch(() => undefined);
    if (!about?.isFile() || about.size > MAX_COPY_BYTES) continue;
    const record = copyRecord.safeParse(await readJson(path.replace(/\.ora$/, '.json')));
    const thumbnail = await oraThumbnail(path);
    copies.push({
      recoveryId,
      name: record.data?.name ?? UNNAMED,
      widthPx: record.data?.widthPx ?? 0,
      heightPx: record.data?.heightPx ?? 0,
      savedAt: record.data?.savedAt ?? about.mtimeMs,
      bytes: about.size,
      ...(thumbnail && { thumbnail }),
    });
  }
  return copies;
}

async function folderNames(root: string): Promise<string[]> {
  const entries = await readdir(root, { withFileTypes: true }).catch(() => []);
  return entries.filter((entry) => entry.isDirectory()).map(({ name }) => name);
}

async function readJson(path: string): Promise<unknown> {
  try {
    return JSON.parse(await readFile(path, 'utf8'));
  } catch {
    return undefined;
  }
}
