import { addLayer } from '../canvas/tools/tool.ts';
import { texts } from '../app/texts.ts';
import { freshId, freshName, groupLayer, layerOf, paintingBarrier, type Layer } from '../paint/document.ts';
import { invert, rectMask, type Mask } from '../paint/mask.ts';
import {
  duplicateLayer,
  mergeDown,
  mergeTarget,
  moveLayer,
  placeOf,
  removeLayer,
  replaceTiles,
  select,
  wrapInGroup,
} from '../paint/operations.ts';
import { paintMask } from '../paint/paint-mask.ts';
import type { Rgb } from '../paint/brush/stroke.ts';
import { brushes } from './brushes.svelte.ts';
import { colours } from './colours.svelte.ts';
import type { Command } from './commands.ts';
import { documents } from './documents.svelte.ts';
import type { OpenDocument } from './open-document.svelte.ts';
import { exporter } from './export.svelte.ts';
import { selections } from './selections.svelte.ts';
import { studio } from './studio.svelte.ts';
import { isDesktop } from './system.ts';

const active = (): OpenDocument | undefined => documents.active;
const layer = (): Layer | undefined => active()?.selectedLayer;
const selection = (): Mask | undefined => active()?.painted.selection;
const canPaint = (): boolean => {
  const document = active();
  return document !== undefined && !paintingBarrier(document.painted, document.selectedLayerId);
};

function withLayer(run: (document: OpenDocument, layer: Layer) => void): () => void {
  return () => {
    const document = active();
    document?.settle();
    const selected = layer();
    if (document && selected && !document.underWay) run(document, selected);
  };
}

const pageMask = ({ painted }: OpenDocument): Mask | undefined =>
  rectMask({ left: 0, top: 0, right: painted.width, bottom: painted.height });

function paintSelection(rgb: Rgb | undefined, label: string): void {
  const document = active();
  const selected = layer();
  if (!document || selected?.kind !== 'raster' || !canPaint()) return;
  // Off the page there may be paint too, in documents from elsewhere: without a selection, all of it is meant.
  if (!rgb && !selection()) document.change((now) => replaceTiles(now, selected.id, new Map()), 'now', label);
  else {
    const mask = selection() ?? pageMask(document);
    if (!mask) return;
    document.change(
      (now) => replaceTiles(now, selected.id, paintMask(selected, mask, undefined, rgb)),
      'now',
      label,
    );
  }
}

/** Moves the selected layer one row up or down the list, into and out of groups as it meets them. */
export function stepLayer(document: OpenDocument, id: string, direction: 1 | -1): void {
  const place = placeOf(document.painted, id);
  if (!place) return;
  const parent = layerOf(document.painted, place.parentId);
  const siblings = parent?.kind === 'group' ? parent.children : document.painted.layers;
  const next = siblings[place.index + direction];
  let to = { parentId: place.parentId, index: direction === 1 ? place.index + 2 : place.index - 1 };
  if (next?.kind === 'group') to = { parentId: next.id, index: direction === 1 ? 0 : next.children.length };
  else if (!next) {
    const outer = parent && placeOf(document.painted, parent.id);
    if (!outer) return;
    to = { parentId: outer.parentId, index: direction === 1 ? outer.index + 1 : outer.index };
  }
  document.change((now) => moveLayer(now, id, to), 'now', texts.history.move);
}

const toggle = (title: () => string, key: 'clipped' | 'alphaLocked' | 'locked', keys?: string): Command => ({
  title,
  ...(keys ? { keys } : {}),
  enabled: () => layer() !== undefined,
  checked: () => layer()?.[key] ?? false,
  run: withLayer((document, { id, [key]: on }) => document.updateLayer(id, { [key]: !on })),
});

/** What is done to the painting: layers, selections, colours, brushes, history. */
export const paintingCommands = {
  newDrawing: { title: () => texts.commands.newDrawing, keys: 'Ctrl+N', run: () => (studio.dialog = 'new') },
  save: {
    title: () => texts.commands.save,
    keys: 'Ctrl+S',
    enabled: () => active() !== undefined && !exporter.busy,
    run: () => {
      const document = active();
      if (document) void exporter.save(document);
    },
  },
  saveAs: {
    title: () => texts.commands.saveAs,
    keys: 'Ctrl+Shift+S',
    enabled: () => isDesktop && active() !== undefined && !exporter.busy,
    run: () => {
      const document = active();
      if (document) void exporter.save(document, true);
    },
  },
  undo: {
    title: () => {
      const last = active()?.past.at(-1);
      return last ? texts.commands.undoStep(last.label) : texts.commands.undo;
    },
    keys: 'Ctrl+Z',
    repeats: true,
    enabled: () => (active()?.past.length ?? 0) > 0 || (active()?.underWay ?? false),
    run: () => active()?.undo(),
  },
  redo: {
    title: () => {
      const next = active()?.future[0];
      return next ? texts.commands.redoStep(next.label) : texts.commands.redo;
    },
    keys: 'Ctrl+Shift+Z',
    alsoKeys: 'Ctrl+Y',
    repeats: true,
    enabled: () => (active()?.future.length ?? 0) > 0,
    run: () => active()?.redo(),
  },
  clear: {
    title: () => texts.commands.clear,
    context: 'paint',
    keys: 'Delete',
    alsoKeys: 'Backspace',
    enabled: canPaint,
    run: () => paintSelection(undefined, texts.history.clear),
  },
  fillSelection: {
    title: () => texts.commands.fillSelection,
    keys: 'Shift+Backspace',
    enabled: canPaint,
    run: () => paintSelection(colours.foreground, texts.history.fill),
  },
  selectAll: {
    title: () => texts.commands.selectAll,
    keys: 'Ctrl+A',
    enabled: () => active() !== undefined,
    run: () => {
      const document = active();
      document?.change((now) => select(now, pageMask(document)), 'now', texts.history.select);
    },
  },
  deselect: {
    title: () => texts.commands.deselect,
    keys: 'Ctrl+D',
    enabled: () => selection() !== undefined,
    run: () => {
      const document = active();
      if (document) selections.drop(document);
    },
  },
  invertSelection: {
    title: () => texts.commands.invertSelection,
    keys: 'Ctrl+Shift+I',
    enabled: () => selection() !== undefined,
    run: () =>
      active()?.change(
        (now) =>
          select(now, invert(now.selection, { left: 0, top: 0, right: now.width, bottom: now.height })),
        'now',
        texts.history.select,
      ),
  },
  addLayer: {
    title: () => texts.commands.addLayer,
    keys: 'Ctrl+Shift+N',
    alsoKeys: 'Insert',
    enabled: () => active() !== undefined,
    run: () => {
      const document = active();
      document?.settle();
      if (document && !document.underWay) addLayer(document);
    },
  },
  addGroup: {
    title: () => texts.commands.addGroup,
    keys: 'Ctrl+G',
    enabled: () => layer() !== undefined,
    run: withLayer((document, { id }) => {
      const groupId = freshId(document.painted, 'group');
      const name = freshName(document.painted, texts.layers.groupName);
      document.change(
        (now) => wrapInGroup(now, id, groupLayer(groupId, { name })),
        'now',
        texts.history.addGroup,
      );
    }),
  },
  duplicateLayer: {
    title: () => texts.commands.duplicateLayer,
    keys: 'Ctrl+J',
    enabled: () => layer() !== undefined,
    run: withLayer((document, { id }) => {
      const made = duplicateLayer(document.painted, id);
      document.change(() => made.document, 'now', texts.history.duplicate);
      document.selectedLayerId = made.id;
    }),
  },
  mergeDown: {
    title: () => texts.commands.mergeDown,
    keys: 'Ctrl+E',
    enabled: () => {
      const document = active();
      const selected = layer();
      return document && selected ? mergeTarget(document.painted, selected.id) !== undefined : false;
    },
    run: withLayer((document, { id }) => {
      const target = mergeTarget(document.painted, id);
      if (!target) return;
      document.change((now) => mergeDown(now, id), 'now', texts.history.merge);
      document.selectedLayerId = target.id;
    }),
  },
  deleteLayer: {
    title: () => texts.commands.deleteLayer,
    keys: 'Ctrl+Delete',
    enabled: () => layer() !== undefined && !layer()?.locked,
    run: withLayer((document, { id, locked }) => {
      if (locked) return;
      const rows = document.rows.map(({ layer: row }) => row.id);
      const at = rows.indexOf(id);
      document.change((now) => removeLayer(now, id), 'now', texts.history.remove);
      const left = new Set(document.rows.map(({ layer: row }) => row.id));
      const below = rows.slice(at + 1).find((other) => left.has(other));
      document.selectedLayerId = below ?? rows.slice(0, at).findLast((other) => left.has(other));
    }),
  },
  clipLayer: toggle(() => texts.commands.clipLayer, 'clipped', 'Ctrl+Alt+G'),
  lockAlpha: toggle(() => texts.commands.lockAlpha, 'alphaLocked', '/'),
  lockLayer: toggle(() => texts.commands.lockLayer, 'locked'),
  layerUp: {
    title: () => texts.commands.layerUp,
    keys: 'Ctrl+]',
    enabled: () => layer() !== undefined,
    run: withLayer((document, { id }) => stepLayer(document, id, 1)),
  },
  layerDown: {
    title: () => texts.commands.layerDown,
    keys: 'Ctrl+[',
    enabled: () => layer() !== undefined,
    run: withLayer((document, { id }) => stepLayer(document, id, -1)),
  },
  swapColours: { title: () => texts.commands.swapColours, keys: 'X', run: () => colours.swap() },
  resetColours: { title: () => texts.commands.resetColours, keys: 'D', run: () => colours.reset() },
  larger: { title: () => texts.commands.larger, keys: ']', repeats: true, run: () => brushes.resize(1) },
  smaller: { title: () => texts.commands.smaller, keys: '[', repeats: true, run: () => brushes.resize(-1) },
} as const satisfies Record<string, Command>;
