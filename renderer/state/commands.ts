import { keysFor } from './keymap.svelte.ts';
import { fitted, nextScale, rotated, zoomed, type View } from '../canvas/view.ts';
import { texts } from '../app/texts.ts';
import { brushCommands } from './brush-commands.ts';
import { chooseFiles } from './pictures.ts';
import { colourCommands } from './colour-commands.ts';
import { colorize } from './colorize.svelte.ts';
import { dockCommands } from './dock-commands.ts';
import { documents } from './documents.svelte.ts';
import { exporter, type ExportFormat } from './export.svelte.ts';
import { faceCommands } from './face-commands.ts';
import { firstMinute } from './first-minute.svelte.ts';
import { galleryCommands } from './gallery-commands.ts';
import { paintingCommands } from './painting-commands.ts';
import { pageCommands } from './page-commands.ts';
import { openDrawings } from './pictures.ts';
import { references } from './references.svelte.ts';
import { shellCommands } from './shell-commands.ts';
import { stageSize } from './stage-size.svelte.ts';
import { studio, type ColourTool, type Tool } from './studio.svelte.ts';
import { toolCommands } from './tool-commands.ts';
import { transform } from './transform.svelte.ts';
import { workspaces } from './workspace.svelte.ts';

/** A workspace, or something under way that has keys of its own. */
export type CommandContext =
  'paint' | 'face' | 'pages' | 'transform' | 'crop' | 'polygon' | 'colouring' | 'marks';

/** Something the artist can do: the same in menus, buttons and on the keyboard. */
export interface Command {
  /** Its name in the table, given by it. */
  readonly id?: string;
  readonly title: string | (() => string);
  /** Where its keys are heard, if not everywhere: two commands may share a key only in different contexts. */
  readonly context?: CommandContext;
  /** As shown, "Ctrl+Shift+E"; Ctrl is ⌘ on a Mac. */
  readonly keys?: string;
  /** Another way to press it, not shown. */
  readonly alsoKeys?: string;
  /** Goes on while its keys are held. */
  readonly repeats?: boolean;
  /** Its keys are the browser's own, which does it (or tells the window) by itself. */
  readonly byBrowser?: boolean;
  readonly enabled?: () => boolean;
  /** For toggles. */
  readonly checked?: () => boolean;
  readonly run: () => void;
}

const hasDrawing = (): boolean => documents.active !== undefined;

function look(change: (view: View) => View): void {
  const document = documents.active;
  if (document?.view) document.view = change(document.view);
}

function zoomTo(scale: (view: View) => number): void {
  look((view) => {
    const middle = { x: stageSize.width / 2, y: stageSize.height / 2 };
    return zoomed(view, stageSize, middle, scale(view) / view.scale);
  });
}

const zoomStep = (direction: 1 | -1): void =>
  zoomTo((view) => nextScale(view.scale * devicePixelRatio, direction) / devicePixelRatio);

const exportAs = (format: ExportFormat, title: () => string): Command => ({
  title,
  enabled: () => hasDrawing() && !exporter.busy,
  run: () => void exporter.export(format),
});

const tool = (which: Exclude<Tool, ColourTool>, keys?: string): Command => ({
  title: () => texts.commands[which],
  ...(keys ? { keys } : {}),
  checked: () => studio.activeTool === which,
  run: () => (studio.tool = which),
});

export const commands = {
  // First, since Delete means the mark in hand before it means the selection.
  ...colourCommands,
  ...paintingCommands,
  ...galleryCommands,
  ...pageCommands,
  ...shellCommands,
  ...dockCommands,
  ...toolCommands,
  ...brushCommands,
  open: {
    title: () => texts.commands.open,
    keys: 'Ctrl+O',
    run: () => void chooseFiles(true, true).then((files) => openDrawings(files)),
  },
  openSample: { title: () => texts.commands.openSample, run: () => void firstMinute.openSample() },
  addReference: {
    title: () => texts.commands.addReference,
    keys: 'Ctrl+Shift+O',
    run: () => void chooseFiles(true).then((files) => references.add(files)),
  },
  exportPng: exportAs('png', () => texts.commands.exportPng),
  exportPsd: exportAs('psd', () => texts.commands.exportPsd),
  exportOra: exportAs('ora', () => texts.commands.exportOra),
  exportAgain: {
    title: () => texts.commands.exportAgain(texts.formats[exporter.lastFormat]),
    keys: 'Ctrl+Shift+E',
    enabled: () => hasDrawing() && !exporter.busy,
    run: () => void exporter.export(exporter.lastFormat, true),
  },
  close: {
    title: () => texts.commands.close,
    // In a browser these keys are the browser's own.
    ...(window.inkwash ? { keys: 'Ctrl+W' } : {}),
    enabled: hasDrawing,
    run: () => documents.active && documents.close(documents.active),
  },
  apply: {
    title: () => texts.commands.apply,
    context: 'paint',
    keys: 'Enter',
    alsoKeys: 'Ctrl+Enter',
    enabled: () => !colorize.blocked && !colorize.run && !transform.session,
    run: () => void colorize.apply(),
  },
  cancel: {
    title: () => texts.commands.cancel,
    context: 'colouring',
    keys: 'Esc',
    enabled: () => colorize.run !== undefined,
    run: () => colorize.cancel(),
  },
  toggleLayer: {
    title: () => texts.commands.toggleLayer,
    keys: 'Ctrl+,',
    enabled: () => documents.active?.selectedLayer !== undefined,
    run: () => {
      const layer = documents.active?.selectedLayer;
      if (layer) documents.active?.updateLayer(layer.id, { visible: !layer.visible });
    },
  },
  fit: {
    title: () => texts.commands.fit,
    keys: 'Ctrl+0',
    enabled: hasDrawing,
    run: () => {
      const info = documents.active?.info;
      if (info) look((view) => fitted(view, { width: info.widthPx, height: info.heightPx }, stageSize));
    },
  },
  actual: {
    title: () => texts.commands.actual,
    keys: 'Ctrl+1',
    enabled: hasDrawing,
    run: () => zoomTo(() => 1 / devicePixelRatio),
  },
  zoomIn: { title: () => texts.commands.zoomIn, keys: 'Ctrl++', enabled: hasDrawing, run: () => zoomStep(1) },
  zoomOut: {
    title: () => texts.commands.zoomOut,
    keys: 'Ctrl+-',
    enabled: hasDrawing,
    run: () => zoomStep(-1),
  },
  turnLeft: {
    title: () => texts.commands.turnLeft,
    keys: '4',
    enabled: hasDrawing,
    run: () => look((view) => rotated(view, view.rotationDeg - (view.mirrored ? -15 : 15))),
  },
  turnRight: {
    title: () => texts.commands.turnRight,
    keys: '6',
    enabled: hasDrawing,
    run: () => look((view) => rotated(view, view.rotationDeg + (view.mirrored ? -15 : 15))),
  },
  turnUpright: {
    title: () => texts.commands.turnUpright,
    keys: '5',
    enabled: hasDrawing,
    run: () => look((view) => rotated(view, 0)),
  },
  mirror: {
    title: () => texts.commands.mirror,
    keys: 'Shift+M',
    enabled: hasDrawing,
    checked: () => documents.active?.view?.mirrored ?? false,
    run: () => look((view) => ({ ...view, mirrored: !view.mirrored })),
  },
  compare: {
    title: () => texts.commands.compare,
    keys: '\\',
    enabled: () => documents.active?.coloured ?? false,
    checked: () => studio.comparing,
    run: () => (studio.comparing = !studio.comparing),
  },
  checker: {
    title: () => texts.commands.checker,
    checked: () => studio.paper === 'checker',
    run: () => studio.setPaper(studio.paper === 'checker' ? 'white' : 'checker'),
  },
  hideDocks: {
    title: () => texts.commands.hideDocks,
    keys: 'Tab',
    checked: () => studio.docksHidden,
    run: () => (studio.docksHidden = !studio.docksHidden),
  },
  brush: tool('brush', 'B'),
  eraser: tool('eraser', 'E'),
  fill: tool('fill', 'G'),
  eyedropper: tool('eyedropper', 'I'),
  marquee: tool('marquee', 'M'),
  lasso: tool('lasso', 'L'),
  wand: tool('wand', 'W'),
  move: tool('move', 'V'),
  applyTransform: {
    title: () => texts.commands.applyTransform,
    context: 'transform',
    keys: 'Enter',
    enabled: () => transform.session !== undefined,
    run: () => transform.apply(),
  },
  cancelTransform: {
    title: () => texts.commands.cancelTransform,
    context: 'transform',
    keys: 'Esc',
    enabled: () => transform.session !== undefined,
    run: () => transform.cancel(),
  },
  hand: tool('hand', 'H'),
  zoom: tool('zoom', 'Z'),
  rotate: tool('rotate', 'R'),
  lens: tool('lens', 'Alt'),
  ...faceCommands,
} as const satisfies Record<string, Command>;

export type CommandId = keyof typeof commands;

for (const [id, command] of Object.entries<Command>(commands)) Object.assign(command, { id });
export const allCommands: readonly Command[] = Object.values<Command>(commands);

export function titleOf(command: Command): string {
  return typeof command.title === 'string' ? command.title : command.title();
}

const isMac = navigator.platform.startsWith('Mac');

/** Keys as they stand on this machine's keyboard. */
export const shownKeys = (keys: string): string => (isMac ? keys.replace('Ctrl', '⌘') : keys);

/** What is shown as a command's shortcut: the first of its keys; empty when nothing presses it. */
export function keysOf(command: Command): string {
  return shownKeys(keysFor(command)[0] ?? '');
}

export const isEnabled = ({ enabled }: Command): boolean => enabled?.() ?? true;

/** Why a command can't be run now; undefined when it can. */
export function whyNot(command: Command): string | undefined {
  if (isEnabled(command)) return undefined;
  if (workspaces.current === 'face' && command.context === 'paint') return texts.face.inPaint;
  const reasons: Readonly<Partial<Record<string, string>>> = texts.reasons.of;
  const isPaint = workspaces.current === 'paint' && command.id !== 'recover';
  if (isPaint && !documents.active) return texts.reasons.noDrawing;
  return reasons[command.id ?? ''] ?? texts.reasons.notNow;
}

/** "Fit in window (Ctrl+0)", for tooltips. */
export function tipOf(command: Command): string {
  const keys = keysOf(command);
  return keys ? `${titleOf(command)} (${keys})` : titleOf(command);
}
