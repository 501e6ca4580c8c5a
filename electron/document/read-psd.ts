import { readFile, stat } from 'node:fs/promises';
import { setImmediate } from 'node:timers/promises';
import { Failure, throwIfCancelled } from '../failure.ts';
import type { Progress } from '../progress.ts';
import { createRaster } from '../raster.ts';
import type { Region } from './bounds.ts';
import type { BlendMode, InkDocument, Layer } from './model.ts';
import { colourReader, MODES, type ColourReader } from './psd-file/colour.ts';
import { applyMask, areaOfRecord, decodeLayer, masksOf, type PlacedMask } from './psd-file/layers.ts';
import { decodePlanes, type SampleLayout } from './psd-file/planes.ts';
import { TooManyLayers, type PsdRecord } from './psd-file/records.ts';
import { readHeader, readSections, type PsdSections } from './psd-file/sections.ts';
import { noteLosses } from './psd-file/losses.ts';
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
    throw error instanceof Failure ? error : storageFailure(error, path, 'read');
  }
  return readPsdBytes(bytes, name, options);
}

/**
 * The document in a PSD or PSB: layers as 8-bit sRGB with alpha, groups (isolated or passing through), names, blend
 * modes, opacity times fill, visibility, locks, clipping, masks (multiplied into alpha), resolution. Bitmap, greyscale,
 * indexed, RGB, CMYK (by its profile), duotone (as grey) and Lab, of 1, 8, 16 or 32 bits a channel, raw, RLE, zip or
 * predicted zip. A file without layers becomes one layer. Follows Adobe's Photoshop File Formats Specification.
 * `fileName` is for sentences. Throws an `input` Failure on damaged, lying and unreasonably large files and on
 * multichannel ones, a `cancelled` one when the signal fires.
 */
export async function readPsdBytes(
  bytes: Uint8Array,
  fileName: string,
  options: ReadPsdOptions = {},
): Promise<PsdFile> {
  throwIfCancelled(options.signal);
  checkHeader(bytes, fileName);
  const sections = parse(bytes, fileName);
  const { header, records, dpi } = sections;
  const page: Region = { x: 0, y: 0, width: header.width, height: header.height };
  if (records.reduce((sum, record) => sum + areaOfRecord(record, page), 0) > LIMITS.pixels)
    throw new Failure(
      'input',
      `The layers of ${fileName} need too much memory; merge or shrink some of them first.`,
    );
  const colour = await colourReader(sections);
  if (!colour)
    throw new Failure(
      'input',
      `The colours of ${fileName} can't be read; convert it to RGB and save it again where it was made.`,
    );
  const reading: Reading = {
    ...{ fileName, options, colour, page, total: Math.max(1, records.length), done: 0 },
    layout: { depth: header.depth, large: header.large },
    notes: [],
    ids: new Set(),
  };
  const layers =
    records.length > 0
      ? await readLayers(treeOf(records, fileName), reading)
      : [flatLayer(sections, colour, fileName)];
  options.progress?.(1, 'PSD read');
  return { document: { width: page.width, height: page.height, dpi, layers }, notes: reading.notes };
}

function checkHeader(bytes: Uint8Array, fileName: string): void {
  const header = readHeader(bytes);
  if (!header || (header.version !== 1 && header.version !== 2))
    throw new Failure(
      'input',
      `${fileName} is no PSD; open it in the program that made it and save as .psd.`,
    );
  const { width, height, depth, mode, channels } = header;
  if (width < 1 || height < 1 || width > LIMITS.side || height > LIMITS.side || width * height > LIMITS.area)
    throw new Failure(
      'input',
      `${fileName} says it is ${width}x${height} pixels, more than Inkwash opens; make the picture smaller elsewhere.`,
    );
  if (!(Object.values(MODES) as number[]).includes(mode) || mode === MODES.multichannel)
    throw new Failure(
      'input',
      `${fileName} has ink channels of its own instead of colours; convert it to RGB and save it again.`,
    );
  if (depth !== 8 && depth !== 16 && depth !== 32 && !(depth === 1 && mode === MODES.bitmap))
    throw new Failure(
      'input',
      `${fileName} has ${depth} bits a channel; convert it to 8 bits and save it again.`,
    );
  if (channels < 1 || channels > 56) throw damaged(fileName, new RangeError(`It has ${channels} channels.`));
}

/** The structure of the file; layers keep pointing at their compressed bytes. */
function parse(bytes: Uint8Array, fileName: string): PsdSections {
  try {
    return readSections(bytes, 2 * LIMITS.layers);
  } catch (error) {
    if (error instanceof TooManyLayers) throw tooManyLayers(fileName);
    throw damaged(fileName, error);
  }
}

interface Node {
  readonly record: PsdRecord;
  /** Of a group, bottom first. */
  readonly children: Node[] | undefined;
}

/** The tree that the marks around groups describe; a group that nothing ends holds all there is below it. */
function treeOf(records: readonly PsdRecord[], fileName: string): Node[] {
  const top: Node[] = [];
  const open = [top];
  let count = 0;
  for (const record of records.toReversed()) {
    if (record.divider === 'end') {
      if (open.length > 1) open.pop();
      continue;
    }
    const node: Node = { record, children: record.divider === 'group' ? [] : undefined };
    open.at(-1)!.unshift(node);
    if (node.children) open.push(node.children);
    if (++count > LIMITS.layers || open.length > LIMITS.depth + 1) throw tooManyLayers(fileName);
  }
  return top;
}

interface Reading {
  readonly fileName: string;
  readonly options: ReadPsdOptions;
  readonly colour: ColourReader;
  readonly layout: SampleLayout;
  readonly page: Region;
  readonly total: number;
  done: number;
  readonly notes: string[];
  readonly ids: Set<string>;
}

async function readLayers(
  nodes: readonly Node[],
  reading: Reading,
  groupMasks: readonly PlacedMask[] = [],
): Promise<Layer[]> {
  const result: Layer[] = [];
  for (const { record, children } of nodes) {
    const { signal, progress } = reading.options;
    progress?.(Math.min(1, reading.done++ / reading.total), `Reading layer ${shown(record.name)}`);
    await setImmediate();
    throwIfCancelled(signal);
    reading.notes.push(...noteLosses(record, reading.fileName));
    const common = {
      id: freshId(record.id === undefined ? `layer-${reading.done}` : `psd-${record.id}`, reading.ids),
      name: record.name,
      visible: !record.hidden,
      opacity: record.opacity,
      blend: BLENDS.get(record.blendKey) ?? 'normal',
      locked: record.pixelsProtected,
      ...(record.transparencyProtected && !record.pixelsProtected && { alphaLocked: true }),
      ...(record.clipped && { clipped: true }),
    };
    try {
      const masks = [...groupMasks, ...(await masksOf(record, reading.layout, reading.page))];
      if (children) {
        result.push({
          ...common,
          ...(record.blendKey === PASS_THROUGH && { passThrough: true }),
          kind: 'group',
          children: await readLayers(children, reading, masks),
        });
        continue;
      }
      const found = decodeLayer(record, reading.colour, reading.layout, reading.page);
      for (const each of masks) if (found) applyMask(found, each);
      const { x, y } = found?.place ?? record.place;
      result.push({ ...common, kind: 'raster', x, y, pixels: found?.pixels ?? createRaster(1, 1, 4) });
    } catch (error) {
      if (error instanceof Failure) throw error;
      throw damaged(`Layer "${shown(record.name)}" of ${reading.fileName}`, error);
    }
  }
  return result;
}

const PASS_THROUGH = 'pass';

/** Blend mode keys (specification, "Layer records"). */
const BLENDS = new Map<string, BlendMode>([
  ['norm', 'normal'],
  ['diss', 'dissolve'],
  ['dark', 'darken'],
  ['mul ', 'multiply'],
  ['idiv', 'color-burn'],
  ['lbrn', 'linear-burn'],
  ['dkCl', 'darker-color'],
  ['lite', 'lighten'],
  ['scrn', 'screen'],
  ['div ', 'color-dodge'],
  ['lddg', 'linear-dodge'],
  ['lgCl', 'lighter-color'],
  ['over', 'overlay'],
  ['sLit', 'soft-light'],
  ['hLit', 'hard-light'],
  ['vLit', 'vivid-light'],
  ['lLit', 'linear-light'],
  ['pLit', 'pin-light'],
  ['hMix', 'hard-mix'],
  ['diff', 'difference'],
  ['smud', 'exclusion'],
  ['fsub', 'subtract'],
  ['fdiv', 'divide'],
  ['hue ', 'hue'],
  ['sat ', 'saturation'],
  ['colr', 'color'],
  ['lum ', 'luminosity'],
]);

function freshId(wanted: string, taken: Set<string>): string {
  let id = wanted;
  for (let n = 2; taken.has(id); n++) id = `${wanted}-${n}`;
  taken.add(id);
  return id;
}

/** A file without layers: its composite as one layer. */
function flatLayer(
  { header, composite, alphaIsTransparency }: PsdSections,
  colour: ColourReader,
  fileName: string,
): Layer {
  const { width, height, depth, large, channels } = header;
  const hasAlpha = alphaIsTransparency && channels > colour.channels;
  const common = { id: 'layer-1', name: 'Background', visible: true, opacity: 1, locked: false } as const;
  try {
    if (channels < colour.channels) throw new RangeError(`${channels} channels are too few.`);
    const isLight = (channel: number) => channel < colour.channels;
    const planes = decodePlanes(composite, { width, height }, { depth, large }, channels, isLight);
    const pixels = colour.toRgba(planes, width, height);
    const alpha = hasAlpha ? planes[colour.channels]! : undefined;
    if (alpha) for (let i = 0, at = 3; i < alpha.length; i++, at += 4) pixels.data[at] = alpha[i]!;
    return { ...common, kind: 'raster', blend: 'normal', x: 0, y: 0, pixels };
  } catch (error) {
    throw damaged(fileName, error);
  }
}

const tooManyLayers = (fileName: string): Failure =>
  new Failure('input', `${fileName} has more layers than Inkwash opens; merge some of them first.`);

function damaged(what: string, cause: unknown): Failure {
  return new Failure(
    'input',
    `${what} is damaged or cut short; open a backup, or save it again where it was made.`,
    cause,
  );
}
