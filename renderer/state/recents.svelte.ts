import type { Result } from '../../electron/contract/table.ts';
import { documents } from './documents.svelte.ts';
import { firstMinute } from './first-minute.svelte.ts';
import { notices } from './notices.svelte.ts';
import { host } from './session.svelte.ts';
import { askSystem } from './system.ts';

export type RecentFile = Result<'recents.list'>[number];

/** The files opened and saved lately, as the host keeps them. */
class Recents {
  list = $state.raw<readonly RecentFile[]>([]);

  /** Asks anew; what is gone is said by the entries themselves. */
  async load(): Promise<void> {
    try {
      this.list = await host.call('recents.list', {});
    } catch (thrown) {
      notices.failure(thrown);
    }
  }

  async open({ recentId }: RecentFile): Promise<void> {
    documents.opening = true;
    try {
      const { name, bytes, path = '' } = await host.call('recents.read', { recentId });
      firstMinute.inviteDrawing = false;
      await documents.open(new File([new Uint8Array(bytes)], name), path);
    } catch (thrown) {
      notices.failure(thrown);
      await this.load();
    } finally {
      documents.opening = false;
    }
  }

  async forget({ recentId }: RecentFile): Promise<void> {
    this.list = this.list.filter((other) => other.recentId !== recentId);
    await host.call('recents.forget', { recentId }).catch((thrown: unknown) => notices.failure(thrown));
  }

  async clear(): Promise<void> {
    this.list = [];
    void askSystem('recent.clear', {});
    await host.call('recents.clear', {}).catch((thrown: unknown) => notices.failure(thrown));
  }
}

export const recents = new Recents();
