import { z } from 'zod';
import { EXPORT_FORMATS } from '../document/export-formats.ts';
import { hexColour, id } from './guidance.ts';
import { bytes } from './values.ts';

/** Where a file lies, from its root. */
export const path = z.string().min(1).max(4096);

/** How a document becomes a file. PNG, JPEG, WebP and TIFF are flattened, over `background` if one is given. */
export const exportWords = {
  documentId: id,
  format: z.enum(EXPORT_FORMATS),
  /** JPEG and WebP. */
  quality: z.number().int().min(1).max(100).optional(),
  /** WebP only. */
  lossless: z.boolean().optional(),
  background: hexColour.optional(),
};

/**
 * Files by the place where they lie. Only a host whose windows may name places answers: the desktop program's, whose
 * windows know the places that the artist opened, dropped or chose.
 */
export const filesContract = {
  /** A drawing's file, to be opened like any other. Nothing but pictures is read. */
  'file.read': {
    args: z.strictObject({ path }),
    result: z.object({ name: z.string(), bytes, path }),
  },
  /**
   * Writes the document to a file, whole or not at all. The ending must be the format's, and files that open drawings
   * and references came from are not overwritten, except a drawing's own .ora by itself.
   */
  'document.save': {
    args: z.strictObject({
      ...exportWords,
      path,
      /** The file is the drawing from now on (OpenRaster only); else it is a copy of it. */
      asOwn: z.boolean().optional(),
    }),
    result: z.object({ name: z.string(), path }),
  },
} as const;
