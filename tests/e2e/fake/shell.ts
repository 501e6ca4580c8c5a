import type { Handlers } from '../../../electron/contract/session.ts';
import type { Result } from '../../../electron/contract/table.ts';
import type { shellNames } from '../../../electron/contract/shell-names.ts';
import { Failure } from '../../../electron/failure.ts';
import { DEFAULT_SETTINGS, type Settings } from '../../../electron/settings/schema.ts';

/** What a test has put there to be found. */
export interface ShellMemory {
  settings: Settings;
  recents: (Result<'recents.list'>[number] & { bytes: Uint8Array })[];
  recoverable: (Result<'recovery.begin'>['found'][number] & { bytes: Uint8Array })[];
}

export const emptyMemory = (): ShellMemory => ({ settings: DEFAULT_SETTINGS, recents: [], recoverable: [] });

/** What a fake host keeps about the program around the drawings. */
export function shellHandlers(memory: ShellMemory): Pick<Handlers, keyof typeof shellNames> {
  return {
    'about.credits': async () => ({
      packages: [{ name: 'sharp', version: '0.35.0', licence: 'Apache-2.0', text: 'Apache License' }],
      models: [{ title: 'Inkwash', licence: 'CC BY-SA 4.0', text: 'Trained on open pictures.' }],
      samples: [{ title: 'Nobody', licence: 'CC BY 4.0', text: 'Drawn by nobody, for tests.' }],
    }),
    'settings.read': async () => ({
      settings: memory.settings,
      providers: ['auto', 'cpu'],
      cores: 4,
      fixed: [],
    }),
    'settings.change': async (change) => {
      memory.settings = {
        ...memory.settings,
        ...(JSON.parse(JSON.stringify(change)) as Partial<Settings>),
      };
      return memory.settings;
    },
    'recents.list': async () => memory.recents.map(({ bytes: _, ...entry }) => entry),
    'recents.read': async ({ recentId }) => {
      const found = memory.recents.find((entry) => entry.recentId === recentId);
      if (!found || found.gone)
        throw new Failure(
          'storage',
          `${found?.name} is not there any more. Look for it with “Open drawing”.`,
        );
      return { name: found.name, bytes: found.bytes };
    },
    'recents.forget': async ({ recentId }) => {
      memory.recents = memory.recents.filter((entry) => entry.recentId !== recentId);
      return {};
    },
    'recents.clear': async () => {
      memory.recents = [];
      return {};
    },
    'recovery.begin': async () => ({ found: memory.recoverable.map(({ bytes: _, ...entry }) => entry) }),
    'recovery.read': async ({ recoveryId }) => {
      const found = memory.recoverable.find((entry) => entry.recoveryId === recoveryId);
      if (!found) throw new Failure('storage', 'This recovery copy is not there any more.');
      return { name: found.name, bytes: found.bytes };
    },
    'recovery.forget': async ({ recoveryId }) => {
      memory.recoverable = memory.recoverable.filter((entry) => entry.recoveryId !== recoveryId);
      return {};
    },
    'recovery.save': async () => ({}),
  };
}
