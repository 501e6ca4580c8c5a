import { Failure } from '../failure.ts';
import { createRaster } from '../raster.ts';
import { PAPER_ID } from './colouring.ts';
import type { InkDocument, RasterLayer } from './model.ts';

/** As large as the largest picture that is opened. */
const MAX_AREA = 64_000_000;

/**
 * A document to draw in: one empty layer, over a locked white layer Paper if asked for. Throws a `words` Failure when
 * it would be too large.
 */
export function blankDocument(width: number, height: number, dpi: number, paper: boolean): InkDocument {
  if (width * height > MAX_AREA)
    throw new Failure(
      'words',
      `A drawing of ${width}x${height} pixels needs too much memory. Make a side shorter.`,
    );
  const plain = { kind: 'raster', visible: true, opacity: 1, blend: 'normal', x: 0, y: 0 } as const;
  const first: RasterLayer = {
    ...plain,
    id: 'layer-1',
    name: 'Layer 1',
    locked: false,
    pixels: createRaster(1, 1, 4),
  };
  if (!paper) return { width, height, dpi, layers: [first] };
  const pixels = createRaster(width, height, 4);
  pixels.data.fill(255);
  return {
    width,
    height,
    dpi,
    layers: [{ ...plain, id: PAPER_ID, name: 'Paper', locked: true, pixels }, first],
  };
}
