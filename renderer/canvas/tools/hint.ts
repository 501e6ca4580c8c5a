import { marksOf, type Hint } from '../../paint/marks.ts';
import { colours, hexOf } from '../../state/colours.svelte.ts';
import { marks } from '../../state/marks.svelte.ts';
import type { PointerFollower } from '../gestures.ts';
import type { Point } from '../view.ts';
import { hintStroke } from './hint-stroke.svelte.ts';
import type { ToolPlace } from './tool.ts';

/** How near, on the screen, a hint must be pressed to be taken instead of making a new one. */
const NEAR_PX = 9;
const CLICK_SLOP_PX = 3;

/** The uppermost hint at a place. */
function hintAt({ document }: ToolPlace, { x, y }: Point): Hint | undefined {
  const reach = NEAR_PX / (document.view?.scale ?? 1);
  return marksOf(document.painted).hints.findLast(({ points }) => distanceTo(points, x, y) <= reach);
}

function distanceTo(points: Hint['points'], x: number, y: number): number {
  let least = Infinity;
  points.forEach(([ax, ay], i) => {
    const [bx, by] = points[i + 1] ?? [ax, ay];
    const length = (bx - ax) ** 2 + (by - ay) ** 2;
    const part = length === 0 ? 0 : ((x - ax) * (bx - ax) + (y - ay) * (by - ay)) / length;
    const t = Math.min(1, Math.max(0, part));
    least = Math.min(least, Math.hypot(ax + (bx - ax) * t - x, ay + (by - ay) * t - y));
  });
  return least;
}

/**
 * A dot of the paint colour where it is pressed, a stroke where it is drawn. Pressed on a hint, that one is selected, and
 * dragged along; with Shift it takes the paint colour.
 */
export function hint(event: PointerEvent, place: ToolPlace): PointerFollower | undefined {
  const { document } = place;
  const from = place.toDocument(event);
  const there = hintAt(place, from);
  if (there) {
    marks.select('hints', there.id);
    if (event.shiftKey) {
      marks.recolour(document, there.id, hexOf(colours.foreground));
      return undefined;
    }
    return drag(event, place, there, from);
  }
  const { width, height } = document.painted;
  if (from.x < 0 || from.y < 0 || from.x >= width || from.y >= height) {
    marks.select('hints', undefined);
    return undefined;
  }
  const colour = hexOf(colours.foreground);
  const points: Point[] = [from];
  hintStroke.show(points, colour);
  return {
    move(events) {
      for (const at of events) points.push(place.toDocument(at));
      hintStroke.show(points, colour);
    },
    end(at) {
      hintStroke.hide();
      const isDot = Math.hypot(at.clientX - event.clientX, at.clientY - event.clientY) <= CLICK_SLOP_PX;
      marks.addHint(document, isDot && points.length < 12 ? [from] : points, colour);
      colours.used(colours.foreground);
    },
    cancel: () => hintStroke.hide(),
  };
}

function drag(event: PointerEvent, place: ToolPlace, moved: Hint, from: Point): PointerFollower {
  const { document } = place;
  const isMoved = (at: PointerEvent): boolean =>
    Math.hypot(at.clientX - event.clientX, at.clientY - event.clientY) > CLICK_SLOP_PX;
  let began = false;
  const to = (at: PointerEvent, isDone: boolean): void => {
    const { x, y } = place.toDocument(at);
    marks.moveHint(document, moved, x - from.x, y - from.y, isDone);
  };
  return {
    move(events) {
      const at = events.at(-1)!;
      began ||= isMoved(at);
      if (began) to(at, false);
    },
    end(at) {
      if (began) to(at, true);
    },
    cancel() {
      if (began) document.abandon();
    },
  };
}

/** The pen's other end takes hints away. */
export function eraseHint(event: PointerEvent, place: ToolPlace): PointerFollower {
  const erase = (at: PointerEvent): void => {
    const there = hintAt(place, place.toDocument(at));
    if (there) marks.remove(place.document, 'hints', there.id);
  };
  erase(event);
  return { move: (events) => events.forEach(erase), end: () => undefined, cancel: () => undefined };
}
