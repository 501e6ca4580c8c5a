import type { Args } from '../../electron/contract/table.ts';
import type { JsonValue } from '../../electron/document/ora-entry.ts';
import { changedKeys } from '../paint/difference.ts';
import { listed, walk, type PaintDocument } from '../paint/document.ts';
import { paintDataOf } from '../paint/paint-data.ts';
import { TILE, tileRect, toTiles, type Tiles } from '../paint/tiles.ts';
import { host } from './session.svelte.ts';

export type PutCall = Omit<Args<'painting.put'>, 'documentId'>;

/** What one call carries at most. */
const TILES_A_CALL = 192;

/**
 * The calls that bring the host from one document to another: every layer's look, and the tiles that differ. Without
 * `before` nothing is known of the host's layers, and all goes over.
 */
export function* putCalls(before: PaintDocument | undefined, after: PaintDocument): Generator<PutCall> {
  const layers = listed(after.layers).map(({ layer, depth }) => {
    const { id, kind, name, visible, opacity, blend, locked, alphaLocked, clipped, passThrough } = layer;
    const own = { id, kind, name, depth, visible, opacity, blend, locked, alphaLocked, clipped };
    return kind === 'group' ? { ...own, passThrough } : own;
  });
  const old = new Map<string, Tiles>();
  for (const layer of walk(before?.layers ?? [])) if (layer.kind === 'raster') old.set(layer.id, layer.tiles);
  if (!before) yield { layers: [], pixels: [] };
  const page = samePage(before, after) ? {} : { page: pageOf(after) };

  let pixels: PutCall['pixels'] = [];
  for (const layer of walk(after.layers)) {
    if (layer.kind !== 'raster') continue;
    const keys = new Set<number>();
    changedKeys(old.get(layer.id), layer.tiles, keys);
    for (const key of keys) {
      const { left, top } = tileRect(key);
      const rgba = layer.tiles.get(key) ?? new Uint8Array(0);
      pixels.push({ layerId: layer.id, xPx: left, yPx: top, widthPx: TILE, heightPx: TILE, rgba });
      if (pixels.length === TILES_A_CALL) {
        yield { layers, pixels };
        pixels = [];
      }
    }
  }
  yield { layers, pixels, ...page };
}

const pageOf = (document: PaintDocument): NonNullable<PutCall['page']> => ({
  widthPx: document.width,
  heightPx: document.height,
  dpi: document.dpi ?? 72,
  // The same values; an interface has no index signature for TypeScript to see that.
  paint: paintDataOf(document) as unknown as JsonValue,
});

/** Whether two documents are the same but for layers and their pixels. */
function samePage(before: PaintDocument | undefined, after: PaintDocument): boolean {
  if (!before || before.width !== after.width || before.height !== after.height) return false;
  if (before.guides !== after.guides || before.dpi !== after.dpi) return false;
  const texts = ({ layers }: PaintDocument): readonly unknown[] =>
    [...walk(layers)].map((layer) => (layer.kind === 'raster' ? layer.text : undefined)).filter(Boolean);
  const [had, has] = [texts(before), texts(after)];
  return had.length === has.length && has.every((text, at) => text === had[at]);
}

async function pixelsOf(documentId: string, layerId: string): Promise<Tiles> {
  const { xPx, yPx, widthPx, heightPx, rgba } = await host.call('painting.pixels', { documentId, layerId });
  return toTiles(rgba, xPx, yPx, widthPx, heightPx);
}

/** The pixels the host has of several layers, a few at a time. */
export async function fetchTiles(documentId: string, ids: readonly string[]): Promise<Map<string, Tiles>> {
  const tiles = new Map<string, Tiles>();
  const waiting = [...ids];
  const fetchNext = async (): Promise<void> => {
    for (let id = waiting.shift(); id !== undefined; id = waiting.shift())
      tiles.set(id, await pixelsOf(documentId, id));
  };
  await Promise.all([fetchNext(), fetchNext()]);
  return tiles;
}
