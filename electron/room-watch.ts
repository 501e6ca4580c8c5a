import type { Handlers } from './contract/session.ts';
import type { InkDocument } from './document/model.ts';
import type { Recents } from './recents/store.ts';
import type { RecoveryRoom } from './recovery-room.ts';

interface Watchers {
  readonly recovery: RecoveryRoom;
  readonly recents: Recents;
  /** The window may say where a file lies: in the desktop program, whose main process knows. */
  readonly trustsPaths: boolean;
  readonly document: (documentId: string) => InkDocument;
}

/**
 * The same handlers, watched: what changes a drawing is told to its recovery copies, what opens or saves one to the
 * recent files. Neither holds up the answer, except that a saved drawing's copy is gone before it is said to be saved.
 */
export function watched(
  handlers: Handlers,
  { recovery, recents, trustsPaths, document }: Watchers,
): Handlers {
  return {
    ...handlers,
    async 'drawing.open'(args, context) {
      const info = await handlers['drawing.open'](args, context);
      const { name, bytes, path } = args;
      void recents.seen({
        name,
        bytes,
        path: trustsPaths ? path : undefined,
        document: document(info.documentId),
      });
      return info;
    },
    async 'drawing.close'(args, context) {
      await recovery.settled(args.documentId);
      return handlers['drawing.close'](args, context);
    },
    async 'painting.put'(args, context) {
      const done = await handlers['painting.put'](args, context);
      recovery.changed(args.documentId);
      return done;
    },
    async 'layer.update'(args, context) {
      const done = await handlers['layer.update'](args, context);
      recovery.changed(args.documentId);
      return done;
    },
    async 'colorize.run'(args, context) {
      const done = await handlers['colorize.run'](args, context);
      recovery.changed(args.documentId);
      return done;
    },
    async 'document.export'(args, context) {
      const { documentId, format } = args;
      const file = await handlers['document.export'](args, context);
      const holdsLayers = format === 'ora' || format === 'psd';
      if (holdsLayers) await recovery.settled(documentId);
      // Where the window's file lies is not known here: a copy stands in for it.
      if (format === 'ora')
        void recents.seen({ name: file.name, bytes: file.bytes, document: document(documentId) });
      return file;
    },
  };
}
