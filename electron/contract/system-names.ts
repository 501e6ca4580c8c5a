import type { SystemCall } from './system.ts';

/** Names alone, for the preload script (see names.ts). */
const names: Record<SystemCall, true> = {
  'menus.show': true,
  'drawing.front': true,
  'place.ask': true,
  'question.ask': true,
  'files.take': true,
  'recent.add': true,
  'recent.clear': true,
  'window.close': true,
};

export function isSystemCall(name: unknown): name is SystemCall {
  return typeof name === 'string' && Object.hasOwn(names, name);
}

/** Electron's IPC channels between a window and the main process itself. */
export const TO_SYSTEM = 'inkwash:to-system';
export const FROM_SYSTEM = 'inkwash:from-system';

/** Says to the preload script that the system's bar has the menus. */
export const MENU_FLAG = '--inkwash-system-menu';
