import { setImmediate } from 'node:timers/promises';
import type {
  BlendMode as PsdBlendMode,
  Layer as PsdLayer,
  LayerRawDataChannel,
  Psd,
  PsdWriter,
} from 'ag-psd';
import { createWriter, getWriterBufferNoCopy, writePsd as writePsdTo } from 'ag-psd/dist/psdWriter.js';
import { Failure, throwIfCancelled } from '../failure.ts';
import { part } from '../progress.ts';
import type { Progress } from '../progress.ts';
import { assertPixels, opaqueBounds } from './bounds.ts';
import type { Region } from './bounds.ts';
import { flatten } from './flatten.ts';
import { walkLayers } from './model.ts';
import type { BlendMode, InkDocument, Layer, RasterLayer } from './model.ts';
import { packChannel, worstChannelBytes } from './packbits.ts';
import { shown } from './shown.ts';

export interface PsdOptions {
  readonly signal?: AbortSignal | undefined;
  readonly progress?: Progress | undefined;
}

/** PSD's limits: pixels a side (specification, "File Header Section") and, for the whole file, signed 32-bit offsets. */
const MAX_SIDE = 30000;
const MAX_BYTES = 0x7fffffff;

/** ag-psd's (and Photoshop's) name of a blend mode: ours with spaces. */
export function psdBlendName(blend: BlendMode): PsdBlendMode {
  return blend.replaceAll('-', ' ') as PsdBlendMode;
}

/**
 * A Photoshop document of 8-bit RGB layers with transparency: groups, Unicode names, blend modes, opacity, visibility,
 * locks, resolution, and the composite picture that viewers show. Layers are trimmed to what is not transparent and
 * RLE-compressed. Follows Adobe's Photoshop File Formats Specification; the same document gives the same bytes.
 * Throws an `input` Failure when the document is too large for PSD, a `cancelled` one when the signal fires.
 */
export async function writePsd(document: InkDocument, options: PsdOptions = {}): Promise<Uint8Array> {
  const { signal, progress } = options;
  if (document.width > MAX_SIDE || document.height > MAX_SIDE)
    throw new Failure(
      'input',
      `A PSD can be ${MAX_SIDE} pixels a side at most and this page is ${document.width}x${document.height}; ` +
        'save it as .ora instead.',
    );
  const packing = await packLayers(document, signal, part(progress, 0, 0.7));
  part(progress, 0.7, 0.8)(0, 'Flattening the page');
  const { data, width, height } = flatten(document, { signal });
  readyComposite(data);
  await setImmediate();
  throwIfCancelled(signal);
  part(progress, 0.8, 1)(0, 'Assembling the PSD');
  const psd: Psd = {
    width,
    height,
    children: document.layers.map((layer) => psdLayer(layer, packing.packed)),
    imageData: { data, width, height },
    imageResources: {
      resolutionInfo: {
        horizontalResolution: document.dpi,
        horizontalResolutionUnit: 'PPI',
        widthUnit: 'Inches',
        verticalResolution: document.dpi,
        verticalResolutionUnit: 'PPI',
        heightUnit: 'Inches',
      },
    },
  };
  const writer = reserveWriter(packing.bytesAtMost, worstChannelBytes(pageOf(document)) * 4);
  writePsdTo(writer, psd);
  throwIfCancelled(signal);
  progress?.(1, 'PSD written');
  return getWriterBufferNoCopy(writer);
}

/**
 * ag-psd's writer, with its buffers made here. Its own entry point starts at 4 kB and doubles, which for a page copies
 * hundreds of megabytes, and its scratch buffer is too small for pages 1 or 2 pixels wide, whose composite came out
 * cut short. Memory that is reserved here and never written is never really taken.
 */
function reserveWriter(bytesAtMost: number, scratchBytes: number): PsdWriter {
  const scratch = new Uint8Array(scratchBytes);
  const writer = createWriter(bytesAtMost);
  return Object.defineProperty(writer, 'tempBuffer', { get: () => scratch, set: () => undefined });
}

const pageOf = ({ width, height }: InkDocument): Region => ({ x: 0, y: 0, width, height });

/**
 * Readies the flattened page for the composite, which PSD stores blended over white (ag-psd does that). Where nothing is,
 * viewers that know no transparency show the colour that lies there: white, as in Photoshop. And ag-psd cuts off fractions, so
 * half-transparent black could fall just below what white alone leaves, which ImageMagick then reads as white: such
 * channels become 1, which is stored as what 0 should have been.
 */
function readyComposite(data: Uint8Array): void {
  for (let i = 0; i < data.length; i += 4) {
    const alpha = data[i + 3]!;
    if (alpha === 255) continue;
    const least = alpha === 0 ? 255 : 1;
    for (let c = i; c < i + 3; c++) if (data[c]! < least) data[c] = least;
  }
}

interface PackedLayer {
  /** Where the layer's pixels that are not transparent lie in the document. */
  readonly place: Region;
  readonly channels: LayerRawDataChannel[];
}

/** Compresses every raster layer, one channel at a time so that a cancel is heard and memory stays near the result. */
async function packLayers(
  document: InkDocument,
  signal: AbortSignal | undefined,
  progress: Progress,
): Promise<{ packed: Map<RasterLayer, PackedLayer>; bytesAtMost: number }> {
  const layers = [...walkLayers(document.layers)].flatMap(({ layer }) =>
    layer.kind === 'raster' ? [layer] : [],
  );
  const bounds = layers.map((layer) => {
    assertPixels(layer);
    return opaqueBounds(layer.pixels);
  });
  const scratch = new Uint8Array(Math.max(0, ...bounds.map(worstChannelBytes)));
  const packed = new Map<RasterLayer, PackedLayer>();
  // What is not pixels (names, records, resources) is far below this much a layer.
  const recordBytes = 4096;
  let total = recordBytes * (2 + [...walkLayers(document.layers)].length * 2);
  total += worstChannelBytes(pageOf(document)) * 4;
  for (const [index, layer] of layers.entries()) {
    progress(index / layers.length, `Compressing layer ${shown(layer.name)}`);
    const region = bounds[index]!;
    if (region.width > MAX_SIDE || region.height > MAX_SIDE)
      throw new Failure(
        'input',
        `Layer "${shown(layer.name)}" is larger than the ${MAX_SIDE} pixels a side that a PSD can hold; save as .ora instead.`,
      );
    const channels: LayerRawDataChannel[] = [];
    // PSD's channel ids: transparency is −1, then red, green, blue (specification, "Layer records").
    for (const id of [-1, 0, 1, 2] as const) {
      await setImmediate();
      throwIfCancelled(signal);
      if (region.width === 0) {
        channels.push({ id, compression: 0, data: undefined });
        continue;
      }
      const data = packChannel(layer.pixels, region, id === -1 ? 3 : id, scratch);
      channels.push({ id, compression: 1, data });
      total += data.length;
    }
    if (total > MAX_BYTES)
      throw new Failure(
        'input',
        'These layers need more than the 2 GB that a PSD can hold; save as .ora instead.',
      );
    packed.set(layer, { place: { ...region, x: layer.x + region.x, y: layer.y + region.y }, channels });
  }
  return { packed, bytesAtMost: total };
}

/** ag-psd's description of a layer; like ours it keeps children bottom first. */
function psdLayer(layer: Layer, packed: ReadonlyMap<RasterLayer, PackedLayer>): PsdLayer {
  const common: PsdLayer = {
    name: layer.name,
    blendMode: psdBlendName(layer.blend),
    opacity: layer.opacity,
    hidden: !layer.visible,
    ...(layer.clipped && { clipping: true }),
    ...(layer.locked
      ? { protected: { transparency: true, composite: true, position: true } }
      : layer.alphaLocked && { protected: { transparency: true } }),
  };
  if (layer.kind === 'group')
    return {
      ...common,
      ...(layer.passThrough && { blendMode: 'pass through' }),
      opened: true,
      children: layer.children.map((child) => psdLayer(child, packed)),
    };
  const { place, channels } = packed.get(layer)!;
  return {
    ...common,
    left: place.x,
    top: place.y,
    right: place.x + place.width,
    bottom: place.y + place.height,
    rawData: { colorMode: 3, bitsPerChannel: 8, large: false, channels },
  };
}
