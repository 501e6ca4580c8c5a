import { z } from 'zod';

const nothing = z.strictObject({});
const recentId = z.string().regex(/^[a-z0-9]{6,20}$/, 'the id of a recent file');
const bytes = z.custom<Uint8Array>((value) => value instanceof Uint8Array, 'expected bytes');

/** Files that were opened or saved lately, newest first. */
export const recentsContract = {
  'recents.list': {
    args: nothing,
    result: z.array(
      z.object({
        recentId,
        name: z.string(),
        /** Where it lies; left out for files that came without a place, of which Inkwash keeps a copy. */
        folder: z.string().optional(),
        /** Milliseconds since 1970. */
        openedAt: z.number(),
        widthPx: z.number().int(),
        heightPx: z.number().int(),
        /** PNG, at most 320 px a side. */
        thumbnail: bytes.optional(),
        /** The file is not there any more. */
        gone: z.boolean(),
      }),
    ),
  },
  /** The file, to be opened like any other. */
  'recents.read': {
    args: z.strictObject({ recentId }),
    result: z.object({ name: z.string(), bytes, path: z.string().optional() }),
  },
  'recents.forget': { args: z.strictObject({ recentId }), result: nothing },
  'recents.clear': { args: nothing, result: nothing },
} as const;
