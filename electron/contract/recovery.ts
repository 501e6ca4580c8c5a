import { z } from 'zod';

const nothing = z.strictObject({});
const recoveryId = z.string().max(100);
const bytes = z.custom<Uint8Array>((value) => value instanceof Uint8Array, 'expected bytes');

/** Copies of drawings that no file holds yet, and what crashed or closed windows left of theirs. */
export const recoveryContract = {
  /**
   * Names this window's journal, before it changes anything; copies are kept from then on. The same window names the
   * same journal after a lost connection. Answers with what other windows left, newest first.
   */
  'recovery.begin': {
    args: z.strictObject({ windowId: z.string().regex(/^[a-z0-9]{8,40}$/, 'a name made by the window') }),
    result: z.object({
      found: z.array(
        z.object({
          recoveryId,
          name: z.string(),
          widthPx: z.number().int(),
          heightPx: z.number().int(),
          /** Milliseconds since 1970. */
          savedAt: z.number(),
          /** PNG, at most 256 px a side. */
          thumbnail: bytes.optional(),
        }),
      ),
    }),
  },
  /** A copy as a file, to be opened like any other. It stays until it is forgotten. */
  'recovery.read': {
    args: z.strictObject({ recoveryId }),
    result: z.object({ name: z.string(), bytes }),
  },
  'recovery.forget': { args: z.strictObject({ recoveryId }), result: nothing },
  /** Copies at once what has changed: the window may be about to go. */
  'recovery.save': { args: nothing, result: nothing },
} as const;
