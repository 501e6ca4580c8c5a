import { join } from 'node:path';
import type { Handlers } from './contract/session.ts';
import { createAutosave, type Autosave, type JournalEntry } from './document/autosave.ts';
import { forgetRecoverable, listRecoverable, readRecoverable } from './document/recovery.ts';
import type { Host } from './host.ts';
import { DEFAULT_SETTINGS } from './settings/schema.ts';

type Channel = 'recovery.begin' | 'recovery.read' | 'recovery.forget' | 'recovery.save';

/** A room's recovery copies: none until its window has named its journal, so that commands of the shell keep none. */
export interface RecoveryRoom {
  readonly handlers: Pick<Handlers, Channel>;
  changed(documentId: string): void;
  settled(documentId: string): Promise<void>;
  close(): Promise<void>;
}

/** @param read a drawing as it stands; undefined when it is not open. */
export function openRecovery(
  host: Pick<Host, 'settings' | 'dataFolder' | 'log'>,
  read: (documentId: string) => JournalEntry | undefined,
): RecoveryRoom {
  const root = join(host.dataFolder, 'recovery');
  let minutes = DEFAULT_SETTINGS.autosaveMinutes;
  let journal: Autosave | undefined;
  const stop = host.settings.onChange(({ autosaveMinutes }) => (minutes = autosaveMinutes));
  return {
    handlers: {
      async 'recovery.begin'({ windowId }) {
        minutes = (await host.settings.read()).settings.autosaveMinutes;
        journal ??= createAutosave({ root, windowId, minutes: () => minutes, log: host.log });
        return { found: await listRecoverable(root, windowId) };
      },
      'recovery.read': ({ recoveryId }) => readRecoverable(root, recoveryId),
      async 'recovery.forget'({ recoveryId }) {
        await forgetRecoverable(root, recoveryId);
        return {};
      },
      async 'recovery.save'() {
        if (minutes > 0) await journal?.saveNow();
        return {};
      },
    },
    changed: (documentId) => journal?.changed(documentId, () => read(documentId)),
    settled: (documentId) => journal?.settled(documentId) ?? Promise.resolve(),
    async close() {
      stop();
      await journal?.close();
    },
  };
}
