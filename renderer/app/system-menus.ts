import type { SystemMenus } from '../../electron/contract/system.ts';
import { inWorkspace } from '../state/active-commands.ts';
import { isEnabled, titleOf, type CommandId } from '../state/commands.ts';
import { keysFor } from '../state/keymap.svelte.ts';
import { studio } from '../state/studio.svelte.ts';
import { workspaces } from '../state/workspace.svelte.ts';
import { menus } from './menus.ts';

/** The menus as they stand, for the system's bar: what the bar in the window would show. */
export function systemMenus(typing: boolean): SystemMenus {
  const shown = menus.filter(({ only }) => !only || only === workspaces.current);
  const blocked = studio.dialog !== undefined;
  const row = (id: CommandId): SystemMenus['menus'][number]['groups'][number][number] => {
    const command = inWorkspace(id);
    const [keys] = keysFor(command);
    const checked = command.checked?.();
    return {
      id,
      title: titleOf(command),
      ...(keys !== undefined && { keys }),
      // A dialog waits for its answer first.
      enabled: !blocked && isEnabled(command),
      ...(checked !== undefined && { checked }),
    };
  };
  return {
    typing,
    menus: shown.map(({ id, title, groups }) => ({ id, title, groups: groups.map((ids) => ids.map(row)) })),
  };
}
