import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeAll, describe, expect, it, vi } from 'vitest';
import { TO_HOST, TO_RENDERER } from '../../../electron/contract/names.ts';
import { systemMenu } from '../../../electron/desktop.ts';
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

  it('asks before closing loses colouring, and stays unless told to close', () => {
    const { webContents } = window();
    const close = (): boolean => {
      const event = { preventDefault: vi.fn() };
      webContents.emit('will-prevent-unload', event);
      return event.preventDefault.mock.calls.length === 1;
    };
    expect(close()).toBe(false);
    const [owner, options] = electron.dialog.showMessageBoxSync.mock.calls[0] as unknown as [
      unknown,
      Electron.MessageBoxSyncOptions,
    ];
    expect(owner).toBe(window());
    expect(options).toMatchObject({ buttons: ['Stay', 'Close anyway'], defaultId: 0, cancelId: 0 });
    electron.dialog.showMessageBoxSync.mockReturnValueOnce(1);
    expect(close()).toBe(true);
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

  it('ends the host with the window, and itself only when the host is gone', async () => {
    window().emit('closed');
    expect(host().close).toHaveBeenCalledOnce();
    expect(electron.ipcMain.listenerCount(TO_HOST)).toBe(0);
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
    expect(Object.keys(bridge()).toSorted()).toEqual(['listen', 'pathOf', 'send']);
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
