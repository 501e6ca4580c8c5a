/**
 * The preload script: sandboxed and isolated, it hands the window a bridge of a few functions and lets only the
 * contract's names through. Built as one CommonJS file.
 */
import { contextBridge, ipcRenderer, webUtils, type IpcRendererEvent } from 'electron';
import { isChannel, TO_HOST, TO_RENDERER } from './contract/names.ts';
import { FROM_SYSTEM, isSystemCall, MENU_FLAG, TO_SYSTEM } from './contract/system-names.ts';
import type { DesktopBridge } from './contract/wire.ts';

/** Passes on what comes on one of Electron's channels, without the event. */
function listenTo<Message>(channel: string, listener: (message: Message) => void): () => void {
  const heard = (_: IpcRendererEvent, message: Message): void => listener(message);
  ipcRenderer.on(channel, heard);
  return () => ipcRenderer.off(channel, heard);
}

const bridge: DesktopBridge = {
  send(message) {
    if (message.type === 'call' && !isChannel(message.channel)) return;
    ipcRenderer.send(TO_HOST, message);
  },
  pathOf: (file) => webUtils.getPathForFile(file),
  listen: (listener) => listenTo(TO_RENDERER, listener),
  systemMenu: process.argv.includes(MENU_FLAG),
  async ask(call, args) {
    if (!isSystemCall(call)) throw new Error('Inkwash does not offer this.');
    // The main process answers each call with the result of its own row of the table.
    return (await ipcRenderer.invoke(TO_SYSTEM, call, args)) as never;
  },
  hear: (listener) => listenTo(FROM_SYSTEM, listener),
};

contextBridge.exposeInMainWorld('inkwash', bridge);
