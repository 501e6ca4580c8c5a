import { basename, extname } from 'node:path';
import sharp from 'sharp';
import type { CallContext, Handlers } from './contract/session.ts';
import type { DrawingInfo, ReferenceInfo } from './contract/table.ts';
import { documentOf, type Drawing } from './colorize/drawing.ts';
import { contentHash } from './colorize/feature-cache.ts';
import { hexOf } from './colorize/guide.ts';
import { exportDocument } from './document/export.ts';
import { isOra } from './document/export-formats.ts';
import { changeLayer, layerInfos, layerPixels } from './document/view.ts';
import { writePng } from './document/png.ts';
import { blankDocument } from './document/blank.ts';
import type { InkDocument } from './document/model.ts';
import { openLayered } from './document/open.ts';
import { putPage, putPainting, takePixels } from './document/put.ts';
import { openColourRoom } from './colour-room.ts';
import { openFaceRoom } from './face-room.ts';
import { Failure } from './failure.ts';
import { fileHandlers, stampOf } from './file-room.ts';
import { galleryHandlers } from './gallery-room.ts';
import type { Host } from './host.ts';
import { lineArtOf, lineArtSources } from './line-art.ts';
import type { OpenDrawing, OpenReference } from './open-drawing.ts';
import { decodePicture, requireDrawable } from './page/decode.ts';
import { bandPalette, paletteOf } from './page/palette.ts';
import { readInk } from './page/ink.ts';
import { drawLines } from './page/lines.ts';
import type { Raster } from './raster.ts';
import { toReference } from './reference-picture.ts';
import { aboutHandlers } from './about.ts';
import { recentsHandlers } from './recents/handlers.ts';
import { openRecovery } from './recovery-room.ts';
import { watched } from './room-watch.ts';
import { readSample } from './samples.ts';
import { settingsHandlers } from './settings/handlers.ts';

/** Full-size documents are held in memory; a window that forgets to close them must not fill the machine. */
const MAX_DOCUMENTS = 6;
const MAX_REFERENCES = 128;
const THUMBNAIL_PX = 512;

/** One window's or one command's documents and references, and the contract's handlers over them. */
export interface Room {
  readonly handlers: Handlers;
  /** The document as it stands. @throws Failure `words` when the id is unknown. */
  document(documentId: string): InkDocument;
  /** Lets go of everything; resolves when what was not saved has its recovery copy. */
  close(): Promise<void>;
}

export function openRoom(host: Host): Room {
  const drawings = new Map<string, OpenDrawing>();
  const references = new Map<string, OpenReference>();
  let lastId = 0;
  const { trustsPaths } = host;

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
    const sources = lineArtSources(document);
    const known = opened.drawing;
    const isSame =
      opened.drawnFrom?.length === sources.length && sources.every((s, i) => s === opened.drawnFrom![i]);
    if (known && isSame) return known;
    const picture = lineArtOf(document);
    opened.drawnFrom = sources;
    if (known?.picture === picture) return known;
    opened.drawing = { name, picture, ink: readInk(picture), dpi: document.dpi };
    return opened.drawing;
  }

  /** Adds a picture to the references; one that is there already keeps its id. */
  async function addPicture(name: string, bytes: Uint8Array, signal: AbortSignal): Promise<string> {
    const decoded = await decodePicture(bytes, { name, signal });
    const picture = await toReference(decoded.raster);
    const hash = contentHash(picture);
    for (const [id, reference] of references) if (reference.hash === hash) return id;
    return keepReference({
      name,
      picture,
      hash,
      widthPx: decoded.raster.width,
      heightPx: decoded.raster.height,
    });
  }

  function keepReference(reference: OpenReference): string {
    if (references.size >= MAX_REFERENCES)
      throw new Failure('words', `${MAX_REFERENCES} references are there already. Remove some first.`);
    const referenceId = `reference-${++lastId}`;
    references.set(referenceId, reference);
    return referenceId;
  }

  async function referenceInfo(referenceId: string): Promise<ReferenceInfo> {
    const { name, picture, widthPx, heightPx } = referenceOf(referenceId);
    return {
      ...{ referenceId, name, widthPx, heightPx },
      thumbnail: await thumbnailOf(picture),
      palette: paletteOf(picture, 16).map(({ rgb }) => hexOf(rgb)),
      bands: bandPalette(picture).flat().map(hexOf),
    };
  }

  async function addReference(
    name: string,
    bytes: Uint8Array,
    context: CallContext,
    path?: string,
  ): Promise<ReferenceInfo> {
    const decoded = await decodePicture(bytes, { name, signal: context.signal });
    const { width: widthPx, height: heightPx } = decoded.raster;
    const picture = await toReference(decoded.raster);
    return referenceInfo(
      keepReference({ name, path, picture, hash: contentHash(picture), widthPx, heightPx }),
    );
  }

  const faces = openFaceRoom(host);
  const recovery = openRecovery(host, (documentId) => drawings.get(documentId));
  const handlers: Handlers = {
    ...faces.handlers,
    ...aboutHandlers(host),
    ...settingsHandlers(host),
    ...recentsHandlers(host.recents),
    ...recovery.handlers,
    ...galleryHandlers(host.gallery, {
      document: (documentId) => drawingOf(documentId).document,
      reference: referenceOf,
      addReference,
    }),
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
    async 'drawing.open'({ name, bytes, path }, context) {
      const stamp = trustsPaths && path ? await stampOf(path) : undefined;
      const info = await openDrawing(name, bytes, context);
      if (trustsPaths && path)
        Object.assign(drawingOf(info.documentId), {
          ...{ path, stamp },
          ...(!isOra(path) && { readFrom: path }),
        } satisfies Partial<OpenDrawing>);
      return info;
    },
    async 'drawing.close'({ documentId }) {
      drawings.get(documentId)?.origin?.stop();
      drawings.delete(documentId);
      return {};
    },
    'reference.add': ({ name, bytes, path }, context) =>
      addReference(name, bytes, context, trustsPaths ? path : undefined),
    async 'reference.remove'({ referenceId }) {
      references.delete(referenceId);
      return {};
    },

    ...openColourRoom({
      host,
      drawingOf,
      referenceOf,
      references,
      referenceInfo,
      addPicture,
      lineArt,
      infoOf,
    }),
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
    ...fileHandlers({ trustsPaths, drawings, references, drawingOf }),
  };

  const document = (documentId: string): InkDocument => drawingOf(documentId).document;
  return {
    handlers: watched(handlers, { recovery, recents: host.recents, trustsPaths, drawing: drawingOf }),
    document,
    async close() {
      await recovery.close();
      for (const { origin } of drawings.values()) origin?.stop();
      drawings.clear();
      references.clear();
      faces.close();
    },
  };
}

async function thumbnailOf({ data, width, height, channels }: Raster): Promise<Uint8Array> {
  return sharp(data, { raw: { width, height, channels } })
    .resize(THUMBNAIL_PX, THUMBNAIL_PX, { fit: 'inside', withoutEnlargement: true })
    .png({ compressionLevel: 6 })
    .toBuffer();
}
