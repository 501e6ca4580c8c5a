import { texts } from '../app/texts.ts';
import { polygon } from '../canvas/tools/selecting.svelte.ts';
import { paintingBarrier } from '../paint/document.ts';
import { isPageSize } from '../paint/page/page-operations.ts';
import type { SymmetryKind } from '../paint/guides/symmetry.ts';
import type { Command } from './commands.ts';
import { crop } from './crop.svelte.ts';
import { documents } from './documents.svelte.ts';
import type { OpenDocument } from './open-document.svelte.ts';
import { guidesOf, rulers } from './rulers.svelte.ts';
import { studio, type Tool } from './studio.svelte.ts';
import { writing } from './text.svelte.ts';
import { toolSettings } from './tool-settings.svelte.ts';
import { transform } from './transform.svelte.ts';

const active = (): OpenDocument | undefined => documents.active;

function withDocument(run: (document: OpenDocument) => void): () => void {
  return () => {
    const document = active();
    document?.settle();
    if (document && !document.underWay) run(document);
  };
}

const tool = (which: Tool & keyof typeof texts.commands, keys: string): Command => ({
  title: () => texts.commands[which],
  keys,
  checked: () => studio.activeTool === which,
  run: () => (studio.tool = which),
});

const symmetry = (title: () => string, kind: SymmetryKind | undefined): Command => ({
  title,
  enabled: () => active() !== undefined,
  checked: () => active() !== undefined && guidesOf(active()).symmetry?.kind === kind,
  run: withDocument((document) => rulers.setSymmetry(document, kind)),
});

/** Tools that lay something out before it is done, and what helps strokes along. */
export const toolCommands = {
  gradient: tool('gradient', 'Shift+G'),
  crop: tool('crop', 'C'),
  text: tool('text', 'T'),
  ruler: tool('ruler', 'U'),

  closePolygon: {
    title: () => texts.commands.closePolygon,
    context: 'polygon',
    keys: 'Enter',
    enabled: () => polygon.active,
    run: () => polygon.close(),
  },
  cancelPolygon: {
    title: () => texts.commands.cancelPolygon,
    context: 'polygon',
    keys: 'Esc',
    enabled: () => polygon.active,
    run: () => polygon.giveUp(),
  },
  applyCrop: {
    title: () => texts.commands.applyCrop,
    context: 'crop',
    keys: 'Enter',
    enabled: () => {
      const frame = crop.session?.frame;
      return frame !== undefined && isPageSize(frame.right - frame.left, frame.bottom - frame.top);
    },
    run: () => crop.apply(),
  },
  cancelCrop: {
    title: () => texts.commands.cancelCrop,
    context: 'crop',
    keys: 'Esc',
    enabled: () => crop.session !== undefined,
    run: () => crop.cancel(),
  },
  freeTransform: {
    title: () => texts.commands.freeTransform,
    keys: 'Ctrl+T',
    enabled: () => {
      const document = active();
      return document !== undefined && !paintingBarrier(document.painted, document.selectedLayerId);
    },
    run: withDocument((document) => {
      const layer = document.selectedLayer;
      studio.tool = 'move';
      if (layer?.kind === 'raster') transform.begin(document, layer);
    }),
  },
  editText: {
    title: () => texts.commands.editText,
    enabled: () => {
      const layer = active()?.selectedLayer;
      return layer?.kind === 'raster' && layer.text !== undefined && !layer.locked;
    },
    run: withDocument((document) => {
      studio.tool = 'text';
      if (document.selectedLayerId) writing.edit(document, document.selectedLayerId);
    }),
  },

  symmetryOff: symmetry(() => texts.commands.symmetryOff, undefined),
  symmetryVertical: symmetry(() => texts.commands.symmetryVertical, 'vertical'),
  symmetryHorizontal: symmetry(() => texts.commands.symmetryHorizontal, 'horizontal'),
  symmetryBoth: symmetry(() => texts.commands.symmetryBoth, 'both'),
  symmetryRadial: symmetry(() => texts.commands.symmetryRadial, 'radial'),
  snapToRulers: {
    title: () => texts.commands.snapToRulers,
    keys: 'Ctrl+Alt+R',
    enabled: () => active() !== undefined,
    checked: () => guidesOf(active()).snaps,
    run: withDocument((document) =>
      rulers.set(document, { snaps: !guidesOf(document).snaps }, false, texts.guides.history.ruler),
    ),
  },
  clearRulers: {
    title: () => texts.commands.clearRulers,
    enabled: () => guidesOf(active()).assistants.length > 0,
    run: withDocument((document) => rulers.clear(document)),
  },
  penOnly: {
    title: () => texts.commands.penOnly,
    checked: () => toolSettings.now.penOnly,
    run: () => toolSettings.set({ penOnly: !toolSettings.now.penOnly }),
  },
} as const satisfies Record<string, Command>;
