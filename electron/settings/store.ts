import { mkdir, rename } from 'node:fs/promises';
import { dirname } from 'node:path';
import { saveAtomically } from '../document/save.ts';
import { shownFile } from '../document/shown.ts';
import { Failure } from '../failure.ts';
import { readCapped } from '../read-file.ts';
import {
  DEFAULT_SETTINGS,
  SETTINGS_VERSION,
  settingsSchema,
  type Settings,
  type SettingsChange,
} from './schema.ts';

const MAX_BYTES = 256 * 1024;

/** The artist's settings, kept in one file of the data folder. */
export interface SettingsStore {
  /** @returns what is set, and a sentence when the file could not be used as it was. */
  read(): Promise<{ settings: Settings; note: string | undefined }>;
  /**
   * Sets what is given and keeps it. Changes are written one after another.
   * @throws Failure `storage` when they can't be kept; then nothing has changed.
   */
  change(change: SettingsChange): Promise<Settings>;
  /** Called with every change, before `change` resolves. @returns how to stop. */
  onChange(listener: (settings: Settings) => void): () => void;
}

export function createSettings(path: string): SettingsStore {
  let loaded: Promise<{ settings: Settings; note: string | undefined }> | undefined;
  let writing: Promise<unknown> = Promise.resolve();
  const listeners = new Set<(settings: Settings) => void>();
  const load = (): Promise<{ settings: Settings; note: string | undefined }> =>
    (loaded ??= readSettings(path));

  async function apply(change: SettingsChange): Promise<Settings> {
    const { settings: old, note } = await load();
    const given = Object.fromEntries(Object.entries(change).filter(([, value]) => value !== undefined));
    const settings = settingsSchema.parse({ ...old, ...given });
    await mkdir(dirname(path), { recursive: true }).catch(() => undefined);
    const text = `${JSON.stringify({ version: SETTINGS_VERSION, ...settings }, undefined, 2)}\n`;
    await saveAtomically(path, Buffer.from(text));
    loaded = Promise.resolve({ settings, note });
    for (const listener of listeners) listener(settings);
    return settings;
  }

  return {
    read: load,
    change(change) {
      const done = writing.then(() => apply(change));
      writing = done.catch(() => undefined);
      return done;
    },
    onChange(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}

/** Never throws: what can't be used is kept beside as “….damaged.json”, and its defaults stand in. */
async function readSettings(path: string): Promise<{ settings: Settings; note: string | undefined }> {
  let found: unknown;
  try {
    const bytes = await readCapped(path, 'a settings file', MAX_BYTES);
    found = JSON.parse(Buffer.from(bytes).toString('utf8'));
  } catch (thrown) {
    const cause = thrown instanceof Failure ? thrown.cause : undefined;
    if (cause instanceof Error && 'code' in cause && cause.code === 'ENOENT')
      return { settings: DEFAULT_SETTINGS, note: undefined };
    return setAside(path, 'could not be read');
  }
  if (typeof found !== 'object' || found === null || Array.isArray(found))
    return setAside(path, 'is not what Inkwash writes');
  const { version, ...rest } = found as Record<string, unknown>;
  if (version !== SETTINGS_VERSION)
    return setAside(
      path,
      typeof version === 'number' ? 'is of another version of Inkwash' : 'is not what Inkwash writes',
    );

  const settings: Record<string, unknown> = { ...DEFAULT_SETTINGS };
  const wrong: string[] = [];
  for (const [name, schema] of Object.entries(settingsSchema.shape)) {
    // A setting this file does not have yet is at its default.
    if (!Object.hasOwn(rest, name)) continue;
    const parsed = schema.safeParse(rest[name]);
    if (parsed.success) settings[name] = parsed.data;
    else wrong.push(name);
  }
  const note =
    wrong.length > 0
      ? `${shownFile(path)} has values Inkwash does not know (${wrong.join(', ')}); those are at their defaults.`
      : undefined;
  return { settings: settingsSchema.parse(settings), note };
}

async function setAside(path: string, why: string): Promise<{ settings: Settings; note: string }> {
  const aside = path.replace(/(\.json)?$/, '.damaged.json');
  const kept = await rename(path, aside).then(
    () => true,
    () => false,
  );
  const where = kept ? ` The old file is kept as ${shownFile(aside)}.` : '';
  return {
    settings: DEFAULT_SETTINGS,
    note: `${shownFile(path)} ${why}, so all settings are at their defaults.${where}`,
  };
}
