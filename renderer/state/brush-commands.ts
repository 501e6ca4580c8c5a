import { saveFile } from '../app/save-file.ts';
import { texts } from '../app/texts.ts';
import { brushesIn, brushFileOf, MAX_BRUSH_FILE_BYTES } from '../paint/brush/brush-file.ts';
import { brushes } from './brushes.svelte.ts';
import type { Command } from './commands.ts';
import { notices } from './notices.svelte.ts';

function chooseBrushFile(): Promise<File | undefined> {
  return new Promise((resolve) => {
    const input = document.createElement('input');
    input.type = 'file';
    input.accept = '.json,application/json';
    input.addEventListener('change', () => resolve(input.files?.[0]), { once: true });
    input.addEventListener('cancel', () => resolve(undefined), { once: true });
    input.click();
  });
}

async function importBrushes(): Promise<void> {
  const file = await chooseBrushFile();
  if (!file) return;
  const read = file.size <= MAX_BRUSH_FILE_BYTES ? brushesIn(await file.text()) : undefined;
  if (!read) {
    notices.error(texts.brushFiles.wrong(file.name), { key: 'brushes' });
    return;
  }
  brushes.addOwn(read);
  notices.info(texts.brushFiles.imported(read.length), { key: 'brushes' });
}

/** Brushes as files, and back to how they came. */
export const brushCommands = {
  importBrushes: { title: () => texts.commands.importBrushes, run: () => void importBrushes() },
  exportBrushes: {
    title: () => texts.commands.exportBrushes,
    enabled: () => brushes.own.length > 0,
    run: () =>
      saveFile(texts.brushFiles.fileName, new Blob([brushFileOf(brushes.own)], { type: 'application/json' })),
  },
  resetBrushes: {
    title: () => texts.commands.resetBrushes,
    enabled: () => brushes.anyChanged,
    run: () => brushes.resetAll(),
  },
} as const satisfies Record<string, Command>;
