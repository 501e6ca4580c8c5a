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
  whenReady: async () => undefined,
  requestSingleInstanceLock: vi.fn(() => true),
  quit: vi.fn(),
  exit: vi.fn(),
  getPath: (name: string) => join(tmpdir(), 'inkwash-stand-in', name),
});
export const dialog = { showMessageBoxSync: vi.fn(() => 0) };
export const ipcMain = new EventEmitter();
export const Menu = {
  setApplicationMenu: vi.fn(),
  buildFromTemplate: vi.fn((template: unknown) => template),
};
export const ipcRenderer = Object.assign(new EventEmitter(), { send: vi.fn() });
export const exposed = new Map<string, unknown>();
export const contextBridge = { exposeInMainWorld: (name: string, api: unknown) => exposed.set(name, api) };
export { FakeBrowserWindow as BrowserWindow };
