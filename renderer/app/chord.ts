/**
 * How a shortcut is written: what is held, then the key, "Ctrl+Shift+E". Ctrl is also ⌘. Shift is named only where the
 * key alone does not say it: with letters and with keys that write nothing ("Shift+Backspace", but "?").
 */

const NAMES: Readonly<Record<string, string>> = {
  Escape: 'Esc',
  ' ': 'Space',
  ArrowUp: 'Up',
  ArrowDown: 'Down',
  ArrowLeft: 'Left',
  ArrowRight: 'Right',
};
const MODIFIERS = [
  'Control',
  'Shift',
  'Alt',
  'AltGraph',
  'Meta',
  'CapsLock',
  'Dead',
  'Unidentified',
  'Process',
];

type Press = Pick<KeyboardEvent, 'key' | 'code' | 'ctrlKey' | 'metaKey' | 'altKey' | 'shiftKey'> & {
  getModifierState?: (key: string) => boolean;
};

/** The key itself, as shortcuts write it; undefined for keys that are only held. */
function keyOf(event: Press): string | undefined {
  if (MODIFIERS.includes(event.key)) return undefined;
  // Alt (Option on a Mac) makes other characters of letters and digits: the key itself is meant.
  const plain = event.altKey && /^(?:Key|Digit)(.)$/.exec(event.code)?.[1];
  const key = plain || (NAMES[event.key] ?? event.key);
  return key.length === 1 ? key.toUpperCase() : key;
}

const shiftMatters = (key: string): boolean => key.length > 1 || key.toLowerCase() !== key.toUpperCase();

/** What was pressed, as a shortcut; undefined while only modifiers are held. */
export function chordOf(event: Press): string | undefined {
  const key = keyOf(event);
  if (key === undefined) return undefined;
  // AltGr writes characters and says it is Ctrl and Alt.
  const writes = event.getModifierState?.('AltGraph') ?? false;
  const held = [
    (event.ctrlKey || event.metaKey) && !writes && 'Ctrl',
    event.altKey && !writes && 'Alt',
    event.shiftKey && shiftMatters(key) && 'Shift',
  ].filter(Boolean);
  return [...held, key].join('+');
}

/** A shortcut in one spelling, whoever wrote it: modifiers in order, letters large. */
export function normalised(keys: string): string {
  const parts = keys.endsWith('++') ? [...keys.slice(0, -2).split('+'), '+'] : keys.split('+');
  if (keys === '+') return '+';
  const key = parts.at(-1)!;
  const held = ['Ctrl', 'Alt', 'Shift'].filter((name) => parts.slice(0, -1).includes(name));
  return [...held, key.length === 1 ? key.toUpperCase() : key].join('+');
}

/** Whether the event presses this shortcut. The plus of "Ctrl++" is also the key it shares with "=". */
export function isPressed(keys: string, event: Press): boolean {
  const pressed = chordOf(event);
  if (pressed === undefined) return false;
  const wanted = normalised(keys);
  return pressed === wanted || (wanted.endsWith('+') && pressed === `${wanted.slice(0, -1)}=`);
}
