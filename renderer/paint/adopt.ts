import type { BlendMode } from '../../pixels/modes.ts';
import {
  groupLayer,
  layerOf,
  rasterLayer,
  type Layer,
  type LayerLook,
  type PaintDocument,
} from './document.ts';
import { keepMasked, lockedMask } from './flat-regions.ts';
import { marksOf } from './marks.ts';
import type { Mask } from './mask.ts';
import { changeLook, insertLayer, placeOf, replaceTiles } from './operations.ts';
import { keepOwnPaint } from './own-paint.ts';
import type { Tiles } from './tiles.ts';

/** A layer as the host lists it. */
export interface HostLayer {
  readonly id: string;
  readonly kind: 'raster' | 'group';
  readonly name: string;
  readonly depth: number;
  readonly visible: boolean;
  readonly opacity: number;
  readonly blend: BlendMode;
  readonly locked: boolean;
  readonly alphaLocked?: boolean | undefined;
  readonly clipped?: boolean | undefined;
  readonly passThrough?: boolean | undefined;
}

const lookOf = (layer: HostLayer): LayerLook => ({
  name: layer.name,
  visible: layer.visible,
  opacity: layer.opacity,
  blend: layer.blend,
  locked: layer.locked,
  alphaLocked: layer.alphaLocked ?? false,
  clipped: layer.clipped ?? false,
  passThrough: layer.passThrough ?? false,
});

/** A layer stack from the host's list (top first, groups before what is in them) and each layer's pixels. */
export function stackOf(list: readonly HostLayer[], tilesOf: (id: string) => Tiles): readonly Layer[] {
  const build = (from: number, depth: number): { layers: Layer[]; next: number } => {
    const layers: Layer[] = [];
    let at = from;
    while (at < list.length && list[at]!.depth >= depth) {
      const info = list[at++]!;
      if (info.kind === 'raster') layers.push(rasterLayer(info.id, lookOf(info), tilesOf(info.id)));
      else {
        const inner = build(at, depth + 1);
        layers.push(groupLayer(info.id, lookOf(info), inner.layers));
        at = inner.next;
      }
    }
    return { layers: layers.reverse(), next: at };
  };
  return build(0, 0).layers;
}

/** A layer of the artist's own in the colouring's group, over all that is made there. */
export const TOUCH_UP_ID = 'touch-up';

/**
 * Takes over what a finished colouring made, as the host lists it: layers the document has take the new pixels where they
 * stand now; new ones come beside the siblings they have there, and with a new group an empty layer to paint on, named
 * `touchUp`. What the artist painted on those layers stays over what is new, locked regions stay as they are, and so does
 * all else she did meanwhile.
 */
export function adoptColouring(
  document: PaintDocument,
  list: readonly HostLayer[],
  fresh: ReadonlyMap<string, Tiles>,
  hidden: readonly string[],
  touchUp?: string,
): PaintDocument {
  const made = new Map(document.made);
  const locked = lockedMask(document, marksOf(document).locks);
  let result: PaintDocument = { ...document, made };
  for (const id of hidden) result = changeLook(result, id, { visible: false });
  // Groups before what is in them, and lower siblings first.
  for (const [at, info] of [...list.entries()].reverse().sort(([, a], [, b]) => a.depth - b.depth)) {
    const tiles = fresh.get(info.id);
    const there = layerOf(result, info.id);
    if (there) {
      if (tiles && there.kind === 'raster') {
        const before = made.get(info.id);
        const kept = keepOwn(there.tiles, before, tiles, locked);
        // What stays because it is locked counts as made: only what she painted is hers.
        made.set(info.id, locked ? keepMasked(before ?? there.tiles, tiles, locked) : tiles);
        result = changeLook(replaceTiles(result, info.id, kept), info.id, { visible: info.visible });
      }
      continue;
    }
    if (!tiles) continue;
    if (info.kind === 'raster') made.set(info.id, tiles);
    const layer =
      info.kind === 'group' ? groupLayer(info.id, lookOf(info)) : rasterLayer(info.id, lookOf(info), tiles);
    result = insertLayer(result, layer, placeBeside(result, list, at));
    if (info.kind === 'group' && touchUp !== undefined && !layerOf(result, TOUCH_UP_ID))
      result = insertLayer(result, rasterLayer(TOUCH_UP_ID, { name: touchUp }), {
        parentId: info.id,
        index: 0,
      });
  }
  return result;
}

function keepOwn(now: Tiles, made: Tiles | undefined, fresh: Tiles, locked: Mask | undefined): Tiles {
  const kept = keepOwnPaint(now, made, fresh);
  return locked ? keepMasked(now, kept, locked) : kept;
}

function placeBeside(
  document: PaintDocument,
  list: readonly HostLayer[],
  at: number,
): { parentId: string | undefined; index: number } {
  const { depth } = list[at]!;
  let parentId: string | undefined;
  for (let i = at - 1; i >= 0 && parentId === undefined; i--)
    if (list[i]!.depth < depth) parentId = list[i]!.id;
  if (parentId !== undefined && !layerOf(document, parentId)) parentId = undefined;
  const sibling = (step: 1 | -1): number | undefined => {
    for (let i = at + step; i >= 0 && i < list.length && list[i]!.depth >= depth; i += step) {
      if (list[i]!.depth > depth) continue;
      const place = placeOf(document, list[i]!.id);
      if (place && place.parentId === parentId) return place.index;
    }
    return undefined;
  };
  const below = sibling(1);
  if (below !== undefined) return { parentId, index: below + 1 };
  return { parentId, index: sibling(-1) ?? 0 };
}
