import { z } from 'zod';
import { settingsSchema } from '../settings/schema.ts';

/** What the window may ask about the artist's settings. */
export const settingsContract = {
  'settings.read': {
    args: z.strictObject({}),
    result: z.object({
      settings: settingsSchema,
      /** A plain sentence when the file could not be used as it was. */
      note: z.string().optional(),
      /** Providers this machine could try. */
      providers: z.array(settingsSchema.shape.provider),
      /** Processor cores, the most threads worth having. */
      cores: z.number().int(),
      /** What was given on the command line stands over the settings. */
      fixed: z.array(z.enum(['provider', 'threads'])),
    }),
  },
  /** Sets what is given and keeps it. Provider and threads hold from the next run. */
  'settings.change': { args: settingsSchema.partial(), result: settingsSchema },
} as const;
export type { Settings } from '../settings/schema.ts';
