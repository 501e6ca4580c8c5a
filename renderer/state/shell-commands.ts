import { texts } from '../app/texts.ts';
import type { Command } from './commands.ts';
import { fullScreen } from './full-screen.svelte.ts';
import { recovery } from './recovery.svelte.ts';
import { settings } from './settings.svelte.ts';
import { studio } from './studio.svelte.ts';

/** What is done to the program around the drawings. */
export const shellCommands = {
  palette: {
    title: () => texts.commands.palette,
    keys: 'F1',
    alsoKeys: 'Ctrl+Shift+P',
    run: () => (studio.dialog = 'palette'),
  },
  settings: { title: () => texts.commands.settings, keys: 'Ctrl+K', run: () => (studio.dialog = 'settings') },
  shortcuts: {
    title: () => texts.commands.shortcuts,
    keys: 'Ctrl+Alt+Shift+K',
    run: () => (studio.dialog = 'shortcuts'),
  },
  recover: {
    title: () => texts.commands.recover,
    enabled: () => recovery.list.length > 0,
    run: () => (studio.dialog = 'recovery'),
  },
  about: { title: () => texts.commands.about, run: () => (studio.dialog = 'about') },
  fullScreen: {
    title: () => texts.commands.fullScreen,
    keys: 'F11',
    checked: () => fullScreen.on,
    run: () => fullScreen.toggle(),
  },
  lightTheme: {
    title: () => texts.commands.lightTheme,
    checked: () => studio.theme === 'light',
    run: () => settings.change({ theme: studio.theme === 'light' ? 'dark' : 'light' }),
  },
} as const satisfies Record<string, Command>;
