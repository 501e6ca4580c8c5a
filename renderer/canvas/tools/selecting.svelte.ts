import { texts } from '../../app/texts.ts';
import { intersect, isEmpty, type Rect } from '../../paint/tiles.ts';
import { cropMask, maskAt, polygonMask, rectMask, type Combine, type Mask } from '../../paint/mask.ts';
import { select } from '../../paint/operations.ts';
import type { OpenDocument } from '../../state/open-document.svelte.ts';
import { selections, wholePage } from '../../state/selections.svelte.ts';
import { toolSettings } from '../../state/tool-settings.svelte.ts';
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
/** How near, on the screen, the first corner closes a polygon. */
const CLOSE_PX = 9;

const pageOf = ({ document }: ToolPlace): Rect => wholePage(document.painted);

function ellipsePoints({ left, top, right, bottom }: Rect): Point[] {
  const [rx, ry] = [(right - left) / 2, (bottom - top) / 2];
  const count = Math.min(720, Math.max(48, Math.round((rx + ry) / 2)));
  return Array.from({ length: count }, (_, i) => {
    const angle = (i * 2 * Math.PI) / count;
    return { x: left + rx + rx * Math.cos(angle), y: top + ry + ry * Math.sin(angle) };
  });
}

const rectPoints = ({ left, top, right, bottom }: Rect): Point[] => [
  { x: left, y: top },
  { x: right, y: top },
  { x: right, y: bottom },
  { x: left, y: bottom },
];

/** A rectangle or ellipse from corner to corner; Shift while dragging keeps it square or round. */
export function marquee(event: PointerEvent, place: ToolPlace): PointerFollower {
  const from = place.toDocument(event);
  const how = combineBy(event);
  const carried = carry(event, place, how);
  if (carried) return carried;
  const moved = movedFrom(event);
  const isEllipse = toolSettings.now.marquee === 'ellipse';
  const corners = (at: PointerEvent): Rect => {
    const to = place.toDocument(at);
    let [dx, dy] = [to.x - from.x, to.y - from.y];
    if (at.shiftKey && how !== 'add' && how !== 'intersect') {
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
      const rect = corners(events.at(-1)!);
      outline.points = isEllipse ? ellipsePoints(rect) : rectPoints(rect);
    },
    end(at) {
      outline.points = [];
      const rect = corners(at);
      const inside = intersect(rect, pageOf(place));
      if (!moved(at)) {
        if (how === 'replace') selections.drop(place.document);
      } else if (!isEmpty(inside)) {
        const mask = isEllipse ? polygonMask(ellipsePoints(rect), pageOf(place)) : rectMask(inside);
        selectArea(place.document, mask, how);
      }
    },
    cancel() {
      outline.points = [];
    },
  };
}

/** A freely drawn outline, closed when the pointer is lifted; or, as a polygon, corner after corner. */
export function lasso(event: PointerEvent, place: ToolPlace): PointerFollower {
  if (toolSettings.now.lasso === 'polygon') return polygon.press(event, place);
  const how = combineBy(event);
  const carried = carry(event, place, how);
  if (carried) return carried;
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
      } else if (how === 'replace') selections.drop(place.document);
    },
    cancel() {
      outline.points = [];
    },
  };
}

/** A polygon lasso between presses. */
class Polygon {
  #corners = $state.raw<readonly Point[]>([]);
  #document: OpenDocument | undefined;
  #how: Combine = 'replace';

  get active(): boolean {
    return this.#corners.length > 0;
  }

  press(event: PointerEvent, place: ToolPlace): PointerFollower {
    const at = place.toDocument(event);
    if (!this.active || this.#document !== place.document) {
      this.#corners = [];
      this.#document = place.document;
      this.#how = combineBy(event);
    }
    const [first] = this.#corners;
    const scale = place.document.view?.scale ?? 1;
    const closes =
      first !== undefined &&
      this.#corners.length > 2 &&
      Math.hypot(at.x - first.x, at.y - first.y) * scale < CLOSE_PX;
    if (closes || event.detail > 1) {
      this.close();
      return NOTHING_FOLLOWS;
    }
    this.#corners = [...this.#corners, at];
    this.hover(at);
    return {
      move: (events) => this.hover(place.toDocument(events.at(-1)!)),
      end: () => undefined,
      cancel: () => this.giveUp(),
    };
  }

  /** The next corner would come here. */
  hover(at: Point | undefined): void {
    if (this.active) outline.points = at ? [...this.#corners, at] : this.#corners;
  }

  close(): void {
    const [document, corners] = [this.#document, this.#corners];
    this.giveUp();
    if (!document || corners.length < 3) return;
    const mask = polygonMask(corners, wholePage(document.painted));
    if (mask) selectArea(document, mask, this.#how);
  }

  giveUp(): void {
    this.#corners = [];
    this.#document = undefined;
    outline.points = [];
  }
}

export const polygon = new Polygon();

const NOTHING_FOLLOWS: PointerFollower = {
  move: () => undefined,
  end: () => undefined,
  cancel: () => undefined,
};

/** A press inside the selection carries its outline elsewhere; the pixels stay. A press alone drops it. */
function carry(event: PointerEvent, place: ToolPlace, how: Combine): PointerFollower | undefined {
  const { document } = place;
  const mask = document.painted.selection;
  const from = place.toDocument(event);
  if (how !== 'replace' || !mask) return undefined;
  if (maskAt(mask, Math.floor(from.x), Math.floor(from.y)) < 128) return undefined;
  const moved = movedFrom(event);
  const shifted = (at: PointerEvent): Mask | undefined => {
    const to = place.toDocument(at);
    let [dx, dy] = [Math.round(to.x - from.x), Math.round(to.y - from.y)];
    if (at.shiftKey) [dx, dy] = Math.abs(dx) > Math.abs(dy) ? [dx, 0] : [0, dy];
    return cropMask(mask, dx, dy, wholePage(document.painted));
  };
  return {
    move(events) {
      const at = events.at(-1)!;
      if (moved(at)) document.change((now) => select(now, shifted(at)), 'never');
    },
    end(at) {
      if (moved(at)) document.change((now) => select(now, shifted(at)), 'now', texts.select.history);
      else selections.drop(document);
    },
    cancel: () => document.abandon(),
  };
}

const movedFrom =
  (from: PointerEvent) =>
  (to: PointerEvent): boolean =>
    Math.hypot(to.clientX - from.clientX, to.clientY - from.clientY) > CLICK_SLOP_PX;
