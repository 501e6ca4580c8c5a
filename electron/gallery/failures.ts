import { storageFailure } from '../document/storage.ts';
import { Failure } from '../failure.ts';

const codeOf = (thrown: unknown): string =>
  thrown instanceof Error && 'code' in thrown ? String(thrown.code) : '';

/** Whether SQLite says that the file is no sound database. */
export function isDamage(thrown: unknown): boolean {
  return /^SQLITE_(CORRUPT|NOTADB)/.test(codeOf(thrown));
}

/** Whether the file or its folder can be read but not written. */
export function isReadOnly(thrown: unknown): boolean {
  return /^(EACCES|EPERM|EROFS|SQLITE_READONLY.*)$/.test(codeOf(thrown));
}

/** The sentence for what SQLite or the file system said about the gallery in `folder`; a Failure passes unchanged. */
export function galleryFailure(thrown: unknown, folder: string): Failure {
  if (thrown instanceof Failure) return thrown;
  const code = codeOf(thrown);
  const says = (sentence: string): Failure => new Failure('storage', sentence, thrown);
  if (code.startsWith('SQLITE_FULL'))
    return says(`The gallery was not changed: the disk of ${folder} is full; free some space and try again.`);
  if (isReadOnly(thrown)) return readOnlyFailure(folder, thrown);
  if (/^SQLITE_(BUSY|LOCKED)/.test(code))
    return says('Another window of Inkwash is busy with the gallery. Try again in a moment.');
  if (/^SQLITE_(CANTOPEN|IOERR)/.test(code) || isDamage(thrown))
    return says(
      `The gallery in ${folder} can't be read. Check the disk and its permissions, then try again.`,
    );
  if (thrown instanceof Error && 'code' in thrown && 'syscall' in thrown)
    return storageFailure(thrown, folder, 'write');
  return new Failure(
    'internal',
    `The gallery in ${folder} failed: ${thrown instanceof Error ? thrown.message : String(thrown)}`,
    thrown,
  );
}

export function readOnlyFailure(folder: string, cause?: unknown): Failure {
  return new Failure(
    'storage',
    `The gallery can't be changed: ${folder} is read-only. Make it writable, then start Inkwash again.`,
    cause,
  );
}
