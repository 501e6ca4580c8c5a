import { inWorkspace } from '../state/active-commands.ts';
import { commands, type Command, type CommandId } from '../state/commands.ts';
import { keysFor } from '../state/keymap.svelte.ts';
import { colorize } from '../state/colorize.svelte.ts';
import { studio, type Tool } from '../state/studio.svelte.ts';
import { workspaces } from '../state/workspace.svelte.ts';
import { isPressed } from './chord.ts';

/** Tools whose key also holds them while it is down; a letter that was only tapped chooses the tool. */
const HELD_TOOLS = ['hand', 'zoom', 'rotate', 'lens'] as const satisfies readonly Tool[];

/** The tool a key holds; the space bar always moves the view. */
function toolHeldBy(key: string): Tool | undefined {
  if (key === ' ') return 'hand';
  return HELD_TOOLS.find((tool) =>
    keysFor(commands[tool]).some((keys) => keys.toLowerCase() === key.toLowerCase()),
  );
}
const TAP_MS = 250;

let held: { key: string; since: number; used: boolean } | undefined;
let pointerOnStage = false;

/** The stage says whether the pointer is over it: Alt is the lens only there. */
export function setPointerOnStage(over: boolean): void {
  pointerOnStage = over;
}

/** A held tool was dragged with: letting its key go puts the old tool back. */
export function heldToolUsed(): void {
  if (held) held.used = true;
}

const matches = (command: Command, event: KeyboardEvent): boolean =>
  keysFor(command).some((keys) => isPressed(keys, event));

export const isTyping = (target: EventTarget | null): boolean =>
  target instanceof HTMLElement &&
  target.matches('input:not([type="checkbox"]), select:focus-visible, textarea, [contenteditable]');

/** What text fields do with Ctrl themselves. */
const TEXT_KEYS = ['a', 'c', 'v', 'x', 'y', 'z'];

/** Space and Tab belong to whoever reached the focused control by keyboard. */
function keyboardIsElsewhere(): boolean {
  const focused = document.activeElement;
  return focused instanceof HTMLElement && focused.matches(':focus-visible') && !focused.matches('.stage');
}

const stageHasPointerFocus = (): boolean => {
  const focused = document.activeElement;
  return focused instanceof HTMLElement && focused.matches('.stage.pressed');
};

function down(event: KeyboardEvent): void {
  if (event.defaultPrevented || document.querySelector('dialog[open]')) return;
  if (event.target instanceof HTMLElement && event.target.closest('[role="menubar"], [role="menu"]')) return;
  const typing = isTyping(event.target);
  if (typing && (!(event.ctrlKey || event.metaKey) || TEXT_KEYS.includes(event.key.toLowerCase()))) return;
  if (event.key === 'Escape' && colorize.run) {
    event.preventDefault();
    colorize.cancel();
    return;
  }
  if (event.key === 'Tab') {
    // Tab moves the focus, except after the artist pressed on the canvas: then it hides the docks, as everywhere.
    const hides = workspaces.current === 'paint' && stageHasPointerFocus();
    if (event.shiftKey || event.ctrlKey || event.altKey || !hides) return;
    event.preventDefault();
    commands.hideDocks.run();
    return;
  }
  if (hold(event)) return;
  const plainEnter = event.key === 'Enter' && !event.ctrlKey && !event.metaKey;
  if (plainEnter && keyboardIsElsewhere()) return;
  for (const id of Object.keys(commands) as CommandId[]) {
    const command = inWorkspace(id);
    if (!matches(command, event) || command.byBrowser) continue;
    event.preventDefault();
    if (!(command.enabled?.() ?? true)) continue;
    if (!event.repeat || command.repeats) command.run();
    return;
  }
}

function hold(event: KeyboardEvent): boolean {
  const key = event.key.length === 1 ? event.key.toLowerCase() : event.key;
  const tool = toolHeldBy(key);
  if (!tool || event.ctrlKey || event.metaKey || (event.shiftKey && key !== 'r')) return false;
  if (key === ' ' && keyboardIsElsewhere()) return false;
  // Selecting, Alt subtracts.
  const altIsTheirs = ['zoom', 'marquee', 'lasso', 'wand'].includes(studio.tool);
  if (key === 'Alt' && (!pointerOnStage || altIsTheirs)) return false;
  event.preventDefault();
  if (event.repeat || held) return true;
  held = { key, since: event.timeStamp, used: false };
  studio.heldTool = tool;
  return true;
}

function up(event: KeyboardEvent): void {
  const key = event.key.length === 1 ? event.key.toLowerCase() : event.key;
  if (!held || held.key !== key) return;
  event.preventDefault();
  const tool = toolHeldBy(key);
  const tapped = !held.used && event.timeStamp - held.since < TAP_MS;
  if (tapped && tool && key.length === 1 && key !== ' ') studio.tool = tool;
  release();
}

function release(): void {
  held = undefined;
  studio.heldTool = undefined;
}

/** @returns how to stop listening. */
export function listenForKeys(): () => void {
  const listening = new AbortController();
  const { signal } = listening;
  window.addEventListener('keydown', down, { signal });
  window.addEventListener('keyup', up, { signal });
  window.addEventListener('blur', release, { signal });
  return () => listening.abort();
}
