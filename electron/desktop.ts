import type { BrowserWindow, Dialog, IpcMain, IpcMainEvent, MenuItemConstructorOptions } from 'electron';
import { TO_HOST, TO_RENDERER } from './contract/names.ts';
import { toHost, type Lost, type ToRenderer } from './contract/wire.ts';
import { asFailure } from './failure.ts';
import type { HostEvents, HostProcess } from './host-owner.ts';

/** What a window of the studio is opened with: no Node in the page, one narrow bridge. */
export function windowOptions(preload: string): Electron.BrowserWindowConstructorOptions {
  return {
    width: 1440,
    height: 900,
    minWidth: 960,
    minHeight: 600,
    show: false,
    backgroundColor: '#1b1b1d',
    title: 'Inkwash',
    autoHideMenuBar: true,
    webPreferences: {
      preload,
      sandbox: true,
      contextIsolation: true,
      nodeIntegration: false,
      webSecurity: true,
      webviewTag: false,
      spellcheck: false,
    },
  };
}

/** The system menu holds what the system must offer; the studio's own menus are in the window. */
export function systemMenu(platform: NodeJS.Platform): MenuItemConstructorOptions[] | null {
  if (platform !== 'darwin') return null;
  return [{ role: 'appMenu' }, { role: 'editMenu' }, { role: 'windowMenu' }];
}

/** Starts a host process that answers to the given events. */
export type StartHost = (events: HostEvents) => HostProcess;

/**
 * Ties a window to a host process of its own for as long as the window lives, passing the contract's messages on
 * between the two. Messages of other pages are not heard. A host that ended is started again by the next message.
 * @returns settled when the window is closed and its host gone.
 */
export function attendWindow(
  start: StartHost,
  window: BrowserWindow,
  ipc: IpcMain,
  log: (line: string) => void,
): Promise<void> {
  const { webContents } = window;
  const tell = (message: ToRenderer | Lost): void => {
    if (!webContents.isDestroyed()) webContents.send(TO_RENDERER, message);
  };
  const open = (): HostProcess =>
    start({
      message: tell,
      lost(lost) {
        host = undefined;
        tell(lost);
      },
    });
  let host: HostProcess | undefined = open();
  const hear = (event: IpcMainEvent, raw: unknown): void => {
    if (event.sender !== webContents || event.senderFrame !== webContents.mainFrame) return;
    const { success, data: message } = toHost.safeParse(raw);
    if (!success) return log('A message that is not part of the contract was ignored.');
    try {
      (host ??= open()).send(message);
    } catch (thrown) {
      const { kind, message: sentence } = asFailure(thrown);
      tell({ type: 'failure', id: message.id, kind, sentence, details: '' });
    }
  };
  ipc.on(TO_HOST, hear);
  return new Promise((resolve) => {
    window.on('closed', () => {
      ipc.off(TO_HOST, hear);
      resolve(host?.close());
    });
  });
}

/** Lets the artist choose when the page has something that closing would lose. */
export function guardUnsaved(window: BrowserWindow, dialog: Dialog): void {
  window.webContents.on('will-prevent-unload', (event) => {
    const pressed = dialog.showMessageBoxSync(window, {
      type: 'warning',
      title: 'Unsaved changes',
      message: 'There is colouring you have not exported.',
      detail: 'Closing Inkwash loses it.',
      buttons: ['Stay', 'Close anyway'],
      defaultId: 0,
      cancelId: 0,
      noLink: true,
    });
    if (pressed === 1) event.preventDefault();
  });
}

/** Keeps the page where it is: nothing else opens in a window, no permission is given to it. */
export function confine(window: BrowserWindow): void {
  const { webContents } = window;
  webContents.setWindowOpenHandler(() => ({ action: 'deny' }));
  webContents.on('will-navigate', (event) => event.preventDefault());
  webContents.on('will-attach-webview', (event) => event.preventDefault());
  webContents.session.setPermissionRequestHandler((_, __, decide) => decide(false));
  webContents.session.setPermissionCheckHandler(() => false);
}
