import { join } from 'node:path';
import sharp from 'sharp';
import { throwIfCancelled } from '../failure.ts';
import { part } from '../progress.ts';
import type { Progress } from '../progress.ts';
import type { Raster } from '../raster.ts';
import { assertPixels } from './bounds.ts';
import { flatten } from './flatten.ts';
import { walkLayers } from './model.ts';
import type { InkDocument, RasterLayer } from './model.ts';

export interface PngOptions {
  /** Dots per inch written into the file; a document's own, or 72 for a raster, when left out. */
  readonly dpi?: number | undefined;
  readonly signal?: AbortSignal | undefined;
}

/**
 * PNG bytes of a raster (1, 3 or 4 channels, sRGB or grey bytes) or of the picture a document shows. 8 bits a channel,
 * not interlaced, straight alpha, no colour profile (sRGB by convention), no dates: the same pixels give the same bytes.
 * Throws a `cancelled` Failure when the signal fires.
 */
export async function writePng(picture: Raster | InkDocument, options: PngOptions = {}): Promise<Uint8Array> {
  throwIfCancelled(options.signal);
  const raster = 'layers' in picture ? flatten(picture, { signal: options.signal }) : picture;
  const dpi = options.dpi ?? ('layers' in picture ? picture.dpi : 72);
  const { data, width, height, channels } = raster;
  const png = await sharp(data, { raw: { width, height, channels }, limitInputPixels: false })
    .toColourspace(channels === 1 ? 'b-w' : 'srgb')
    .withDensity(dpi)
    .png({ compressionLevel: 4, adaptiveFiltering: true })
    .toBuffer();
  throwIfCancelled(options.signal);
  return png;
}

/** A raster layer alone on its document's canvas, at full opacity: what "export this layer" means. RGBA, sRGB. */
export function onCanvas(layer: RasterLayer, document: InkDocument): Raster {
  const alone: RasterLayer = { ...layer, visible: true, opacity: 1, blend: 'normal' };
  return flatten({ ...document, layers: [alone] });
}

/** Characters that no file name on Windows, macOS or Linux should hold. */
// eslint-disable-next-line no-control-regex
const UNSAFE = /[\u0000-\u001f\u007f-\u009f\u200e\u200f\u202a-\u202e\u2066-\u2069<>:"/\\|?*\ud800-\udfff]/gu;

/**
 * A file name for the layer that is `number`th from the bottom: "01-Flats.png". At least two digits; the layer's name
 * with what file systems forbid replaced by "-", at most 60 characters of it, "Layer" if nothing is left.
 */
export function layerFileName(number: number, name: string): string {
  const safe = [...name.normalize('NFC').replace(UNSAFE, '-')].slice(0, 60).join('');
  const trimmed = safe.replace(/^[\s.-]+|[\s.-]+$/gu, '');
  return `${String(number).padStart(2, '0')}-${trimmed || 'Layer'}.png`;
}

export interface LayerPngOptions {
  readonly signal?: AbortSignal | undefined;
  readonly progress?: Progress | undefined;
}

/**
 * One PNG a raster layer, hidden ones and those in groups too, numbered from the bottom, each as large as the document
 * with the layer's own pixels (its opacity and blend mode not applied). `save` (such as `saveAtomically`) gets each path in
 * `folder` and its bytes; the paths are returned. Throws a `cancelled` Failure when the signal fires, and what `save` throws.
 */
export async function writeLayerPngs(
  document: InkDocument,
  folder: string,
  save: (path: string, bytes: Uint8Array) => Promise<void>,
  { signal, progress }: LayerPngOptions = {},
): Promise<string[]> {
  const layers = [...walkLayers(document.layers)].flatMap(({ layer }) =>
    layer.kind === 'raster' ? [layer] : [],
  );
  layers.forEach(assertPixels);
  const paths: string[] = [];
  for (const [index, layer] of layers.entries()) {
    const name = layerFileName(index + 1, layer.name);
    part(progress, index / layers.length, (index + 1) / layers.length)(0, `Writing ${name}`);
    const path = join(folder, name);
    await save(path, await writePng(onCanvas(layer, document), { dpi: document.dpi, signal }));
    paths.push(path);
  }
  progress?.(1, 'Layers written');
  return paths;
}
