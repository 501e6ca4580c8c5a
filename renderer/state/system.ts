import type { SystemArgs, SystemCall, SystemResult } from '../../electron/contract/system.ts';
import { notices } from './notices.svelte.ts';

/** The desktop program around this window; undefined in a browser. */
const bridge = window.inkwash;

export const isDesktop = bridge !== undefined;
/** Whether the system's bar shows the menus. */
export const hasSystemMenu = bridge?.systemMenu ?? false;

/** Asks the desktop program; undefined in a browser, and where it could not answer. */
export async function askSystem<C extends SystemCall>(
  call: C,
  args: SystemArgs<C>,
): Promise<SystemResult<C> | undefined> {
  try {
    return await bridge?.ask(call, args);
  } catch (thrown) {
    notices.failure(thrown);
    return undefined;
  }
}
