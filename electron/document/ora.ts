import { setImmediate } from 'node:timers/promises';
import { zipSync } from 'fflate';
import type { Zippable } from 'fflate';
import sharp from 'sharp';
import { Failure, throwIfCancelled } from '../failure.ts';
import { part } from '../progress.ts';
import type { Progress } from '../progress.ts';
import type { Raster } from '../raster.ts';
import { assertPixels } from './bounds.ts';
import { flatten } from './flatten.ts';
import { clipGroups } from './model.ts';
import type { InkDocument, Layer } from './model.ts';
import { compositeOpOf } from './ora-blend.ts';
import type { InkwashEntry, JsonValue } from './ora-entry.ts';
import { INKWASH_ENTRY, INKWASH_ENTRY_VERSION } from './ora-entry.ts';
import { writePng } from './png.ts';
import { shown } from './shown.ts';
import { escapeXml } from './xml.ts';

export interface OraOptions {
  /** Inkwash's own data beside the layers, kept word for word in the extra entry; the document's own when left out. */
  readonly extra?: JsonValue | undefined;
  readonly signal?: AbortSignal | undefined;
  readonly progress?: Progress | undefined;
}

/** Baseline version the file claims (Layer Stack Specification, "image"). */
const VERSION = '0.0.5';
/** The thumbnail fits in a square of this many pixels (File Layout Specification, "Thumbnails/thumbnail.png"). */
const THUMBNAIL_SIDE = 256;

/**
 * An OpenRaster file: `mimetype` first and stored, `stack.xml`, one PNG a raster layer exactly as it is in the document
 * (its place is in stack.xml, nothing is trimmed), `mergedimage.png`, `Thumbnails/thumbnail.png`, and Inkwash's own
 * `inkwash.json`. Follows the OpenRaster File Layout and Layer Stack specifications; dates are fixed, so the same document gives
 * the same bytes. Throws a `cancelled` Failure when the signal fires, an `input` one if the file would pass 4 GB.
 */
export async function writeOra(document: InkDocument, options: OraOptions = {}): Promise<Uint8Array> {
  const { signal, progress } = options;
  const stack = describeStack(document);
  // fflate keeps the order of these keys, and mimetype has to come first.
  const entries: Zippable = { mimetype: utf8('image/openraster'), 'stack.xml': utf8(stack.xml) };

  let total = 0;
  const pictures = [...stack.pictures];
  for (const [index, { source, pixels, name }] of pictures.entries()) {
    part(progress, 0, 0.7)(index / pictures.length, `Writing layer ${shown(name)}`);
    const png = await writePng(pixels, { dpi: document.dpi, signal });
    entries[source] = png;
    total += png.length;
  }
  part(progress, 0.7, 0.8)(0, 'Flattening the page');
  const merged = flatten(document, { signal });
  await setImmediate();
  throwIfCancelled(signal);
  const mergedPng = await writePng(merged, { dpi: document.dpi, signal });
  entries['mergedimage.png'] = mergedPng;
  entries['Thumbnails/thumbnail.png'] = await writeThumbnail(merged);
  entries[INKWASH_ENTRY] = utf8(JSON.stringify(stack.entry(options.extra ?? document.extra)));
  throwIfCancelled(signal);

  // A zip without its 64-bit extension, which many readers of .ora lack, ends at 4 GB.
  if (total + mergedPng.length > 0xf0000000)
    throw new Failure(
      'input',
      'These layers need more than the 4 GB that an .ora can hold; merge some of them first.',
    );
  part(progress, 0.9, 1)(0, 'Packing the file');
  // 1980 is where zip's dates begin; a local date, because that is what fflate writes.
  const bytes = zipSync(entries, { level: 0, mtime: new Date(1980, 0, 1) });
  progress?.(1, 'OpenRaster written');
  return bytes;
}

interface LayerPicture {
  /** Path in the zip. */
  readonly source: string;
  readonly pixels: Raster;
  readonly name: string;
}

interface Stack {
  readonly xml: string;
  readonly pictures: readonly LayerPicture[];
  readonly entry: (extra: JsonValue | undefined) => InkwashEntry;
}

/** OpenRaster's name for drawing only where something is below (Layer Stack Specification, "composite-op"). */
const CLIPPED_OP = 'svg:src-atop';
/** OpenRaster's name for keeping what is below only where the layer is. */
const CUT_OP = 'svg:dst-in';
/** A stack made for clipping begins with its lowest layer as it is. */
const CLIP_BASE_OP = compositeOpOf('normal');

/**
 * stack.xml (topmost first, as the specification has it), the pictures it names, and what inkwash.json adds. A layer and
 * those clipped to it, which OpenRaster has no word for, become an isolated stack of their own. What is clipped to a group
 * with another blend mode than normal shows beside the group in other programs.
 */
function describeStack(document: InkDocument): Stack {
  const pictures: LayerPicture[] = [];
  const layers: InkwashEntry['layers'][number][] = [];
  const lines: string[] = [];

  const describe = (layer: Layer, indent: string, compositeOp = opOf(layer), base = false): void => {
    layers.push({
      ...{ kind: layer.kind, id: layer.id, name: layer.name, blend: layer.blend, compositeOp },
      ...(layer.alphaLocked && { alphaLocked: true }),
      ...(layer.kind === 'group' && layer.passThrough && { passThrough: true }),
    });
    const common = attributesOf(layer, compositeOp);
    if (layer.kind === 'raster') {
      assertPixels(layer);
      const source = `data/layer${pictures.length}.png`;
      pictures.push({ source, pixels: layer.pixels, name: layer.name });
      lines.push(`${indent}<layer ${common} src="${source}" x="${layer.x}" y="${layer.y}"/>`);
      return;
    }
    // "auto" passes through where nothing else makes the group one picture (Layer Stack Specification, "isolation").
    const isolation = layer.passThrough && !layer.clipped && !base ? 'auto' : 'isolate';
    lines.push(`${indent}<stack ${common} isolation="${isolation}">`);
    describeAll(layer.children, `${indent}  `);
    lines.push(`${indent}</stack>`);
  };
  const describeAll = (stack: readonly Layer[], indent: string): void => {
    for (const { base, clipped } of clipGroups(stack).reverse()) {
      if (clipped.length === 0) {
        describe(base, indent);
        continue;
      }
      const { name, blend } = base;
      const compositeOp = compositeOpOf(blend);
      layers.push({ kind: 'group', id: `clip-${base.id}`, name, blend, compositeOp, clips: true });
      lines.push(`${indent}<stack ${attributesOf(base, compositeOp)} isolation="isolate">`);
      // What blends by another mode than normal can't be clipped by its composite-op: the base itself cuts the stack.
      if (base.kind === 'raster' && clipped.some((layer) => layer.blend !== 'normal')) {
        const cut = { ...base, visible: true, opacity: 1, name: `${name} (clip)` };
        layers.push({
          kind: 'raster',
          id: `cut-${base.id}`,
          name: cut.name,
          blend,
          compositeOp: CUT_OP,
          cuts: true,
        });
        const source = `data/layer${pictures.length + clipped.flatMap(rastersOf).length}.png`;
        lines.push(
          `${indent}  <layer ${attributesOf(cut, CUT_OP)} src="${source}" x="${base.x}" y="${base.y}"/>`,
        );
      }
      for (const layer of clipped.toReversed())
        describe(layer, `${indent}  `, layer.blend === 'normal' ? CLIPPED_OP : compositeOpOf(layer.blend));
      describe({ ...base, visible: true, opacity: 1, blend: 'normal' }, `${indent}  `, CLIP_BASE_OP, true);
      lines.push(`${indent}</stack>`);
    }
  };
  describeAll(document.layers, '    ');

  // The specification wants whole dots per inch; the exact value is in inkwash.json.
  const dpi = Math.max(1, Math.round(document.dpi));
  const xml = [
    `<?xml version="1.0" encoding="UTF-8"?>`,
    `<image version="${VERSION}" w="${document.width}" h="${document.height}" xres="${dpi}" yres="${dpi}">`,
    '  <stack>',
    ...lines,
    '  </stack>',
    '</image>',
    '',
  ].join('\n');
  const entry = (extra: JsonValue | undefined): InkwashEntry => ({
    version: INKWASH_ENTRY_VERSION,
    dpi: document.dpi,
    layers,
    ...(extra !== undefined && { extra }),
  });
  return { xml, pictures, entry };
}

const rastersOf = (layer: Layer): Layer[] =>
  layer.kind === 'raster' ? [layer] : layer.children.flatMap(rastersOf);

const opOf = (layer: Layer): string =>
  compositeOpOf(layer.kind === 'group' && layer.passThrough && !layer.clipped ? 'normal' : layer.blend);

function attributesOf(layer: Layer, compositeOp: string): string {
  return (
    `name="${escapeXml(layer.name)}" opacity="${layer.opacity}" ` +
    `visibility="${layer.visible ? 'visible' : 'hidden'}" composite-op="${compositeOp}"` +
    (layer.locked ? ' edit-locked="true"' : '')
  );
}

async function writeThumbnail({ data, width, height }: Raster): Promise<Uint8Array> {
  return sharp(data, { raw: { width, height, channels: 4 }, limitInputPixels: false })
    .resize(THUMBNAIL_SIDE, THUMBNAIL_SIDE, { fit: 'inside', withoutEnlargement: true })
    .png({ compressionLevel: 9 })
    .toBuffer();
}

const encoder = new TextEncoder();
const utf8 = (text: string) => encoder.encode(text);
