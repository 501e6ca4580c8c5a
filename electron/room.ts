import { basename, extname } from 'node:path';
import { performance } from 'node:perf_hooks';
import sharp from 'sharp';
import type { CallContext, Handlers } from './contract/session.ts';
import type { DrawingInfo, ReferenceInfo } from './contract/table.ts';
import type { Correspondence } from './colorize/method.ts';
import { colourDrawing, documentOf, type Drawing } from './colorize/drawing.ts';
import { contentHash } from './colorize/feature-cache.ts';
import { refuseUntaken, withoutForeignMarks } from './colorize/guidance.ts';
import { guidanceOf, hexOf } from './colorize/guide.ts';
import { heatOf } from './colorize/correspondence.ts';
import { exportDocument } from './document/export.ts';
import { changeLayer, layerInfos, layerPixels } from './document/view.ts';
import { writePng } from './document/png.ts';
import { blankDocument } from './document/blank.ts';
import { placeColouring } from './document/colouring.ts';
import type { InkDocument } from './document/model.ts';
import { openLayered } from './document/open.ts';
import { putPage, putPainting, takePixels } from './document/put.ts';
import { openFaceRoom } from './face-room.ts';
import { Failure } from './failure.ts';
import type { Host } from './host.ts';
import { lineArtOf } from './line-art.ts';
import { decodePicture, requireDrawable } from './page/decode.ts';
import type { Rgb } from './page/oklab.ts';
import { bandPalette, paletteOf } from './page/palette.ts';
import { colourAt } from './page/pick.ts';
import { readInk } from './page/ink.ts';
import { drawLines } from './page/lines.ts';
import { part } from './progress.ts';
import type { Raster } from './raster.ts';
import { readSample } from './samples.ts';
import { settingsHandlers } from './settings/handlers.ts';

/** Full-size documents are held in memory; a window that forgets to close them must not fill the machine. */
const MAX_DOCUMENTS = 6;
const MAX_REFERENCES = 128;
const THUMBNAIL_PX = 512;
/** References are kept at most this large: no network sees more, and a hundred of them must fit in memory. */
const REFERENCE_PX = 1536;
/** Colours of each reference that flats may snap to. */
const SNAP_COLOURS = 24;

interface OpenDrawing {
  readonly name: string;
  document: InkDocument;
  readonly notes: readonly string[];
  /** What colouring works from; read when first needed, and again when the lines were painted on. */
  drawing: Drawing | undefined;
  /** Raised with every result. */
  revision: number;
  /** The result that last changed a layer's pixels; views learn by it which to fetch. */
  readonly revisions: Map<string, number>;
  origin?: Origin;
}

interface OpenReference {
  readonly name: string;
  readonly picture: Raster;
  readonly hash: string;
}

/** Where a colouring's colours came from: worked out when first asked for, since few ask and the map is large. */
interface Origin {
  readonly of: readonly string[];
  map(): Promise<Correspondence | undefined>;
  stop(): void;
}

/** One window's or one command's documents and references, and the contract's handlers over them. */
export interface Room {
  readonly handlers: Handlers;
  /** The document as it stands. @throws Failure `words` when the id is unknown. */
  document(documentId: string): InkDocument;
  close(): void;
}

export function openRoom(host: Host): Room {
  const drawings = new Map<string, OpenDrawing>();
  const references = new Map<string, OpenReference>();
  let lastId = 0;

  const drawingOf = (id: string): OpenDrawing => {
    const found = drawings.get(id);
    if (!found) throw new Failure('words', 'This drawing is not open any more. Open it again.');
    return found;
  };
  const referenceOf = (id: string): OpenReference => {
    const found = references.get(id);
    if (!found) throw new Failure('words', 'This reference is not there any more. Add it again.');
    return found;
  };
  const infoOf = (documentId: string, { name, document, notes, revisions }: OpenDrawing): DrawingInfo => ({
    documentId,
    name,
    widthPx: document.width,
    heightPx: document.height,
    dpi: document.dpi,
    notes: [...notes],
    layers: layerInfos(document, (id) => revisions.get(id) ?? 0),
    ...(document.extra?.['paint'] !== undefined && { paint: document.extra['paint'] }),
  });

  function addDrawing(
    name: string,
    document: InkDocument,
    notes: readonly string[],
    drawing?: Drawing,
  ): DrawingInfo {
    const opened: OpenDrawing = { name, document, notes, drawing, revision: 0, revisions: new Map() };
    const documentId = `drawing-${++lastId}`;
    drawings.set(documentId, opened);
    return infoOf(documentId, opened);
  }

  function requirePlace(): void {
    if (drawings.size >= MAX_DOCUMENTS)
      throw new Failure('words', `${MAX_DOCUMENTS} drawings are open already. Close one first.`);
  }

  async function openDrawing(name: string, bytes: Uint8Array, context: CallContext): Promise<DrawingInfo> {
    requirePlace();
    const layered = await openLayered(bytes, name, context);
    if (layered) return addDrawing(name, layered.document, layered.notes);
    const decoded = await decodePicture(bytes, { name, signal: context.signal });
    requireDrawable(decoded);
    context.progress(0.5, 'Reading the lines');
    const drawing: Drawing = {
      name,
      picture: decoded.raster,
      ink: readInk(decoded.raster),
      dpi: decoded.dpi,
    };
    return addDrawing(name, documentOf(drawing), decoded.notes, drawing);
  }

  /** The line art as it stands; what is known of it (its regions) is kept as long as its pixels are the same. */
  function lineArt(opened: OpenDrawing): Drawing {
    const { name, document } = opened;
    const picture = lineArtOf(document);
    if (opened.drawing?.picture !== picture)
      opened.drawing = { name, picture, ink: readInk(picture), dpi: document.dpi };
    return opened.drawing;
  }

  async function addReference(name: string, bytes: Uint8Array, context: CallContext): Promise<ReferenceInfo> {
    if (references.size >= MAX_REFERENCES)
      throw new Failure('words', `${MAX_REFERENCES} references are there already. Remove some first.`);
    const decoded = await decodePicture(bytes, { name, signal: context.signal });
    const { width, height } = decoded.raster;
    const picture = await fitWithin(decoded.raster, REFERENCE_PX);
    const referenceId = `reference-${++lastId}`;
    references.set(referenceId, { name, picture, hash: contentHash(picture) });
    return {
      referenceId,
      name,
      widthPx: width,
      heightPx: height,
      thumbnail: await thumbnailOf(picture),
      palette: paletteOf(picture, 16).map(({ rgb }) => hexOf(rgb)),
      bands: bandPalette(picture).flat().map(hexOf),
    };
  }

  const faces = openFaceRoom();
  const handlers: Handlers = {
    ...faces.handlers,
    ...settingsHandlers(host),
    async 'app.info'() {
      return {
        version: host.version,
        provider: await host.engine.report(),
        methods: [...host.methods],
        modelNotes: host.registry.problems.map(({ sentence }) => sentence),
      };
    },
    async 'sample.open'(_, context) {
      const sample = await readSample('first-minute');
      const drawing = await openDrawing(sample.drawing.name, sample.drawing.bytes, context);
      const added: ReferenceInfo[] = [];
      for (const { name, bytes } of sample.references) added.push(await addReference(name, bytes, context));
      return { drawing, references: added, credit: sample.credit };
    },
    'drawing.open': ({ name, bytes }, context) => openDrawing(name, bytes, context),
    async 'drawing.close'({ documentId }) {
      drawings.get(documentId)?.origin?.stop();
      drawings.delete(documentId);
      return {};
    },
    'reference.add': ({ name, bytes }, context) => addReference(name, bytes, context),
    async 'reference.remove'({ referenceId }) {
      references.delete(referenceId);
      return {};
    },

    async 'colorize.run'(
      { documentId, method: wanted, regions, gapPx, snap, ...words },
      { progress, signal },
    ) {
      const started = performance.now();
      const opened = drawingOf(documentId);
      const drawing = lineArt(opened);
      const { method, model } = host.colorizer(wanted);
      const { id, sizes } = model.manifest;
      const { sizePx } = words;
      if (!sizes.includes(sizePx))
        throw new Failure(
          'words',
          `The method "${id}" works at the sizes ${sizes.join(', ')}, not ${sizePx}.`,
        );
      refuseUntaken(method, withoutForeignMarks(method, words));
      const { engine } = host;
      const guidance = await guidanceOf(words, {
        drawing: drawing.ink,
        model,
        sizePx,
        encode(referenceId) {
          const { picture, hash } = referenceOf(referenceId);
          return host.features.encode(method, { engine, model, signal }, picture, hash, sizePx);
        },
        progress: part(progress, 0, 0.3),
        signal,
      });
      const colouring = await colourDrawing(
        method,
        { engine, model, signal, progress: part(progress, 0.3, 1) },
        drawing,
        {
          guidance,
          pinColours: words.pins.map(({ referenceId, u, v }) =>
            colourAt(referenceOf(referenceId).picture, u, v),
          ),
          snap: snap
            ? coloursOf(words.references.map(({ referenceId }) => referenceOf(referenceId)))
            : undefined,
          regions,
          gapPx,
          sizePx,
        },
      );
      const { chosen } = await engine.report();
      const group = colouring.layers.find((layer) => layer.kind === 'group');
      if (group) {
        const { layers, changed } = placeColouring(opened.document, group);
        opened.document = { ...opened.document, layers };
        opened.revision++;
        for (const changedId of changed) opened.revisions.set(changedId, opened.revision);
      }
      opened.origin?.stop();
      opened.origin = originOf(
        words.references.map(({ referenceId }) => referenceId),
        async (stopped) => {
          const context = { engine, model, signal: stopped, correspondence: true };
          const native = withoutForeignMarks(method, guidance);
          return (await method.colorize(context, drawing.ink, native, sizePx)).correspondence;
        },
      );
      return {
        drawing: infoOf(documentId, opened),
        seconds: (performance.now() - started) / 1000,
        regionCount: colouring.regionCount,
        provider: chosen,
      };
    },

    async 'colorize.correspondence'({ documentId, x, y }) {
      const { origin, document } = drawingOf(documentId);
      if (!origin)
        throw new Failure('words', 'Colour the drawing first; then it can show where its colour came from.');
      const map = await origin.map();
      if (!map)
        throw new Failure(
          'words',
          'The method that coloured this drawing does not know where its colours came from.',
        );
      const heats = heatOf(map, x / document.width, y / document.height);
      return { references: heats.map((heat, i) => ({ referenceId: origin.of[i]!, ...heat })) };
    },
    async 'lines.draw'({ name, bytes }, { progress, signal }) {
      const decoded = await decodePicture(bytes, { name, signal });
      progress(0.3, 'Drawing lines');
      const lines = await drawLines(decoded.raster);
      progress(0.9, 'Writing');
      return {
        name: `${basename(name, extname(name))}-lines.png`,
        mime: 'image/png',
        bytes: await writePng(lines, { dpi: decoded.dpi }),
      };
    },
    'layer.pixels': ({ documentId, layerId, maxSidePx }) =>
      layerPixels(drawingOf(documentId).document, layerId, maxSidePx),
    async 'layer.update'({ documentId, layerId, ...change }) {
      const opened = drawingOf(documentId);
      opened.document = changeLayer(opened.document, layerId, change);
      return infoOf(documentId, opened);
    },

    async 'painting.new'({ name, widthPx, heightPx, dpi, paper }) {
      requirePlace();
      return addDrawing(name, blankDocument(widthPx, heightPx, dpi, paper), []);
    },
    'painting.pixels': async ({ documentId, layerId }) => takePixels(drawingOf(documentId).document, layerId),
    async 'painting.put'({ documentId, layers, pixels, page }) {
      const opened = drawingOf(documentId);
      const document = putPainting(opened.document, layers, pixels);
      opened.document = page ? putPage(document, page) : document;
      return {};
    },

    async 'document.export'({ documentId, format, ...options }, { progress, signal }) {
      const { document, name } = drawingOf(documentId);
      return exportDocument(document, format, { ...options, name, progress, signal });
    },
  };

  return {
    handlers,
    document: (documentId) => drawingOf(documentId).document,
    close() {
      for (const { origin } of drawings.values()) origin?.stop();
      drawings.clear();
      references.clear();
    },
  };
}

/** Colours the references have, enough of each that its small things are among them. */
function coloursOf(references: readonly OpenReference[]): Rgb[] | undefined {
  const colours = references.flatMap(({ picture }) => paletteOf(picture, SNAP_COLOURS).map(({ rgb }) => rgb));
  return colours.length > 0 ? colours : undefined;
}

/** One map for everyone who asks; a failed one is tried again when asked for again. */
function originOf(
  of: readonly string[],
  find: (stopped: AbortSignal) => Promise<Correspondence | undefined>,
): Origin {
  const controller = new AbortController();
  let map: Promise<Correspondence | undefined> | undefined;
  return {
    of,
    map() {
      if (map) return map;
      const fresh = find(controller.signal);
      map = fresh;
      fresh.catch(() => (map = undefined));
      return fresh;
    },
    stop: () => controller.abort(),
  };
}

async function fitWithin(picture: Raster, sidePx: number): Promise<Raster> {
  const { data, width, height, channels } = picture;
  if (Math.max(width, height) <= sidePx) return picture;
  const { data: small, info } = await sharp(data, { raw: { width, height, channels } })
    .resize(sidePx, sidePx, { fit: 'inside', kernel: 'lanczos3' })
    .raw()
    .toBuffer({ resolveWithObject: true });
  return { data: small, width: info.width, height: info.height, channels, space: picture.space };
}

async function thumbnailOf({ data, width, height, channels }: Raster): Promise<Uint8Array> {
  return sharp(data, { raw: { width, height, channels } })
    .resize(THUMBNAIL_PX, THUMBNAIL_PX, { fit: 'inside', withoutEnlargement: true })
    .png({ compressionLevel: 6 })
    .toBuffer();
}
