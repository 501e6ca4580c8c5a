import { Failure } from '../failure.ts';
import type { JsonValue } from './ora-entry.ts';
import { createRaster, type Raster } from '../raster.ts';
import { intersect, opaqueBounds, placeOf, unite, type Region } from './bounds.ts';
import type { BlendMode, InkDocument, Layer, RasterLayer } from './model.ts';
import { walkLayers } from './model.ts';

/** A layer as a painting window describes it; its pixels come apart. */
export interface LayerRecord {
  readonly id: string;
  readonly kind: 'raster' | 'group';
  readonly name: string;
  /** Nesting: 0 at the top. */
  readonly depth: number;
  readonly visible: boolean;
  readonly opacity: number;
  readonly blend: BlendMode;
  readonly locked: boolean;
  readonly alphaLocked: boolean;
  readonly clipped: boolean;
  readonly passThrough?: boolean | undefined;
}

/** New pixels for a rectangle of a layer, in the document's pixels. */
export interface PixelPatch {
  readonly layerId: string;
  readonly xPx: number;
  readonly yPx: number;
  readonly widthPx: number;
  readonly heightPx: number;
  /** RGBA, straight alpha; empty: the rectangle becomes transparent. */
  readonly rgba: Uint8Array;
}

/** What of a document is neither layers nor pixels; what is left out stays as it is. */
export interface PageRecord {
  readonly widthPx: number;
  readonly heightPx: number;
  readonly dpi: number;
  /** Texts, rulers and what else only the painting window understands. */
  readonly paint?: JsonValue | undefined;
}

/** The document with another page: its size, resolution and the painting window's own data. Pixels stay where they are. */
export function putPage(document: InkDocument, page: PageRecord): InkDocument {
  const { widthPx: width, heightPx: height, dpi, paint } = page;
  if (width * height > LIMITS.area) throw refused('its page is too large');
  return {
    ...{ ...document, width, height, dpi },
    ...(paint !== undefined && { extra: { ...document.extra, paint } }),
  };
}

/** Checked before anything of that size is allocated; the same as for files. */
const LIMITS = { layers: 1000, depth: 64, side: 30_000, area: 200e6, pixels: 500e6 };

/**
 * The document with the layers of `records` (top first, groups before what is in them), each with the pixels it had,
 * and `patches` written into them. Documents given earlier stay as they were. Throws a `words` Failure on
 * records that make no tree, ids that come twice, patches for no layer or of the wrong length, and sizes over the limits.
 */
export function putPainting(
  document: InkDocument,
  records: readonly LayerRecord[],
  patches: readonly PixelPatch[],
): InkDocument {
  const had = new Map<string, RasterLayer>();
  for (const { layer } of walkLayers(document.layers)) if (layer.kind === 'raster') had.set(layer.id, layer);
  const byLayer = patchesByLayer(records, patches);
  requireRoom(records, byLayer, had);

  const build = (from: number, depth: number): { layers: Layer[]; next: number } => {
    const layers: Layer[] = [];
    let at = from;
    while (at < records.length && records[at]!.depth === depth) {
      const { depth: _depth, kind, passThrough, ...look } = records[at++]!;
      if (kind === 'group') {
        const inner = build(at, depth + 1);
        layers.push({ ...look, ...(passThrough && { passThrough }), kind, children: inner.layers });
        at = inner.next;
      } else layers.push({ ...look, kind, ...patched(had.get(look.id), byLayer.get(look.id) ?? []) });
    }
    return { layers: layers.reverse(), next: at };
  };
  const { layers, next } = build(0, 0);
  if (next !== records.length) throw refused('its layers are not in order');
  return { ...document, layers };
}

const refused = (why: string): Failure =>
  new Failure('words', `What was painted could not be taken over: ${why}. Export it, then open it again.`);

function patchesByLayer(
  records: readonly LayerRecord[],
  patches: readonly PixelPatch[],
): Map<string, PixelPatch[]> {
  if (records.length > LIMITS.layers) throw refused('it has too many layers');
  const byLayer = new Map<string, PixelPatch[]>();
  const ids = new Set<string>();
  for (const { id, kind, depth } of records) {
    if (ids.has(id)) throw refused('two of its layers have the same id');
    if (depth > LIMITS.depth) throw refused('its groups are nested too deeply');
    ids.add(id);
    if (kind === 'raster') byLayer.set(id, []);
  }
  for (const patch of patches) {
    const { layerId, widthPx, heightPx, rgba } = patch;
    const list = byLayer.get(layerId);
    if (!list) throw refused('there are pixels for a layer it does not have');
    if (rgba.length !== 0 && rgba.length !== widthPx * heightPx * 4)
      throw refused('the pixels of a layer do not fill their place');
    list.push(patch);
  }
  return byLayer;
}

function requireRoom(
  records: readonly LayerRecord[],
  patches: ReadonlyMap<string, readonly PixelPatch[]>,
  had: ReadonlyMap<string, RasterLayer>,
): void {
  let pixels = 0;
  for (const { id } of records) {
    const old = had.get(id);
    const place = placeAfter(old, patches.get(id) ?? []);
    const area = place.width * place.height;
    if (place.width > LIMITS.side || place.height > LIMITS.side || area > LIMITS.area)
      throw refused('one of its layers is too large');
    pixels += area;
  }
  if (pixels > LIMITS.pixels) throw refused('its layers need too much memory');
}

const regionOf = ({ xPx, yPx, widthPx, heightPx }: PixelPatch): Region => ({
  x: xPx,
  y: yPx,
  width: widthPx,
  height: heightPx,
});

/** A layer that holds nothing is a transparent pixel; it takes no part in where the layer lies afterwards. */
const isNothing = ({ pixels }: RasterLayer): boolean =>
  pixels.width === 1 && pixels.height === 1 && pixels.data[3] === 0;

function placeAfter(old: RasterLayer | undefined, patches: readonly PixelPatch[]): Region {
  const own = old && !isNothing(old) ? placeOf(old) : { x: 0, y: 0, width: 0, height: 0 };
  return patches
    .filter(({ rgba }) => rgba.length > 0)
    .map(regionOf)
    .reduce(unite, own);
}

function patched(
  old: RasterLayer | undefined,
  patches: readonly PixelPatch[],
): Pick<RasterLayer, 'x' | 'y' | 'pixels'> {
  if (old && patches.length === 0) return { x: old.x, y: old.y, pixels: old.pixels };
  const place = placeAfter(old, patches);
  if (place.width === 0) return { x: 0, y: 0, pixels: createRaster(1, 1, 4) };
  const pixels = createRaster(place.width, place.height, 4);
  if (old && !isNothing(old)) copy(old.pixels.data, placeOf(old), pixels, place);
  for (const patch of patches) {
    const region = intersect(regionOf(patch), place);
    if (patch.rgba.length > 0) copy(patch.rgba, region, pixels, place);
    else
      for (let y = region.y; y < region.y + region.height; y++) {
        const at = ((y - place.y) * place.width + region.x - place.x) * 4;
        pixels.data.fill(0, at, at + region.width * 4);
      }
  }
  return { x: place.x, y: place.y, pixels };
}

function copy(data: Uint8Array, from: Region, to: Raster, place: Region): void {
  for (let row = 0; row < from.height; row++)
    to.data.set(
      data.subarray(row * from.width * 4, (row + 1) * from.width * 4),
      ((from.y + row - place.y) * place.width + from.x - place.x) * 4,
    );
}

/** A raster layer's pixels without their transparent rims. Throws a `words` Failure for groups and unknown ids. */
export function takePixels(
  document: InkDocument,
  layerId: string,
): { xPx: number; yPx: number; widthPx: number; heightPx: number; rgba: Uint8Array } {
  for (const { layer } of walkLayers(document.layers)) {
    if (layer.id !== layerId || layer.kind !== 'raster') continue;
    const { data, width } = layer.pixels;
    const bounds = opaqueBounds(layer.pixels);
    const place = { xPx: layer.x + bounds.x, yPx: layer.y + bounds.y };
    const size = { widthPx: bounds.width, heightPx: bounds.height };
    if (bounds.width === width && bounds.height === layer.pixels.height)
      return { ...place, ...size, rgba: data };
    const rgba = new Uint8Array(bounds.width * bounds.height * 4);
    for (let row = 0; row < bounds.height; row++) {
      const from = ((bounds.y + row) * width + bounds.x) * 4;
      rgba.set(data.subarray(from, from + bounds.width * 4), row * bounds.width * 4);
    }
    return { ...place, ...size, rgba };
  }
  throw new Failure('words', 'This layer has no pixels to show.');
}
