import { EventEmitter } from 'node:events';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { vi } from 'vitest';

/** Stands in for the `electron` module: remembers every option, handler and channel it was given. */
export class FakeWebContents extends EventEmitter {
  readonly sent: unknown[][] = [];
  readonly mainFrame = { name: 'main' };
  openHandler: (() => { action: string }) | undefined;
  readonly session = {
    setPermissionRequestHandler: vi.fn(),
    setPermissionCheckHandler: vi.fn(),
  };
  send(...args: unknown[]): void {
    structuredClone(args);
    this.sent.push(args);
  }
  readonly reload = vi.fn();
  isDestroyed(): boolean {
    return false;
  }
  setWindowOpenHandler(handler: () => { action: string }): void {
    this.openHandler = handler;
  }
}

export class FakeBrowserWindow extends EventEmitter {
  static readonly opened: FakeBrowserWindow[] = [];
  static getAllWindows(): FakeBrowserWindow[] {
    return FakeBrowserWindow.opened;
  }
  readonly webContents = new FakeWebContents();
  readonly options: { readonly [name: string]: unknown; readonly webPreferences: Record<string, unknown> };
  readonly loadFile = vi.fn(async () => undefined);
  readonly show = vi.fn();
  readonly focus = vi.fn();
  readonly restore = vi.fn();
  readonly close = vi.fn();
  readonly destroy = vi.fn();
  readonly maximize = vi.fn();
  readonly setRepresentedFilename = vi.fn();
  readonly setDocumentEdited = vi.fn();
  getNormalBounds() {
    return { x: 40, y: 30, width: 1200, height: 800 };
  }
  isMaximized(): boolean {
    return false;
  }
  isMinimized(): boolean {
    return true;
  }
  constructor(options: FakeBrowserWindow['options']) {
    super();
    this.options = options;
    FakeBrowserWindow.opened.push(this);
  }
}

export const app = Object.assign(new EventEmitter(), {
  name: 'Inkwash',
  isReady: () => true,
  addRecentDocument: vi.fn(),
  clearRecentDocuments: vi.fn(),
  whenReady: async () => undefined,
  requestSingleInstanceLock: vi.fn(() => true),
  quit: vi.fn(),
  exit: vi.fn(),
  getPath: (name: string) => join(tmpdir(), 'inkwash-stand-in', name),
});
export const dialog = {
  showMessageBox: vi.fn(async (_: unknown, __: Electron.MessageBoxOptions) => ({ response: 0 })),
  showSaveDialog: vi.fn(async (_: unknown, __: Electron.SaveDialogOptions) => ({
    canceled: true,
    filePath: '',
  })),
};
type Answer = (event: unknown, ...args: unknown[]) => Promise<unknown>;
/** Channels that are answered, each by one handler, as Electron wants it. */
export const answered = new Map<string, Answer>();
export const ipcMain = Object.assign(new EventEmitter(), {
  handle(channel: string, answer: Answer) {
    if (answered.has(channel)) throw new Error(`A second handler for ${channel}.`);
    answered.set(channel, answer);
  },
  removeHandler: (channel: string) => answered.delete(channel),
});
export const Menu = {
  setApplicationMenu: vi.fn(),
  buildFromTemplate: vi.fn((template: unknown) => template),
};
export const screen = { getAllDisplays: () => [{ workArea: { x: 0, y: 0, width: 1920, height: 1080 } }] };
export const webUtils = { getPathForFile: vi.fn((file: File) => `/drawings/${file.name}`) };
export const ipcRenderer = Object.assign(new EventEmitter(), { send: vi.fn(), invoke: vi.fn() });
export const exposed = new Map<string, unknown>();
export const contextBridge = { exposeInMainWorld: (name: string, api: unknown) => exposed.set(name, api) };
export { FakeBrowserWindow as BrowserWindow };
