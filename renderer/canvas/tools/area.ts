import { texts } from '../../app/texts.ts';
import { FLATS_ID } from '../../paint/flat-regions.ts';
import { FlatPage } from '../../paint/flat-page.ts';
import { layerOf, paintingBarrier, type PaintDocument } from '../../paint/document.ts';
import { maskFrom, type Combine, type Mask } from '../../paint/mask.ts';
import { replaceTiles } from '../../paint/operations.ts';
import { paintMask } from '../../paint/paint-mask.ts';
import { inBackground } from '../../state/background.ts';
import { colours } from '../../state/colours.svelte.ts';
import type { OpenDocument } from '../../state/open-document.svelte.ts';
import { notices } from '../../state/notices.svelte.ts';
import { selections } from '../../state/selections.svelte.ts';
import { studio } from '../../state/studio.svelte.ts';
import { toolSettings } from '../../state/tool-settings.svelte.ts';
import { regionUnder } from './region-under.ts';
import { layerToPaint, type ToolPlace } from './tool.ts';

const pages = new WeakMap<OpenDocument, FlatPage>();
let last: Promise<unknown> = Promise.resolve();

/** Lets input and frames come between; a timer would be slowed down, a microtask would keep them waiting. */
const rest = (): Promise<void> =>
  new Promise((resolve) => {
    const { port1, port2 } = new MessageChannel();
    port1.onmessage = () => {
      port1.close();
      resolve();
    };
    port2.postMessage(undefined);
  });

/** The area of like colour under a press, as a mask; found beside the window's thread, one press after the other. */
function areaUnder(event: PointerEvent, place: ToolPlace): Promise<Mask | undefined> {
  const { document } = place;
  const { x, y } = place.toDocument(event);
  // In Flats an area is a region: no line, gap or tolerance is asked.
  if (document.selectedLayerId === FLATS_ID) return Promise.resolve(regionUnder(document, { x, y }));
  const { allLayers, tolerance, gapPx, growPx } = studio.area;
  const { painted } = document;
  const own = layerOf(painted, document.selectedLayerId);
  const looked: PaintDocument =
    allLayers || !own
      ? painted
      : { ...painted, layers: [{ ...own, visible: true, opacity: 1, blend: 'normal', clipped: false }] };
  let page = pages.get(document);
  if (!page) pages.set(document, (page = new FlatPage()));
  const flat = page;
  const found = last.then(async () => {
    const picture = await flat.gradually(looked, rest);
    const at = { picture, x: Math.floor(x), y: Math.floor(y) };
    const area = await inBackground('area', { ...at, options: { tolerance, gapPx, growPx } });
    return area && maskFrom(area.bytes, area.rect);
  });
  last = found.catch(() => undefined);
  return found;
}

/** Fills the pressed area with the paint in hand. */
export async function fill(event: PointerEvent, place: ToolPlace): Promise<void> {
  const layer = layerToPaint(place);
  if (!layer) return;
  const rgb = colours.foreground;
  const { document } = place;
  const { selection } = document.painted;
  try {
    const mask = await areaUnder(event, place);
    if (!mask) return;
    document.change(
      (painted) => {
        const now = layerOf(painted, layer.id);
        if (now?.kind !== 'raster' || paintingBarrier(painted, layer.id)) return painted;
        return replaceTiles(painted, layer.id, paintMask(now, mask, selection, rgb));
      },
      'eventually',
      texts.history.fill,
    );
    colours.used(rgb);
  } catch (thrown) {
    notices.failure(thrown);
  }
}

/** Shift adds, Alt subtracts, both intersect; else as the tool options say. */
export function combineBy(event: PointerEvent): Combine {
  if (event.shiftKey && event.altKey) return 'intersect';
  if (event.shiftKey) return 'add';
  if (event.altKey) return 'subtract';
  return studio.combine;
}

export function selectArea(document: OpenDocument, mask: Mask | undefined, how: Combine): void {
  selections.take(document, mask, how, toolSettings.now.featherPx);
}

/** Selects the pressed area. */
export async function wand(event: PointerEvent, place: ToolPlace): Promise<void> {
  const how = combineBy(event);
  try {
    selectArea(place.document, await areaUnder(event, place), how);
  } catch (thrown) {
    notices.failure(thrown);
  }
}
