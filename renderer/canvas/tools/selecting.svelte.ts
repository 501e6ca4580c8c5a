import { intersect, isEmpty, type Rect } from '../../paint/tiles.ts';
import { polygonMask, rectMask } from '../../paint/mask.ts';
import type { PointerFollower } from '../gestures.ts';
import type { Point } from '../view.ts';
import { combineBy, selectArea } from './area.ts';
import type { ToolPlace } from './tool.ts';

/** What a selection tool is drawing right now, in the document's pixels, for the stage to show. */
class Outline {
  points = $state.raw<readonly Point[]>([]);
}

export const outline = new Outline();

/** A press without a drag, up to this many pixels of the screen, selects nothing: it drops the selection. */
const CLICK_SLOP_PX = 3;

const pageOf = ({ document }: ToolPlace): Rect => ({
  left: 0,
  top: 0,
  right: document.painted.width,
  bottom: document.painted.height,
});

/** A rectangle from corner to corner; Shift while dragging keeps it square. */
export function marquee(event: PointerEvent, place: ToolPlace): PointerFollower {
  const from = place.toDocument(event);
  const how = combineBy(event);
  const moved = movedFrom(event);
  const corners = (at: PointerEvent): Rect => {
    const to = place.toDocument(at);
    let [dx, dy] = [to.x - from.x, to.y - from.y];
    if (at.shiftKey && how !== 'add') {
      const side = Math.max(Math.abs(dx), Math.abs(dy));
      [dx, dy] = [side * Math.sign(dx || 1), side * Math.sign(dy || 1)];
    }
    return {
      left: Math.round(Math.min(from.x, from.x + dx)),
      top: Math.round(Math.min(from.y, from.y + dy)),
      right: Math.round(Math.max(from.x, from.x + dx)),
      bottom: Math.round(Math.max(from.y, from.y + dy)),
    };
  };
  return {
    move(events) {
      const { left, top, right, bottom } = corners(events.at(-1)!);
      outline.points = [
        { x: left, y: top },
        { x: right, y: top },
        { x: right, y: bottom },
        { x: left, y: bottom },
      ];
    },
    end(at) {
      outline.points = [];
      const rect = intersect(corners(at), pageOf(place));
      if (!moved(at)) {
        if (how === 'replace') selectArea(place.document, undefined, 'replace');
      } else if (!isEmpty(rect)) selectArea(place.document, rectMask(rect), how);
    },
    cancel() {
      outline.points = [];
    },
  };
}

/** A freely drawn outline, closed when the pointer is lifted. */
export function lasso(event: PointerEvent, place: ToolPlace): PointerFollower {
  const how = combineBy(event);
  const points: Point[] = [place.toDocument(event)];
  const moved = movedFrom(event);
  return {
    move(events) {
      for (const at of events) points.push(place.toDocument(at));
      outline.points = [...points];
    },
    end(at) {
      outline.points = [];
      if (moved(at) || points.length > 8) {
        const mask = polygonMask(points, pageOf(place));
        if (mask) selectArea(place.document, mask, how);
      } else if (how === 'replace') selectArea(place.document, undefined, 'replace');
    },
    cancel() {
      outline.points = [];
    },
  };
}

const movedFrom =
  (from: PointerEvent) =>
  (to: PointerEvent): boolean =>
    Math.hypot(to.clientX - from.clientX, to.clientY - from.clientY) > CLICK_SLOP_PX;
