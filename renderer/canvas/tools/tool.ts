import { texts } from '../../app/texts.ts';
import { freshId, freshName, paintingBarrier, rasterLayer, type RasterLayer } from '../../paint/document.ts';
import { insertLayer, placeAbove } from '../../paint/operations.ts';
import { layerOf } from '../../paint/document.ts';
import type { PenSample } from '../../paint/brush/path.ts';
import { onCurve } from '../../paint/pressure-curve.ts';
import { settings } from '../../state/settings.svelte.ts';
import { transform } from '../../state/transform.svelte.ts';
import { notices } from '../../state/notices.svelte.ts';
import type { OpenDocument } from '../../state/open-document.svelte.ts';
import { makePlain } from '../../state/plain-text.ts';
import type { PictureStage } from '../picture-stage.ts';
import type { Point } from '../view.ts';

/** What a tool works on. */
export interface ToolPlace {
  readonly document: OpenDocument;
  readonly stage: PictureStage;
  /** A pointer event's place in the document. */
  readonly toDocument: (event: PointerEvent) => Point;
}

export const sampleOf = (event: PointerEvent, { toDocument }: ToolPlace): PenSample =>
  sampleAt(event, toDocument);

/** A pen reading; mice and fingers, which feel no pressure, press fully. */
export function sampleAt(event: PointerEvent, toDocument: (event: PointerEvent) => Point): PenSample {
  const { x, y } = toDocument(event);
  const isPen = event.pointerType === 'pen';
  const altitude = event.altitudeAngle ?? Math.PI / 2;
  return {
    x,
    y,
    pressure: isPen ? onCurve(settings.current.pressureCurve, event.pressure) : 1,
    tilt: isPen ? Math.min(1, Math.max(0, 1 - altitude / (Math.PI / 2))) : 0,
    azimuth: isPen ? (event.azimuthAngle ?? 0) : 0,
    timeMs: event.timeStamp,
  };
}

/** The layer to paint on; undefined, with a notice that says why and what to do, when it can't be. */
export function layerToPaint({ document }: ToolPlace): RasterLayer | undefined {
  if (transform.working) {
    notices.info(texts.move.working, { key: 'painting' });
    return undefined;
  }
  const { painted, selectedLayerId } = document;
  const barrier = paintingBarrier(painted, selectedLayerId);
  const layer = layerOf(painted, selectedLayerId);
  if (!barrier && layer?.kind === 'raster') return layer;
  notices.error(texts.painting[barrier ?? 'none'](layer?.name ?? ''), {
    key: 'painting',
    action:
      barrier === 'text'
        ? { label: texts.text.toPixels, run: () => makePlain(document, selectedLayerId) }
        : { label: texts.painting.addLayer, run: () => addLayer(document) },
  });
  return undefined;
}

/** A new empty layer above the selected one, selected. */
export function addLayer(document: OpenDocument): void {
  const id = freshId(document.painted);
  const name = freshName(document.painted, texts.layers.newName);
  document.change(
    (painted) =>
      insertLayer(painted, rasterLayer(id, { name }), placeAbove(painted, document.selectedLayerId)),
    'now',
    texts.history.addLayer,
  );
  document.selectedLayerId = id;
}
