import { availableParallelism } from 'node:os';
import type { Handlers } from '../contract/session.ts';
import type { Host } from '../host.ts';

/** The contract's settings channels. */
export function settingsHandlers({
  settings,
  engine,
  fixed,
}: Host): Pick<Handlers, 'settings.read' | 'settings.change'> {
  return {
    async 'settings.read'() {
      const { settings: set, note } = await settings.read();
      const { found } = await engine.report();
      return {
        settings: set,
        ...(note !== undefined && { note }),
        providers: ['auto', ...found],
        cores: Math.min(64, availableParallelism()),
        fixed: [...fixed],
      };
    },
    'settings.change': (change) => settings.change(change),
  };
}
