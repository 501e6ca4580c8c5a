import { createRaster, type Raster } from '../../raster.ts';
import { intersect, type Region } from '../bounds.ts';
import type { ColourReader } from './colour.ts';
import { decodeChannel, type SampleLayout } from './planes.ts';
import type { PsdMask, PsdRecord } from './records.ts';
import { drawVectorMask } from './vector-mask.ts';

const TRANSPARENCY = -1;
const MASK = -2;
/** Blocks of layers that are fills or shapes: colour, gradient, pattern, stroked. */
const FILLS = ['SoCo', 'GdFl', 'PtFl', 'vscg', 'vogk'];

/** Pixels at a place in the document. */
export interface PlacedPixels {
  readonly place: Region;
  readonly pixels: Raster;
}

/** A mask's bytes at a place, and what holds around it; already as strong as its density says. */
export interface PlacedMask {
  readonly place: Region;
  readonly values: Uint8Array;
  readonly outside: number;
}

/**
 * A layer's own pixels, with its mask not yet applied; undefined when it has none. A solid colour fill without pixels
 * covers `page`. Throws a RangeError when its channels can't fill its place.
 */
export function decodeLayer(
  record: PsdRecord,
  colour: ColourReader,
  layout: SampleLayout,
  page: Region,
): PlacedPixels | undefined {
  const { place, channels, solidRgb } = record;
  const own = new Map(channels.map(({ id, bytes }) => [id, bytes]));
  const isEmpty = place.width === 0 || place.height === 0;
  if (isEmpty) return solidRgb && solidFill(solidRgb, page);
  const planes: Uint8Array[] = [];
  for (let id = 0; id < colour.channels; id++) {
    const bytes = own.get(id);
    if (!bytes) throw new RangeError(`Channel ${id} is not there.`);
    planes.push(decodeChannel(bytes, place, layout));
  }
  const pixels = colour.toRgba(planes, place.width, place.height);
  const transparency = own.get(TRANSPARENCY);
  if (transparency) {
    const alpha = decodeChannel(transparency, place, layout, false);
    for (let i = 0, at = 3; i < alpha.length; i++, at += 4) pixels.data[at] = alpha[i]!;
  }
  return { place, pixels };
}

function solidFill(rgb: readonly [number, number, number], page: Region): PlacedPixels {
  const pixels = createRaster(page.width, page.height, 4);
  for (let at = 0; at < pixels.data.length; at += 4) {
    pixels.data.set(rgb, at);
    pixels.data[at + 3] = 255;
  }
  return { place: page, pixels };
}

/**
 * What cuts a layer: its mask, into which Photoshop draws its vector mask too; a vector mask that is nowhere drawn.
 * The pixels of shapes are cut already. Throws a RangeError when they don't hold together.
 */
export async function masksOf(record: PsdRecord, layout: SampleLayout, page: Region): Promise<PlacedMask[]> {
  const mask = decodeMask(record, layout);
  const { place, vectorMask, keys } = record;
  const isShape = place.width > 0 && FILLS.some((key) => keys.has(key));
  if (!vectorMask || isShape || record.mask?.isFromVector) return mask ? [mask] : [];
  const drawn = await drawVectorMask(vectorMask, page);
  return [mask, drawn].filter((found) => found !== undefined);
}

function decodeMask(record: PsdRecord, layout: SampleLayout): PlacedMask | undefined {
  const { mask, channels } = record;
  if (!mask || mask.disabled) return undefined;
  const bytes = channels.find(({ id }) => id === MASK)?.bytes;
  if (!bytes) return undefined;
  const { place } = mask;
  const isEmpty = place.width === 0 || place.height === 0;
  const values = isEmpty ? new Uint8Array(0) : decodeChannel(bytes, place, layout, false);
  return {
    place,
    values: mask.density === 1 ? values : values.map((value) => weakened(value, mask)),
    outside: weakened(mask.outside, mask),
  };
}

const weakened = (value: number, { density }: PsdMask): number => Math.round(255 - density * (255 - value));

/** Pixels of the area that their place and the masks claim, for a bound on memory before any is taken. */
export function areaOfRecord({ place, mask, solidRgb }: PsdRecord, page: Region): number {
  const own = place.width * place.height;
  return (
    Math.max(own, own === 0 && solidRgb ? page.width * page.height : 0) +
    (mask ? mask.place.width * mask.place.height : 0)
  );
}

/** Multiplies alpha by a mask, in place. */
export function applyMask({ place, pixels }: PlacedPixels, mask: PlacedMask): void {
  const inside = intersect(place, mask.place);
  const { data } = pixels;
  for (let y = place.y; y < place.y + place.height; y++) {
    const inRows = y >= inside.y && y < inside.y + inside.height;
    for (let x = place.x; x < place.x + place.width; x++) {
      const isIn = inRows && x >= inside.x && x < inside.x + inside.width;
      const value = isIn
        ? mask.values[(y - mask.place.y) * mask.place.width + x - mask.place.x]!
        : mask.outside;
      if (value === 255) continue;
      const at = ((y - place.y) * place.width + x - place.x) * 4 + 3;
      data[at] = Math.round((data[at]! * value) / 255);
    }
  }
}
