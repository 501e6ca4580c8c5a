import { texts } from '../app/texts.ts';
import { marksOf } from '../paint/marks.ts';
import type { Command } from './commands.ts';
import { documents } from './documents.svelte.ts';
import { live } from './live.svelte.ts';
import { marks } from './marks.svelte.ts';
import { studio } from './studio.svelte.ts';

const count = (kind: 'hints' | 'pins' | 'locks'): number =>
  documents.active ? marksOf(documents.active.painted)[kind].length : 0;

const clears = (kind: 'hints' | 'pins' | 'locks', title: () => string): Command => ({
  title,
  enabled: () => count(kind) > 0,
  run: () => documents.active && marks.clear(documents.active, kind),
});

const tool = (which: 'hint' | 'pin' | 'region', keys: string): Command => ({
  title: () => texts.markCommands[which],
  keys,
  checked: () => studio.activeTool === which,
  run: () => (studio.tool = which),
});

/** The mark that Delete means: one is selected and its tool is in hand. */
function markInHand(): { kind: 'hints' | 'pins' | 'locks'; id: number } | undefined {
  const { selected } = marks;
  const kinds = { hint: 'hints', pin: 'pins', region: 'locks' } as const;
  const kind = studio.tool in kinds ? kinds[studio.tool as keyof typeof kinds] : undefined;
  if (!selected || selected.kind !== kind) return undefined;
  return marks.in(documents.active, kind) === undefined ? undefined : { kind, id: selected.id };
}

/** Hints, pins, locks and the live preview. */
export const colourCommands = {
  hint: tool('hint', 'Q'),
  pin: tool('pin', 'Shift+Q'),
  region: tool('region', 'J'),
  deleteMark: {
    title: () => texts.markCommands.deleteMark,
    context: 'marks',
    keys: 'Delete',
    alsoKeys: 'Backspace',
    enabled: () => markInHand() !== undefined,
    run: () => {
      const mark = markInHand();
      if (mark && documents.active) marks.remove(documents.active, mark.kind, mark.id);
    },
  },
  live: {
    title: () => texts.markCommands.live,
    keys: 'Ctrl+L',
    checked: () => live.on,
    run: () => live.set(!live.on),
  },
  unsure: {
    title: () => texts.markCommands.unsure,
    checked: () => live.hatch,
    run: () => live.setHatch(!live.hatch),
  },
  removeHints: clears('hints', () => texts.markCommands.removeHints),
  removePins: clears('pins', () => texts.markCommands.removePins),
  unlockAll: clears('locks', () => texts.markCommands.unlockAll),
} as const satisfies Record<string, Command>;
