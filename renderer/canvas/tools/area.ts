import { texts } from '../../app/texts.ts';
import { areaAround } from '../../paint/fill.ts';
import { FLATS_ID } from '../../paint/flat-regions.ts';
import { FlatPage } from '../../paint/flat-page.ts';
import { layerOf, type PaintDocument } from '../../paint/document.ts';
import { combine, maskFrom, type Combine, type Mask } from '../../paint/mask.ts';
import { replaceTiles, select } from '../../paint/operations.ts';
import { paintMask } from '../../paint/paint-mask.ts';
import { colours } from '../../state/colours.svelte.ts';
import type { OpenDocument } from '../../state/documents.svelte.ts';
import { studio } from '../../state/studio.svelte.ts';
import { regionUnder } from './region-under.ts';
import { layerToPaint, type ToolPlace } from './tool.ts';

const pages = new WeakMap<OpenDocument, FlatPage>();

/** The area of like colour under a press, as a mask. */
function areaUnder(event: PointerEvent, { document, toDocument }: ToolPlace): Mask | undefined {
  const { x, y } = toDocument(event);
  // In Flats an area is a region: no line, gap or tolerance is asked.
  if (document.selectedLayerId === FLATS_ID) return regionUnder(document, { x, y });
  const { allLayers, tolerance, gapPx, growPx } = studio.area;
  const { painted } = document;
  const own = layerOf(painted, document.selectedLayerId);
  const looked: PaintDocument =
    allLayers || !own
      ? painted
      : { ...painted, layers: [{ ...own, visible: true, opacity: 1, blend: 'normal', clipped: false }] };
  let page = pages.get(document);
  if (!page) pages.set(document, (page = new FlatPage()));
  const area = areaAround(page.of(looked), Math.floor(x), Math.floor(y), { tolerance, gapPx, growPx });
  return area && maskFrom(area.bytes, area.rect);
}

/** Fills the pressed area with the paint in hand. */
export function fill(event: PointerEvent, place: ToolPlace): void {
  const layer = layerToPaint(place);
  if (!layer) return;
  const mask = areaUnder(event, place);
  if (!mask) return;
  const rgb = colours.foreground;
  const { document } = place;
  document.change(
    (painted) => replaceTiles(painted, layer.id, paintMask(layer, mask, painted.selection, rgb)),
    'now',
    texts.history.fill,
  );
  colours.used(rgb);
}

/** Shift adds, Alt subtracts, both intersect; else as the tool options say. */
export function combineBy(event: PointerEvent): Combine {
  if (event.shiftKey && event.altKey) return 'intersect';
  if (event.shiftKey) return 'add';
  if (event.altKey) return 'subtract';
  return studio.combine;
}

export function selectArea(document: OpenDocument, mask: Mask | undefined, how: Combine): void {
  document.change(
    (painted) => select(painted, combine(painted.selection, mask, how)),
    'now',
    texts.history.select,
  );
}

/** Selects the pressed area. */
export function wand(event: PointerEvent, place: ToolPlace): void {
  selectArea(place.document, areaUnder(event, place), combineBy(event));
}
