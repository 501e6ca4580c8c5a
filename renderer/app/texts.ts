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

/** Every English text of the window: one file an area in `texts/`, put together here. */
export const texts = {
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
