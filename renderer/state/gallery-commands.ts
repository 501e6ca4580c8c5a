import { texts } from '../app/texts.ts';
import type { Command } from './commands.ts';
import { documents } from './documents.svelte.ts';
import { keepDrawing, keepReference } from './gallery-actions.ts';
import { chooseFolder, galleryImport } from './gallery-import.svelte.ts';
import { gallery } from './gallery.svelte.ts';
import { chooseFiles } from './pictures.ts';
import { references } from './references.svelte.ts';

export const galleryCommands = {
  gallery: {
    title: () => texts.commands.gallery,
    keys: 'F8',
    checked: () => gallery.shown,
    run: () => gallery.show(!gallery.shown),
  },
  addToGallery: {
    title: () => texts.commands.addToGallery,
    run: () =>
      void chooseFiles(true, true).then((files) => files.length > 0 && galleryImport.addFiles(files)),
  },
  addFolderToGallery: {
    title: () => texts.commands.addFolderToGallery,
    run: () => void chooseFolder().then((files) => files.length > 0 && galleryImport.addFiles(files)),
  },
  keepDrawing: {
    title: () => texts.commands.keepDrawing,
    enabled: () => documents.active !== undefined,
    run: () => void keepDrawing(false),
  },
  keepLayer: {
    title: () => texts.commands.keepLayer,
    enabled: () => documents.active?.selectedLayer !== undefined,
    run: () => void keepDrawing(true),
  },
  keepReference: {
    title: () => texts.commands.keepReference,
    enabled: () => references.current !== undefined,
    run: () => void keepReference(),
  },
  findLookalikes: { title: () => texts.commands.findLookalikes, run: () => void gallery.findLookalikes() },
} as const satisfies Record<string, Command>;
