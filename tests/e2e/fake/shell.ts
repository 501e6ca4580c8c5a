import type { Handlers } from '../../../electron/contract/session.ts';
import { DEFAULT_SETTINGS, type Settings } from '../../../electron/settings/schema.ts';

type ShellChannel = 'settings.read' | 'settings.change';

/** What a fake host keeps about the program around the drawings; a fresh memory for every host. */
export function shellHandlers(): Pick<Handlers, ShellChannel> {
  let settings: Settings = DEFAULT_SETTINGS;
  return {
    'settings.read': async () => ({ settings, providers: ['auto', 'cpu'], cores: 4, fixed: [] }),
    'settings.change': async (change) => {
      settings = { ...settings, ...(JSON.parse(JSON.stringify(change)) as Partial<Settings>) };
      return settings;
    },
  };
}
