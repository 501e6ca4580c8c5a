import { resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { z } from 'zod';
import { path } from './contract/files.ts';
import { isDrawingFile } from './document/export-formats.ts';

/** The drawings among a command line's words, from the folder it was given in. File managers name them by URLs. */
export function drawingsIn(words: readonly string[], folder: string): string[] {
  return words
    .filter((word) => !word.startsWith('-'))
    .map((word) => (word.startsWith('file:') ? pathOf(word) : word))
    .filter((word) => isDrawingFile(word))
    .map((word) => resolve(folder, word));
}

function pathOf(url: string): string {
  try {
    return fileURLToPath(url);
  } catch {
    return '';
  }
}

/** What a second start hands to the first. */
export const handedOver = z.object({ files: z.array(path).max(100) });

/** Files the system asked to open, until a window takes them. */
export interface OpenedFiles {
  add(paths: readonly string[]): void;
  take(): readonly string[];
}

export function createOpenedFiles(tell: () => void): OpenedFiles {
  let waiting: readonly string[] = [];
  return {
    add(paths) {
      if (paths.length === 0) return;
      waiting = [...waiting, ...paths];
      tell();
    },
    take() {
      const taken = waiting;
      waiting = [];
      return taken;
    },
  };
}
