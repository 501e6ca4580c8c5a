/** The desktop door: Electron's main process. It opens the window and passes messages on; the host has its own process. */
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { app, BrowserWindow, dialog, ipcMain, Menu, screen } from 'electron';
import {
  attendWindow,
  confine,
  guardCrashes,
  guardHanging,
  windowOptions,
  type StartHost,
} from './desktop.ts';
import { nodeExecutable, startHostProcess } from './host-owner.ts';
import { openLog } from './log-file.ts';
import { createSystemMenu, hasSystemMenu, NO_MENUS } from './menu.ts';
import { createOpenedFiles, drawingsIn, handedOver } from './opened-files.ts';
import { HOST_ENTRY, RENDERER_FOLDER } from './places.ts';
import { attendSystem } from './system.ts';
import type { SystemEvent } from './contract/system.ts';
import { keepPlace, readPlace } from './window-place.ts';

const given = drawingsIn(process.argv.slice(1), process.cwd());

async function run(): Promise<void> {
  const log = openLog(join(app.getPath('logs'), 'inkwash.log'));
  const node = nodeExecutable(process.platform, process.env, process.execPath, process.resourcesPath);
  const start: StartHost = (events) => startHostProcess({ node, entry: HOST_ENTRY, log }, events);
  const systemMenu = hasSystemMenu(process.platform, process.env);
  const placeFile = join(app.getPath('userData'), 'window.json');
  let hostGone: Promise<void> = Promise.resolve();
  let quitting = false;
  let tell: (event: SystemEvent) => void = () => undefined;

  const files = createOpenedFiles(() => tell({ type: 'files' }));
  const menu = createSystemMenu(Menu, {
    platform: process.platform,
    name: app.name,
    choose: (id) => tell({ type: 'command', id }),
  });

  async function openWindow(): Promise<void> {
    const preload = fileURLToPath(new URL('./preload.cjs', import.meta.url));
    const screens = screen.getAllDisplays().map(({ workArea }) => workArea);
    const { place, maximized } = readPlace(placeFile, screens);
    const window = new BrowserWindow(windowOptions(preload, place, systemMenu));
    if (maximized) window.maximize();
    keepPlace(window, placeFile);
    confine(window);
    const { gone, closeHost } = attendWindow(start, window, ipcMain, log);
    hostGone = gone;
    guardHanging(window, dialog);
    guardCrashes(window, dialog, closeHost);
    tell = attendSystem({
      window,
      ipc: ipcMain,
      app,
      dialog,
      showMenus: (menus) => menu.show(menus),
      takeFiles: () => files.take(),
      stayed: () => (quitting = false),
      log,
    });
    window.once('ready-to-show', () => window.show());
    await window.loadFile(`${RENDERER_FOLDER}/index.html`);
  }

  /** Brings the window to the front, or opens one where it was closed (a Mac). */
  function show(): void {
    const [window] = BrowserWindow.getAllWindows();
    if (!window) return void openWindow();
    if (window.isMinimized()) window.restore();
    window.focus();
  }

  // A Mac hands files over like this, from before the program is ready.
  app.on('open-file', (event, path) => {
    event.preventDefault();
    files.add(drawingsIn([path], '/'));
    if (app.isReady()) show();
  });
  app.on('second-instance', (_, __, ___, handed) => {
    const { success, data } = handedOver.safeParse(handed);
    if (success) files.add(data.files);
    if (app.isReady()) show();
  });
  files.add(given);

  await app.whenReady();
  if (systemMenu) menu.show(NO_MENUS);
  else Menu.setApplicationMenu(null);
  app.on('before-quit', () => (quitting = true));
  app.on('window-all-closed', () => {
    tell = () => undefined;
    if (process.platform !== 'darwin' || quitting) app.quit();
    else menu.show(NO_MENUS);
  });
  app.on('activate', () => {
    if (BrowserWindow.getAllWindows().length === 0) void openWindow();
  });
  app.on('will-quit', (event) => {
    event.preventDefault();
    void hostGone.then(() => app.exit(0));
  });
  await openWindow();
}

if (app.requestSingleInstanceLock({ files: given })) {
  run().catch((thrown: unknown) => {
    console.error(thrown instanceof Error ? thrown.message : String(thrown));
    app.exit(1);
  });
} else {
  app.quit();
}
