import type { FailureKind } from '../failure.ts';

/**
 * Messages between a renderer and its host, the same over Electron's IPC (structured clone) and over the loopback
 * WebSocket (MessagePack). `id` is the renderer's own number for a call; answers carry it back.
 */
export type ToHost =
  | { readonly type: 'call'; readonly id: number; readonly channel: string; readonly args: unknown }
  | { readonly type: 'cancel'; readonly id: number };

export type ToRenderer =
  | { readonly type: 'progress'; readonly id: number; readonly fraction: number; readonly step: string }
  | { readonly type: 'result'; readonly id: number; readonly value: unknown }
  | {
      readonly type: 'failure';
      readonly id: number;
      readonly kind: FailureKind;
      /** For the user. */
      readonly sentence: string;
      /** For the Details fold and the log. */
      readonly details: string;
    };

/** What the preload script puts on `window.inkwash` in the desktop program; absent in the browser door. */
export interface DesktopBridge {
  send(message: ToHost): void;
  /** Calls `listener` for every message of the host; returns how to stop. */
  listen(listener: (message: ToRenderer) => void): () => void;
}
