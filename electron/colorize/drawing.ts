import type { InkDocument, Layer, RasterLayer } from '../document/model.ts';
import { throwIfCancelled } from '../failure.ts';
import { coverCells } from '../page/cover.ts';
import { paintFlats, poolRegionColours } from '../page/flats.ts';
import type { RegionMap } from '../page/regions.ts';
import { defaultGapPx, findRegions } from '../page/regions.ts';
import { shadeFlats } from '../page/shading.ts';
import { upsampleColour } from '../page/upsample.ts';
import { part } from '../progress.ts';
import type { Raster } from '../raster.ts';
import type { ColorizeMethod, Guidance, MethodContext, ModelColour } from './method.ts';

/** Names the colouring's layers carry in every file; re-colouring finds its own layers by id, not by name. */
export const LINES = { id: 'lines', name: 'Lines' } as const;
export const GROUP = { id: 'colouring', name: 'Colouring' } as const;
const COLOUR = { id: 'colour', name: 'Colour' } as const;
const FLATS = { id: 'flats', name: 'Flats' } as const;
const SHADING = { id: 'shading', name: 'Shading' } as const;

export interface ColorizeOptions {
  readonly guidance: Guidance;
  /** Whether Flats and Shading are made from regions; otherwise only Colour. */
  readonly regions: boolean;
  /** Largest gap to close, in pixels of the full-size drawing; -1 chooses by the page's size. */
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
  regions?: { readonly gapPx: number; readonly map: RegionMap };
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
 * stand for it). The same inputs and options give the same pixels.
 */
export async function colourDrawing(
  method: ColorizeMethod,
  context: MethodContext,
  drawing: Drawing,
  options: ColorizeOptions,
): Promise<Colouring> {
  const { progress, signal } = context;
  const { width, height } = drawing.picture;
  const model = await method.colorize(
    { ...context, progress: part(progress, 0, 0.3) },
    drawing.ink,
    options.guidance,
    options.sizePx,
  );
  throwIfCancelled(signal);
  const gapPx = options.gapPx < 0 ? defaultGapPx(width, height) : options.gapPx;
  if (drawing.regions?.gapPx !== gapPx) {
    const map = await findRegions(drawing.ink, { gapPx, signal, progress: part(progress, 0.3, 0.65) });
    drawing.regions = { gapPx, map };
  }
  const { map } = drawing.regions;
  throwIfCancelled(signal);
  progress?.(0.68, 'Choosing one colour a region');
  const cover = coverCells(map, drawing.ink, model.colour.width, model.colour.height);
  const colours = poolRegionColours(cover, model.colour);
  throwIfCancelled(signal);
  progress?.(0.75, 'Returning colour to full size');
  const colour = upsampleColour(map, cover, model.colour, colours);
  const layers: Layer[] = [rasterLayer(COLOUR, colour, { visible: !options.regions })];
  if (options.regions) {
    throwIfCancelled(signal);
    progress?.(0.85, 'Laying flats and shading');
    const flats = paintFlats(map, colours);
    const shading = shadeFlats(map, cover, model.colour, colours);
    layers.push(
      rasterLayer(FLATS, flats),
      rasterLayer(SHADING, shading, { blend: 'multiply', opacity: 0.8 }),
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
    model,
    regionCount: options.regions ? map.count : 0,
  };
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
