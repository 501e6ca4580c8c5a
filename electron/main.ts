/** The desktop door: Electron's main process. Everything that is not Electron's own is in host.ts and below. */
import { fileURLToPath } from 'node:url';
import { app, BrowserWindow, ipcMain, Menu } from 'electron';
import { attendWindow, confine, systemMenu, windowOptions } from './desktop.ts';
import { createHost, type Host } from './host.ts';
import { RENDERER_FOLDER } from './places.ts';

const log = (line: string): void => console.error(line);

async function openWindow(host: Host): Promise<void> {
  const preload = fileURLToPath(new URL('./preload.cjs', import.meta.url));
  const window = new BrowserWindow(windowOptions(preload));
  confine(window);
  attendWindow(host, window, ipcMain, log);
  window.once('ready-to-show', () => window.show());
  await window.loadFile(`${RENDERER_FOLDER}/index.html`);
}

async function run(): Promise<void> {
  await app.whenReady();
  const menu = systemMenu(process.platform);
  Menu.setApplicationMenu(menu && Menu.buildFromTemplate(menu));
  const host = await createHost({ engineIdleMs: 5 * 60_000, log });
  app.on('window-all-closed', () => {
    if (process.platform !== 'darwin') app.quit();
  });
  app.on('activate', () => {
    if (BrowserWindow.getAllWindows().length === 0) void openWindow(host);
  });
  app.on('will-quit', () => void host.close());
  app.on('second-instance', () => {
    const [window] = BrowserWindow.getAllWindows();
    if (window?.isMinimized()) window.restore();
    window?.focus();
  });
  await openWindow(host);
}

if (app.requestSingleInstanceLock()) {
  run().catch((thrown: unknown) => {
    log(thrown instanceof Error ? thrown.message : String(thrown));
    app.exit(1);
  });
} else {
  app.quit();
}
