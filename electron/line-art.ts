import { Failure } from './failure.ts';
import { COLOURING_IDS, LINES_ID, PAPER_ID } from './document/colouring.ts';
import { flatten } from './document/flatten.ts';
import { walkLayers, type InkDocument, type Layer } from './document/model.ts';
import type { Raster } from './raster.ts';

/**
 * What of a document is line art, as one picture of the page: its layer Lines as it is (whatever its eye and blend mode
 * say), or, in a drawing without one, everything that is shown and neither colouring nor paper. Throws a `words`
 * Failure when there is nothing on it.
 */
export function lineArtOf(document: InkDocument): Raster {
  const [first] = drawnLayers(document);
  if (first?.id === LINES_ID && first.kind === 'raster' && fillsPage(first, document)) return first.pixels;
  const picture = flatten({ ...document, layers: drawnLayers(document) });
  requireLines(picture.data);
  return picture;
}

/** @throws Failure `words` where RGBA bytes show nothing at all. */
function requireLines(rgba: Uint8Array): void {
  for (let at = 3; at < rgba.length; at += 4) if (rgba[at] !== 0) return;
  throw noLines();
}

export const noLines = (): Failure =>
  new Failure('words', 'There are no lines to colour yet. Draw some on a layer that is shown.');

/** What a document's line art is made from: as long as these are the same things, it is the same picture. */
export function lineArtSources(document: InkDocument): readonly unknown[] {
  const sources: unknown[] = [document.width, document.height];
  for (const { layer } of walkLayers(drawnLayers(document))) {
    sources.push(layer.id, layer.visible, layer.opacity, layer.blend, layer.clipped ?? false);
    if (layer.kind === 'raster') sources.push(layer.pixels, layer.x, layer.y);
  }
  return sources;
}

function drawnLayers({ layers }: InkDocument): readonly Layer[] {
  const lines = layers.find(({ id }) => id === LINES_ID);
  return lines
    ? [{ ...lines, visible: true, opacity: 1, blend: 'normal', clipped: false }]
    : layers.filter(({ id }) => id !== PAPER_ID && !COLOURING_IDS.includes(id));
}

const fillsPage = (layer: Layer & { kind: 'raster' }, { width, height }: InkDocument): boolean =>
  layer.x === 0 && layer.y === 0 && layer.pixels.width === width && layer.pixels.height === height;
