import { texts } from '../app/texts.ts';
import type { Command } from './commands.ts';
import { dockLayout, type DockId } from './dock-layout.svelte.ts';
import { studio } from './studio.svelte.ts';

const dock = (id: DockId): Command => ({
  title: () => texts.docks.dock(texts.docks[id]),
  checked: () => !studio.docksHidden && !dockLayout.layout.hidden.includes(id),
  run: () => {
    const isShown = !studio.docksHidden && !dockLayout.layout.hidden.includes(id);
    studio.docksHidden = false;
    dockLayout.show(id, !isShown);
  },
});

/** Which docks are shown. */
export const dockCommands = {
  dockColour: dock('colour'),
  dockBrush: dock('brush'),
  dockColorize: dock('colorize'),
  dockLayers: dock('layers'),
  dockHistory: dock('history'),
  dockNavigator: dock('navigator'),
  dockLens: dock('lens'),
  resetDocks: {
    title: () => texts.docks.reset,
    enabled: () => !dockLayout.isUsual || studio.docksHidden,
    run: () => {
      studio.docksHidden = false;
      dockLayout.reset();
    },
  },
} as const satisfies Record<string, Command>;
