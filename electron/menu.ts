import type { Menu, MenuItem, MenuItemConstructorOptions } from 'electron';
import type { SystemMenuItem, SystemMenus } from './contract/system.ts';

/**
 * The system's menu bar: the window's own menus, as the window tells them, with what the system expects beside them.
 * A Mac has it always. Elsewhere the window shows its menus itself, unless INKWASH_MENU=system asks for the system's
 * (desktops with one bar for all programs).
 */
export function hasSystemMenu(platform: NodeJS.Platform, env: NodeJS.ProcessEnv): boolean {
  return platform === 'darwin' || env['INKWASH_MENU'] === 'system';
}

type Template = MenuItemConstructorOptions[];

/** What these commands mean while a text field has the focus. */
const TEXT_ROLES: Readonly<
  Partial<Record<string, 'undo' | 'redo' | 'cut' | 'copy' | 'paste' | 'selectAll'>>
> = {
  undo: 'undo',
  redo: 'redo',
  cut: 'cut',
  copy: 'copy',
  paste: 'paste',
  selectAll: 'selectAll',
};
/** Commands that stand in the program's own menu on a Mac, in its order. */
const APP_COMMANDS = ['about', 'settings'];

const KEY_NAMES: Readonly<Record<string, string>> = { '+': 'Plus', Esc: 'Escape' };
const KEYS =
  /^(?:[!-~]|F\d{1,2}|Plus|Space|Tab|Enter|Escape|Backspace|Delete|Insert|Home|End|PageUp|PageDown|Up|Down|Left|Right)$/;

/**
 * A shortcut as Electron writes it; undefined for keys that can't stand in a menu. On a Mac a menu takes its keys from
 * text fields too, so only those held with ⌘ and function keys are named there; tools keep their letters in the window.
 */
export function acceleratorOf(keys: string | undefined, platform: NodeJS.Platform): string | undefined {
  if (!keys) return undefined;
  const parts = keys.endsWith('+') ? [...keys.slice(0, -1).split('+').filter(Boolean), '+'] : keys.split('+');
  const last = parts.at(-1)!;
  const key = KEY_NAMES[last] ?? last;
  const held = parts.slice(0, -1).map((name) => (name === 'Ctrl' ? 'CommandOrControl' : name));
  const isPlain = !held.includes('CommandOrControl') && !/^F\d+$/.test(key);
  if (!KEYS.test(key) || (platform === 'darwin' && isPlain)) return undefined;
  return [...held, key].join('+');
}

interface Bar {
  readonly platform: NodeJS.Platform;
  readonly name: string;
  readonly choose: (commandId: string) => void;
}

/** The whole bar. @param shown none of its own while no window is there to answer. */
export function menuTemplate(shown: SystemMenus, { platform, name, choose }: Bar): Template {
  const isMac = platform === 'darwin';
  const all = shown.menus.flatMap(({ groups }) => groups.flat());
  const item = (command: SystemMenuItem): MenuItemConstructorOptions => {
    const accelerator = acceleratorOf(command.keys, platform);
    const role = shown.typing ? TEXT_ROLES[command.id] : undefined;
    const look = { label: command.title.replaceAll('&', '&&'), ...(accelerator && { accelerator }) };
    if (role) return { ...look, role };
    return {
      ...look,
      id: command.id,
      enabled: command.enabled,
      ...(command.checked !== undefined && { type: 'checkbox', checked: command.checked }),
      // The window hears its keys itself, in the workspace and tool they belong to.
      registerAccelerator: false,
      click(row) {
        // Electron ticks a row by itself; whether the command did anything, the window says.
        if (command.checked !== undefined) row.checked = !row.checked;
        choose(command.id);
      },
    };
  };
  const submenu = (groups: readonly (readonly SystemMenuItem[])[]): Template =>
    groups
      .map((group) => group.filter(({ id }) => !isMac || !APP_COMMANDS.includes(id)))
      .filter((group) => group.length > 0)
      .flatMap((group, at): Template => [...(at > 0 ? [SEPARATOR] : []), ...group.map(item)]);

  const template: Template = shown.menus.map(({ id, title, groups }): MenuItemConstructorOptions => {
    const rows = submenu(groups);
    if (id === 'file' && isMac) {
      const place = rows.findIndex((row) => row.id === 'open') + 1;
      rows.splice(place, 0, { role: 'recentDocuments', submenu: [{ role: 'clearRecentDocuments' }] });
    }
    if (id === 'file' && !isMac) rows.push(SEPARATOR, { role: 'quit' });
    return { label: title, submenu: rows, ...(id === 'help' && { role: 'help' }) };
  });
  const place = shown.menus.findIndex(({ id }) => id === 'help');
  const windowMenu: Template = [{ role: 'minimize' }, { role: 'zoom' }];
  if (isMac) windowMenu.push(SEPARATOR, { role: 'front' });
  template.splice(place < 0 ? template.length : place, 0, { role: 'windowMenu', submenu: windowMenu });
  if (!isMac) return template;

  const own = APP_COMMANDS.flatMap((id) => all.find((command) => command.id === id) ?? []).map(item);
  const appMenu: Template = [
    ...own.flatMap((row) => [row, SEPARATOR]),
    { role: 'services' },
    SEPARATOR,
    { role: 'hide' },
    { role: 'hideOthers' },
    { role: 'unhide' },
    SEPARATOR,
    { role: 'quit' },
  ];
  return [{ label: name, submenu: appMenu }, ...template];
}

const SEPARATOR: MenuItemConstructorOptions = { type: 'separator' };

export const NO_MENUS: SystemMenus = { menus: [], typing: false };

/** Keeps the system's bar as the window says: rebuilt when its rows change, else only what can be run is changed. */
export function createSystemMenu(
  menu: Pick<typeof Menu, 'buildFromTemplate' | 'setApplicationMenu'>,
  bar: Bar,
): { show(menus: SystemMenus): void } {
  let built: { rows: string; menu: Menu } | undefined;
  return {
    show(menus) {
      const rows = rowsOf(menus);
      if (built?.rows !== rows) {
        built = { rows, menu: menu.buildFromTemplate(menuTemplate(menus, bar)) };
        menu.setApplicationMenu(built.menu);
        return;
      }
      for (const { id, enabled, checked } of menus.menus.flatMap(({ groups }) => groups.flat())) {
        const item: MenuItem | null = built.menu.getMenuItemById(id);
        if (!item) continue;
        if (item.enabled !== enabled) item.enabled = enabled;
        if (checked !== undefined && item.checked !== checked) item.checked = checked;
      }
    },
  };
}

/** Everything but what can change in a bar that stands. */
function rowsOf({ menus, typing }: SystemMenus): string {
  return JSON.stringify([
    typing,
    menus.map(({ id, title, groups }) => [
      id,
      title,
      groups.map((group) => group.map((row) => [row.id, row.title, row.keys, row.checked !== undefined])),
    ]),
  ]);
}
