import { performance } from 'node:perf_hooks';
import type { Handlers } from './contract/session.ts';
import type { Contract, DrawingInfo, ReferenceInfo, Result } from './contract/table.ts';
import type { z } from 'zod';
import type { ColourRecord, SmallLinesWords } from './contract/colour.ts';
import { heatOf } from './colorize/correspondence.ts';
import { draftDrawing, readSmallInk } from './colorize/draft.ts';
import { colourDrawing, type ColorizeOptions, type Drawing } from './colorize/drawing.ts';
import { refuseUntaken, withoutForeignMarks } from './colorize/guidance.ts';
import { guidanceOf } from './colorize/guide.ts';
import type { Guidance, ModelColour } from './colorize/method.ts';
import type { ModelSize } from './colorize/model-size.ts';
import { previewDrawing, previewSize, smallDrawing } from './colorize/preview.ts';
import { keptReferences, readKept, referenceKeptAs, withKept } from './colour-record.ts';
import { placeColouring } from './document/colouring.ts';
import { Failure, supersedable, throwIfCancelled } from './failure.ts';
import type { Colorizer, Host } from './host.ts';
import { originOf, type OpenDrawing, type OpenReference } from './open-drawing.ts';
import type { Rgb } from './page/oklab.ts';
import { paletteOf } from './page/palette.ts';
import { colourAt } from './page/pick.ts';
import { part, type Progress } from './progress.ts';

/** Colours of each reference that flats may snap to. */
const SNAP_COLOURS = 24;

type PreviewWords = z.output<Contract['colorize.preview']['args']>;
type RunWords = Omit<z.output<Contract['colorize.run']['args']>, 'documentId' | 'method'>;

/** What the colouring channels need of a room. */
export interface ColourRoomContext {
  readonly host: Host;
  drawingOf(documentId: string): OpenDrawing;
  referenceOf(referenceId: string): OpenReference;
  readonly references: ReadonlyMap<string, OpenReference>;
  referenceInfo(referenceId: string): Promise<ReferenceInfo>;
  addPicture(name: string, bytes: Uint8Array, signal: AbortSignal): Promise<string>;
  lineArt(opened: OpenDrawing): Drawing;
  infoOf(documentId: string, opened: OpenDrawing): DrawingInfo;
}

/** The contract's colouring channels over one room's drawings and references. */
export function openColourRoom(
  room: ColourRoomContext,
): Pick<
  Handlers,
  'colorize.run' | 'colorize.preview' | 'colorize.correspondence' | 'colour.keep' | 'colour.recall'
> {
  const { host, drawingOf, referenceOf } = room;
  const { engine } = host;

  function colorizerFor(wanted: string | undefined, words: RunWords): Colorizer {
    const colorizer = host.colorizer(wanted);
    const { id, sizes } = colorizer.model.manifest;
    if (!sizes.includes(words.sizePx))
      throw new Failure(
        'words',
        `The method "${id}" works at the sizes ${sizes.join(', ')}, not ${words.sizePx}.`,
      );
    refuseUntaken(colorizer.method, withoutForeignMarks(colorizer.method, words));
    return colorizer;
  }

  function guidanceFor(
    { method, model }: Colorizer,
    page: ModelSize,
    words: RunWords,
    signal: AbortSignal | undefined,
    progress?: Progress,
  ): Promise<Guidance> {
    const { sizePx } = words;
    return guidanceOf(words, {
      drawing: page,
      model,
      sizePx,
      encode(referenceId) {
        const { picture, hash } = referenceOf(referenceId);
        return host.features.encode(method, { engine, model, signal }, picture, hash, sizePx);
      },
      progress,
      signal,
    });
  }

  async function optionsFor(
    colorizer: Colorizer,
    drawing: Drawing,
    words: RunWords,
    signal: AbortSignal | undefined,
    progress?: Progress,
  ): Promise<ColorizeOptions> {
    const { regions, gapPx, snap, sizePx } = words;
    const guidance = await guidanceFor(colorizer, drawing.page ?? drawing.ink, words, signal, progress);
    const pictures = words.references.map(({ referenceId }) => referenceOf(referenceId));
    return {
      guidance,
      pinColours: words.pins.map(({ referenceId, u, v }) => colourAt(referenceOf(referenceId).picture, u, v)),
      snap: snap ? coloursOf(pictures) : undefined,
      regions,
      gapPx,
      sizePx,
    };
  }

  /** From now on the drawing's colours are said to come from here. */
  function setOrigin(
    opened: OpenDrawing,
    { method, model }: Colorizer,
    words: RunWords,
    find: () => Promise<{ drawing: Drawing; options: ColorizeOptions }>,
  ): void {
    opened.origin?.stop();
    opened.origin = originOf(
      words.references.map(({ referenceId }) => referenceId),
      async (stopped) => {
        const { drawing, options } = await find();
        const context = { engine, model, signal: stopped, correspondence: true };
        const native = withoutForeignMarks(method, options.guidance);
        return (await method.colorize(context, drawing.ink, native, words.sizePx)).correspondence;
      },
    );
  }

  /** The origin of a colouring that was opened from a file, from what the file kept. */
  function originFromRecord(opened: OpenDrawing, record: ColourRecord): void {
    const colorizer = host.colorizer(
      host.methods.some(({ id }) => id === record.method) ? record.method : undefined,
    );
    const { sizes, defaultSize } = colorizer.model.manifest;
    const sizePx = sizes.find((size) => size === record.sizePx) ?? defaultSize;
    const references = record.references.filter(({ used }) => used);
    const ids = references.map(({ referenceId }) => referenceId);
    const words: RunWords = {
      ...record,
      references: references.map(({ referenceId, weight }) => ({ referenceId, weight })),
      pins: record.pins.filter(({ referenceId }) => ids.includes(referenceId)),
      sizePx,
    };
    setOrigin(opened, colorizer, words, async () => {
      const drawing = room.lineArt(opened);
      return { drawing, options: await optionsFor(colorizer, drawing, words, undefined) };
    });
  }

  async function preview(
    { documentId, method: wanted, lines, draft, ...words }: PreviewWords,
    signal: AbortSignal,
  ): Promise<Result<'colorize.preview'>> {
    const started = performance.now();
    const opened = drawingOf(documentId);
    const colorizer = colorizerFor(wanted, words);
    const { method, model } = colorizer;
    if (draft && lines) {
      // Asked before the network is kept busy.
      const report = engine.report();
      report.catch(() => undefined);
      const guidance = await guidanceFor(colorizer, pageOf(lines), words, signal);
      const context = { engine, model, signal };
      const { picture, spentMs } = await draftDrawing(method, context, lines, guidance, words.sizePx);
      const { width: widthPx, height: heightPx, data: rgba } = picture;
      const { chosen: provider } = await report;
      throwIfCancelled(signal);
      return { widthPx, heightPx, rgba, spentMs, provider, seconds: (performance.now() - started) / 1000 };
    }
    const drawing = lines ? await sketchOf(opened, lines) : room.lineArt(opened);
    const options = await optionsFor(colorizer, drawing, words, signal);
    throwIfCancelled(signal);
    const preview = await previewDrawing(method, { engine, model, signal }, drawing, options);
    throwIfCancelled(signal);
    const { chosen } = await engine.report();
    setOrigin(opened, colorizer, words, async () => {
      const { stride } = model.manifest;
      return { drawing: await smallDrawing(drawing, words.sizePx, stride), options };
    });
    const { width: widthPx, height: heightPx, data: rgba } = preview.picture;
    return {
      ...{ widthPx, heightPx, rgba, ...confidenceOf(preview.model) },
      seconds: (performance.now() - started) / 1000,
      provider: chosen,
    };
  }

  return {
    async 'colorize.run'({ documentId, method: wanted, ...words }, { progress, signal }) {
      const started = performance.now();
      const opened = drawingOf(documentId);
      const drawing = room.lineArt(opened);
      const colorizer = colorizerFor(wanted, words);
      const { method, model } = colorizer;
      const options = await optionsFor(colorizer, drawing, words, signal, part(progress, 0, 0.3));
      const context = { engine, model, signal, progress: part(progress, 0.3, 1) };
      const colouring = await colourDrawing(method, context, drawing, options);
      const { chosen } = await engine.report();
      const group = colouring.layers.find((layer) => layer.kind === 'group');
      if (group) {
        const { layers, changed } = placeColouring(opened.document, group);
        opened.document = { ...opened.document, layers };
        opened.revision++;
        for (const changedId of changed) opened.revisions.set(changedId, opened.revision);
      }
      setOrigin(opened, colorizer, words, () => Promise.resolve({ drawing, options }));
      return {
        drawing: room.infoOf(documentId, opened),
        seconds: (performance.now() - started) / 1000,
        regionCount: colouring.regionCount,
        ...confidenceOf(colouring.model),
        provider: chosen,
      };
    },

    'colorize.preview': (args, { signal }) => supersedable(signal, (superseded) => preview(args, superseded)),

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

    async 'colour.keep'({ documentId, record }) {
      const opened = drawingOf(documentId);
      const kept = await keptReferences(record, referenceOf);
      opened.document = withKept(opened.document, record, kept);
      return {};
    },

    async 'colour.recall'({ documentId }, { signal }) {
      const opened = drawingOf(documentId);
      const recalled = await readKept(opened.document, async (name, picture) => {
        throwIfCancelled(signal);
        const known = referenceKeptAs(picture, room.references);
        return known ?? room.addPicture(name, Buffer.from(picture, 'base64'), signal);
      });
      if (!recalled) return { references: [] };
      const { record, referenceIds } = recalled;
      if (!opened.origin) originFromRecord(opened, record);
      return { record, references: await Promise.all(referenceIds.map((id) => room.referenceInfo(id))) };
    },
  };
}

/** The drawing that a window sent small; what is known of it stays as long as it sends the same lines. */
function sketchOf(opened: OpenDrawing, lines: SmallLinesWords): Promise<Drawing> {
  const known = opened.sketch;
  if (!known || !sameLines(known.lines, lines)) opened.sketch = { lines, drawing: readSketch(opened, lines) };
  const { sketch } = opened;
  sketch!.drawing.catch(() => opened.sketch === sketch && (opened.sketch = undefined));
  return sketch!.drawing;
}

const sameLines = (a: SmallLinesWords, b: SmallLinesWords): boolean =>
  a.widthPx === b.widthPx &&
  a.channels === b.channels &&
  a.pageWidthPx === b.pageWidthPx &&
  a.pageHeightPx === b.pageHeightPx &&
  Buffer.compare(a.pixels, b.pixels) === 0;

const pageOf = ({ pageWidthPx, pageHeightPx }: SmallLinesWords): ModelSize => ({
  width: pageWidthPx,
  height: pageHeightPx,
});

async function readSketch({ name, document }: OpenDrawing, lines: SmallLinesWords): Promise<Drawing> {
  const size = previewSize({ width: lines.widthPx, height: lines.heightPx });
  const ink = await readSmallInk(lines, size);
  // Nobody looks at the picture of a small drawing: its own lines are on screen.
  return { name, picture: ink, ink, dpi: document.dpi, page: pageOf(lines) };
}

/** A model's confidence as bytes, if it has one. */
function confidenceOf({ confidence, colour }: ModelColour): {
  confidence?: { columns: number; rows: number; bytes: Uint8Array };
} {
  if (!confidence) return {};
  const bytes = Uint8Array.from(confidence, (value) => Math.min(255, Math.max(0, Math.round(value * 255))));
  return { confidence: { columns: colour.width, rows: colour.height, bytes } };
}

/** Colours the references have, enough of each that its small things are among them. */
function coloursOf(references: readonly OpenReference[]): Rgb[] | undefined {
  const colours = references.flatMap(({ picture }) => paletteOf(picture, SNAP_COLOURS).map(({ rgb }) => rgb));
  return colours.length > 0 ? colours : undefined;
}
