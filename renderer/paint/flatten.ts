import { compositeRow, compositeRowInside, mixRow } from '../../pixels/composite.ts';
import type { BlendMode } from '../../pixels/modes.ts';
import { walk, type GroupLayer, type Layer } from './document.ts';
import { tileAtLevel } from './mips.ts';
import { isClear, TILE, TILE_BYTES, tileColumn, tileRow, type Tile, type Tiles } from './tiles.ts';

/** The part of a tile, in pixels of the level, that is drawn. */
interface Part {
  readonly left: number;
  readonly top: number;
  readonly right: number;
  readonly bottom: number;
}

/** Pictures of what a stroke under way leaves alone: what lies under its layer and, run by run, over it. */
export class Frozen {
  /** The layer that is being painted on. */
  readonly layerId: string;
  readonly pictures = new Map<string, Uint8Array>();

  constructor(layerId: string) {
    this.layerId = layerId;
  }
}

/** A layer and what is clipped to it. */
interface ClipGroup {
  readonly base: Layer;
  readonly clipped: readonly Layer[];
}

const grouped = new WeakMap<readonly Layer[], readonly ClipGroup[]>();

function clipGroups(layers: readonly Layer[]): readonly ClipGroup[] {
  const known = grouped.get(layers);
  if (known) return known;
  const groups: { base: Layer; clipped: Layer[] }[] = [];
  for (const layer of layers) {
    const below = groups.at(-1);
    if (layer.clipped && below) below.clipped.push(layer);
    else groups.push({ base: layer, clipped: [] });
  }
  // The layers of groups that pass through fully stand in their groups' places.
  groups.splice(
    0,
    groups.length,
    ...groups.flatMap((group) => {
      const passing = passingGroup(group);
      return passing && opacityOf(passing) === 255
        ? (clipGroups(passing.children) as typeof groups)
        : [group];
    }),
  );
  grouped.set(layers, groups);
  return groups;
}

/** The group whose layers are drawn right onto what lies below it, if this is one. */
function passingGroup({ base, clipped }: ClipGroup): GroupLayer | undefined {
  const passes = base.kind === 'group' && base.passThrough && !base.clipped && clipped.length === 0;
  return passes ? base : undefined;
}

/** Draws one tile's place of a stack of layers; holds nothing but scratch memory. */
class TilePainter {
  readonly #key: number;
  readonly #level: number;
  readonly #side: number;
  readonly #part: Part;
  readonly #frozen: Frozen | undefined;

  constructor(key: number, level: number, part: Part | undefined, frozen: Frozen | undefined) {
    this.#key = key;
    this.#level = level;
    this.#side = TILE >> level;
    this.#part = part ?? { left: 0, top: 0, right: this.#side, bottom: this.#side };
    this.#frozen = frozen;
  }

  /** Draws onto `target`, which is transparent. */
  stack(target: Uint8Array, layers: readonly Layer[], depth: number): void {
    const groups = clipGroups(layers);
    const frozen = this.#frozen;
    const active = frozen ? groups.findIndex((group) => holds(group, frozen.layerId)) : -1;
    if (active < 0) {
      for (const group of groups) this.#group(target, group, depth);
      return;
    }
    if (active > 0) this.#copy(this.#picture(`${depth}u`, groups.slice(0, active), depth), target);
    this.#group(target, groups[active]!, depth);
    // Normal layers lie on each other the same in whatever order they are put together; other modes need what is below.
    for (let at = active + 1; at < groups.length;) {
      let end = at;
      while (end < groups.length && groups[end]!.base.blend === 'normal' && !passingGroup(groups[end]!))
        end++;
      if (end - at > 1) {
        const over = this.#picture(`${depth}o${at}`, groups.slice(at, end), depth);
        this.#lay(target, over, 'normal', 255, false);
        at = end;
      } else this.#group(target, groups[at++]!, depth);
    }
  }

  #group(target: Uint8Array, { base, clipped }: ClipGroup, depth: number): void {
    const opacity = opacityOf(base);
    if (opacity === 0) return;
    const passing = passingGroup({ base, clipped });
    if (passing) {
      if (!hasTile(passing, this.#key)) return;
      const before = scratch(`${depth}t`, this.#side);
      this.#copy(target, before);
      // What is frozen is kept for stacks that begin on nothing.
      const inside = new TilePainter(this.#key, this.#level, this.#part, undefined);
      inside.stack(target, passing.children, depth + 1);
      this.#mix(target, before, opacity);
      return;
    }
    const source = this.#source(base, depth);
    if (!source) return;
    const shown = clipped.filter((layer) => opacityOf(layer) > 0);
    if (shown.length === 0) {
      this.#lay(target, source, base.blend, opacity, false);
      return;
    }
    const buffer = scratch(`${depth}c`, this.#side);
    this.#copy(source, buffer);
    for (const layer of shown) {
      const inside = this.#source(layer, depth);
      if (inside) this.#lay(buffer, inside, layer.blend, opacityOf(layer), true);
    }
    this.#lay(target, buffer, base.blend, opacity, false);
  }

  /** A layer's own pixels; undefined when there are none here. */
  #source(layer: Layer, depth: number): Uint8Array | undefined {
    if (layer.kind === 'raster') {
      const tile = layer.tiles.get(this.#key);
      return tile && tileAtLevel(tile, this.#level);
    }
    if (!hasTile(layer, this.#key)) return undefined;
    const buffer = scratch(`${depth}g${layer.clipped ? 'c' : ''}`, this.#side);
    this.#clear(buffer);
    this.stack(buffer, layer.children, depth + 1);
    return buffer;
  }

  /** Several groups as one picture, made whole once and kept as long as the stroke. */
  #picture(name: string, groups: readonly ClipGroup[], depth: number): Uint8Array {
    const { pictures } = this.#frozen!;
    const id = `${name}:${this.#level}:${this.#key}`;
    let picture = pictures.get(id);
    if (!picture) {
      picture = new Uint8Array(this.#side * this.#side * 4);
      const whole = new TilePainter(this.#key, this.#level, undefined, undefined);
      for (const group of groups) whole.#group(picture, group, depth);
      pictures.set(id, picture);
    }
    return picture;
  }

  #lay(target: Uint8Array, source: Uint8Array, mode: BlendMode, opacity: number, inside: boolean): void {
    const { left, top, right, bottom } = this.#part;
    const side = this.#side;
    const x = tileColumn(this.#key) * side;
    const y = tileRow(this.#key) * side;
    const draw = inside ? compositeRowInside : compositeRow;
    if (right - left === side && mode !== 'dissolve') {
      const offset = top * side * 4;
      draw({ data: target, offset }, { data: source, offset }, (bottom - top) * side, mode, opacity, x, y);
      return;
    }
    for (let row = top; row < bottom; row++) {
      const offset = (row * side + left) * 4;
      draw(
        { data: target, offset },
        { data: source, offset },
        right - left,
        mode,
        opacity,
        x + left,
        y + row,
      );
    }
  }

  #mix(target: Uint8Array, before: Uint8Array, opacity: number): void {
    const { left, top, right, bottom } = this.#part;
    for (let row = top; row < bottom; row++) {
      const offset = (row * this.#side + left) * 4;
      mixRow({ data: target, offset }, { data: before, offset }, right - left, opacity);
    }
  }

  #copy(source: Uint8Array, target: Uint8Array): void {
    const { left, top, right, bottom } = this.#part;
    for (let row = top; row < bottom; row++) {
      const from = (row * this.#side + left) * 4;
      target.set(source.subarray(from, from + (right - left) * 4), from);
    }
  }

  #clear(target: Uint8Array): void {
    const { left, top, right, bottom } = this.#part;
    for (let row = top; row < bottom; row++) {
      const from = (row * this.#side + left) * 4;
      target.fill(0, from, from + (right - left) * 4);
    }
  }
}

const opacityOf = (layer: Layer): number =>
  layer.visible ? Math.round(Math.min(1, Math.max(0, layer.opacity)) * 255) : 0;

const holds = ({ base, clipped }: ClipGroup, id: string): boolean =>
  [...walk([base, ...clipped])].some((layer) => layer.id === id);

const hasTile = (layer: Layer, key: number): boolean =>
  layer.kind === 'raster'
    ? layer.tiles.has(key)
    : layer.children.some((child) => child.visible && hasTile(child, key));

const buffers = new Map<string, Uint8Array>();

function scratch(name: string, side: number): Uint8Array {
  const id = `${name}:${side}`;
  let buffer = buffers.get(id);
  if (!buffer) buffers.set(id, (buffer = new Uint8Array(side * side * 4)));
  return buffer;
}

/** Whether any shown layer has something at a tile's place. */
export const showsTile = (layers: readonly Layer[], key: number): boolean =>
  layers.some((layer) => opacityOf(layer) > 0 && hasTile(layer, key));

/**
 * Draws a tile's place of a stack into `target` (side TILE halved `level` times, RGBA, straight alpha): every shown
 * layer over those below it by blend mode and opacity, groups isolated, clipped layers inside the one they lie on;
 * the same numbers as the host's `flatten` at level 0. With `part` only that part is drawn anew; with `frozen` what
 * the stroke leaves alone is drawn from pictures.
 */
export function flattenTile(
  layers: readonly Layer[],
  key: number,
  level: number,
  target: Uint8Array,
  part?: Part,
  frozen?: Frozen,
): void {
  const side = TILE >> level;
  if (part) {
    for (let row = part.top; row < part.bottom; row++)
      target.fill(0, (row * side + part.left) * 4, (row * side + part.right) * 4);
  } else target.fill(0);
  new TilePainter(key, level, part, frozen).stack(target, layers, 0);
}

/** A stack of layers as the tiles of one. */
export function flattenToTiles(layers: readonly Layer[]): Tiles {
  const keys = new Set<number>();
  for (const layer of walk(layers))
    if (layer.kind === 'raster') for (const key of layer.tiles.keys()) keys.add(key);
  const tiles = new Map<number, Tile>();
  for (const key of keys) {
    const tile = new Uint8Array(TILE_BYTES);
    flattenTile(layers, key, 0, tile);
    if (!isClear(tile)) tiles.set(key, tile);
  }
  return tiles;
}
