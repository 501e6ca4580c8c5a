import type { Handlers } from './contract/session.ts';
import { isOra } from './document/export-formats.ts';
import type { OpenDrawing } from './open-drawing.ts';
import type { Recents } from './recents/store.ts';
import type { RecoveryRoom } from './recovery-room.ts';

interface Watchers {
  readonly recovery: RecoveryRoom;
  readonly recents: Recents;
  /** The window may say where a file lies: in the desktop program, whose main process knows. */
  readonly trustsPaths: boolean;
  readonly drawing: (documentId: string) => Pick<OpenDrawing, 'document' | 'path'>;
}

/**
 * The same handlers, watched: what changes a drawing is told to its recovery copies, what opens or saves one to the
 * recent files. Neither holds up the answer, except that a saved drawing's copy is gone before it is said to be saved.
 */
export function watched(handlers: Handlers, { recovery, recents, trustsPaths, drawing }: Watchers): Handlers {
  return {
    ...handlers,
    async 'drawing.open'(args, context) {
      const info = await handlers['drawing.open'](args, context);
      const { name, bytes, path } = args;
      void recents.seen({
        name,
        bytes,
        path: trustsPaths ? path : undefined,
        document: drawing(info.documentId).document,
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
        void recents.seen({ name: file.name, bytes: file.bytes, document: drawing(documentId).document });
      return file;
    },
    async 'document.save'(args, context) {
      const { documentId, format } = args;
      const file = await handlers['document.save'](args, context);
      const { document, path } = drawing(documentId);
      // A copy with layers holds a drawing that has no file of its own; one that has stays unsaved.
      const holdsIt = args.asOwn || ((format === 'ora' || format === 'psd') && !isOra(path));
      if (holdsIt) await recovery.settled(documentId);
      if (format === 'ora') void recents.seen({ ...file, document });
      return file;
    },
  };
}
