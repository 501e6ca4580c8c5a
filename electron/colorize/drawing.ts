import type { InkDocument, Layer, RasterLayer } from '../document/model.ts';
import { throwIfCancelled } from '../failure.ts';
import { chooseFlats, paintFlats, type FlatColours } from '../page/flats.ts';
import { chooseGapPx } from '../page/gap.ts';
import { obeyMarks, recolourMarked, type Mark } from '../page/marks.ts';
import type { Rgb } from '../page/oklab.ts';
import type { RegionMap } from '../page/regions.ts';
import { findRegions } from '../page/regions.ts';
import { recolourRegions } from '../page/recolour.ts';
import { shadeFlats } from '../page/shading.ts';
import { upsampleColour } from '../page/upsample.ts';
import { part, shared, type Progress } from '../progress.ts';
import type { Raster } from '../raster.ts';
import { withoutForeignMarks } from './guidance.ts';
import type { ColorizeMethod, Guidance, MethodContext, ModelColour } from './method.ts';
import type { ModelSize } from './model-size.ts';
import { cutByHints, spreadHints } from './spread-hints.ts';

/** Names the colouring's layers carry in every file; re-colouring finds its own layers by id, not by name. */
export const LINES = { id: 'lines', name: 'Lines' } as const;
export const GROUP = { id: 'colouring', name: 'Colouring' } as const;
const COLOUR = { id: 'colour', name: 'Colour' } as const;
const FLATS = { id: 'flats', name: 'Flats' } as const;
const SHADING = { id: 'shading', name: 'Shading' } as const;

export interface ColorizeOptions {
  /** Hints and pins may be there whatever the method: regions obey them. */
  readonly guidance: Guidance;
  /** The colour each of the guidance's pins points at, in their order. */
  readonly pinColours?: readonly Rgb[] | undefined;
  /**
   * Colours the references have, for flats to snap to: what the method's votes elect, the nearest where it has none.
   * No snapping when left out.
   */
  readonly snap?: readonly Rgb[] | undefined;
  /** Whether Flats and Shading are made from regions; otherwise only Colour. */
  readonly regions: boolean;
  /** Whether Colour is made too where Flats stand for it; true by default. */
  readonly hiddenColour?: boolean | undefined;
  /** Largest gap to close, in pixels of the full-size drawing; -1 chooses by the drawing's lines. */
  readonly gapPx: number;
  readonly sizePx: number;
}

/** What is known of a drawing before any colouring; regions are filled in when first needed. */
export interface Drawing {
  readonly name: string;
  /** RGBA as decoded, never redrawn. */
  readonly picture: Raster;
  readonly ink: Raster;
  readonly dpi: number;
  /** The size of the page, where picture and ink are smaller than it. */
  readonly page?: ModelSize;
  regions?: { readonly gapPx: number; readonly map: RegionMap };
  /** The last colour a method gave without hints and pins, kept so that moving a hint changes nothing else. */
  unmarked?: { readonly key: readonly unknown[]; readonly model: ModelColour };
}

export interface Colouring {
  readonly layers: readonly Layer[];
  readonly model: ModelColour;
  /** 0 when regions were off. */
  readonly regionCount: number;
}

/** The document a drawing starts as: its own pixels on one locked layer that multiplies what lies under it. */
export function documentOf(drawing: Drawing): InkDocument {
  const { width, height } = drawing.picture;
  return { width, height, dpi: drawing.dpi, layers: [linesLayer(drawing)] };
}

/**
 * Colours a drawing: model colour at model size, regions from the full-size lines, one colour a region (Flats), the
 * smooth rest (Shading), and the model's own colour returned to full size along the lines (Colour, hidden while Flats
 * stand for it). Hints and pins decide the colour of their regions and what belongs to those, with any method; regions
 * far from them are as they would be without. The same inputs and options give the same pixels.
 */
export async function colourDrawing(
  method: ColorizeMethod,
  context: MethodContext,
  drawing: Drawing,
  options: ColorizeOptions,
): Promise<Colouring> {
  const { progress, signal } = context;
  const marks = marksOf(options);
  // The network runs in a process of its own; meanwhile regions are found here.
  const [forModel, forRegions] = shared(part(progress, 0, 0.65));
  const [{ plain, hinted }, map] = await Promise.all([
    modelColours(
      method,
      { ...context, votes: options.snap !== undefined, progress: forModel },
      drawing,
      options,
    ),
    regionsOf(drawing, options, signal, forRegions),
  ]);
  throwIfCancelled(signal);
  progress?.(0.68, 'Choosing one colour a region');
  const found = chooseFlats(map, drawing.ink, plain.colour, {
    confidence: plain.confidence,
    snap: options.snap,
    votes: plain.votes,
  });
  throwIfCancelled(signal);
  // Light and shadow are those of the model, around the colours chosen.
  const snapped = options.snap
    ? recolourRegions(plain.colour, found.cover, found.painted, found.colours)
    : plain.colour;
  const { flats, colour: modelColour } = obey(found, drawing.ink, marks, snapped, hinted);
  const { map: cut, cover, colours } = flats;
  throwIfCancelled(signal);
  progress?.(0.75, 'Returning colour to full size');
  const layers: Layer[] = [];
  if (!options.regions || options.hiddenColour !== false) {
    const colour = upsampleColour(cut, cover, modelColour, colours);
    layers.push(rasterLayer(COLOUR, colour, { visible: !options.regions }));
  }
  if (options.regions) {
    throwIfCancelled(signal);
    progress?.(0.85, 'Laying flats and shading');
    layers.push(
      rasterLayer(FLATS, paintFlats(cut, colours)),
      rasterLayer(SHADING, shadeFlats(cut, cover, modelColour, colours), { blend: 'multiply', opacity: 0.8 }),
    );
  }
  progress?.(1, 'Done');
  return {
    layers: [
      {
        kind: 'group',
        ...GROUP,
        visible: true,
        opacity: 1,
        blend: 'normal',
        locked: false,
        children: layers,
      },
      linesLayer(drawing),
    ],
    model: hinted ?? plain,
    regionCount: options.regions ? cut.count : 0,
  };
}

/** A drawing's regions, found once for a gap size. */
async function regionsOf(
  drawing: Drawing,
  options: ColorizeOptions,
  signal: AbortSignal | undefined,
  progress: Progress,
): Promise<RegionMap> {
  const gapPx = options.gapPx < 0 ? chooseGapPx(drawing.ink, drawing.dpi) : options.gapPx;
  if (drawing.regions?.gapPx !== gapPx)
    drawing.regions = { gapPx, map: await findRegions(drawing.ink, { gapPx, signal, progress }) };
  return drawing.regions.map;
}

function marksOf({ guidance: { hints, pins }, pinColours = [] }: ColorizeOptions): Mark[] {
  if (pinColours.length !== pins.length)
    throw new RangeError(`${pins.length} pins need a colour each; got ${pinColours.length}.`);
  return [...pins.map(({ x, y }, i) => ({ x, y, colour: pinColours[i]! })), ...hints];
}

/** The method's colour without hints and pins, and with them where it understands them. */
async function modelColours(
  method: ColorizeMethod,
  context: MethodContext,
  drawing: Drawing,
  { guidance, sizePx }: ColorizeOptions,
): Promise<{ plain: ModelColour; hinted: ModelColour | undefined }> {
  const { references, palette } = guidance;
  const unmarked: Guidance = { ...guidance, hints: [], pins: [] };
  const native = withoutForeignMarks(method, guidance);
  const isMarked = native.hints.length + native.pins.length > 0;
  if (isMarked && palette.length === 0 && references.every(({ weight }) => weight === 0)) {
    // Hints alone: there is no colouring without them.
    return { plain: await method.colorize(context, drawing.ink, native, sizePx), hinted: undefined };
  }
  const key = [
    context.model,
    context.votes,
    sizePx,
    ...references.flatMap(({ features, weight }) => [features, weight]),
    ...palette.flat(),
  ];
  const known = drawing.unmarked?.key;
  const isKnown = known?.length === key.length && key.every((value, i) => value === known[i]);
  const plain = isKnown
    ? drawing.unmarked!.model
    : await method.colorize(
        { ...context, progress: isMarked ? part(context.progress, 0, 0.5) : context.progress },
        drawing.ink,
        unmarked,
        sizePx,
      );
  drawing.unmarked = { key, model: plain };
  if (!isMarked) return { plain, hinted: undefined };
  const hinted = await method.colorize(
    { ...context, progress: part(context.progress, 0.5, 1) },
    drawing.ink,
    native,
    sizePx,
  );
  return { plain, hinted };
}

/** Flats that obey the marks, and the model's colour brought in line with them. */
function obey(
  found: FlatColours,
  ink: Raster,
  marks: readonly Mark[],
  plain: Raster,
  hinted: ModelColour | undefined,
): { flats: FlatColours; colour: Raster } {
  if (marks.length === 0) return { flats: found, colour: plain };
  const parted = hinted ? cutByHints(found, ink, hinted, marks) : found;
  const marked = obeyMarks(parted, ink, marks);
  const spread = hinted ? spreadHints(marked, plain, hinted, marks, parted.colours) : undefined;
  const { flats, colour, before } = spread ?? {
    flats: marked,
    colour: plain,
    before: Uint8Array.from(
      { length: marked.colours.length },
      (_, i) => parted.colours[marked.wholeOf[Math.floor(i / 3)]! * 3 + (i % 3)]!,
    ),
  };
  return { flats, colour: recolourMarked(colour, flats, before, marks) };
}

function linesLayer(drawing: Drawing): RasterLayer {
  return rasterLayer(LINES, drawing.picture, { blend: 'multiply', locked: true });
}

function rasterLayer(
  which: { readonly id: string; readonly name: string },
  pixels: Raster,
  how: Partial<Pick<RasterLayer, 'visible' | 'opacity' | 'blend' | 'locked'>> = {},
): RasterLayer {
  return {
    kind: 'raster',
    ...which,
    x: 0,
    y: 0,
    pixels,
    visible: true,
    opacity: 1,
    blend: 'normal',
    locked: false,
    ...how,
  };
}
