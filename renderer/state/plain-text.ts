import { texts } from '../app/texts.ts';
import { layerOf } from '../paint/document.ts';
import { replaceTiles } from '../paint/operations.ts';
import type { OpenDocument } from './open-document.svelte.ts';

/** A text layer is a picture from now on: it can be painted on, and its words can't be changed. */
export function makePlain(document: OpenDocument, layerId: string | undefined): void {
  const layer = layerOf(document.painted, layerId);
  if (layer?.kind === 'raster' && layer.text)
    document.change((now) => replaceTiles(now, layer.id, layer.tiles), 'now', texts.text.historyPlain);
}
