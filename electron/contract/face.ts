import { z } from 'zod';
import { CANVAS_PX, FACE_PARTS, FACE_SPACES } from '../face/parts.ts';

/**
 * The face channels, part of the contract's table. The window owns the sketch (its strokes, its undo); the host keeps a
 * copy of it, changed by patches, and what it worked out from it part by part. A sketch is 512x512 grey bytes, row by
 * row, 255 paper, 0 ink.
 *
 * A finished face becomes a reference, and its sketch a drawing to colour, with the channels that are there:
 * `face.export`, then `reference.add` or `drawing.open` with the file it gave. As a layer it is `FaceResult.face`.
 */

const bytes = z.custom<Uint8Array>((value) => value instanceof Uint8Array, 'expected bytes');
const faceId = z.string().regex(/^face-[0-9]{1,9}$/, 'an id given by the host');
const part = z.enum(FACE_PARTS);
const space = z.enum(FACE_SPACES);
const fraction = z.number().min(0).max(1);
const nothing = z.strictObject({});
const personId = z.string().regex(/^[A-Za-z0-9_-]{1,32}$/, 'the id of a known face');
/** A face of the bank, or its mirror image. */
const person = z.strictObject({ kind: z.literal('person'), personId, mirrored: z.boolean().default(false) });

const MAX_PICTURE_BYTES = 256 * 1024 * 1024;
/**
 * Where a sketch can come from: a known face, another open one, or a picture file. A picture is a drawing (its ink is read
 * from any paper) or a photograph (lines are drawn from it); `auto` tells by its tones. The face in it is found and
 * moved to its place on the canvas. A face that `face.export` saved brings its own sketch; `kept` takes nothing else.
 */
export const faceSource = z.discriminatedUnion('kind', [
  person,
  z.strictObject({ kind: z.literal('face'), faceId }),
  z.strictObject({
    kind: z.literal('picture'),
    name: z
      .string()
      .min(1)
      .max(255)
      .regex(/^[^/\\\0]+$/, 'a file name without folders'),
    bytes: bytes.refine((b) => b.byteLength <= MAX_PICTURE_BYTES, 'at most 256 MiB'),
    as: z.enum(['auto', 'drawing', 'photograph', 'kept']).default('auto'),
  }),
]);

const place = z.number().int().min(0).max(CANVAS_PX);
const side = z.number().int().min(1).max(CANVAS_PX);
const sketchPatch = z
  .strictObject({ xPx: place, yPx: place, widthPx: side, heightPx: side, grey: bytes })
  .refine((p) => p.xPx + p.widthPx <= CANVAS_PX && p.yPx + p.heightPx <= CANVAS_PX, 'it leaves the canvas')
  .refine((p) => p.grey.length === p.widthPx * p.heightPx, 'its bytes are not width x height');

/** Per part: 0 keeps my line, 1 takes what is known of faces. Parts left out keep the value they have. */
const refinement = z.strictObject({
  'left-eye': fraction.optional(),
  'right-eye': fraction.optional(),
  nose: fraction.optional(),
  mouth: fraction.optional(),
  rest: fraction.optional(),
});

const wholeRefinement = z.object({
  'left-eye': fraction,
  'right-eye': fraction,
  nose: fraction,
  mouth: fraction,
  rest: fraction,
});

/** A square of the canvas, px. */
const partWindow = z.object({
  part,
  xPx: z.number().int(),
  yPx: z.number().int(),
  sizePx: z.number().int(),
});

const neighbour = z.object({
  personId: z.string(),
  mirrored: z.boolean(),
  space: z.enum(['feminine', 'masculine']).nullable(),
  /** Locally linear weights; those of a part add up to 1, single ones may be negative. */
  weight: z.number(),
  /** Euclidean, between the part's vectors. */
  distance: z.number(),
});

export const faceResult = z.object({
  /** Straight sRGB, opaque, `sizePx` a side; null while nothing is drawn. */
  face: z.object({ sizePx: z.number().int(), rgba: bytes }).nullable(),
  /** Parts whose sketch was looked at anew for this result; those a stroke did not touch are not among them. */
  recomputed: z.array(part),
  /** In the order of the windows. */
  parts: z.array(
    z.object({
      part,
      /** Whether anything is drawn in its window. */
      drawn: z.boolean(),
      refinement: fraction,
      /** Nearest first; empty where nothing is drawn on the whole sketch. */
      neighbours: z.array(neighbour),
    }),
  ),
  space,
  /** How many known faces each part was projected onto. */
  neighbours: z.number().int(),
  /** 0 where there is no second face. */
  morph: fraction,
  seconds: z.number(),
});

const file = z.object({ name: z.string(), mime: z.string(), bytes });
const grey = z.object({
  xPx: z.number().int(),
  yPx: z.number().int(),
  sizePx: z.number().int(),
  grey: bytes,
});

export const faceChannels = {
  /** Whether there is a face model, and what it offers. The windows are the same for all. */
  'face.info': {
    args: nothing,
    result: z.object({
      installed: z.boolean(),
      /** What to do where it is not; empty where it is. */
      sentence: z.string(),
      title: z.string(),
      summary: z.string(),
      canvasPx: z.number().int(),
      /** Side of the synthesised face, px; 0 where there is no model. */
      outputPx: z.number().int(),
      /** Known faces, by search space. */
      people: z.object({ all: z.number().int(), feminine: z.number().int(), masculine: z.number().int() }),
      defaultNeighbours: z.number().int(),
      maxNeighbours: z.number().int(),
      windows: z.array(partWindow),
      /** Who the known faces are, for About. */
      credits: z.string(),
    }),
  },
  /** A new face with an empty sketch, refinement halfway and all known faces to compare with. */
  'face.open': { args: nothing, result: z.object({ faceId }) },
  'face.close': { args: z.strictObject({ faceId }), result: nothing },
  /**
   * Changes the sketch and the settings, each only where given, and gives the face anew. The newest call wins: one that
   * waits or works on when a newer one of the same face comes fails as `cancelled`, and its patches hold.
   */
  'face.update': {
    args: z.strictObject({
      faceId,
      patches: z.array(sketchPatch).max(256).default([]),
      refinement: refinement.optional(),
      space: space.optional(),
      neighbours: z.number().int().min(1).max(64).optional(),
      /** How far towards the second face of `face.morph`, all parts. */
      morph: fraction.optional(),
    }),
    result: faceResult,
  },
  /** Sets the second face to morph to, or takes it away (null). The next `face.update` shows it. */
  'face.morph': {
    args: z.strictObject({ faceId, source: faceSource.nullable() }),
    result: z.object({
      /** PNG of the second face's sketch, 128 px a side; null where it was taken away. */
      thumbnail: bytes.nullable(),
      notes: z.array(z.string()),
    }),
  },
  /** Faint lines to draw over, a square for each part in the order of the windows, as the sketch stands. */
  'face.shadow': {
    args: z.strictObject({ faceId }),
    result: z.object({
      parts: z.array(
        partWindow.extend({
          /** sizePx*sizePx: how dark the shadow is, 0 none to 255; nothing outside the part's window. */
          darkness: bytes,
          /** How much of the part the artist has drawn already: the shadow fades with it. */
          committed: fraction,
        }),
      ),
    }),
  },
  /** The known faces whose part is nearest to the sketch's, for a filmstrip to paste from. */
  'face.nearest': {
    args: z.strictObject({ faceId, part, count: z.number().int().min(1).max(64).default(12) }),
    result: z.object({
      part,
      known: z.array(
        neighbour.omit({ weight: true }).extend({
          /** PNG of the part's sketch, at most 128 px a side. */
          thumbnail: bytes,
        }),
      ),
    }),
  },
  /** Known faces in the bank's order, to start from. */
  'face.people': {
    args: z.strictObject({
      space: space.default('all'),
      offset: z.number().int().min(0).max(100_000).default(0),
      count: z.number().int().min(1).max(64).default(24),
    }),
    result: z.object({
      total: z.number().int(),
      people: z.array(
        z.object({
          personId: z.string(),
          space: z.enum(['feminine', 'masculine']).nullable(),
          /** PNG of the sketch, 128 px a side. */
          thumbnail: bytes,
        }),
      ),
    }),
  },
  /** One part of a sketch, to paste: its window's pixels, and where in it they belong to the part alone. */
  'face.part': {
    args: z.strictObject({ part, source: faceSource }),
    result: grey.extend({
      /** sizePx*sizePx: 255 where to paint, 0 where a neighbouring part's lines are. */
      mask: bytes,
      notes: z.array(z.string()),
    }),
  },
  /** A whole sketch to start from, placed on the canvas. */
  'face.sketch': {
    args: z.strictObject({ source: faceSource }),
    result: grey.extend({
      /** How it was read when it was saved; null for what no face of Inkwash was saved in. */
      settings: z.object({ refinement: wholeRefinement, space }).nullable(),
      /** Plain sentences about what was done ("lines were drawn from the photograph"). */
      notes: z.array(z.string()),
    }),
  },
  /**
   * As a PNG: the face, the sketch, or the sketch's shadow (black with alpha) on the canvas. A face that is not morphed
   * carries its sketch and settings along: opened as a source it is drawn on where it was left.
   */
  'face.export': {
    args: z.strictObject({ faceId, what: z.enum(['face', 'sketch', 'shadow']) }),
    result: file,
  },
} as const satisfies Record<string, { args: z.ZodType; result: z.ZodType }>;

export type FaceChannel = keyof typeof faceChannels;
export type FaceSource = z.output<typeof faceSource>;
export type FaceResult = z.infer<typeof faceResult>;
export type FaceNeighbour = z.infer<typeof neighbour>;
export type FaceInfo = z.infer<(typeof faceChannels)['face.info']['result']>;
