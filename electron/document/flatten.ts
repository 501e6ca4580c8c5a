import { compositeRow, compositeRowInside, mixRow } from '../../pixels/composite.ts';
import { throwIfCancelled } from '../failure.ts';
import { createRaster } from '../raster.ts';
import type { Raster } from '../raster.ts';
import { assertPixels, intersect, placeOf } from './bounds.ts';
import type { Region } from './bounds.ts';
import { clipGroups, walkLayers } from './model.ts';
import type { BlendMode, GroupLayer, InkDocument, Layer } from './model.ts';

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
 * section 3.4) unless they pass through. Returns RGBA, straight alpha, sRGB, transparent where no layer covers; the document is not changed.
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
    compositeStack(strip, document.layers, 0, groupBuffers);
  }
  return picture;
}

/** Composites what a strip shows of a stack onto it, bottom first; clipped layers go into the one they are clipped to. */
function compositeStack(strip: Strip, layers: readonly Layer[], depth: number, buffers: Uint8Array[]): void {
  for (const { base, clipped } of clipGroups(layers)) {
    const opacity = opacityOf(base);
    const part = intersect(strip, placeOf(base));
    if (opacity === 0 || part.width === 0) continue;
    const shown = clipped.filter((layer) => opacityOf(layer) > 0);
    if (base.kind === 'group' && passes(base) && clipped.length === 0) {
      passThrough(strip, part, base, depth, buffers);
      continue;
    }
    let source = sourceOf(base, part, depth, buffers);
    if (shown.length > 0) {
      const own = { ...part, data: bufferOf(part, 2 * depth + 1, buffers) };
      copyRows(own, source);
      for (const layer of shown) {
        const inside = intersect(part, placeOf(layer));
        if (inside.width === 0) continue;
        const pixels = sourceOf(layer, inside, depth, buffers);
        lay(own, pixels, inside, layer.blend, opacityOf(layer), true);
      }
      source = own;
    }
    lay(strip, source, part, base.blend, opacity, false);
  }
}

/** Draws a group's layers right onto what lies below; at less than full opacity, part of the way. */
function passThrough(
  strip: Strip,
  part: Region,
  group: GroupLayer,
  depth: number,
  buffers: Uint8Array[],
): void {
  const opacity = opacityOf(group);
  if (opacity === 255) {
    compositeStack(strip, group.children, depth + 1, buffers);
    return;
  }
  const before = { ...part, data: bufferOf(part, 2 * depth, buffers) };
  copyRows(before, strip);
  compositeStack(strip, group.children, depth + 1, buffers);
  for (let y = part.y; y < part.y + part.height; y++)
    mixRow(
      { data: strip.data, offset: offsetIn(strip, part.x, y) },
      { data: before.data, offset: offsetIn(before, part.x, y) },
      part.width,
      opacity,
    );
}

const passes = (group: GroupLayer): boolean => group.passThrough === true && group.clipped !== true;

const opacityOf = (layer: Layer): number =>
  layer.visible ? Math.round(Math.min(1, Math.max(0, layer.opacity)) * 255) : 0;

/** A layer's own pixels, at least those of `part`; a group's are made in the buffer of its depth. */
function sourceOf(layer: Layer, part: Region, depth: number, buffers: Uint8Array[]): Strip {
  if (layer.kind === 'raster') {
    const { data, width, height } = layer.pixels;
    return { data, x: layer.x, y: layer.y, width, height };
  }
  const strip = { ...part, data: bufferOf(part, 2 * depth, buffers) };
  compositeStack(strip, layer.children, depth + 1, buffers);
  return strip;
}

function bufferOf(part: Region, slot: number, buffers: Uint8Array[]): Uint8Array {
  const size = part.width * part.height * 4;
  let buffer = buffers[slot];
  if (!buffer || buffer.length < size) buffer = buffers[slot] = new Uint8Array(Math.max(size, STRIP_BYTES));
  return buffer.subarray(0, size).fill(0);
}

const offsetIn = (strip: Strip, x: number, y: number): number =>
  ((y - strip.y) * strip.width + x - strip.x) * 4;

function copyRows(target: Strip, source: Strip): void {
  for (let y = target.y; y < target.y + target.height; y++) {
    const from = offsetIn(source, target.x, y);
    target.data.set(source.data.subarray(from, from + target.width * 4), offsetIn(target, target.x, y));
  }
}

function lay(
  target: Strip,
  source: Strip,
  part: Region,
  blend: BlendMode,
  opacity: number,
  inside: boolean,
): void {
  const composite = inside ? compositeRowInside : compositeRow;
  for (let y = part.y; y < part.y + part.height; y++)
    composite(
      { data: target.data, offset: offsetIn(target, part.x, y) },
      { data: source.data, offset: offsetIn(source, part.x, y) },
      part.width,
      blend,
      opacity,
      part.x,
      y,
    );
}
