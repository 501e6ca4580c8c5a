import '../app/window.ts';
import type { MenuItemConstructorOptions } from 'electron';
import { describe, expect, it, vi } from 'vitest';
import { systemMenus as schema, type SystemMenus } from '../../../electron/contract/system.ts';
import { acceleratorOf, createSystemMenu, hasSystemMenu, menuTemplate } from '../../../electron/menu.ts';
import { systemMenus } from '../../../renderer/app/system-menus.ts';
import { menus } from '../../../renderer/app/menus.ts';
import { studio } from '../../../renderer/state/studio.svelte.ts';

const bar = (platform: NodeJS.Platform, choose = vi.fn()) => ({ platform, name: 'Inkwash', choose });
const rows = (template: readonly MenuItemConstructorOptions[]): MenuItemConstructorOptions[] =>
  template.flatMap((row) => [row, ...rows(Array.isArray(row.submenu) ? row.submenu : [])]);
const row = (id: string, more: object = {}) => ({ id, title: id, enabled: true, ...more });
const one = (...group: ReturnType<typeof row>[]): SystemMenus => ({
  menus: [{ id: 'edit', title: 'Edit', groups: [group] }],
  typing: false,
});

describe('what the window says of its menus', () => {
  it('is what its own bar would show, and passes the check of the main process', () => {
    const said = schema.parse(systemMenus(false));
    const inPaint = menus.filter(({ only }) => only !== 'face');
    expect(said.menus.map(({ title }) => title)).toEqual(inPaint.map(({ title }) => title));
    expect(said.menus.flatMap(({ groups }) => groups.flat().map(({ id }) => id))).toEqual(
      inPaint.flatMap(({ groups }) => groups.flat()),
    );
    const all = said.menus.flatMap(({ groups }) => groups.flat());
    expect(all.find(({ id }) => id === 'open')).toMatchObject({ keys: 'Ctrl+O', enabled: true });
    expect(all.find(({ id }) => id === 'undo')).toMatchObject({ enabled: false });
    expect(all.find(({ id }) => id === 'brush')).toMatchObject({ checked: true });
    expect(all.find(({ id }) => id === 'eraser')).toMatchObject({ checked: false });
  });

  it('lets nothing be run while a dialog waits', () => {
    studio.dialog = 'about';
    const all = systemMenus(false).menus.flatMap(({ groups }) => groups.flat());
    studio.dialog = undefined;
    expect(all.filter(({ enabled }) => enabled)).toEqual([]);
  });
});

describe('the system’s bar', () => {
  it('is there on a Mac, and where it is asked for', () => {
    expect(hasSystemMenu('darwin', {})).toBe(true);
    expect(hasSystemMenu('win32', {})).toBe(false);
    expect(hasSystemMenu('linux', {})).toBe(false);
    expect(hasSystemMenu('linux', { INKWASH_MENU: 'system' })).toBe(true);
  });

  it('has each command once, with its shortcut shown but heard by the window', () => {
    for (const platform of ['linux', 'win32', 'darwin'] as const) {
      const said = systemMenus(false);
      const made = rows(menuTemplate(said, bar(platform)));
      const ids = made.flatMap(({ id }) => id ?? []);
      const told = said.menus.flatMap(({ groups }) => groups.flat().map(({ id }) => id));
      expect(ids.toSorted()).toEqual(told.toSorted());
      expect(made.find(({ id }) => id === 'save')).toMatchObject({
        label: 'Save',
        accelerator: 'CommandOrControl+S',
        registerAccelerator: false,
      });
    }
  });

  it('runs the command that is pressed, and lets the window say whether it is ticked', () => {
    const choose = vi.fn();
    const [, mirror] = rows(menuTemplate(one(row('mirror', { checked: false })), bar('linux', choose)));
    expect(mirror).toMatchObject({ type: 'checkbox', checked: false });
    const item = { checked: true };
    mirror!.click!(item as Electron.MenuItem, undefined, {} as Electron.KeyboardEvent);
    expect(choose.mock.calls).toEqual([['mirror']]);
    expect(item.checked).toBe(false);
  });

  it('has on a Mac the program’s menu with About, Settings and Quit, and Window before Help', () => {
    const template = menuTemplate(systemMenus(false), bar('darwin'));
    expect(template[0]).toMatchObject({ label: 'Inkwash' });
    const own = rows([template[0]!]).slice(1);
    expect(own.flatMap(({ id, role }) => id ?? role ?? [])).toEqual([
      'about',
      'settings',
      'services',
      'hide',
      'hideOthers',
      'unhide',
      'quit',
    ]);
    expect(template.slice(-2).map(({ role }) => role)).toEqual(['windowMenu', 'help']);
    expect(rows(template).some(({ role }) => role === 'recentDocuments')).toBe(true);
  });

  it('copies, pastes and undoes text while a text field has the focus', () => {
    const said = one(row('undo'), row('copy'), row('clear'));
    const roles = (typing: boolean) =>
      rows(menuTemplate({ ...said, typing }, bar('darwin'))).flatMap(({ label, role }) =>
        ['undo', 'copy', 'clear'].includes(label ?? '') ? [role] : [],
      );
    expect(roles(true)).toEqual(['undo', 'copy', undefined]);
    expect(roles(false)).toEqual([undefined, undefined, undefined]);
  });

  it('shows an ampersand as one', () => {
    expect(menuTemplate(one(row('a', { title: 'Lines & flats' })), bar('linux'))[0]).toMatchObject({
      submenu: [{ label: 'Lines && flats' }],
    });
  });

  it('is built anew only when its rows change; else its rows are dimmed and ticked', () => {
    const items = new Map<string, { enabled: boolean; checked: boolean }>();
    const menu = {
      buildFromTemplate: vi.fn((template: MenuItemConstructorOptions[]) => {
        for (const { id, enabled = true, checked = false } of rows(template))
          if (id) items.set(id, { enabled, checked });
        return { getMenuItemById: (id: string) => items.get(id) ?? null } as unknown as Electron.Menu;
      }),
      setApplicationMenu: vi.fn(),
    };
    const { show } = createSystemMenu(menu, bar('linux'));
    show(one(row('undo'), row('mirror', { checked: false })));
    show(one(row('undo', { enabled: false }), row('mirror', { checked: true })));
    expect(menu.setApplicationMenu).toHaveBeenCalledOnce();
    expect(items.get('undo')!.enabled).toBe(false);
    expect(items.get('mirror')!.checked).toBe(true);
    show(one(row('undo', { title: 'Undo brush' }), row('mirror', { checked: true })));
    expect(menu.setApplicationMenu).toHaveBeenCalledTimes(2);
  });
});

describe('a shortcut in the bar', () => {
  it('is written as Electron writes it', () => {
    const shown = (keys: string) => acceleratorOf(keys, 'linux');
    expect(shown('Ctrl+Shift+E')).toBe('CommandOrControl+Shift+E');
    expect(shown('Ctrl++')).toBe('CommandOrControl+Plus');
    expect(shown('+')).toBe('Plus');
    expect(shown('Esc')).toBe('Escape');
    expect(shown('Ctrl+,')).toBe('CommandOrControl+,');
    expect(shown('Shift+Backspace')).toBe('Shift+Backspace');
  });

  it('is left out where a menu can’t have it', () => {
    expect(acceleratorOf('Alt', 'linux')).toBeUndefined();
    expect(acceleratorOf('Dead', 'linux')).toBeUndefined();
    expect(acceleratorOf('ß', 'linux')).toBeUndefined();
    expect(acceleratorOf(undefined, 'linux')).toBeUndefined();
  });

  it('takes no plain letters from a Mac’s text fields', () => {
    expect(acceleratorOf('B', 'darwin')).toBeUndefined();
    expect(acceleratorOf('Shift+M', 'darwin')).toBeUndefined();
    expect(acceleratorOf('Alt+Delete', 'darwin')).toBeUndefined();
    expect(acceleratorOf('Enter', 'darwin')).toBeUndefined();
    expect(acceleratorOf('F8', 'darwin')).toBe('F8');
    expect(acceleratorOf('Ctrl+Z', 'darwin')).toBe('CommandOrControl+Z');
    expect(acceleratorOf('B', 'linux')).toBe('B');
  });
});
