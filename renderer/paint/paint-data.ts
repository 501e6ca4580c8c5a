import * as z from 'zod/mini';
import { walk, type PaintDocument, type RasterLayer } from './document.ts';
import { ASSISTANT_KINDS, MAX_ASSISTANTS, PLACES_OF } from './guides/assistants.ts';
import { NO_GUIDES, type Guides } from './guides/guides.ts';
import { MAX_COPIES, type Symmetry } from './guides/symmetry.ts';
import { MAX_TEXT_LETTERS, MAX_TEXT_PX, type TextBlock } from './text/block.ts';
import type { Tiles } from './tiles.ts';

/*
 * What a document holds beside its layers, as it goes into an OpenRaster file's extra entry. What comes from a file is
 * checked here before anything believes it; what is not sound is left out, the pictures are there anyway.
 */

const VERSION = 1;
const FAR_PX = 100_000;
const place = z.number().check(z.gte(-FAR_PX), z.lte(FAR_PX));
const colour = z.string().check(z.regex(/^#[0-9a-f]{6}$/i));

const textBlock = z.object({
  text: z.string().check(z.maxLength(MAX_TEXT_LETTERS)),
  x: place,
  y: place,
  widthPx: z.number().check(z.gte(1), z.lte(FAR_PX)),
  sizePx: z.number().check(z.gte(1), z.lte(MAX_TEXT_PX)),
  font: z.string().check(z.maxLength(200)),
  bold: z.boolean(),
  italic: z.boolean(),
  align: z.enum(['left', 'center', 'right']),
  lineHeight: z.number().check(z.gte(0.5), z.lte(5)),
  colour,
  outlinePx: z.number().check(z.gte(0), z.lte(500)),
  outlineColour: colour,
  angleDeg: z.number().check(z.gte(-360), z.lte(360)),
});

const assistant = z.object({
  kind: z.enum(ASSISTANT_KINDS),
  places: z.array(z.object({ x: place, y: place })).check(z.minLength(1), z.maxLength(3)),
});

const symmetry = z.object({
  kind: z.enum(['vertical', 'horizontal', 'both', 'radial']),
  x: place,
  y: place,
  count: z.number().check(z.int(), z.gte(2), z.lte(MAX_COPIES)),
  mirrors: z.boolean(),
});

const paintData = z.object({
  version: z.literal(VERSION),
  /** By layer id; `pixels` tells whether another program has painted on the layer since. */
  texts: z.optional(z.record(z.string(), z.object({ pixels: z.number(), block: z.unknown() }))),
  assistants: z.optional(z.array(z.unknown()).check(z.maxLength(MAX_ASSISTANTS))),
  snaps: z.optional(z.boolean()),
  symmetry: z.optional(z.unknown()),
});

export type PaintData = {
  readonly version: typeof VERSION;
  readonly texts: Readonly<Record<string, { readonly pixels: number; readonly block: TextBlock }>>;
  readonly assistants: readonly Pick<Guides['assistants'][number], 'kind' | 'places'>[];
  readonly snaps: boolean;
  readonly symmetry?: Symmetry;
};

/** Of everything a document holds that is no picture. */
export function paintDataOf(document: PaintDocument): PaintData {
  const texts: Record<string, { pixels: number; block: TextBlock }> = {};
  for (const layer of walk(document.layers))
    if (layer.kind === 'raster' && layer.text)
      texts[layer.id] = { pixels: pixelSum(layer.tiles), block: layer.text };
  const { assistants, snaps, symmetry: repeated } = document.guides ?? NO_GUIDES;
  return {
    version: VERSION,
    texts,
    assistants: assistants.map(({ kind, places }) => ({ kind, places })),
    snaps,
    ...(repeated && { symmetry: repeated }),
  };
}

/** The document with what was kept of it; a text whose layer has other pixels by now is left out. */
export function withPaintData(document: PaintDocument, kept: unknown): PaintDocument {
  const read = paintData.safeParse(kept);
  if (!read.success) return document;
  const { texts = {}, assistants = [], snaps = true, symmetry: repeated } = read.data;
  const textOf = (layer: RasterLayer): TextBlock | undefined => {
    const said = Object.hasOwn(texts, layer.id) ? texts[layer.id] : undefined;
    const block = textBlock.safeParse(said?.block);
    return said && block.success && said.pixels === pixelSum(layer.tiles) ? block.data : undefined;
  };
  const visit = (layers: PaintDocument['layers']): PaintDocument['layers'] =>
    layers.map((layer) => {
      if (layer.kind === 'group') return { ...layer, children: visit(layer.children) };
      const text = textOf(layer);
      return text ? { ...layer, text } : layer;
    });
  const sound = assistants.flatMap((said, at) => {
    const checked = assistant.safeParse(said);
    if (!checked.success || checked.data.places.length !== PLACES_OF[checked.data.kind]) return [];
    return [{ id: `assistant-${at + 1}`, ...checked.data }];
  });
  const around = symmetry.safeParse(repeated);
  const guides: Guides = {
    assistants: sound,
    snaps,
    symmetry: around.success ? around.data : undefined,
  };
  const isPlain = sound.length === 0 && !guides.symmetry && snaps;
  return { ...document, layers: visit(document.layers), ...(isPlain ? {} : { guides }) };
}

/** FNV-1a over every pixel that shows, by its place. */
export function pixelSum(tiles: Tiles): number {
  let hash = 0x811c9dc5;
  const mix = (value: number): void => {
    hash = Math.imul(hash ^ value, 0x01000193);
  };
  for (const key of [...tiles.keys()].sort((a, b) => a - b)) {
    const tile = tiles.get(key)!;
    for (let at = 0; at < tile.length; at += 4) {
      const alpha = tile[at + 3]!;
      if (alpha === 0) continue;
      mix(key & 0xffff);
      mix(at);
      mix(tile[at]! | (tile[at + 1]! << 8) | (tile[at + 2]! << 16) | (alpha << 24));
    }
  }
  return hash >>> 0;
}
