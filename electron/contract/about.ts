import { z } from 'zod';

const credit = z.object({ title: z.string(), licence: z.string(), text: z.string() });

/** Who made what the program is made of. */
export const aboutContract = {
  'about.credits': {
    args: z.strictObject({}),
    result: z.object({
      /** Software, by name, with the licence's text where the package carries one. */
      packages: z.array(
        z.object({ name: z.string(), version: z.string(), licence: z.string(), text: z.string() }),
      ),
      /** Installed models with their cards, which credit the pictures they learned from. */
      models: z.array(credit),
      samples: z.array(credit),
    }),
  },
} as const;
