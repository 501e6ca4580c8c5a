import { z } from 'zod';
import {
  confidenceMap,
  fraction,
  guidance,
  hints,
  id,
  methodId,
  modelSizePx,
  palette,
  pins,
  pixels,
  regionWords,
} from './guidance.ts';

/*
 * The colouring channels beside `colorize.run`: the live preview, and what a document keeps of its colouring so that it
 * goes on after closing and opening.
 */

const nothing = z.strictObject({});
const bytes = z.custom<Uint8Array>((value) => value instanceof Uint8Array, 'expected bytes');
const provider = z.enum(['cpu', 'webgpu', 'cuda', 'dml', 'coreml']);

/** A region that stays as it is: the one at a place, or all that have its colour. */
export const lockRecord = z.strictObject({ x: pixels, y: pixels, everywhere: z.boolean() });
/** Where the artist painted on a layer that colouring makes: lengths of runs, row by row, not hers and hers in turn. */
export const paintedRuns = z.strictObject({
  layerId: z.string().min(1).max(200),
  runs: z.array(z.number().int().min(0).max(200_000_000)).max(1_000_000),
});

/** How a drawing is being coloured: settings, references, and what was marked on it. */
export const colourRecord = z.strictObject({
  method: methodId.optional(),
  sizePx: modelSizePx.optional(),
  ...regionWords,
  references: z.array(z.strictObject({ referenceId: id, weight: fraction, used: z.boolean() })).max(32),
  palette,
  hints,
  pins,
  locks: z.array(lockRecord).max(1024),
  painted: z.array(paintedRuns).max(8),
});
export type ColourRecord = z.output<typeof colourRecord>;

/** The line art of a page as a small picture, grey or RGB, on white paper. */
const smallLines = z
  .strictObject({
    pixels: bytes,
    channels: z.union([z.literal(1), z.literal(3)]),
    widthPx: z.number().int().min(1).max(4096),
    heightPx: z.number().int().min(1).max(4096),
    /** What it shows of the page, full-size pixels from the top left corner. */
    pageWidthPx: z.number().int().min(1).max(131_072),
    pageHeightPx: z.number().int().min(1).max(131_072),
  })
  .refine(
    ({ pixels, channels, widthPx, heightPx }) => pixels.length === widthPx * heightPx * channels,
    'pixels of that size',
  );
export type SmallLinesWords = z.output<typeof smallLines>;

/** @param referenceInfo the table's own: it can't be imported here, since the table imports this. */
export const colourChannels = <R extends z.ZodType>(referenceInfo: R) =>
  ({
    /**
     * A quick, small colouring that changes no layer: what `colorize.run` would give, at a small size, as one picture.
     * Whoever cancels one asks for a newer one, or for none: the engine is not stopped for it.
     */
    'colorize.preview': {
      args: z.strictObject({
        documentId: id,
        method: methodId.optional(),
        ...guidance,
        ...regionWords,
        sizePx: modelSizePx,
        /** The lines as the window shows them; when left out, those the host has of the document. */
        lines: smallLines.optional(),
        /** The model's own colour and no more, for as long as the pen is busy: no regions, no confidence. */
        draft: z.boolean().default(false),
      }),
      result: z.object({
        widthPx: z.number().int(),
        heightPx: z.number().int(),
        /** RGBA, opaque: what lies under the lines, stretched over the page. */
        rgba: bytes,
        confidence: confidenceMap.optional(),
        seconds: z.number(),
        /** Where they went, of a draft: reading the lines, the network, making a picture of its colour. */
        spentMs: z.object({ lines: z.number(), network: z.number(), picture: z.number() }).optional(),
        provider,
      }),
    },
    /** Keeps how the drawing is being coloured in the document, for its file; references are kept small beside it. */
    'colour.keep': { args: z.strictObject({ documentId: id, record: colourRecord }), result: nothing },
    /** What an opened document's file kept; its references are in the room from then on. */
    'colour.recall': {
      args: z.strictObject({ documentId: id }),
      result: z.object({ record: colourRecord.optional(), references: z.array(referenceInfo) }),
    },
  }) as const;
export type ColourChannel = keyof ReturnType<typeof colourChannels>;
