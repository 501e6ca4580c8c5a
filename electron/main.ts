/** The desktop door: Electron's main process. It opens the window and passes messages on; the host has its own process. */
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { app, BrowserWindow, dialog, ipcMain, Menu } from 'electron';
import { attendWindow, confine, guardUnsaved, systemMenu, windowOptions, type StartHost } from './desktop.ts';
import { nodeExecutable, startHostProcess } from './host-owner.ts';
import { openLog } from './log-file.ts';
import { HOST_ENTRY, RENDERER_FOLDER } from './places.ts';

async function run(): Promise<void> {
  const log = openLog(join(app.getPath('logs'), 'inkwash.log'));
  const node = nodeExecutable(process.platform, process.env, process.execPath, process.resourcesPath);
  const start: StartHost = (events) => startHostProcess({ node, entry: HOST_ENTRY, log }, events);
  let hostGone: Promise<void> = Promise.resolve();

  async function openWindow(): Promise<void> {
    const preload = fileURLToPath(new URL('./preload.cjs', import.meta.url));
    const window = new BrowserWindow(windowOptions(preload));
    confine(window);
    guardUnsaved(window, dialog);
    hostGone = attendWindow(start, window, ipcMain, log);
    window.once('ready-to-show', () => window.show());
    await window.loadFile(`${RENDERER_FOLDER}/index.html`);
  }

  await app.whenReady();
  const menu = systemMenu(process.platform);
  Menu.setApplicationMenu(menu && Menu.buildFromTemplate(menu));
  app.on('window-all-closed', () => {
    if (process.platform !== 'darwin') app.quit();
  });
  app.on('activate', () => {
    if (BrowserWindow.getAllWindows().length === 0) void openWindow();
  });
  app.on('will-quit', (event) => {
    event.preventDefault();
    void hostGone.then(() => app.exit(0));
  });
  app.on('second-instance', () => {
    const [window] = BrowserWindow.getAllWindows();
    if (window?.isMinimized()) window.restore();
    window?.focus();
  });
  await openWindow();
}

if (app.requestSingleInstanceLock()) {
  run().catch((thrown: unknown) => {
    console.error(thrown instanceof Error ? thrown.message : String(thrown));
    app.exit(1);
  });
} else {
  app.quit();
}
