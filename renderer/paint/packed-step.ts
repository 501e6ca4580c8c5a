import { deflateSync, inflateSync } from 'fflate';
import { walk, type Layer, type PaintDocument } from './document.ts';
import { NO_TILES, TILE_BYTES, type Tile, type Tiles } from './tiles.ts';

/** What of a layer's tiles a step replaced: those that were there, compressed, and places where nothing was. */
interface PackedTiles {
  readonly were: ReadonlyMap<number, Uint8Array>;
  readonly empty: readonly number[];
}

/** A document as what differs from the one after it; tiles that both have are not held. */
export interface PackedStep<D extends PaintDocument> {
  /** The document with no tiles. */
  readonly shell: D;
  /** By layer; a layer that is not here has the tiles it has afterwards. */
  readonly tiles: ReadonlyMap<string, PackedTiles>;
  readonly bytes: number;
}

function tilesByLayer(document: PaintDocument): Map<string, Tiles> {
  const tiles = new Map<string, Tiles>();
  for (const layer of walk(document.layers)) if (layer.kind === 'raster') tiles.set(layer.id, layer.tiles);
  return tiles;
}

const withTiles = (layers: readonly Layer[], tilesOf: (id: string) => Tiles): Layer[] =>
  layers.map((layer) =>
    layer.kind === 'group'
      ? { ...layer, children: withTiles(layer.children, tilesOf) }
      : { ...layer, tiles: tilesOf(layer.id) },
  );

/** Packs a document against the one after it, a tile at each turn, so that the work fits between frames. */
export function* packing<D extends PaintDocument>(before: D, after: D): Generator<void, PackedStep<D>> {
  const next = tilesByLayer(after);
  const packed = new Map<string, PackedTiles>();
  let bytes = 0;
  for (const [id, tiles] of tilesByLayer(before)) {
    const now = next.get(id) ?? NO_TILES;
    if (next.has(id) && now === tiles) continue;
    const were = new Map<number, Uint8Array>();
    for (const [key, tile] of tiles) {
      if (now.get(key) === tile) continue;
      const small = deflateSync(tile, { level: 1 });
      were.set(key, small);
      bytes += small.length;
      yield;
    }
    packed.set(id, { were, empty: [...now.keys()].filter((key) => !tiles.has(key)) });
  }
  const selection = before.selection === after.selection ? undefined : before.selection;
  for (const tile of selection?.tiles.values() ?? []) bytes += tile.length;
  return { shell: { ...before, layers: withTiles(before.layers, () => NO_TILES) }, tiles: packed, bytes };
}

/** The document that was packed; `after` is the one after it, pixel for pixel. */
export function unpack<D extends PaintDocument>({ shell, tiles }: PackedStep<D>, after: D): D {
  const next = tilesByLayer(after);
  const tilesOf = (id: string): Tiles => {
    const now = next.get(id) ?? NO_TILES;
    const own = tiles.get(id);
    if (!own) return now;
    const whole = new Map<number, Tile>(now);
    for (const key of own.empty) whole.delete(key);
    for (const [key, small] of own.were)
      whole.set(key, inflateSync(small, { out: new Uint8Array(TILE_BYTES) }));
    return whole;
  };
  return { ...shell, layers: withTiles(shell.layers, tilesOf) };
}
