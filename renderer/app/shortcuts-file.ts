import type { Settings } from '../../electron/contract/settings.ts';
import { PRESETS, type PresetId } from '../state/key-presets.ts';
import { saveFile } from './save-file.ts';

const KIND = 'inkwash-shortcuts';
const MOST_KEYS = 4;
const KEYS = /^(?:(?:Ctrl|Alt|Shift)\+)*(?:[^\s+]{1,12}|\+)$/;

type Shortcuts = Pick<Settings, 'shortcutPreset' | 'shortcuts'>;

/** Hands the artist's shortcuts out as a file. */
export function saveShortcuts({ shortcutPreset, shortcuts }: Shortcuts): void {
  const text = JSON.stringify({ kind: KIND, version: 1, preset: shortcutPreset, shortcuts }, undefined, 2);
  saveFile('inkwash-shortcuts.json', new Blob([text], { type: 'application/json' }));
}

/**
 * The shortcuts in such a file; undefined when it is none. Commands this program does not have and keys it can't hear
 * are left out. @param known ids of the commands there are.
 */
export function readShortcuts(text: string, known: readonly string[]): Shortcuts | undefined {
  let found: unknown;
  try {
    found = JSON.parse(text);
  } catch {
    return undefined;
  }
  if (typeof found !== 'object' || found === null) return undefined;
  const { kind, version, preset, shortcuts } = found as Record<string, unknown>;
  if (kind !== KIND || version !== 1 || typeof shortcuts !== 'object' || shortcuts === null) return undefined;
  const isPreset = (id: unknown): id is PresetId => typeof id === 'string' && Object.hasOwn(PRESETS, id);
  const own: Record<string, string[]> = {};
  for (const [id, keys] of Object.entries(shortcuts))
    if (known.includes(id) && Array.isArray(keys))
      own[id] = keys
        .filter((one): one is string => typeof one === 'string' && KEYS.test(one))
        .slice(0, MOST_KEYS);
  return { shortcutPreset: isPreset(preset) ? preset : 'inkwash', shortcuts: own };
}
