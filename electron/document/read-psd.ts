import { readFile, stat } from 'node:fs/promises';
import { setImmediate } from 'node:timers/promises';
import { getCompositeImageData, initializeCanvas, readPsd as parsePsd } from 'ag-psd';
import type { Layer as PsdLayer, Psd } from 'ag-psd';
import { Failure, throwIfCancelled } from '../failure.ts';
import type { Progress } from '../progress.ts';
import { createRaster } from '../raster.ts';
import { BLEND_MODES, walkLayers } from './model.ts';
import type { BlendMode, InkDocument, Layer } from './model.ts';
import { decodePsdLayer, toBytes } from './psd-pixels.ts';
import { shown, shownFile } from './shown.ts';
import { storageFailure } from './storage.ts';

export interface ReadPsdOptions {
  readonly signal?: AbortSignal | undefined;
  readonly progress?: Progress | undefined;
}

export interface PsdFile {
  readonly document: InkDocument;
  /** Short sentences on what the file has and Inkwash cannot show as it was. */
  readonly notes: readonly string[];
}

/** Checked before anything of that size is allocated. */
const LIMITS = { fileBytes: 2 ** 31 - 1, side: 30_000, area: 200e6, layers: 1000, depth: 64, pixels: 500e6 };

/** The parts of a PSD's header that decide whether it can be opened (specification, "File Header Section"). */
const HEADER_BYTES = 26;
const GREY = 1;
const RGB = 3;

// ag-psd asks a canvas for its pixel buffers; here they are plain bytes.
initializeCanvas(
  () => {
    throw new Error('No canvas is used here.');
  },
  (width, height) =>
    ({
      width,
      height,
      data: new Uint8ClampedArray(width * height * 4),
      colorSpace: 'srgb' as const,
    }) as never,
);

/** Reads a PSD from disk; see `readPsdBytes`. Throws a `storage` Failure when it cannot be read at all. */
export async function readPsd(path: string, options: ReadPsdOptions = {}): Promise<PsdFile> {
  const name = shownFile(path);
  let bytes: Uint8Array;
  try {
    if ((await stat(path)).size > LIMITS.fileBytes)
      throw new Failure('input', `${name} is larger than 2 GB; merge some of its layers elsewhere first.`);
    bytes = await readFile(path, { signal: options.signal });
  } catch (error) {
    throwIfCancelled(options.signal);
    throw storageFailure(error, path, 'read');
  }
  return readPsdBytes(bytes, name, options);
}

/**
 * The document in a PSD or PSB of 8 or 16 bits, RGB or grey: layers as 8-bit RGBA, groups, names, blend modes, opacity times
 * fill, visibility, locks, masks (applied to the layer's alpha), resolution. Groups are always isolated. A file
 * without layers becomes one layer. Follows Adobe's Photoshop File Formats Specification. `fileName` is for sentences.
 * Throws an `input` Failure on damaged, lying, unreasonably large files and other colour modes, a `cancelled` one when
 * the signal fires.
 */
export async function readPsdBytes(
  bytes: Uint8Array,
  fileName: string,
  options: ReadPsdOptions = {},
): Promise<PsdFile> {
  throwIfCancelled(options.signal);
  checkHeader(bytes, fileName);
  const psd = parse(bytes, fileName);
  const counted = countLayers(psd.children ?? [], 0);
  if (counted.layers > LIMITS.layers || counted.depth > LIMITS.depth)
    throw new Failure('input', `${fileName} has more layers than Inkwash opens; merge some of them first.`);
  if (counted.pixels > LIMITS.pixels)
    throw new Failure(
      'input',
      `The layers of ${fileName} need too much memory; merge or shrink some of them first.`,
    );

  const reading: Reading = {
    fileName,
    options,
    total: Math.max(1, counted.layers),
    done: 0,
    notes: [],
    ids: new Set(),
  };
  const children = psd.children ?? [];
  const layers = children.length > 0 ? await readLayers(children, reading) : [flatLayer(psd, fileName)];
  options.progress?.(1, 'PSD read');
  return {
    document: { width: psd.width, height: psd.height, dpi: dpiOf(psd), layers },
    notes: reading.notes,
  };
}

function checkHeader(bytes: Uint8Array, fileName: string): void {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (bytes.length < HEADER_BYTES || view.getUint32(0) !== 0x38425053)
    throw new Failure(
      'input',
      `${fileName} is no PSD; open it in the program that made it and save as .psd.`,
    );
  const [height, width, depth, mode] = [
    view.getUint32(14),
    view.getUint32(18),
    view.getUint16(22),
    view.getUint16(24),
  ];
  if (width < 1 || height < 1 || width > LIMITS.side || height > LIMITS.side || width * height > LIMITS.area)
    throw new Failure(
      'input',
      `${fileName} says it is ${width}x${height} pixels, more than Inkwash opens; make the picture smaller elsewhere.`,
    );
  if (mode !== RGB && mode !== GREY)
    throw new Failure(
      'input',
      `${fileName} is neither RGB nor greyscale; convert it to RGB and save it again.`,
    );
  if (depth !== 8 && depth !== 16)
    throw new Failure(
      'input',
      `${fileName} has ${depth} bits a channel; convert it to 8 bits and save it again.`,
    );
}

/** The structure of the file; layers keep pointing at their compressed bytes. */
function parse(bytes: Uint8Array, fileName: string): Psd {
  try {
    return parsePsd(bytes, {
      useRawData: true,
      skipThumbnail: true,
      skipLinkedFilesData: true,
      throwForMissingFeatures: false,
    });
  } catch (error) {
    throw damaged(fileName, error);
  }
}

function countLayers(
  layers: readonly PsdLayer[],
  depth: number,
): { layers: number; pixels: number; depth: number } {
  const sum = { layers: layers.length, pixels: 0, depth };
  if (depth > LIMITS.depth) return sum;
  for (const layer of layers) {
    const inner = countLayers(layer.children ?? [], depth + 1);
    sum.layers += inner.layers;
    sum.depth = Math.max(sum.depth, inner.depth);
    sum.pixels += inner.pixels + widthOf(layer) * heightOf(layer);
  }
  return sum;
}

const widthOf = (layer: PsdLayer) => (layer.right ?? 0) - (layer.left ?? 0);
const heightOf = (layer: PsdLayer) => (layer.bottom ?? 0) - (layer.top ?? 0);

interface Reading {
  readonly fileName: string;
  readonly options: ReadPsdOptions;
  readonly total: number;
  done: number;
  readonly notes: string[];
  readonly ids: Set<string>;
}

async function readLayers(layers: readonly PsdLayer[], reading: Reading): Promise<Layer[]> {
  const result: Layer[] = [];
  for (const layer of layers) {
    const { signal, progress } = reading.options;
    const name = layer.name ?? '';
    progress?.(reading.done++ / reading.total, `Reading layer ${shown(name)}`);
    await setImmediate();
    throwIfCancelled(signal);
    noteLosses(layer, name, reading);
    const common = {
      id: freshId(layer.id === undefined ? `layer-${reading.done}` : `psd-${layer.id}`, reading.ids),
      name,
      visible: layer.hidden !== true,
      opacity: (layer.opacity ?? 1) * (layer.fillOpacity ?? 1),
      blend: blendOf(layer),
      locked: layer.protected?.composite === true,
      ...(layer.protected?.transparency && !layer.protected.composite && { alphaLocked: true }),
      ...(layer.clipping && { clipped: true }),
    };
    if (layer.children) {
      const children = await readLayers(layer.children, reading);
      const reaches = [...walkLayers(children)].some((inner) => inner.layer.blend !== 'normal');
      if (layer.blendMode === 'pass through' && reaches)
        reading.notes.push(
          `Group "${shown(name)}" blends through to the layers below it in ${reading.fileName}; here it is one picture.`,
        );
      result.push({ ...common, kind: 'group', children });
      continue;
    }
    try {
      const pixels = decodePsdLayer(layer, widthOf(layer), heightOf(layer));
      result.push({ ...common, kind: 'raster', x: layer.left ?? 0, y: layer.top ?? 0, pixels });
    } catch (error) {
      throw damaged(`Layer "${shown(name)}" of ${reading.fileName}`, error);
    }
  }
  return result;
}

/** Says what of a layer Inkwash shows otherwise than Photoshop. */
function noteLosses(layer: PsdLayer, name: string, { notes, fileName }: Reading): void {
  const lost = (what: string) => notes.push(`Layer "${shown(name)}" of ${fileName} ${what}.`);
  if (layer.adjustment) lost('adjusts colours; Inkwash has no such layer, so it does nothing here');
  if (layer.effects && layer.effects.disabled !== true) lost('has layer effects that Inkwash does not draw');
  if (layer.text) lost('is text; here it is a picture of it');
}

function blendOf(layer: PsdLayer): BlendMode {
  const name = layer.blendMode?.replaceAll(' ', '-');
  return BLEND_MODES.find((mode) => mode === name) ?? 'normal';
}

function freshId(wanted: string, taken: Set<string>): string {
  let id = wanted;
  for (let n = 2; taken.has(id); n++) id = `${wanted}-${n}`;
  taken.add(id);
  return id;
}

/** A file without layers: its composite, opaque, as one layer. */
function flatLayer(psd: Psd, fileName: string): Layer {
  const pixels = createRaster(psd.width, psd.height, 4);
  try {
    const composite = getCompositeImageData(psd);
    if (!composite) throw new RangeError('The file has no composite picture.');
    pixels.data.set(toBytes(composite.data));
  } catch (error) {
    throw damaged(fileName, error);
  }
  for (let i = 3; i < pixels.data.length; i += 4) pixels.data[i] = 255;
  const common = { id: 'layer-1', name: 'Background', visible: true, opacity: 1, locked: false } as const;
  return { ...common, kind: 'raster', blend: 'normal', x: 0, y: 0, pixels };
}

function dpiOf(psd: Psd): number {
  const info = psd.imageResources?.resolutionInfo;
  const dpi = (info?.horizontalResolution ?? 72) * (info?.horizontalResolutionUnit === 'PPCM' ? 2.54 : 1);
  return dpi >= 1 && dpi <= 100_000 ? dpi : 72;
}

function damaged(what: string, cause: unknown): Failure {
  return new Failure(
    'input',
    `${what} is damaged or cut short; open a backup, or save it again where it was made.`,
    cause,
  );
}
