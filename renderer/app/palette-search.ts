import { go } from 'fuzzysort';
import { inWorkspace } from '../state/active-commands.ts';
import { commands, titleOf, type Command, type CommandId } from '../state/commands.ts';
import { remember, remembered } from '../state/remembered.ts';
import { menus, type Menu } from './menus.ts';

export interface PaletteRow {
  readonly command: Command;
  /** The menu it stands in. */
  readonly menu: string;
  readonly recent: boolean;
}

const RECENT_KEPT = 8;
/** Below this a match is by chance. */
const LEAST_SCORE = 0.25;

const menuOf = new Map<string, Menu>(
  menus.flatMap((menu) => menu.groups.flat().map((id) => [id, menu] as const)),
);

function recent(): string[] {
  const kept = remembered<unknown>('palette-recent', []);
  return Array.isArray(kept)
    ? kept.filter((id) => typeof id === 'string' && Object.hasOwn(commands, id))
    : [];
}

/** Puts a command first for the next time. */
export function used({ id }: Command): void {
  if (id !== undefined)
    remember('palette-recent', [id, ...recent().filter((other) => other !== id)].slice(0, RECENT_KEPT));
}

/** Commands whose names fit the words, best first; without words those used lately, then all in the menus' order. */
export function found(words: string): PaletteRow[] {
  const lately = recent();
  const order = new Map([...menuOf.keys()].map((id, at) => [id, at]));
  const rows = Object.entries<Command>(commands)
    .filter(([id]) => id !== 'palette')
    .map(([id]) => ({
      command: inWorkspace(id as CommandId),
      menu: menuOf.get(id)?.title ?? '',
      recent: lately.includes(id),
    }));
  const place = ({ command: { id = '' }, recent: is }: PaletteRow): number =>
    is ? lately.indexOf(id) - RECENT_KEPT : (order.get(id) ?? order.size);
  if (words.trim() === '') return rows.sort((a, b) => place(a) - place(b));
  const named = rows.map((row) => ({ ...row, title: titleOf(row.command) }));
  return go(words, named, {
    keys: ['title', 'menu'],
    limit: 0,
    threshold: LEAST_SCORE,
    scoreFn: ([title, menu]) => Math.max(title?.score ?? 0, (menu?.score ?? 0) * 0.5),
  })
    .map(({ obj, score }) => ({ row: obj, score: score + (obj.recent ? 0.05 : 0) }))
    .sort((a, b) => b.score - a.score)
    .map(({ row }) => row);
}
