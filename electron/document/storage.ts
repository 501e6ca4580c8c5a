import { dirname } from 'node:path';
import { Failure } from '../failure.ts';
import { shown, shownFile } from './shown.ts';

/** The sentence for what the file system answered while reading or writing `path`; a Failure passes unchanged. */
export function storageFailure(error: unknown, path: string, doing: 'read' | 'write'): Failure {
  if (error instanceof Failure) return error;
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  return new Failure('storage', sentenceFor(code, path, doing, error), error);
}

function sentenceFor(code: string, path: string, doing: 'read' | 'write', error: unknown): string {
  const file = shownFile(path);
  const folder = dirname(path);
  const notDone = doing === 'write' ? `${file} was not saved` : `${file} was not opened`;
  switch (code) {
    case 'ENOSPC':
    case 'EDQUOT':
      return `${notDone}: the disk of ${folder} is full; free some space and try again.`;
    case 'EFBIG':
      return `${notDone}: ${folder} takes no file of this size; choose another disk.`;
    case 'EROFS':
      return `${notDone}: ${folder} is read-only; choose another folder.`;
    case 'EACCES':
    case 'EPERM':
      return doing === 'write'
        ? `${notDone}: you may not write in ${folder}; choose another folder.`
        : `${notDone}: you may not read it; change its permissions.`;
    case 'ENOENT':
      return doing === 'write'
        ? `${notDone}: the folder ${folder} does not exist; create it or choose another.`
        : `${notDone}: there is no such file in ${folder}; choose another.`;
    case 'ENOTDIR':
      return `${notDone}: ${folder} is not a folder; choose another.`;
    case 'EISDIR':
      return `${notDone}: ${shown(path)} is a folder; choose a file name.`;
    case 'ENAMETOOLONG':
      return `${notDone}: its name is too long; choose a shorter one.`;
    case 'EBUSY':
      return `${notDone}: another program holds it open; close it there and try again.`;
    case 'EMFILE':
    case 'ENFILE':
      return `${notDone}: too many files are open; close other programs and try again.`;
    default: {
      const detail = error instanceof Error ? error.message.split('\n')[0] : String(error);
      return `${notDone} (${detail}); check the disk of ${folder} and try again.`;
    }
  }
}
