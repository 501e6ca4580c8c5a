import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeAll, describe, expect, it, vi } from 'vitest';
import { TO_HOST, TO_RENDERER } from '../../../electron/contract/names.ts';
import { FROM_SYSTEM, MENU_FLAG, TO_SYSTEM } from '../../../electron/contract/system-names.ts';
import type { DesktopBridge, ToHost } from '../../../electron/contract/wire.ts';
import { Failure } from '../../../electron/failure.ts';
import { nodeExecutable, type HostEvents, type HostProcessOptions } from '../../../electron/host-owner.ts';
import * as electron from './electron-stand-in.ts';

vi.mock('electron', () => import('./electron-stand-in.ts'));

/** Stands in for host processes: what each was started with and told, and its end. */
class FakeHost {
  static readonly started: FakeHost[] = [];
  readonly pid = 1;
  readonly heard: ToHost[] = [];
  readonly options: HostProcessOptions;
  readonly events: HostEvents;
  gone: () => void = () => undefined;
  readonly close = vi.fn(() => new Promise<void>((resolve) => (this.gone = resolve)));
  send(message: ToHost): void {
    this.heard.push(message);
  }
  constructor(options: HostProcessOptions, events: HostEvents) {
    this.options = options;
    this.events = events;
    FakeHost.started.push(this);
  }
}
vi.mock('../../../electron/host-owner.ts', async (original) => ({
  ...(await original<typeof import('../../../electron/host-owner.ts')>()),
  startHostProcess: (options: HostProcessOptions, events: HostEvents) => new FakeHost(options, events),
}));

const window = (): electron.FakeBrowserWindow => electron.FakeBrowserWindow.opened[0]!;
const host = (): FakeHost => FakeHost.started.at(-1)!;
const say = (message: unknown): void => {
  const { webContents } = window();
  electron.ipcMain.emit(TO_HOST, { sender: webContents, senderFrame: webContents.mainFrame }, message);
};
/** What the page asks of the system. */
const ask = (name: string, args: unknown): Promise<unknown> => {
  const { webContents } = window();
  return electron.answered.get(TO_SYSTEM)!(
    { sender: webContents, senderFrame: webContents.mainFrame },
    name,
    args,
  );
};
const call = (id: number): ToHost => ({
  type: 'call',
  id,
  channel: 'drawing.close',
  args: { documentId: 'drawing-1' },
});

describe('the desktop door', () => {
  beforeAll(async () => {
    Object.assign(process, { resourcesPath: '/nowhere' });
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

  it('goes nowhere else, opens nothing, and grants its own page the clipboard and the screen alone', () => {
    const { webContents } = window();
    expect(webContents.openHandler?.()).toEqual({ action: 'deny' });
    for (const name of ['will-navigate', 'will-attach-webview']) {
      const event = { preventDefault: vi.fn() };
      webContents.emit(name, event);
      expect(event.preventDefault).toHaveBeenCalledOnce();
    }
    const [decideOn] = webContents.session.setPermissionRequestHandler.mock.calls[0]!;
    const [check] = webContents.session.setPermissionCheckHandler.mock.calls[0]!;
    const granted = (asking: unknown, permission: string): boolean => {
      const decide = vi.fn();
      decideOn(asking, permission, decide);
      expect(check(asking, permission)).toBe(decide.mock.calls[0]![0]);
      return decide.mock.calls[0]![0] as boolean;
    };
    const asked = [
      'clipboard-read',
      'clipboard-sanitized-write',
      'fullscreen',
      'media',
      'geolocation',
      'openExternal',
    ];
    expect(asked.filter((permission) => granted(webContents, permission))).toEqual(asked.slice(0, 3));
    expect(asked.filter((permission) => granted({}, permission))).toEqual([]);
  });

  it('starts one host process for the window, before the page asks for anything', () => {
    expect(FakeHost.started).toHaveLength(1);
    expect(host().options.entry).toMatch(/dist\/electron\/host-process\.js$/);
  });

  it('passes calls of its own main frame on to the host, and what the host says on to the page', () => {
    say(call(1));
    expect(host().heard).toEqual([call(1)]);
    host().events.message({ type: 'result', id: 1, value: {} });
    expect(window().webContents.sent).toEqual([[TO_RENDERER, { type: 'result', id: 1, value: {} }]]);
  });

  it('does not hear frames inside the page or other pages, nor what is not in the contract', () => {
    const { webContents } = window();
    const before = host().heard.length;
    const logged = vi.spyOn(console, 'error').mockImplementation(() => undefined);
    electron.ipcMain.emit(TO_HOST, { sender: webContents, senderFrame: { name: 'inner' } }, call(2));
    electron.ipcMain.emit(TO_HOST, { sender: {}, senderFrame: webContents.mainFrame }, call(2));
    for (const wrong of [
      null,
      'text',
      {},
      { ...call(2), id: -1 },
      { ...call(2), path: '/etc' },
      { type: 'quit' },
    ])
      say(wrong);
    expect(host().heard).toHaveLength(before);
    expect(logged).toHaveBeenCalledTimes(6);
    logged.mockRestore();
  });

  it('answers a call that can not be passed on with the reason', () => {
    vi.spyOn(host(), 'send').mockImplementationOnce(() => {
      throw new Failure('input', 'That is too large.');
    });
    say(call(9));
    const answer = { type: 'failure', id: 9, kind: 'input', sentence: 'That is too large.', details: '' };
    expect(window().webContents.sent.at(-1)).toEqual([TO_RENDERER, answer]);
  });

  it('tells the page when the host is gone, and starts a new one with the next call', () => {
    const first = host();
    const lost = { type: 'lost', sentence: 'It stopped.', details: 'SIGKILL' } as const;
    first.events.lost(lost);
    expect(window().webContents.sent.at(-1)).toEqual([TO_RENDERER, lost]);
    expect(FakeHost.started).toHaveLength(1);
    say(call(3));
    expect(FakeHost.started).toHaveLength(2);
    expect(host().heard).toEqual([call(3)]);
    expect(first.heard).not.toContainEqual(call(3));
  });

  it('is one program: a second start hands its drawings over and brings the first to the front', async () => {
    expect(electron.app.requestSingleInstanceLock).toHaveBeenCalledWith({ files: [] });
    expect(await ask('files.take', {})).toEqual({ paths: [] });
    electron.app.emit('second-instance', {}, ['inkwash'], '/', { files: ['/drawings/a.ora'] });
    expect(window().restore).toHaveBeenCalled();
    expect(window().focus).toHaveBeenCalled();
    expect(window().webContents.sent.at(-1)).toEqual([FROM_SYSTEM, { type: 'files' }]);
    expect(await ask('files.take', {})).toEqual({ paths: ['/drawings/a.ora'] });
    expect(await ask('files.take', {})).toEqual({ paths: [] });
    const before = window().webContents.sent.length;
    electron.app.emit('second-instance', {}, [], '/', { files: 'all' });
    electron.app.emit('second-instance', {}, [], '/', undefined);
    expect(window().webContents.sent).toHaveLength(before);
  });

  it('opens the drawings a Mac hands over, and nothing else', async () => {
    const event = { preventDefault: vi.fn() };
    electron.app.emit('open-file', event, '/drawings/b.psd');
    electron.app.emit('open-file', event, '/drawings/notes.txt');
    expect(event.preventDefault).toHaveBeenCalledTimes(2);
    expect(await ask('files.take', {})).toEqual({ paths: ['/drawings/b.psd'] });
  });

  it('shows its menus in the window, but on a Mac', () => {
    if (process.platform === 'darwin') return;
    expect(electron.Menu.setApplicationMenu.mock.calls).toEqual([[null]]);
    expect(window().options.webPreferences['additionalArguments']).not.toContain(MENU_FLAG);
  });

  it('offers to close a page that hangs, which can not say what is unsaved', async () => {
    electron.dialog.showMessageBox.mockResolvedValueOnce({ response: 0 });
    window().emit('unresponsive');
    window().emit('unresponsive');
    await vi.waitFor(() => expect(electron.dialog.showMessageBox).toHaveBeenCalledOnce());
    await new Promise((resolve) => setImmediate(resolve));
    expect(window().destroy).not.toHaveBeenCalled();
    electron.dialog.showMessageBox.mockResolvedValueOnce({ response: 1 });
    window().emit('unresponsive');
    await vi.waitFor(() => expect(window().destroy).toHaveBeenCalledOnce());
  });

  it('opens a page that crashed again, after its host has kept what was not saved', async () => {
    const { webContents } = window();
    const before = host();
    webContents.emit('render-process-gone', {}, { reason: 'crashed' });
    expect(before.close).toHaveBeenCalledOnce();
    expect(webContents.reload).not.toHaveBeenCalled();
    before.gone();
    await vi.waitFor(() => expect(webContents.reload).toHaveBeenCalledOnce());
    say(call(4));
    expect(host()).not.toBe(before);
  });

  describe('asked by its page', () => {
    it('answers its own main frame alone, by the table', async () => {
      const { webContents } = window();
      const logged = vi.spyOn(console, 'error').mockImplementation(() => undefined);
      const answer = electron.answered.get(TO_SYSTEM)!;
      const own = { sender: webContents, senderFrame: webContents.mainFrame };
      for (const [event, name, args] of [
        [{ sender: {}, senderFrame: webContents.mainFrame }, 'window.close', {}],
        [{ sender: webContents, senderFrame: { name: 'inner' } }, 'window.close', {}],
        [own, 'window.open', {}],
        [own, 'toString', {}],
        [own, 'window.close', { now: true }],
        [own, 'recent.add', { path: 7 }],
        [own, 'question.ask', { message: 'Save?', detail: '', buttons: ['Yes'] }],
        [own, 'menus.show', { menus: [{ id: 'file', title: '', groups: [] }], typing: false }],
      ] as const)
        await expect(answer(event, name, args)).rejects.toThrow();
      expect(window().close).not.toHaveBeenCalled();
      logged.mockRestore();
    });

    it('asks where to save, beside the drawing and with the ending of the format', async () => {
      const words = {
        title: 'Save',
        stem: 'page',
        beside: '/drawings/page.png',
        format: 'ora',
        formatName: 'OpenRaster',
      };
      expect(await ask('place.ask', words)).toEqual({});
      const [owner, options] = electron.dialog.showSaveDialog.mock.calls.at(-1)!;
      expect(owner).toBe(window());
      expect(options).toMatchObject({
        defaultPath: join('/drawings', 'page.ora'),
        filters: [{ name: 'OpenRaster', extensions: ['ora'] }],
      });
      electron.dialog.showSaveDialog.mockResolvedValueOnce({ canceled: false, filePath: '/drawings/x.ORA' });
      expect(await ask('place.ask', words)).toEqual({ path: '/drawings/x.ORA' });
      electron.dialog.showSaveDialog.mockResolvedValueOnce({ canceled: false, filePath: '/nowhere/x' });
      expect(await ask('place.ask', words)).toEqual({ path: '/nowhere/x.ora' });
    });

    it('asks again where the ending makes it a file that is there', async () => {
      const folder = mkdtempSync(join(tmpdir(), 'inkwash-place-'));
      writeFileSync(join(folder, 'x.ora'), '');
      const { showSaveDialog } = electron.dialog;
      showSaveDialog.mockClear();
      showSaveDialog.mockResolvedValueOnce({ canceled: false, filePath: join(folder, 'x') });
      showSaveDialog.mockResolvedValueOnce({ canceled: false, filePath: join(folder, 'x.ora') });
      const words = { title: 'Save', stem: 'x', format: 'ora', formatName: 'OpenRaster' };
      expect(await ask('place.ask', words)).toEqual({ path: join(folder, 'x.ora') });
      expect(showSaveDialog.mock.calls[1]![1].defaultPath).toBe(join(folder, 'x.ora'));
      rmSync(folder, { recursive: true });
    });

    it('asks questions natively: Enter is the first answer, Esc the last', async () => {
      electron.dialog.showMessageBox.mockResolvedValueOnce({ response: 1 });
      const buttons = ['Save', 'Don’t save', 'Cancel'];
      expect(await ask('question.ask', { message: 'Save?', detail: 'Else it is lost.', buttons })).toEqual({
        pressed: 1,
      });
      const [owner, options] = electron.dialog.showMessageBox.mock.calls.at(-1)!;
      expect(owner).toBe(window());
      expect(options).toMatchObject({ buttons, defaultId: 0, cancelId: 2 });
    });

    it('tells the title bar of a Mac, and the system’s list of recent files', async () => {
      await ask('drawing.front', { path: '/drawings/a.ora', unsaved: true });
      expect(window().setRepresentedFilename).toHaveBeenLastCalledWith('/drawings/a.ora');
      expect(window().setDocumentEdited).toHaveBeenLastCalledWith(true);
      await ask('drawing.front', { unsaved: false });
      expect(window().setRepresentedFilename).toHaveBeenLastCalledWith('');
      await ask('recent.add', { path: '/drawings/a.ora' });
      expect(electron.app.addRecentDocument).toHaveBeenCalledWith('/drawings/a.ora');
      await ask('recent.clear', {});
      expect(electron.app.clearRecentDocuments).toHaveBeenCalledOnce();
    });

    it('closes when the page says so', async () => {
      await ask('window.close', {});
      expect(window().close).toHaveBeenCalledOnce();
    });
  });

  it('ends the host with the window, and itself only when the host is gone', async () => {
    window().emit('closed');
    expect(host().close).toHaveBeenCalledOnce();
    expect(electron.ipcMain.listenerCount(TO_HOST)).toBe(0);
    expect(electron.answered.size).toBe(0);
    electron.app.emit('window-all-closed');
    expect(electron.app.quit).toHaveBeenCalled();
    const event = { preventDefault: vi.fn() };
    electron.app.emit('will-quit', event);
    expect(event.preventDefault).toHaveBeenCalledOnce();
    await new Promise((resolve) => setImmediate(resolve));
    expect(electron.app.exit).not.toHaveBeenCalled();
    host().gone();
    await vi.waitFor(() => expect(electron.app.exit).toHaveBeenCalledWith(0));
  });
});

describe('the executable that runs the host', () => {
  const choose = (platform: NodeJS.Platform, env: NodeJS.ProcessEnv, resources = '/nowhere'): string =>
    nodeExecutable(platform, env, '/opt/electron', resources);

  it('is Electron itself but on Linux', () => {
    expect(choose('win32', { INKWASH_NODE: '/usr/bin/node' })).toBe('/opt/electron');
    expect(choose('darwin', {})).toBe('/opt/electron');
  });

  it('is on Linux the Node that started it, else the one the package carries, else the one on the path', () => {
    const resources = mkdtempSync(join(tmpdir(), 'inkwash-resources-'));
    writeFileSync(join(resources, 'node'), '');
    expect(choose('linux', { INKWASH_NODE: '/usr/bin/node' }, resources)).toBe('/usr/bin/node');
    expect(choose('linux', {}, resources)).toBe(join(resources, 'node'));
    expect(choose('linux', {})).toBe('node');
    rmSync(resources, { recursive: true });
  });
});

describe('the preload script', () => {
  beforeAll(() => import('../../../electron/preload.ts'));
  const bridge = (): DesktopBridge => electron.exposed.get('inkwash') as DesktopBridge;

  it('exposes its few functions and nothing else', () => {
    expect([...electron.exposed.keys()]).toEqual(['inkwash']);
    expect(Object.keys(bridge()).toSorted()).toEqual([
      'ask',
      'hear',
      'listen',
      'pathOf',
      'send',
      'systemMenu',
    ]);
  });

  it('asks the system by the names of its table alone', async () => {
    electron.ipcRenderer.invoke.mockResolvedValueOnce({ pressed: 2 });
    const words = { message: 'Save?', detail: '', buttons: ['Save', 'Cancel'] };
    expect(await bridge().ask('question.ask', words)).toEqual({ pressed: 2 });
    await expect(bridge().ask('shell.run' as 'window.close', {})).rejects.toThrow();
    expect(electron.ipcRenderer.invoke.mock.calls).toEqual([[TO_SYSTEM, 'question.ask', words]]);
  });

  it('says where a file lies that the artist gave', () => {
    expect(bridge().pathOf(new File([], 'a.png'))).toBe('/drawings/a.png');
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
