import type { Handlers } from '../contract/session.ts';
import type { Recents } from './store.ts';

type Channel = 'recents.list' | 'recents.read' | 'recents.forget' | 'recents.clear';

/** The contract's channels about recent files. */
export function recentsHandlers(recents: Recents): Pick<Handlers, Channel> {
  return {
    async 'recents.list'() {
      return (await recents.list()).map(({ id, path: _, folder, thumbnail, ...entry }) => ({
        ...entry,
        recentId: id,
        ...(folder !== undefined && { folder }),
        ...(thumbnail && { thumbnail }),
      }));
    },
    async 'recents.read'({ recentId }) {
      const { name, bytes, path } = await recents.read(recentId);
      return { name, bytes, ...(path !== undefined && { path }) };
    },
    async 'recents.forget'({ recentId }) {
      await recents.forget(recentId);
      return {};
    },
    async 'recents.clear'() {
      await recents.clear();
      return {};
    },
  };
}
