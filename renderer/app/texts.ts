import { about } from './texts/about.ts';
import { canvas } from './texts/canvas.ts';
import { colorize } from './texts/colorize.ts';
import { commands } from './texts/commands.ts';
import { docks } from './texts/docks.ts';
import { face, faceCommandTitles } from './texts/face.ts';
import { gallery, galleryCommands } from './texts/gallery.ts';
import { frame } from './texts/frame.ts';
import { marks } from './texts/marks.ts';
import { painting } from './texts/painting.ts';
import { shell } from './texts/shell.ts';
import { start } from './texts/start.ts';
import { toolCommands, tools } from './texts/tools.ts';
import { about as aboutDe } from './texts/de/about.ts';
import { canvas as canvasDe } from './texts/de/canvas.ts';
import { colorize as colorizeDe } from './texts/de/colorize.ts';
import { commands as commandsDe } from './texts/de/commands.ts';
import { docks as docksDe } from './texts/de/docks.ts';
import { frame as frameDe } from './texts/de/frame.ts';
import { marks as marksDe } from './texts/de/marks.ts';
import { painting as paintingDe } from './texts/de/painting.ts';
import { shell as shellDe } from './texts/de/shell.ts';
import { start as startDe } from './texts/de/start.ts';
import { face as faceDe, faceCommandTitles as faceCommandTitlesDe } from './texts/de/face.ts';
import { gallery as galleryDe, galleryCommands as galleryCommandsDe } from './texts/de/gallery.ts';
import { toolCommands as toolCommandsDe, tools as toolsDe } from './texts/de/tools.ts';
import { language, type Language } from './texts/language.svelte.ts';
import type { Translated } from './texts/language.ts';

/** Every English text of the window: one file an area in `texts/`, put together here. */
const english = {
  ...frame,
  ...shell,
  ...start,
  ...canvas,
  ...painting,
  ...colorize,
  ...marks,
  ...about,
  ...tools,
  ...face,
  ...gallery,
  commands: {
    ...commands,
    ...toolCommands,
    ...faceCommandTitles,
    ...galleryCommands,
  },
  docks: {
    ...docks,
  },
} as const;

/** Every text of the window. What is English has the same in every other language, or does not compile. */
export type Texts = Translated<typeof english>;

const german: Texts = {
  ...frameDe,
  ...shellDe,
  ...startDe,
  ...canvasDe,
  ...paintingDe,
  ...colorizeDe,
  ...marksDe,
  ...aboutDe,
  ...toolsDe,
  ...faceDe,
  ...galleryDe,
  commands: {
    ...commandsDe,
    ...toolCommandsDe,
    ...faceCommandTitlesDe,
    ...galleryCommandsDe,
  },
  docks: docksDe,
};

/** The tables, by language. */
export const tables: Readonly<Record<Language, Texts>> = { en: english, de: german };

/** The texts in the language that is set: what reads them in an effect or a template follows a change of language. */
export const texts: Texts = new Proxy<Texts>(english, {
  get: (_, section) => tables[language.current][section as keyof Texts],
});
