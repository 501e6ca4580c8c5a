import { beforeAll, describe, expect, it, vi } from 'vitest';
import { TO_HOST, TO_RENDERER } from '../../../electron/contract/names.ts';
import { systemMenu } from '../../../electron/desktop.ts';
import type { DesktopBridge, ToHost } from '../../../electron/contract/wire.ts';
import * as electron from './electron-stand-in.ts';

vi.mock('electron', () => import('./electron-stand-in.ts'));
const closeHost = vi.fn(async () => undefined);
const closeRoom = vi.fn();
vi.mock('../../../electron/host.ts', () => ({
  createHost: async () => ({
    openRoom: () => ({
      handlers: { 'drawing.close': async () => ({}) },
      document: () => undefined,
      close: closeRoom,
    }),
    close: closeHost,
  }),
}));

const window = (): electron.FakeBrowserWindow => electron.FakeBrowserWindow.opened[0]!;

describe('the desktop door', () => {
  beforeAll(async () => {
    await import('../../../electron/main.ts');
    await vi.waitFor(() => expect(electron.FakeBrowserWindow.opened).toHaveLength(1));
    await vi.waitFor(() => expect(window().loadFile).toHaveBeenCalled());
  });

  it('opens one window without Node, sandboxed and isolated, with the preload script', () => {
    expect(window().options.webPreferences).toMatchObject({
      sandbox: true,
      contextIsolation: true,
      nodeIntegration: false,
      webSecurity: true,
      webviewTag: false,
    });
    expect(String(window().options.webPreferences['preload'])).toMatch(/preload\.cjs$/);
    expect(window().loadFile.mock.calls[0]).toEqual([expect.stringMatching(/renderer\/index\.html$/)]);
  });

  it('shows itself when ready, not before', () => {
    expect(window().show).not.toHaveBeenCalled();
    window().emit('ready-to-show');
    expect(window().show).toHaveBeenCalledOnce();
  });

  it('goes nowhere else, opens nothing and grants no permission', () => {
    const { webContents } = window();
    expect(webContents.openHandler?.()).toEqual({ action: 'deny' });
    for (const name of ['will-navigate', 'will-attach-webview']) {
      const event = { preventDefault: vi.fn() };
      webContents.emit(name, event);
      expect(event.preventDefault).toHaveBeenCalledOnce();
    }
    const decide = vi.fn();
    webContents.session.setPermissionRequestHandler.mock.calls[0]![0](null, 'media', decide);
    expect(decide).toHaveBeenCalledWith(false);
    expect(webContents.session.setPermissionCheckHandler.mock.calls[0]![0]()).toBe(false);
  });

  it('hears its own main frame and answers on its own channel', async () => {
    const { webContents } = window();
    const message = { type: 'call', id: 1, channel: 'drawing.close', args: { documentId: 'drawing-1' } };
    electron.ipcMain.emit(TO_HOST, { sender: webContents, senderFrame: webContents.mainFrame }, message);
    await vi.waitFor(() =>
      expect(webContents.sent).toEqual([[TO_RENDERER, { type: 'result', id: 1, value: {} }]]),
    );
  });

  it('does not hear frames inside the page or other pages', async () => {
    const { webContents } = window();
    const before = webContents.sent.length;
    const message = { type: 'call', id: 2, channel: 'drawing.close', args: { documentId: 'drawing-1' } };
    electron.ipcMain.emit(TO_HOST, { sender: webContents, senderFrame: { name: 'inner' } }, message);
    electron.ipcMain.emit(TO_HOST, { sender: {}, senderFrame: webContents.mainFrame }, message);
    await new Promise((resolve) => setImmediate(resolve));
    expect(webContents.sent).toHaveLength(before);
  });

  it('is one program: a second start brings the first to the front', () => {
    expect(electron.app.requestSingleInstanceLock).toHaveBeenCalled();
    electron.app.emit('second-instance');
    expect(window().restore).toHaveBeenCalled();
    expect(window().focus).toHaveBeenCalled();
  });

  it('has no menu of its own but on a Mac, where the system asks for one', () => {
    expect(systemMenu('linux')).toBeNull();
    expect(systemMenu('win32')).toBeNull();
    expect(systemMenu('darwin')?.map(({ role }) => role)).toEqual(['appMenu', 'editMenu', 'windowMenu']);
  });

  it('lets go of the room with the window and of the engine with the program', () => {
    window().emit('closed');
    expect(closeRoom).toHaveBeenCalledOnce();
    expect(electron.ipcMain.listenerCount(TO_HOST)).toBe(0);
    electron.app.emit('window-all-closed');
    expect(electron.app.quit).toHaveBeenCalled();
    electron.app.emit('will-quit');
    expect(closeHost).toHaveBeenCalledOnce();
  });
});

describe('the preload script', () => {
  beforeAll(() => import('../../../electron/preload.ts'));
  const bridge = (): DesktopBridge => electron.exposed.get('inkwash') as DesktopBridge;

  it('exposes two functions and nothing else', () => {
    expect([...electron.exposed.keys()]).toEqual(['inkwash']);
    expect(Object.keys(bridge()).toSorted()).toEqual(['listen', 'send']);
  });

  it('sends calls of the contract and cancellations, and swallows other names', () => {
    const call: ToHost = { type: 'call', id: 1, channel: 'app.info', args: {} };
    bridge().send(call);
    bridge().send({ type: 'cancel', id: 1 });
    bridge().send({ type: 'call', id: 2, channel: 'shell.run', args: {} });
    expect(electron.ipcRenderer.send.mock.calls).toEqual([
      [TO_HOST, call],
      [TO_HOST, { type: 'cancel', id: 1 }],
    ]);
  });

  it('passes the message on without the event, until told to stop', () => {
    const heard: unknown[][] = [];
    const stop = bridge().listen((...args) => heard.push(args));
    electron.ipcRenderer.emit(TO_RENDERER, { sender: 'secret' }, { type: 'result', id: 1, value: 2 });
    stop();
    electron.ipcRenderer.emit(TO_RENDERER, {}, { type: 'result', id: 2, value: 3 });
    expect(heard).toEqual([[{ type: 'result', id: 1, value: 2 }]]);
  });
});
