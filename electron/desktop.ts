import type { BrowserWindow, BrowserWindowConstructorOptions, Dialog, IpcMain, IpcMainEvent } from 'electron';
import { TO_HOST, TO_RENDERER } from './contract/names.ts';
import { MENU_FLAG } from './contract/system-names.ts';
import { toHost, type Lost, type ToRenderer } from './contract/wire.ts';
import { asFailure } from './failure.ts';
import type { HostEvents, HostProcess } from './host-owner.ts';
import type { WindowPlace } from './window-place.ts';

/** What a window of the studio is opened with: no Node in the page, one narrow bridge. */
export function windowOptions(
  preload: string,
  place: WindowPlace,
  systemMenu: boolean,
): BrowserWindowConstructorOptions {
  return {
    ...place,
    minWidth: 960,
    minHeight: 600,
    show: false,
    backgroundColor: '#1b1b1d',
    title: 'Inkwash',
    webPreferences: {
      preload,
      sandbox: true,
      contextIsolation: true,
      nodeIntegration: false,
      webSecurity: true,
      webviewTag: false,
      spellcheck: false,
      additionalArguments: systemMenu ? [MENU_FLAG] : [],
    },
  };
}

/** Starts a host process that answers to the given events. */
export type StartHost = (events: HostEvents) => HostProcess;

/**
 * Ties a window to a host process of its own for as long as the window lives, passing the contract's messages on
 * between the two. Messages of other pages are not heard. A host that ended is started again by the next message.
 * @returns `gone`, settled when the window is closed and its host gone; and how to end the host before that.
 */
export function attendWindow(
  start: StartHost,
  window: BrowserWindow,
  ipc: IpcMain,
  log: (line: string) => void,
): { readonly gone: Promise<void>; closeHost(): Promise<void> } {
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
  async function closeHost(): Promise<void> {
    const closing = host;
    host = undefined;
    await closing?.close();
  }
  const gone = new Promise<void>((resolve) => {
    window.on('closed', () => {
      ipc.off(TO_HOST, hear);
      resolve(closeHost());
    });
  });
  return { gone, closeHost };
}

/** A page that hangs can't say whether something is unsaved: the artist chooses between waiting and closing. */
export function guardHanging(window: BrowserWindow, dialog: Dialog): void {
  let asking = false;
  window.on('unresponsive', () => {
    if (asking) return;
    asking = true;
    void dialog
      .showMessageBox(window, {
        type: 'warning',
        message: 'Inkwash is not answering.',
        detail: 'What was not saved can be recovered from its last copy at the next start.',
        buttons: ['Wait', 'Close Inkwash'],
        defaultId: 0,
        cancelId: 0,
        noLink: true,
      })
      .then(({ response }) => {
        asking = false;
        if (response === 1) window.destroy();
      });
  });
}

/**
 * A page that crashed took its drawings along; the host keeps copies of what was not saved as it closes, and the page
 * opened anew offers them.
 */
export function guardCrashes(window: BrowserWindow, dialog: Dialog, closeHost: () => Promise<void>): void {
  const { webContents } = window;
  webContents.on('render-process-gone', (_, { reason }) => {
    if (reason === 'clean-exit') return;
    void closeHost()
      .then(() =>
        dialog.showMessageBox(window, {
          type: 'error',
          message: 'The window of Inkwash stopped working.',
          detail: 'Opened again, it offers copies of what was not saved.',
          buttons: ['Open again', 'Close Inkwash'],
          defaultId: 0,
          cancelId: 1,
          noLink: true,
        }),
      )
      .then(({ response }) => {
        if (response === 0) webContents.reload();
        else window.destroy();
      });
  });
}

/** What the page may do: the system's clipboard, and filling the screen. */
const PERMITTED: readonly string[] = ['clipboard-read', 'clipboard-sanitized-write', 'fullscreen'];

/** Keeps the page where it is: nothing else opens in a window, few permissions are given to it. */
export function confine(window: BrowserWindow): void {
  const { webContents } = window;
  webContents.setWindowOpenHandler(() => ({ action: 'deny' }));
  webContents.on('will-navigate', (event) => event.preventDefault());
  webContents.on('will-attach-webview', (event) => event.preventDefault());
  webContents.session.setPermissionRequestHandler((asking, permission, decide) =>
    decide(asking === webContents && PERMITTED.includes(permission)),
  );
  webContents.session.setPermissionCheckHandler(
    (asking, permission) => asking === webContents && PERMITTED.includes(permission),
  );
}
