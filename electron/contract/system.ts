import { z } from 'zod';
import { EXPORT_FORMATS } from '../document/export-formats.ts';
import { path } from './files.ts';
import { nothing } from './values.ts';

/**
 * What a window of the desktop program asks of the system: its menu bar, title bar, dialogs and list of recent files.
 * Electron's main process answers, over a channel beside the host's; it checks every argument with these schemas.
 */

const label = z.string().min(1).max(200);
const commandId = z.string().regex(/^[A-Za-z][A-Za-z0-9]{0,63}$/, 'the id of a command');

export const systemMenus = z.strictObject({
  menus: z
    .array(
      z.strictObject({
        id: z.string().min(1).max(32),
        title: label,
        /** Groups of commands, with a rule between them. */
        groups: z.array(
          z
            .array(
              z.strictObject({
                id: commandId,
                title: label,
                /** As the window writes shortcuts, "Ctrl+Shift+E". */
                keys: z.string().max(32).optional(),
                enabled: z.boolean(),
                /** For toggles. */
                checked: z.boolean().optional(),
              }),
            )
            .max(60),
        ),
      }),
    )
    .max(20),
  /** A text field has the focus: copying, pasting and undoing mean its text. */
  typing: z.boolean(),
});
export type SystemMenus = z.infer<typeof systemMenus>;
export type SystemMenuItem = SystemMenus['menus'][number]['groups'][number][number];

export const systemContract = {
  /** The window's menus as they stand, for the system's bar. */
  'menus.show': { args: systemMenus, result: nothing },
  /** The drawing in front, for the title bar of a Mac. */
  'drawing.front': { args: z.strictObject({ path: path.optional(), unsaved: z.boolean() }), result: nothing },
  /** Asks where to save a file; no path: the artist thought better of it. */
  'place.ask': {
    args: z.strictObject({
      title: label,
      /** What the file would be called, without its ending. */
      stem: z.string().min(1).max(255),
      /** A file beside which it would lie. */
      beside: path.optional(),
      format: z.enum(EXPORT_FORMATS),
      /** What the format is called. */
      formatName: label,
    }),
    result: z.object({ path: path.optional() }),
  },
  /** Asks a question with two or three answers. The first is Enter's, the last is Esc's. */
  'question.ask': {
    args: z.strictObject({
      message: z.string().min(1).max(1000),
      detail: z.string().max(2000),
      buttons: z.array(label).min(2).max(3),
    }),
    /** Which button, from 0. */
    result: z.object({ pressed: z.number().int() }),
  },
  /** Files the system asked to open since this was last asked. */
  'files.take': { args: nothing, result: z.object({ paths: z.array(path) }) },
  /** A file that was opened or saved, for the system's list of recent ones. */
  'recent.add': { args: z.strictObject({ path }), result: nothing },
  'recent.clear': { args: nothing, result: nothing },
  /** Nothing is unsaved, or it was said to be given up: the window may go. */
  'window.close': { args: nothing, result: nothing },
} as const satisfies Record<string, { args: z.ZodType; result: z.ZodType }>;

export type SystemContract = typeof systemContract;
export type SystemCall = keyof SystemContract;
export type SystemArgs<C extends SystemCall> = z.input<SystemContract[C]['args']>;
export type SystemResult<C extends SystemCall> = z.output<SystemContract[C]['result']>;

/** What the system tells a window. */
export type SystemEvent =
  | { readonly type: 'command'; readonly id: string }
  /** There are files to take. */
  | { readonly type: 'files' };
