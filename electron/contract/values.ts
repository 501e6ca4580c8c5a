import { z } from 'zod';
import { id } from './guidance.ts';

/** Values that several areas of the contract's table are made of. */

export const pictureName = z
  .string()
  .min(1)
  .max(255)
  .regex(/^[^/\\\0]+$/, 'a file name without folders');
/** What one picture file may weigh on the wire; decode applies its own, finer limits. */
export const MAX_PICTURE_BYTES = 256 * 1024 * 1024;
export const bytes = z.custom<Uint8Array>((value) => value instanceof Uint8Array, 'expected bytes');
export const pictureBytes = bytes.refine((b) => b.byteLength <= MAX_PICTURE_BYTES, 'at most 256 MiB');
export const nothing = z.strictObject({});

export const referenceInfo = z.object({
  referenceId: id,
  name: z.string(),
  widthPx: z.number().int(),
  heightPx: z.number().int(),
  /** PNG, at most 512 px a side. */
  thumbnail: bytes,
  /** Most frequent colours first, `#rrggbb`. */
  palette: z.array(z.string()),
  /** Its palette as methods take it: four horizontal bands from the top, four colours each. */
  bands: z.array(z.string()).length(16),
});
