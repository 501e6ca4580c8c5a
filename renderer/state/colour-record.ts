import type { ColourRecord } from '../../electron/contract/colour.ts';
import type { DrawingInfo } from '../../electron/contract/table.ts';
import { layerOf, walk, type PaintDocument } from '../paint/document.ts';
import { marksOf, type Marks } from '../paint/marks.ts';
import { madeFromRuns, ownRuns } from '../paint/own-paint.ts';
import { MADE_IDS } from '../paint/preview-layer.ts';
import type { Rect, Tiles } from '../paint/tiles.ts';
import { colorize } from './colorize.svelte.ts';
import { openers } from './documents.svelte.ts';
import { keepers, type OpenDocument } from './open-document.svelte.ts';
import { references } from './references.svelte.ts';
import { host } from './session.svelte.ts';

/*
 * How a drawing is being coloured goes to the host whenever its pixels do, for the file, and comes back with the file.
 */

const pageOf = ({ width, height }: PaintDocument): Rect => ({
  left: 0,
  top: 0,
  right: width,
  bottom: height,
});

/** What the host has of each document, as text; forgotten with the connection, since ids are then new. */
const kept = new Map<string, string>();

function recordOf({ painted }: OpenDocument): ColourRecord {
  const { settings, palette, method, sizePx } = colorize;
  const { hints, pins, locks } = marksOf(painted);
  const painting = MADE_IDS.flatMap((layerId) => {
    const layer = layerOf(painted, layerId);
    const made = painted.made?.get(layerId);
    if (layer?.kind !== 'raster' || !made || made === layer.tiles) return [];
    const runs = ownRuns(layer.tiles, made, pageOf(painted));
    return runs.length > 0 && runs.length <= 1_000_000 ? [{ layerId, runs }] : [];
  });
  return {
    ...(method && { method: method.id }),
    ...(sizePx && { sizePx }),
    regions: settings.regions,
    gapPx: settings.gapPx,
    snap: settings.snap,
    references: references.list
      .filter(({ key, used }) => used || pins.some(({ reference }) => reference === key))
      .slice(0, 32)
      .map(({ info, used, weightPercent }) => ({
        referenceId: info.referenceId,
        weight: weightPercent / 100,
        used,
      })),
    palette: [...palette],
    hints: hints.map(({ points, colour }) => ({
      points: points.map(([x, y]) => [x, y] as [number, number]),
      colour,
    })),
    pins: pins.flatMap(({ x, y, reference, u, v }) => {
      const referenceId = references.byKey(reference)?.info.referenceId;
      return referenceId === undefined ? [] : [{ x, y, referenceId, u, v }];
    }),
    locks: locks.map(({ x, y, everywhere }) => ({ x, y, everywhere })),
    painted: painting,
  };
}

async function keep(document: OpenDocument): Promise<void> {
  const { marks } = document.painted;
  if (!document.coloured && !marks) return;
  const { documentId } = document.info;
  const record = recordOf(document);
  const text = JSON.stringify(record);
  if (kept.get(documentId) === text) return;
  await host.call('colour.keep', { documentId, record });
  kept.set(documentId, text);
}

/** Forgets what hosts of other connections had. */
export function forgetKept(): void {
  kept.clear();
}

async function recall(info: DrawingInfo): Promise<(document: PaintDocument) => PaintDocument> {
  const isColoured = info.layers.some(({ id }) => MADE_IDS.includes(id));
  if (!isColoured && !/\.ora$/i.test(info.name)) return (document) => document;
  const { documentId } = info;
  const { record, references: brought } = await host.call('colour.recall', { documentId });
  if (record) {
    const { method, sizePx, regions, gapPx, snap, palette } = record;
    references.bring(brought, record.references);
    colorize.set({ method, sizePx, regions, gapPx, snap });
    colorize.palette = palette;
  }
  const marks = record && marksFrom(record);
  return (document) => ({ ...document, made: madeIn(document, record), ...(marks && { marks }) });
}

function marksFrom({ hints, pins, locks }: ColourRecord): Marks {
  let id = 0;
  return {
    hints: hints.map(({ points, colour }) => ({ id: ++id, points, colour })),
    pins: pins.flatMap(({ referenceId, ...pin }) => {
      const reference = references.byId(referenceId);
      return reference ? [{ id: ++id, ...pin, reference: reference.key }] : [];
    }),
    locks: locks.map((lock) => ({ id: ++id, ...lock })),
  };
}

/** Without a record nothing on the layers that colouring makes is known to be the artist's. */
function madeIn(document: PaintDocument, record: ColourRecord | undefined): ReadonlyMap<string, Tiles> {
  const made = new Map<string, Tiles>();
  for (const layer of walk(document.layers)) {
    if (layer.kind !== 'raster' || !MADE_IDS.includes(layer.id)) continue;
    const runs = record?.painted.find(({ layerId }) => layerId === layer.id)?.runs ?? [];
    made.set(layer.id, madeFromRuns(layer.tiles, runs, pageOf(document)));
  }
  return made;
}

/** From now on drawings are kept and recalled with how they are being coloured. */
export function keepColouring(): void {
  keepers.push(keep);
  openers.push(recall);
}
