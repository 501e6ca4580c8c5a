import { texts } from '../../app/texts.ts';
import { alikeAt, FLATS_ID, flatsOf, regionAt } from '../../paint/flat-regions.ts';
import { layerOf } from '../../paint/document.ts';
import { marksOf } from '../../paint/marks.ts';
import { combine, maskAt, type Mask } from '../../paint/mask.ts';
import { replaceTiles } from '../../paint/operations.ts';
import { paintMask } from '../../paint/paint-mask.ts';
import { pixelAt } from '../../paint/tiles.ts';
import type { Rgb } from '../../paint/brush/stroke.ts';
import { colours } from '../../state/colours.svelte.ts';
import type { OpenDocument } from '../../state/open-document.svelte.ts';
import { marks } from '../../state/marks.svelte.ts';
import { notices } from '../../state/notices.svelte.ts';
import { studio } from '../../state/studio.svelte.ts';
import type { PointerFollower } from '../gestures.ts';
import type { Point } from '../view.ts';
import { combineBy, selectArea } from './area.ts';
import { regionUnder } from './region-under.ts';
import type { ToolPlace } from './tool.ts';

/** Fills a region of Flats with a colour; her own from then on, so that it stays when colour is applied again. */
export function recolourRegion(document: OpenDocument, mask: Mask, rgb: Rgb, label: string): void {
  const layer = layerOf(document.painted, FLATS_ID);
  if (layer?.kind !== 'raster' || layer.locked) {
    notices.error(texts.painting.locked(layer?.name ?? ''), { key: 'painting' });
    return;
  }
  document.change(
    (now) => replaceTiles(now, layer.id, paintMask(layer, mask, now.selection, rgb)),
    'now',
    label,
  );
}

/** A press of the region tool, as its mode says. */
export function region(event: PointerEvent, place: ToolPlace): PointerFollower | undefined {
  const { document } = place;
  const at = place.toDocument(event);
  const flats = flatsOf(document.painted);
  if (!flats) {
    notices.info(texts.marks.noFlats, { key: 'painting' });
    return undefined;
  }
  switch (studio.regionMode) {
    case 'lock':
      toggleLock(document, at, event.shiftKey);
      return undefined;
    case 'select': {
      const mask = regionUnder(document, at);
      if (mask) selectArea(document, mask, combineBy(event));
      return undefined;
    }
    case 'merge':
      return merge(place, at);
    case 'recolour': {
      const mask = event.shiftKey ? alikeAt(flats, at.x, at.y) : regionUnder(document, at);
      if (mask) recolourRegion(document, mask, colours.foreground, texts.marks.history.recolourRegion);
      colours.used(colours.foreground);
      return undefined;
    }
  }
}

/** Locks the region; one that is locked is unlocked. */
function toggleLock(document: OpenDocument, at: Point, everywhere: boolean): void {
  const { painted } = document;
  const mask = regionUnder(document, at);
  const there = marksOf(painted).locks.find(
    (lock) =>
      mask &&
      (maskAt(mask, Math.floor(lock.x), Math.floor(lock.y)) > 0 ||
        (lock.everywhere && sameColour(document, lock, at))),
  );
  if (there && !everywhere) marks.remove(document, 'locks', there.id);
  else if (there) marks.changeLock(document, there.id, true);
  else if (!marks.addLock(document, at, everywhere))
    notices.info(texts.marks.nothingToLock, { key: 'painting' });
}

function sameColour({ painted }: OpenDocument, a: Point, b: Point): boolean {
  const flats = flatsOf(painted);
  if (!flats) return false;
  const [one, other] = [a, b].map(({ x, y }) => pixelAt(flats, Math.floor(x), Math.floor(y)).join());
  return one === other;
}

/** From one region over others: they take its colour. One step, whatever was crossed. */
function merge(place: ToolPlace, from: Point): PointerFollower | undefined {
  const { document } = place;
  const flats = flatsOf(document.painted);
  const first = regionUnder(document, from);
  const layer = layerOf(document.painted, FLATS_ID);
  if (!flats || !first || layer?.kind !== 'raster') return undefined;
  const [r, g, b] = pixelAt(flats, Math.floor(from.x), Math.floor(from.y));
  let crossed: Mask = first;
  const cross = (at: PointerEvent): void => {
    const point = place.toDocument(at);
    if (maskAt(crossed, Math.floor(point.x), Math.floor(point.y)) > 0) return;
    const mask = regionAt(flats, document.painted.width, document.painted.height, point.x, point.y);
    if (!mask) return;
    crossed = combine(crossed, mask, 'add') ?? crossed;
    show('never');
  };
  const show = (policy: 'never' | 'now'): void =>
    document.change(
      (now) => replaceTiles(now, layer.id, paintMask(layer, crossed, undefined, [r, g, b])),
      policy,
      texts.marks.history.merge,
    );
  return {
    move: (events) => events.forEach(cross),
    end(at) {
      cross(at);
      if (crossed !== first) show('now');
    },
    cancel() {
      if (crossed !== first) document.abandon();
    },
  };
}
