import { z } from 'zod';
import { BLEND_MODES } from '../document/model.ts';
import type { JsonValue } from '../document/ora-entry.ts';
import { METHOD_IDS } from '../colorize/method.ts';
import { colourChannels } from './colour.ts';
import { faceChannels } from './face.ts';
import { exportWords, filesContract, path } from './files.ts';
import { aboutContract } from './about.ts';
import { recentsContract } from './recents.ts';
import { recoveryContract } from './recovery.ts';
import { settingsContract } from './settings.ts';
import { galleryChannels } from './gallery.ts';
import { confidenceMap, guidance, id, methodId, modelSizePx, regionWords } from './guidance.ts';
import { bytes, nothing, pictureBytes, pictureName, referenceInfo } from './values.ts';

/**
 * The contract: every channel the renderer may call, with its arguments and result. The host checks arguments with
 * these schemas before anything else looks at them; Electron's IPC and the loopback transport are thin typed views of
 * the same table (see session.ts). Every channel may report progress and be cancelled; every failure is a Failure.
 */

const blend = z.enum(BLEND_MODES);
/** The same values; zod's own type for them can't be read-only. */
const json = z.json() as unknown as z.ZodType<JsonValue, JsonValue>;

export const layerInfo = z.object({
  id: z.string(),
  name: z.string(),
  kind: z.enum(['raster', 'group']),
  /** Nesting: 0 at the top. */
  depth: z.number().int().min(0),
  visible: z.boolean(),
  opacity: z.number().min(0).max(1),
  blend,
  locked: z.boolean(),
  alphaLocked: z.boolean().optional(),
  clipped: z.boolean().optional(),
  passThrough: z.boolean().optional(),
  /** Changes whenever the layer's pixels do. */
  revision: z.number().int(),
});

export const drawingInfo = z.object({
  documentId: id,
  name: z.string(),
  widthPx: z.number().int(),
  heightPx: z.number().int(),
  dpi: z.number(),
  /** Plain sentences about what was done on opening ("turned upright as its camera says"). */
  notes: z.array(z.string()),
  /** Top first, groups before their children. */
  layers: z.array(layerInfo),
  /** What the painting window keeps beside the layers (texts, rulers …), as it was put or read from the file. */
  paint: json.optional(),
});

const provider = z.enum(['cpu', 'webgpu', 'cuda', 'dml', 'coreml']);
export const providerReport = z.object({
  found: z.array(provider).readonly(),
  tried: z.array(z.object({ provider, ok: z.boolean(), reason: z.string().optional() })).readonly(),
  chosen: provider,
  threads: z.number().int(),
  runtimeVersion: z.string(),
});

export const methodInfo = z.object({
  id: methodId,
  method: z.enum(METHOD_IDS),
  title: z.string(),
  summary: z.string(),
  /** Regions obey hints and pins with any method; those that understand them spread them further. */
  takes: z.object({
    references: z.enum(['none', 'one', 'many']),
    palette: z.boolean(),
    hints: z.boolean(),
    pins: z.boolean(),
  }),
  sizesPx: z.array(z.number().int()),
  defaultSizePx: z.number().int(),
});

const sidePx = z.number().int().min(1).max(16_384);
const layerId = z.string().min(1).max(200);
const layerRecord = z.strictObject({
  id: layerId,
  kind: z.enum(['raster', 'group']),
  name: z.string().max(1024),
  depth: z.number().int().min(0).max(64),
  visible: z.boolean(),
  opacity: z.number().min(0).max(1),
  blend,
  locked: z.boolean(),
  alphaLocked: z.boolean(),
  clipped: z.boolean(),
  /** Of a group: its layers blend with what lies below it. */
  passThrough: z.boolean().optional(),
});
/** As text, so that nothing larger is kept for a window than a book's worth of words. */
const MAX_PAINT_LETTERS = 4_000_000;
const pageRecord = z.strictObject({
  widthPx: sidePx,
  heightPx: sidePx,
  dpi: z.number().min(1).max(2400),
  paint: json
    .refine((value) => JSON.stringify(value).length <= MAX_PAINT_LETTERS, 'at most 4 million letters')
    .optional(),
});
const offsetPx = z.number().int().min(-65_536).max(65_536);
const pixelPatch = z.strictObject({
  layerId,
  xPx: offsetPx,
  yPx: offsetPx,
  widthPx: sidePx,
  heightPx: sidePx,
  rgba: bytes,
});

export const contract = {
  /** What is running: version, provider, the methods whose models are installed. */
  'app.info': {
    args: nothing,
    result: z.object({
      version: z.string(),
      provider: providerReport,
      methods: z.array(methodInfo),
      /** Plain sentences about models that could not be used. */
      modelNotes: z.array(z.string()),
    }),
  },
  /** Opens the shipped sample: a line drawing and its references. */
  'sample.open': {
    args: nothing,
    result: z.object({
      drawing: drawingInfo,
      references: z.array(referenceInfo),
      credit: z.string(),
    }),
  },
  /** Opens a picture as a new document with one locked layer, Lines; an .ora or .psd with the layers it has. */
  'drawing.open': {
    args: z.strictObject({
      name: pictureName,
      bytes: pictureBytes,
      /** Where the file lies; only the desktop program knows, and only its host listens. */
      path: path.optional(),
    }),
    result: drawingInfo,
  },
  'drawing.close': { args: z.strictObject({ documentId: id }), result: nothing },
  'reference.add': {
    args: z.strictObject({
      name: pictureName,
      bytes: pictureBytes,
      /** Where the file lies, as for drawings: nothing is saved over it. */
      path: path.optional(),
    }),
    result: referenceInfo,
  },
  'reference.remove': { args: z.strictObject({ referenceId: id }), result: nothing },
  /** Colours the drawing; makes or updates the layers Colour, Flats and Shading under Lines. */
  'colorize.run': {
    args: z.strictObject({
      documentId: id,
      /** The host's default when left out. */
      method: methodId.optional(),
      ...guidance,
      ...regionWords,
      sizePx: modelSizePx,
    }),
    result: z.object({
      drawing: drawingInfo,
      seconds: z.number(),
      regionCount: z.number().int(),
      confidence: confidenceMap.optional(),
      provider,
    }),
  },
  /** For a place of a coloured drawing (full-size pixels): where on each reference its colour came from. */
  'colorize.correspondence': {
    args: z.strictObject({ documentId: id, x: z.number().min(0), y: z.number().min(0) }),
    result: z.object({
      references: z.array(
        z.object({
          referenceId: id,
          columns: z.number().int(),
          rows: z.number().int(),
          /** columns*rows weights, row by row, the largest over all references scaled to 255. */
          heat: bytes,
        }),
      ),
    }),
  },
  /** A line drawing made from a colour picture or a scan, as a PNG of the same size. */
  'lines.draw': {
    args: z.strictObject({ name: pictureName, bytes: pictureBytes }),
    result: z.object({ name: z.string(), mime: z.string(), bytes }),
  },
  /** A layer's pixels for the screen: RGBA, straight alpha, scaled down so that the document's longer side fits `maxSidePx`. */
  'layer.pixels': {
    args: z.strictObject({
      documentId: id,
      layerId: z.string().max(64),
      maxSidePx: z.number().int().min(16).max(8192),
    }),
    result: z.object({
      widthPx: z.number().int(),
      heightPx: z.number().int(),
      /** Offset from the document's corner, in the scaled document's pixels. */
      xPx: z.number(),
      yPx: z.number(),
      rgba: bytes,
    }),
  },
  'layer.update': {
    args: z.strictObject({
      documentId: id,
      layerId: z.string().max(64),
      visible: z.boolean().optional(),
      opacity: z.number().min(0).max(1).optional(),
      blend: blend.optional(),
      name: z.string().min(1).max(128).optional(),
    }),
    result: drawingInfo,
  },

  // Painting: the window owns the document that is painted in; these hand pixels and layers over, both ways.
  /** A new document with one empty layer, over a white layer Paper unless it is to be transparent. */
  'painting.new': {
    args: z.strictObject({
      name: pictureName,
      widthPx: sidePx,
      heightPx: sidePx,
      dpi: z.number().min(1).max(2400),
      paper: z.boolean(),
    }),
    result: drawingInfo,
  },
  /** A raster layer's own pixels, full size, without transparent rims: RGBA, straight alpha. */
  'painting.pixels': {
    args: z.strictObject({ documentId: id, layerId }),
    result: z.object({
      xPx: z.number().int(),
      yPx: z.number().int(),
      widthPx: z.number().int(),
      heightPx: z.number().int(),
      rgba: bytes,
    }),
  },
  /** Puts what was painted into the document: all its layers, top first, and new pixels for rectangles of them. */
  'painting.put': {
    args: z.strictObject({
      documentId: id,
      layers: z.array(layerRecord).max(1000),
      pixels: z.array(pixelPatch).max(1024),
      /** The page, when it is another than before. */
      page: pageRecord.optional(),
    }),
    result: nothing,
  },

  /** The whole document as a file's bytes. */
  'document.export': {
    args: z.strictObject(exportWords),
    result: z.object({ name: z.string(), mime: z.string(), bytes }),
  },

  ...filesContract,
  ...colourChannels(referenceInfo),
  ...faceChannels,
  ...aboutContract,
  ...settingsContract,
  ...recentsContract,
  ...recoveryContract,
  ...galleryChannels,
} as const satisfies Record<string, { args: z.ZodType; result: z.ZodType }>;

export type Contract = typeof contract;
export type Channel = keyof Contract;
export type Args<C extends Channel> = z.input<Contract[C]['args']>;
export type Result<C extends Channel> = z.output<Contract[C]['result']>;

export type DrawingInfo = z.infer<typeof drawingInfo>;
export type LayerInfo = z.infer<typeof layerInfo>;
export type ReferenceInfo = z.infer<typeof referenceInfo>;
export type GuidanceWords = Pick<z.output<Contract['colorize.run']['args']>, keyof typeof guidance>;
export type MethodInfo = z.infer<typeof methodInfo>;
export type AppInfo = Result<'app.info'>;
