import { uptime } from 'node:os';
import { z } from 'zod';

/** What stands beside each recovery copy, `<document>.json` beside `<document>.ora`. */
export const copyRecord = z.object({
  version: z.literal(1),
  name: z.string().max(255),
  widthPx: z.number().int().min(1),
  heightPx: z.number().int().min(1),
  /** Milliseconds since 1970. */
  savedAt: z.number(),
});
export type CopyRecord = z.infer<typeof copyRecord>;

/** Which process a journal belongs to: `owner.json` in its folder. */
export const OWNER_FILE = 'owner.json';
export const ownerRecord = z.object({
  pid: z.number().int().min(1),
  /** When the machine was started, in seconds since 1970: after a restart, process ids mean others. */
  bootedAt: z.number(),
  /** The window is gone; what it left is free to be recovered. */
  closed: z.boolean(),
});
export type OwnerRecord = z.infer<typeof ownerRecord>;

/** Clocks are set, and uptime is rounded: the same start is seen as this much apart at most. */
const BOOT_SLACK_S = 120;

export const bootedAt = (): number => Math.round(Date.now() / 1000 - uptime());

/** Whether the journal's window may still be writing to it. */
export function isAlive(owner: OwnerRecord): boolean {
  if (owner.closed || Math.abs(owner.bootedAt - bootedAt()) > BOOT_SLACK_S) return false;
  if (owner.pid === process.pid) return true;
  try {
    process.kill(owner.pid, 0);
    return true;
  } catch (error) {
    // Somebody else's process: it is there.
    return error instanceof Error && 'code' in error && error.code === 'EPERM';
  }
}

/** A window's own name for its journal, made by the window. */
export const WINDOW_ID = /^[a-z0-9]{8,40}$/;
