import { normalised } from '../app/chord.ts';
import type { Command } from './commands.ts';
import { PRESETS } from './key-presets.ts';
import { settings } from './settings.svelte.ts';

/** The keys a command has by itself, shown first. */
export function usualKeys({ keys, alsoKeys }: Command): readonly string[] {
  return [keys, alsoKeys].filter((one) => one !== undefined);
}

/** The keys of a command where the artist has chosen none: the preset's, else its own. */
export function presetKeys(command: Command): readonly string[] {
  const preset = PRESETS[settings.current.shortcutPreset];
  return (command.id === undefined ? undefined : preset[command.id]) ?? usualKeys(command);
}

/** What presses a command: the artist's own keys, else the preset's, else the command's. */
export function keysFor(command: Command): readonly string[] {
  const own = command.id === undefined ? undefined : settings.current.shortcuts[command.id];
  return own ?? presetKeys(command);
}

/** Whether two commands could hear the same key: not if each belongs to its own context. */
export function meet(a: Command, b: Command): boolean {
  return a.context === undefined || b.context === undefined || a.context === b.context;
}

/** The other commands that a key presses too, of those it could meet. */
export function conflicts(command: Command, keys: string, all: readonly Command[]): Command[] {
  const wanted = normalised(keys);
  return all.filter(
    (other) =>
      other.id !== command.id &&
      meet(command, other) &&
      keysFor(other).some((one) => normalised(one) === wanted),
  );
}

const without = (keys: readonly string[], taken: string): string[] =>
  keys.filter((one) => normalised(one) !== normalised(taken));

/** Gives a command a key of its own; whoever had it loses it. */
export function assign(command: Command, keys: string, all: readonly Command[]): void {
  const { id } = command;
  if (id === undefined) return;
  const shortcuts = { ...settings.current.shortcuts };
  for (const other of conflicts(command, keys, all))
    if (other.id !== undefined) shortcuts[other.id] = without(keysFor(other), keys);
  shortcuts[id] = [normalised(keys), ...without(keysFor(command).slice(1), keys)];
  settings.change({ shortcuts });
}

/** Takes a command's keys away. */
export function unassign({ id }: Command): void {
  if (id !== undefined) settings.change({ shortcuts: { ...settings.current.shortcuts, [id]: [] } });
}

/** Gives a command its preset's keys again; who holds them now loses them. */
export function resetKeys(command: Command, all: readonly Command[]): void {
  const { id } = command;
  if (id === undefined) return;
  const shortcuts = { ...settings.current.shortcuts };
  for (const keys of presetKeys(command))
    for (const other of conflicts(command, keys, all))
      if (other.id !== undefined) shortcuts[other.id] = without(keysFor(other), keys);
  const { [id]: _, ...rest } = shortcuts;
  settings.change({ shortcuts: rest });
}

export function resetAllKeys(): void {
  settings.change({ shortcuts: {} });
}

export const isOwn = ({ id }: Command): boolean => id !== undefined && id in settings.current.shortcuts;
