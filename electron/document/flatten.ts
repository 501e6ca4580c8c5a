import { throwIfCancelled } from '../failure.ts';
import { createRaster } from '../raster.ts';
import type { Raster } from '../raster.ts';
import { assertPixels, intersect, placeOf } from './bounds.ts';
import type { Region } from './bounds.ts';
import { compositeRow } from './composite.ts';
import { walkLayers } from './model.ts';
import type { InkDocument, Layer } from './model.ts';

export interface FlattenOptions {
  /** Only this part of the document, in whole pixels inside it; the whole document when left out. */
  readonly region?: Region | undefined;
  readonly signal?: AbortSignal | undefined;
}

/** Group pictures are made in strips of about this many bytes, so that a group of a page costs no second page. */
const STRIP_BYTES = 1 << 20;

/** RGBA rows of a part of the document, and where that part lies. */
interface Strip extends Region {
  readonly data: Uint8Array;
}

/**
 * The picture a document shows: every visible layer over those below it, by its blend mode and opacity (used in steps
 * of 1/255, as PSD stores it). Groups are blended as one picture (isolated, W3C Compositing and Blending Level 1,
 * section 3.4). Returns RGBA, straight alpha, sRGB, transparent where no layer covers; the document is not changed.
 * Throws a `cancelled` Failure when the signal fires, a RangeError on a region outside the document.
 */
export function flatten(document: InkDocument, options: FlattenOptions = {}): Raster {
  const whole: Region = { x: 0, y: 0, width: document.width, height: document.height };
  const region = options.region ?? whole;
  const inside = intersect(region, whole);
  if (inside.width !== region.width || inside.height !== region.height || inside.width === 0)
    throw new RangeError(
      `The region ${region.width}x${region.height} at ${region.x}, ${region.y} is not inside the ` +
        `${document.width}x${document.height} document.`,
    );
  for (const { layer } of walkLayers(document.layers)) if (layer.kind === 'raster') assertPixels(layer);

  const picture = createRaster(region.width, region.height, 4);
  const rowBytes = region.width * 4;
  const stripRows = Math.max(1, Math.floor(STRIP_BYTES / rowBytes));
  const groupBuffers: Uint8Array[] = [];
  for (let row = 0; row < region.height; row += stripRows) {
    throwIfCancelled(options.signal);
    const height = Math.min(stripRows, region.height - row);
    const data = picture.data.subarray(row * rowBytes, (row + height) * rowBytes);
    const strip = { data, x: region.x, y: region.y + row, width: region.width, height };
    for (const layer of document.layers) compositeLayer(strip, layer, 0, groupBuffers);
  }
  return picture;
}

/** Composites what a strip shows of a layer onto it; groups first into the buffer of their depth. */
function compositeLayer(strip: Strip, layer: Layer, depth: number, groupBuffers: Uint8Array[]): void {
  const opacity = Math.round(Math.min(1, Math.max(0, layer.opacity)) * 255);
  if (!layer.visible || opacity === 0) return;
  const part = intersect(strip, placeOf(layer));
  if (part.width === 0) return;

  let source: Strip;
  if (layer.kind === 'raster') {
    const { data, width, height } = layer.pixels;
    source = { data, x: layer.x, y: layer.y, width, height };
  } else {
    const size = part.width * part.height * 4;
    let buffer = groupBuffers[depth];
    if (!buffer || buffer.length < size)
      buffer = groupBuffers[depth] = new Uint8Array(Math.max(size, STRIP_BYTES));
    const data = buffer.subarray(0, size).fill(0);
    source = { ...part, data };
    for (const child of layer.children) compositeLayer(source, child, depth + 1, groupBuffers);
  }

  for (let y = part.y; y < part.y + part.height; y++)
    compositeRow(
      { data: strip.data, offset: ((y - strip.y) * strip.width + part.x - strip.x) * 4 },
      { data: source.data, offset: ((y - source.y) * source.width + part.x - source.x) * 4 },
      part.width,
      layer.blend,
      opacity,
      part.x,
      y,
    );
}
