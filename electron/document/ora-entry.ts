import { z } from 'zod';
import { BLEND_MODES } from './model.ts';

/** Inkwash's own entry in an .ora; other programs ignore it. */
export const INKWASH_ENTRY = 'inkwash.json';
export const INKWASH_ENTRY_VERSION = 1;

export type JsonValue =
  null | boolean | number | string | readonly JsonValue[] | { readonly [key: string]: JsonValue };

/**
 * What OpenRaster has no place for. `layers` follows stack.xml: topmost first, groups before what is in them; a layer
 * is believed only if its kind and name still match, its blend mode only if its composite-op does, so that a file
 * another program changed shows what that program saved.
 */
export const inkwashEntrySchema = z.object({
  version: z.literal(INKWASH_ENTRY_VERSION),
  dpi: z.number().positive().max(100_000),
  layers: z.array(
    z.object({
      kind: z.enum(['raster', 'group']),
      id: z.string().min(1).max(200),
      name: z.string(),
      blend: z.enum(BLEND_MODES),
      compositeOp: z.string(),
      alphaLocked: z.boolean().optional(),
      passThrough: z.boolean().optional(),
      /** A stack made for the file: its lowest layer takes its place, the others are clipped to that one. */
      clips: z.boolean().optional(),
      /** A layer made for the file: it cuts such a stack to the shape of its lowest layer. */
      cuts: z.boolean().optional(),
    }),
  ),
  extra: z.json().optional(),
});

export interface InkwashEntry {
  readonly version: typeof INKWASH_ENTRY_VERSION;
  readonly dpi: number;
  readonly layers: readonly {
    readonly kind: 'raster' | 'group';
    readonly id: string;
    readonly name: string;
    readonly blend: (typeof BLEND_MODES)[number];
    readonly compositeOp: string;
    readonly alphaLocked?: boolean;
    readonly passThrough?: boolean;
    readonly clips?: boolean;
    readonly cuts?: boolean;
  }[];
  readonly extra?: JsonValue;
}
