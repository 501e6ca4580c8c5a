import { texts } from '../app/texts.ts';
import { paintingBarrier } from '../paint/document.ts';
import { replaceTiles, select } from '../paint/operations.ts';
import { cropPage } from '../paint/page/page-operations.ts';
import { remapTiles, type Remap } from '../paint/page/remap.ts';
import type { Reshape } from '../paint/reshape.ts';
import { maskExtent } from '../paint/mask.ts';
import { clipboard } from './clipboard.svelte.ts';
import type { Command } from './commands.ts';
import { documents } from './documents.svelte.ts';
import type { OpenDocument } from './open-document.svelte.ts';
import { exporter, type ExportFormat } from './export.svelte.ts';
import { pageWork } from './page-work.svelte.ts';
import { makePlain } from './plain-text.ts';
import { selections } from './selections.svelte.ts';
import { studio, type DialogName } from './studio.svelte.ts';

const active = (): OpenDocument | undefined => documents.active;
const hasDrawing = (): boolean => active() !== undefined;
const hasSelection = (): boolean => active()?.painted.selection !== undefined;
const canPaint = (): boolean => {
  const document = active();
  return document !== undefined && !paintingBarrier(document.painted, document.selectedLayerId);
};

function withDocument(run: (document: OpenDocument) => void): () => void {
  return () => {
    const document = active();
    document?.settle();
    if (document && !document.underWay) run(document);
  };
}

const dialog = (
  title: () => string,
  name: DialogName,
  keys?: string,
  enabled: () => boolean = hasDrawing,
): Command => ({
  title,
  ...(keys ? { keys } : {}),
  enabled,
  run: () => (studio.dialog = name),
});

const edge = (how: Reshape, keys?: string): Command =>
  dialog(() => texts.commands[`${how}Selection`], `edge-${how}`, keys, hasSelection);

const page = (title: () => string, how: Remap): Command => ({
  title,
  enabled: hasDrawing,
  run: withDocument((document) => {
    const { turn, flip } = texts.page.history;
    void pageWork.remap(document, how, how.startsWith('flip') ? flip : turn);
  }),
});

const flipLayer = (title: () => string, how: 'flip-x' | 'flip-y'): Command => ({
  title,
  enabled: canPaint,
  run: withDocument((document) => {
    const layer = document.selectedLayer;
    if (layer?.kind !== 'raster') return;
    document.change((now) => replaceTiles(now, layer.id, remapTiles(layer.tiles, now, how)), 'now', title());
  }),
});

const exportWith = (title: () => string, format: ExportFormat | undefined, keys?: string): Command => ({
  title,
  ...(keys ? { keys } : {}),
  enabled: () => hasDrawing() && !exporter.busy,
  run: () => {
    exporter.asked = format;
    studio.dialog = 'export';
  },
});

/** The clipboard, selections as wholes, the page, and files of flat pictures. */
export const pageCommands = {
  copy: {
    title: () => texts.commands.copy,
    keys: 'Ctrl+C',
    enabled: () => active()?.selectedLayer !== undefined,
    run: withDocument((document) => clipboard.copy(document)),
  },
  copyMerged: {
    title: () => texts.commands.copyMerged,
    keys: 'Ctrl+Shift+C',
    enabled: hasDrawing,
    run: withDocument((document) => clipboard.copy(document, true)),
  },
  cut: {
    title: () => texts.commands.cut,
    keys: 'Ctrl+X',
    enabled: canPaint,
    run: withDocument((document) => clipboard.cut(document)),
  },
  paste: {
    title: () => texts.commands.paste,
    keys: 'Ctrl+V',
    // The browser then hands over what is on the clipboard, which it does not do when asked.
    byBrowser: true,
    enabled: hasDrawing,
    run: withDocument((document) => void clipboard.pasteFromSystem(document)),
  },
  pasteDrawing: {
    title: () => texts.commands.pasteDrawing,
    keys: 'Ctrl+Shift+V',
    run: () => void clipboard.pasteAsDrawing(),
  },

  selectAlpha: {
    title: () => texts.commands.selectAlpha,
    enabled: () => active()?.selectedLayer !== undefined,
    run: withDocument((document) => {
      if (document.selectedLayerId) selections.takeAlpha(document, document.selectedLayerId, 'replace');
    }),
  },
  reselect: {
    title: () => texts.commands.reselect,
    keys: 'Ctrl+Shift+D',
    enabled: () => {
      const document = active();
      return document !== undefined && !hasSelection() && selections.dropped(document) !== undefined;
    },
    run: withDocument((document) => {
      const mask = selections.dropped(document);
      if (mask) document.change((now) => select(now, mask), 'now', texts.history.select);
    }),
  },
  growSelection: edge('grow'),
  shrinkSelection: edge('shrink'),
  featherSelection: edge('feather', 'Shift+F6'),
  borderSelection: edge('border'),

  canvasSize: dialog(() => texts.commands.canvasSize, 'canvas-size', 'Ctrl+Alt+C'),
  imageSize: dialog(() => texts.commands.imageSize, 'image-size', 'Ctrl+Alt+I'),
  cropToSelection: {
    title: () => texts.commands.cropToSelection,
    enabled: hasSelection,
    run: withDocument((document) => {
      const { selection } = document.painted;
      const frame = selection && maskExtent(selection);
      if (frame) pageWork.now(document, (now) => cropPage(now, frame), texts.page.history.crop);
    }),
  },
  turnPageRight: page(() => texts.commands.turnPageRight, 'quarter-right'),
  turnPageLeft: page(() => texts.commands.turnPageLeft, 'quarter-left'),
  turnPageHalf: page(() => texts.commands.turnPageHalf, 'half'),
  flipPageX: page(() => texts.commands.flipPageX, 'flip-x'),
  flipPageY: page(() => texts.commands.flipPageY, 'flip-y'),
  flipLayerX: flipLayer(() => texts.commands.flipLayerX, 'flip-x'),
  flipLayerY: flipLayer(() => texts.commands.flipLayerY, 'flip-y'),
  plainText: {
    title: () => texts.commands.plainText,
    enabled: () => {
      const layer = active()?.selectedLayer;
      return layer?.kind === 'raster' && layer.text !== undefined && !layer.locked;
    },
    run: withDocument((document) => makePlain(document, document.selectedLayerId)),
  },

  exportAs: exportWith(() => texts.commands.exportAs, undefined, 'Ctrl+Alt+E'),
  exportJpeg: exportWith(() => texts.commands.exportJpeg, 'jpeg'),
  exportWebp: exportWith(() => texts.commands.exportWebp, 'webp'),
  exportTiff: exportWith(() => texts.commands.exportTiff, 'tiff'),
} as const satisfies Record<string, Command>;
