import { paintingBarrier, walk, type RasterLayer } from '../../paint/document.ts';
import { writing } from '../../state/text.svelte.ts';
import { toolSettings } from '../../state/tool-settings.svelte.ts';
import { boxOf, textHeight } from '../draw-text.ts';
import type { PointerFollower } from '../gestures.ts';
import type { Point } from '../view.ts';
import type { ToolPlace } from './tool.ts';

/** The box being dragged for a new text, in the document's pixels, for the stage to show. */
class TextBox {
  dragged = $state.raw<{ readonly from: Point; readonly to: Point } | undefined>(undefined);
}
export const textBox = new TextBox();

/** How near, on the screen, the handle at a box's side must be pressed. */
const NEAR_PX = 14;
/** A press without a drag, up to this many pixels of the screen, writes in a box of the usual width. */
const SLOP_PX = 6;
const USUAL_LETTERS = 10;

/** Where a box's width is dragged: the middle of its right side. */
export function widthHandle(corners: readonly Point[]): Point {
  const [, top, bottom] = corners;
  return { x: (top!.x + bottom!.x) / 2, y: (top!.y + bottom!.y) / 2 };
}

const holds = (corners: readonly Point[], at: Point): boolean =>
  corners.every((a, i) => {
    const b = corners[(i + 1) % corners.length]!;
    return (b.x - a.x) * (at.y - a.y) - (b.y - a.y) * (at.x - a.x) >= 0;
  });

/** The topmost text layer, that shows and isn't locked, whose box lies under a place. */
function textUnder({ document }: ToolPlace, at: Point): RasterLayer | undefined {
  const found = [...walk(document.painted.layers)].reverse();
  return found.find(
    (layer): layer is RasterLayer =>
      layer.kind === 'raster' &&
      layer.text !== undefined &&
      paintingBarrier(document.painted, layer.id) === 'text' &&
      holds(boxOf(layer.text, textHeight(layer.text)), at),
  );
}

/** Writes: a drag draws a box, a press on a text takes it up, inside the box in hand it is moved, at its side widened. */
export function text(event: PointerEvent, place: ToolPlace): PointerFollower | undefined {
  const from = place.toDocument(event);
  const { session } = writing;
  const scale = place.document.view?.scale ?? 1;
  if (session?.document === place.document) {
    const corners = boxOf(session.block, session.heightPx);
    const handle = widthHandle(corners);
    if (Math.hypot(handle.x - from.x, handle.y - from.y) * scale < NEAR_PX) return widen(place, from);
    if (holds(corners, from)) return move(place, from);
  }
  const there = textUnder(place, from);
  if (there) {
    writing.edit(place.document, there.id);
    return move(place, from);
  }
  writing.finish();
  return {
    move(events) {
      textBox.dragged = { from, to: place.toDocument(events.at(-1)!) };
    },
    end(at) {
      textBox.dragged = undefined;
      const to = place.toDocument(at);
      const usual = toolSettings.now.textSizePx * USUAL_LETTERS;
      const [dx, dy] = [to.x - from.x, to.y - from.y];
      if (Math.hypot(dx, dy) * scale > SLOP_PX && Math.abs(dx) * scale > SLOP_PX)
        writing.begin(place.document, Math.min(from.x, to.x), Math.min(from.y, to.y), Math.abs(dx));
      else writing.begin(place.document, from.x - usual / 2, from.y - toolSettings.now.textSizePx / 2, usual);
    },
    cancel() {
      textBox.dragged = undefined;
    },
  };
}

function move(place: ToolPlace, from: Point): PointerFollower | undefined {
  const start = writing.session?.block;
  if (!start) return undefined;
  const follow = (to: Point): void => {
    const [dx, dy] = [Math.round(to.x - from.x), Math.round(to.y - from.y)];
    if (dx !== 0 || dy !== 0) writing.change({ x: start.x + dx, y: start.y + dy });
  };
  return {
    move: (events) => follow(place.toDocument(events.at(-1)!)),
    end: () => undefined,
    cancel: () => writing.change({ x: start.x, y: start.y }),
  };
}

function widen(place: ToolPlace, from: Point): PointerFollower | undefined {
  const start = writing.session?.block;
  if (!start) return undefined;
  const radians = (start.angleDeg * Math.PI) / 180;
  return {
    move(events) {
      const to = place.toDocument(events.at(-1)!);
      const by = (to.x - from.x) * Math.cos(radians) + (to.y - from.y) * Math.sin(radians);
      writing.change({ widthPx: Math.max(start.sizePx, start.widthPx + by) });
    },
    end: () => undefined,
    cancel: () => writing.change({ widthPx: start.widthPx }),
  };
}
