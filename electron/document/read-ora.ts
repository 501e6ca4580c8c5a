import { readFile, stat } from 'node:fs/promises';
import sharp from 'sharp';
import { Failure, throwIfCancelled } from '../failure.ts';
import type { Progress } from '../progress.ts';
import type { Raster } from '../raster.ts';
import type { InkDocument, Layer } from './model.ts';
import { INKWASH_ENTRY, inkwashEntrySchema } from './ora-entry.ts';
import type { InkwashEntry, JsonValue } from './ora-entry.ts';
import { shown, shownFile } from './shown.ts';
import { storageFailure } from './storage.ts';
import { readStackXml } from './stack-xml.ts';
import type { StackNode } from './stack-xml.ts';
import { toXmlText } from './xml.ts';
import { openZip } from './zip.ts';
import type { OpenZip } from './zip.ts';

export interface ReadOraOptions {
  readonly signal?: AbortSignal | undefined;
  readonly progress?: Progress | undefined;
}

export interface OraFile {
  readonly document: InkDocument;
  /** What `writeOra` was given as `extra`; undefined in files of other programs. */
  readonly extra: JsonValue | undefined;
  /** Short sentences on what the file has and Inkwash cannot show; empty for Inkwash's own files. */
  readonly notes: readonly string[];
}

/** Far above any page, far below what would harm the machine: checked before anything of that size is allocated. */
const LIMITS = {
  fileBytes: 2 ** 31 - 1,
  entries: 5000,
  nameBytes: 1000,
  pngBytes: 1 << 30,
  xmlBytes: 8 << 20,
  jsonBytes: 64 << 20,
  side: 30_000,
  area: 200e6,
  layers: 1000,
  depth: 64,
  /** Pixels of all layers together: 2 GB of RGBA. */
  pixels: 500e6,
};

/** Reads an OpenRaster file from disk; see `readOraBytes`. Throws a `storage` Failure when it cannot be read at all. */
export async function readOra(path: string, options: ReadOraOptions = {}): Promise<OraFile> {
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
  return readOraBytes(bytes, name, options);
}

/**
 * The document in an OpenRaster file (File Layout and Layer Stack specifications), Inkwash's or another program's.
 * Layers come as 8-bit RGBA sRGB; ids, blend modes OpenRaster lacks and exact resolution come from inkwash.json where it
 * still fits stack.xml. `fileName` is for sentences. Throws an `input` Failure on
 * damaged, incomplete or unreasonably large files, a `cancelled` one when the signal fires.
 */
export async function readOraBytes(
  bytes: Uint8Array,
  fileName: string,
  options: ReadOraOptions = {},
): Promise<OraFile> {
  const { signal, progress } = options;
  const zip = await openZip(bytes, fileName, LIMITS.entries);
  const type = zip.has('mimetype') ? asText(await zip.read('mimetype', LIMITS.nameBytes, signal)).trim() : '';
  if (type !== 'image/openraster' || !zip.has('stack.xml'))
    throw new Failure(
      'input',
      `${fileName} is no OpenRaster file; open it in the program that made it and save as .ora.`,
    );
  const xml = await zip.read('stack.xml', LIMITS.xmlBytes, signal);
  const stack = readStackXml(asText(xml), fileName, LIMITS);
  const entry = await readEntry(zip, signal);

  const total = Math.max(1, countPictures(stack.layers));
  const reading: Reading = { zip, fileName, signal, entry, order: 0, pixels: 0, ids: new Set() };
  let done = 0;
  const layers = await readLayers(stack.layers, reading, (name) =>
    progress?.(done++ / total, `Reading layer ${name}`),
  );
  progress?.(1, 'OpenRaster read');
  const dpi = entry && Math.max(1, Math.round(entry.dpi)) === stack.dpi ? entry.dpi : stack.dpi;
  return {
    document: {
      ...{ width: stack.width, height: stack.height, dpi, layers },
      ...(isRecord(entry?.extra) && { extra: entry.extra }),
    },
    extra: entry?.extra,
    notes: stack.notes,
  };
}

const isRecord = (value: JsonValue | undefined): value is Readonly<Record<string, JsonValue>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const countPictures = (nodes: readonly StackNode[]): number =>
  nodes.reduce((sum, node) => sum + (node.kind === 'raster' ? 1 : countPictures(node.children)), 0);

/** What is carried from layer to layer while reading, topmost first and groups before what is in them. */
interface Reading {
  readonly zip: OpenZip;
  readonly fileName: string;
  readonly signal: AbortSignal | undefined;
  readonly entry: InkwashEntry | undefined;
  order: number;
  pixels: number;
  readonly ids: Set<string>;
}

/** inkwash.json if it is there and sound. A broken one costs ids and extras, never the picture. */
async function readEntry(zip: OpenZip, signal: AbortSignal | undefined): Promise<InkwashEntry | undefined> {
  if (!zip.has(INKWASH_ENTRY)) return undefined;
  try {
    const bytes = await zip.read(INKWASH_ENTRY, LIMITS.jsonBytes, signal);
    const parsed: unknown = JSON.parse(asText(bytes));
    const checked = inkwashEntrySchema.safeParse(parsed);
    return checked.success ? (checked.data as InkwashEntry) : undefined;
  } catch {
    throwIfCancelled(signal);
    return undefined;
  }
}

async function readLayers(
  nodes: readonly StackNode[],
  reading: Reading,
  onPicture: (name: string) => void,
): Promise<Layer[]> {
  const layers: Layer[] = [];
  for (const node of nodes) {
    const order = reading.order++;
    const said = reading.entry?.layers[order];
    const known = said && said.kind === node.kind && toXmlText(said.name) === node.name ? said : undefined;
    if (known?.cuts) continue;
    const common = {
      id: uniqueId(known?.id ?? `layer-${order + 1}`, reading.ids),
      name: known?.name ?? node.name,
      visible: node.visible,
      opacity: node.opacity,
      blend: known && known.compositeOp === node.compositeOp ? known.blend : node.blend,
      locked: node.locked,
      ...(known?.alphaLocked && { alphaLocked: true }),
      ...(!known && node.compositeOp === CLIPPED_OP && { clipped: true }),
    };
    if (node.kind === 'raster') {
      onPicture(node.name);
      const pixels = await readPicture(node, reading);
      layers.push({ ...common, kind: 'raster', x: node.x, y: node.y, pixels });
    } else {
      const inner = !known && isCut(node) ? node.children.slice(1) : node.children;
      if (inner !== node.children) reading.order++;
      const children = await readLayers(inner, reading, onPicture);
      if (known?.clips || (!known && isCut(node))) layers.push(...unclipped(children, common));
      else {
        const passThrough = known ? known.passThrough === true : node.passThrough;
        layers.push({ ...common, ...(passThrough && { passThrough }), kind: 'group', children });
      }
    }
  }
  return layers.reverse();
}

/** Other programs' word for being shown only where something is below; the nearest that Inkwash has is clipping. */
const CLIPPED_OP = 'svg:src-atop';

/** A stack for clipping that another program saved again, without Inkwash's own entry. */
const isCut = ({ children }: StackNode): boolean =>
  children.length > 2 && children[0]!.compositeOp === CUT_OP;
const CUT_OP = 'svg:dst-in';

/** The layers of a stack that was made for clipping, topmost first: the lowest looks as the stack does. */
function unclipped(
  children: readonly Layer[],
  { visible, opacity, blend }: Pick<Layer, 'visible' | 'opacity' | 'blend'>,
): Layer[] {
  const [base, ...clipped] = children;
  if (!base) return [];
  return [
    ...clipped.reverse().map((layer) => ({ ...layer, clipped: true })),
    { ...base, visible, opacity, blend },
  ];
}

function uniqueId(wanted: string, taken: Set<string>): string {
  let id = wanted;
  for (let n = 2; taken.has(id); n++) id = `${wanted}-${n}`;
  taken.add(id);
  return id;
}

/** A layer's PNG as RGBA; its size is read from the header and judged before it is decoded. */
async function readPicture(node: StackNode, reading: Reading): Promise<Raster> {
  const { zip, fileName, signal } = reading;
  const layer = `layer "${shown(node.name)}"`;
  if (!zip.has(node.source))
    throw new Failure(
      'input',
      `${fileName} lacks the picture of ${layer}; open a backup or an autosave, or save it again where it was made.`,
    );
  const png = await zip.read(node.source, LIMITS.pngBytes, signal);
  try {
    const { format, width, height } = await sharp(png, { limitInputPixels: false }).metadata();
    if (format !== 'png')
      throw new Failure(
        'input',
        `The picture of ${layer} in ${fileName} is no PNG; flatten that layer where it was made.`,
      );
    reading.pixels += width * height;
    if (
      width > LIMITS.side ||
      height > LIMITS.side ||
      width * height > LIMITS.area ||
      reading.pixels > LIMITS.pixels
    )
      throw new Failure(
        'input',
        `${fileName} needs too much memory for ${layer} (${width}x${height}); make it smaller.`,
      );
    const { data, info } = await sharp(png, { limitInputPixels: LIMITS.area, failOn: 'error' })
      .toColourspace('srgb')
      .ensureAlpha()
      .raw({ depth: 'uchar' })
      .toBuffer({ resolveWithObject: true });
    throwIfCancelled(signal);
    if (info.channels !== 4) throw new RangeError(`sharp gave ${info.channels} channels.`);
    return { data, width: info.width, height: info.height, channels: 4, space: 'srgb' };
  } catch (error) {
    if (error instanceof Failure) throw error;
    throw new Failure(
      'input',
      `The picture of ${layer} in ${fileName} is damaged; open a backup or an autosave instead.`,
      error,
    );
  }
}

const decoder = new TextDecoder();
const asText = (bytes: Uint8Array) => decoder.decode(bytes);
