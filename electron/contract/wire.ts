import { z } from 'zod';
import type { FailureKind } from '../failure.ts';
import type { SystemArgs, SystemCall, SystemEvent, SystemResult } from './system.ts';

/**
 * Messages between a renderer and its host, the same over the desktop's pipe and the loopback WebSocket (MessagePack
 * on both) and over Electron's IPC (structured clone). `id` is the renderer's own number for a call; answers carry it
 * back. Whoever takes a message from another process checks it with these schemas first; the arguments of a call are
 * checked against the contract's table by the host.
 */
const id = z.number().int().min(0);
export const toHost = z.discriminatedUnion('type', [
  z.strictObject({ type: z.literal('call'), id, channel: z.string().max(64), args: z.unknown() }),
  z.strictObject({ type: z.literal('cancel'), id }),
]);
export type ToHost = Readonly<z.infer<typeof toHost>>;

const failureKind = z.enum(['input', 'words', 'cancelled', 'engine', 'storage', 'internal']);
const answers = [
  z.strictObject({ type: z.literal('progress'), id, fraction: z.number(), step: z.string() }),
  z.strictObject({ type: z.literal('result'), id, value: z.unknown() }),
  z.strictObject({
    type: z.literal('failure'),
    id,
    kind: failureKind satisfies z.ZodType<FailureKind>,
    /** For the user. */
    sentence: z.string(),
    /** For the Details fold and the log. */
    details: z.string(),
  }),
] as const;
export type ToRenderer = Readonly<z.infer<(typeof answers)[number]>>;

/** The host is gone and with it everything it had open; the next call starts a new one. Desktop only. */
const lost = z.strictObject({ type: z.literal('lost'), sentence: z.string(), details: z.string() });
export type Lost = Readonly<z.infer<typeof lost>>;

/** What the desktop's host process says; `lost` when it can't start. */
export const fromHostProcess = z.discriminatedUnion('type', [...answers, lost]);

/** What the preload script puts on `window.inkwash` in the desktop program; absent in the browser door. */
export interface DesktopBridge {
  send(message: ToHost): void;
  /** Where a file that was chosen or dropped lies; empty for files that lie nowhere. */
  pathOf(file: File): string;
  /** Whether the system's bar has the menus, and the window's own has none. */
  readonly systemMenu: boolean;
  /** Asks the program around the windows; what it is asked with is checked there (system.ts). */
  ask<C extends SystemCall>(call: C, args: SystemArgs<C>): Promise<SystemResult<C>>;
  /** Calls `listener` for everything the system says; returns how to stop. */
  hear(listener: (event: SystemEvent) => void): () => void;
  /** Calls `listener` for every message of the host; returns how to stop. */
  listen(listener: (message: ToRenderer | Lost) => void): () => void;
}
