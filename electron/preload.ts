/**
 * The preload script: sandboxed and isolated, it hands the window a bridge of two functions and lets only the
 * contract's names through. Built as one CommonJS file.
 */
import { contextBridge, ipcRenderer, webUtils, type IpcRendererEvent } from 'electron';
import { isChannel, TO_HOST, TO_RENDERER } from './contract/names.ts';
import type { DesktopBridge, Lost, ToHost, ToRenderer } from './contract/wire.ts';

const bridge: DesktopBridge = {
  send(message: ToHost) {
    if (message.type === 'call' && !isChannel(message.channel)) return;
    ipcRenderer.send(TO_HOST, message);
  },
  pathOf: (file) => webUtils.getPathForFile(file),
  listen(listener) {
    const heard = (_: IpcRendererEvent, message: ToRenderer | Lost): void => listener(message);
    ipcRenderer.on(TO_RENDERER, heard);
    return () => ipcRenderer.off(TO_RENDERER, heard);
  },
};

contextBridge.exposeInMainWorld('inkwash', bridge);
