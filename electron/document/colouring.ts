import type { GroupLayer, InkDocument, Layer } from './model.ts';
import { walkLayers } from './model.ts';

/** Ids of what colouring makes; it finds its own layers by them, whatever they are called. */
export const COLOURING_IDS: readonly string[] = ['colouring', 'colour', 'flats', 'shading'];
/** Ids of layers that colouring lies between: the paper of a new drawing, and the lines of an opened one. */
export const PAPER_ID = 'paper';
export const LINES_ID = 'lines';

/**
 * The document with a new colouring: layers that are there already (by id) take the new pixels where they stand and
 * keep what the artist set on them, unless she locked them; new ones come into the group, which comes under
 * the lines, or right above the paper where there are none. Layers of the last colouring that this one lacks are hidden.
 * Nothing else is touched. `changed` are the ids of layers that are new or have new pixels.
 */
export function placeColouring(
  document: InkDocument,
  fresh: GroupLayer,
): { layers: readonly Layer[]; changed: ReadonlySet<string> } {
  const there = new Map([...walkLayers(document.layers)].map(({ layer }) => [layer.id, layer]));
  const freshIds = new Set(fresh.children.map(({ id }) => id));
  const lacking = COLOURING_IDS.filter((id) => id !== fresh.id && there.has(id) && !freshIds.has(id));
  const sameKind = there.has(fresh.id) && lacking.length === 0 && [...freshIds].every((id) => there.has(id));
  const changed = new Set<string>();

  const update = (layer: Layer): Layer => {
    if (layer.kind === 'group') {
      const own = layer.children.map(update);
      return { ...layer, children: layer.id === fresh.id ? withNew(own) : own };
    }
    if (lacking.includes(layer.id)) return layer.locked ? layer : { ...layer, visible: false };
    const now = fresh.children.find(({ id }) => id === layer.id);
    if (now?.kind !== 'raster' || layer.locked) return layer;
    changed.add(layer.id);
    const { x, y, pixels } = now;
    return { ...layer, x, y, pixels, visible: sameKind ? layer.visible : now.visible };
  };
  const withNew = (own: readonly Layer[]): Layer[] => {
    const result = [...own];
    let above = 0;
    for (const layer of fresh.children) {
      const known = result.findIndex(({ id }) => id === layer.id);
      if (known >= 0) above = known + 1;
      else if (!there.has(layer.id)) {
        changed.add(layer.id);
        result.splice(above++, 0, layer);
      }
    }
    return result;
  };

  const layers = document.layers.map(update);
  if (there.has(fresh.id)) return { layers, changed };
  changed.add(fresh.id);
  const lines = layers.findIndex(({ id }) => id === LINES_ID);
  const paper = layers.findIndex(({ id }) => id === PAPER_ID);
  layers.splice(lines >= 0 ? lines : paper + 1, 0, { ...fresh, children: withNew([]) });
  return { layers, changed };
}
