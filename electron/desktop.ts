import type { BrowserWindow, IpcMain, IpcMainEvent, MenuItemConstructorOptions } from 'electron';
import { TO_HOST, TO_RENDERER } from './contract/names.ts';
import { openSession } from './contract/session.ts';
import type { ToRenderer } from './contract/wire.ts';
import type { Host } from './host.ts';

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

/** Ties a window to a room of the host for as long as the window lives. Messages of other pages are not heard. */
export function attendWindow(
  host: Host,
  window: BrowserWindow,
  ipc: IpcMain,
  log?: (line: string) => void,
): void {
  const { webContents } = window;
  const room = host.openRoom();
  const session = openSession(
    room.handlers,
    (message: ToRenderer) => {
      if (!webContents.isDestroyed()) webContents.send(TO_RENDERER, message);
    },
    log,
  );
  const hear = (event: IpcMainEvent, message: unknown): void => {
    if (event.sender === webContents && event.senderFrame === webContents.mainFrame) session.receive(message);
  };
  ipc.on(TO_HOST, hear);
  window.on('closed', () => {
    ipc.off(TO_HOST, hear);
    session.close();
    room.close();
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
