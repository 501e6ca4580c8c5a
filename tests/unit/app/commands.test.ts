import './window.ts';
import { describe, expect, it } from 'vitest';
import { normalised } from '../../../renderer/app/chord.ts';
import { menus, NOT_IN_MENUS } from '../../../renderer/app/menus.ts';
import { texts } from '../../../renderer/app/texts.ts';
import { commands, titleOf, type Command, type CommandId } from '../../../renderer/state/commands.ts';
import { PRESETS } from '../../../renderer/state/key-presets.ts';
import { meet, usualKeys } from '../../../renderer/state/keymap.svelte.ts';

const all = Object.entries<Command>(commands);
const inMenus = menus.flatMap(({ groups }) => groups.flat());

describe('every command', () => {
  it.each(all)('%s stands in one menu, or it is said why not', (id) => {
    const reason = NOT_IN_MENUS[id as CommandId];
    const places = inMenus.filter((other) => other === id).length;
    expect({ places, reason }).toEqual(reason === undefined ? { places: 1, reason } : { places: 0, reason });
    if (reason !== undefined) expect(reason.length).toBeGreaterThan(10);
  });

  it.each(all)('%s has a title of its own', (id, command) => {
    expect(titleOf(command)).toMatch(/\S/);
    const same = all.filter(([, other]) => titleOf(other) === titleOf(command)).map(([other]) => other);
    expect(same).toEqual([id]);
  });

  it.each(all)('%s is named by its own id', (id, command) => {
    expect(command.id).toBe(id);
  });
});

describe('shortcuts', () => {
  it.each(Object.keys(PRESETS))('of %s press one command each in one context', (preset) => {
    const own = PRESETS[preset as keyof typeof PRESETS];
    const keys = all.flatMap(([id, command]) =>
      (own[id] ?? usualKeys(command)).map((one) => ({ id, command, keys: normalised(one) })),
    );
    const shared = keys.flatMap((a, at) =>
      keys
        .slice(at + 1)
        .filter((b) => a.keys === b.keys && a.id !== b.id && meet(a.command, b.command))
        .map((b) => `${a.keys}: ${a.id} and ${b.id}`),
    );
    expect(shared).toEqual([]);
  });

  it.each(Object.keys(PRESETS))('of %s are for commands there are', (preset) => {
    const unknown = Object.keys(PRESETS[preset as keyof typeof PRESETS]).filter((id) => !(id in commands));
    expect(unknown).toEqual([]);
  });
});

it('a reason why not is given only for commands there are', () => {
  expect(Object.keys(texts.reasons.of).filter((id) => !(id in commands))).toEqual([]);
});
