import type { LayerInfo } from '../../electron/contract/table.ts';
import { canvasBlend } from './blend.ts';
import type { Placed } from './surfaces.svelte.ts';
import type { Size } from './view.ts';

export interface LayerNode {
  readonly info: LayerInfo;
  /** Bottom first; empty for raster layers. */
  readonly children: LayerNode[];
}

/** The tree, bottom first, from the contract's flat list (top first, groups before their children). */
export function layerTree(layers: readonly LayerInfo[]): LayerNode[] {
  const top: LayerNode[] = [];
  const path: LayerNode[] = [];
  for (const info of layers) {
    const node: LayerNode = { info, children: [] };
    path.length = Math.min(path.length, info.depth);
    const siblings = path.at(-1)?.children ?? top;
    siblings.unshift(node);
    path.push(node);
  }
  return top;
}

/** A group as one picture, blended in isolation as PSD does; undefined when nothing of it is there yet. */
export function flattenGroup(
  node: LayerNode,
  size: Size,
  placedOf: (layerId: string) => Placed | undefined,
): Placed | undefined {
  const parts = node.children
    .filter(({ info }) => info.visible && info.opacity > 0)
    .map((child) => ({ child, placed: placedNode(child, size, placedOf) }));
  const shrink = Math.max(0, ...parts.map(({ placed }) => (placed ? placed.image.width / placed.width : 0)));
  if (shrink === 0) return undefined;
  const image = document.createElement('canvas');
  image.width = Math.max(1, Math.round(size.width * shrink));
  image.height = Math.max(1, Math.round(size.height * shrink));
  const context = image.getContext('2d');
  if (!context) return undefined;
  context.scale(image.width / size.width, image.height / size.height);
  for (const { child, placed } of parts) {
    if (!placed) continue;
    context.globalAlpha = child.info.opacity;
    context.globalCompositeOperation = canvasBlend(child.info.blend);
    context.drawImage(placed.image, placed.x, placed.y, placed.width, placed.height);
  }
  return { image, x: 0, y: 0, width: size.width, height: size.height };
}

export function placedNode(
  node: LayerNode,
  size: Size,
  placedOf: (layerId: string) => Placed | undefined,
): Placed | undefined {
  return node.info.kind === 'group' ? flattenGroup(node, size, placedOf) : placedOf(node.info.id);
}
