import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { App, BrowserWindow, Dialog, IpcMain, IpcMainInvokeEvent } from 'electron';
import type { z } from 'zod';
import {
  systemContract,
  type SystemCall,
  type SystemContract,
  type SystemEvent,
  type SystemMenus,
  type SystemResult,
} from './contract/system.ts';
import { ENDINGS } from './document/export-formats.ts';
import { FROM_SYSTEM, isSystemCall, TO_SYSTEM } from './contract/system-names.ts';

type Calls = {
  readonly [C in SystemCall]: (
    args: z.output<SystemContract[C]['args']>,
  ) => SystemResult<C> | Promise<SystemResult<C>>;
};

export interface SystemOptions {
  readonly window: BrowserWindow;
  readonly ipc: IpcMain;
  readonly app: App;
  readonly dialog: Dialog;
  readonly showMenus: (menus: SystemMenus) => void;
  /** Files to be opened, taken once. */
  readonly takeFiles: () => readonly string[];
  /** Closing was thought better of: nothing goes on to quit. */
  readonly stayed: () => void;
  readonly log: (line: string) => void;
}

/**
 * Answers what a window asks of the system (contract/system.ts) for as long as it lives. Messages of other pages and
 * frames, and what is not in the table, are refused.
 * @returns how to tell the window something.
 */
export function attendSystem(options: SystemOptions): (event: SystemEvent) => void {
  const { window, ipc, log } = options;
  const { webContents } = window;
  const calls = systemCalls(options);

  ipc.handle(TO_SYSTEM, async (event: IpcMainInvokeEvent, name: unknown, raw: unknown): Promise<unknown> => {
    const isOurs = event.sender === webContents && event.senderFrame === webContents.mainFrame;
    if (!isOurs || !isSystemCall(name)) throw new Error('Inkwash does not offer this.');
    const { success, data } = systemContract[name].args.safeParse(raw);
    if (!success) {
      log(`${name} was asked with what the contract does not know.`);
      throw new Error(`${name}: the arguments are not right.`);
    }
    // The row that checked the arguments is the row of the answer; TypeScript can't tie the two over the name.
    return (calls[name] as (args: unknown) => unknown)(data);
  });
  window.on('closed', () => ipc.removeHandler(TO_SYSTEM));
  return (event) => {
    if (!webContents.isDestroyed()) webContents.send(FROM_SYSTEM, event);
  };
}

function systemCalls({ window, app, dialog, showMenus, takeFiles, stayed }: SystemOptions): Calls {
  return {
    'menus.show'(menus) {
      showMenus(menus);
      return {};
    },
    'drawing.front'({ path, unsaved }) {
      // Both are a Mac's; elsewhere Electron does nothing.
      window.setRepresentedFilename(path ?? '');
      window.setDocumentEdited(unsaved);
      return {};
    },
    async 'place.ask'({ title, stem, beside, format, formatName }) {
      const endings = [...ENDINGS[format]];
      const name = `${stem}.${endings[0]}`;
      let place = join(beside === undefined ? app.getPath('pictures') : dirname(beside), name);
      for (;;) {
        const { canceled, filePath } = await dialog.showSaveDialog(window, {
          title,
          defaultPath: place,
          filters: [{ name: formatName, extensions: endings }],
          properties: ['createDirectory', 'showOverwriteConfirmation'],
        });
        if (canceled || !filePath) return {};
        if (endings.some((ending) => filePath.toLowerCase().endsWith(`.${ending}`)))
          return { path: filePath };
        place = `${filePath}.${endings[0]}`;
        // With its ending it is another file: whether that one may be replaced, the dialog has not asked.
        if (!existsSync(place)) return { path: place };
      }
    },
    async 'question.ask'({ message, detail, buttons }) {
      const last = buttons.length - 1;
      const { response } = await dialog.showMessageBox(window, {
        ...{ type: 'warning', message, detail, buttons, defaultId: 0, cancelId: last, noLink: true },
      });
      if (response === last) stayed();
      return { pressed: response };
    },
    'files.take': () => ({ paths: [...takeFiles()] }),
    'recent.add'({ path }) {
      app.addRecentDocument(path);
      return {};
    },
    'recent.clear'() {
      app.clearRecentDocuments();
      return {};
    },
    'window.close'() {
      window.close();
      return {};
    },
  };
}
