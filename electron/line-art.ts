import { Failure } from './failure.ts';
import { COLOURING_IDS, LINES_ID, PAPER_ID } from './document/colouring.ts';
import { flatten } from './document/flatten.ts';
import type { InkDocument, Layer } from './document/model.ts';
import type { Raster } from './raster.ts';

/**
 * What of a document is line art, as one picture of the page: its layer Lines as it is (whatever its eye and blend mode
 * say), or, in a drawing without one, everything that is shown and neither colouring nor paper. Throws a `words`
 * Failure when there is nothing on it.
 */
export function lineArtOf(document: InkDocument): Raster {
  const lines = document.layers.find(({ id }) => id === LINES_ID);
  if (lines?.kind === 'raster' && fillsPage(lines, document)) return lines.pixels;
  const drawn: readonly Layer[] = lines
    ? [{ ...lines, visible: true, opacity: 1, blend: 'normal', clipped: false }]
    : document.layers.filter(({ id }) => id !== PAPER_ID && !COLOURING_IDS.includes(id));
  const picture = flatten({ ...document, layers: drawn });
  for (let at = 3; at < picture.data.length; at += 4) if (picture.data[at] !== 0) return picture;
  throw new Failure('words', 'There are no lines to colour yet. Draw some on a layer that is shown.');
}

const fillsPage = (layer: Layer & { kind: 'raster' }, { width, height }: InkDocument): boolean =>
  layer.x === 0 && layer.y === 0 && layer.pixels.width === width && layer.pixels.height === height;
