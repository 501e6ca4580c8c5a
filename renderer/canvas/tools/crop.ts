import { crop } from '../../state/crop.svelte.ts';
import type { Rect } from '../../paint/tiles.ts';
import type { PointerFollower } from '../gestures.ts';
import type { Point } from '../view.ts';
import type { ToolPlace } from './tool.ts';

/** How near, on the screen, an edge or corner must be pressed. */
const NEAR_PX = 12;

/** Drags the frame: an edge or corner resizes, inside moves, outside draws another. */
export function cropDrag(event: PointerEvent, place: ToolPlace): PointerFollower {
  const { document } = place;
  crop.begin(document);
  const start = crop.session!.frame;
  const from = place.toDocument(event);
  const near = NEAR_PX / (document.view?.scale ?? 1);
  const { width, height } = document.painted;
  const isWhole = start.left === 0 && start.top === 0 && start.right === width && start.bottom === height;
  const grip = gripOf(start, from, near);
  const inside = from.x > start.left && from.x < start.right && from.y > start.top && from.y < start.bottom;
  const change = (to: Point): Rect => {
    const [dx, dy] = [to.x - from.x, to.y - from.y];
    if (grip) return held(resized(start, grip, dx, dy), grip, crop.ratio);
    if (inside && !isWhole)
      return {
        left: start.left + Math.round(dx),
        top: start.top + Math.round(dy),
        right: start.right + Math.round(dx),
        bottom: start.bottom + Math.round(dy),
      };
    const fresh = { left: from.x, top: from.y, right: to.x, bottom: to.y };
    return held(fresh, { x: 1, y: 1 }, crop.ratio);
  };
  return {
    move: (events) => crop.set(change(place.toDocument(events.at(-1)!))),
    end: () => undefined,
    cancel: () => crop.set(start),
  };
}

interface Grip {
  readonly x: -1 | 0 | 1;
  readonly y: -1 | 0 | 1;
}

function gripOf({ left, top, right, bottom }: Rect, { x, y }: Point, near: number): Grip | undefined {
  if (x < left - near || x > right + near || y < top - near || y > bottom + near) return undefined;
  const side = (at: number, low: number, high: number): -1 | 0 | 1 =>
    Math.abs(at - low) <= near ? -1 : Math.abs(at - high) <= near ? 1 : 0;
  const grip = { x: side(x, left, right), y: side(y, top, bottom) };
  return grip.x === 0 && grip.y === 0 ? undefined : grip;
}

function resized(frame: Rect, { x, y }: Grip, dx: number, dy: number): Rect {
  return {
    left: frame.left + (x < 0 ? dx : 0),
    right: frame.right + (x > 0 ? dx : 0),
    top: frame.top + (y < 0 ? dy : 0),
    bottom: frame.bottom + (y > 0 ? dy : 0),
  };
}

/** The frame with the proportions asked for; the side that is not gripped stays. */
function held(frame: Rect, { x, y }: Grip, ratio: number | undefined): Rect {
  if (ratio === undefined) return frame;
  const width = frame.right - frame.left;
  const height = frame.bottom - frame.top;
  if (x !== 0) {
    const wanted = (Math.abs(width) / ratio) * (Math.sign(height) || 1);
    return y < 0 ? { ...frame, top: frame.bottom - wanted } : { ...frame, bottom: frame.top + wanted };
  }
  const wanted = Math.abs(height) * ratio * (Math.sign(width) || 1);
  return { ...frame, right: frame.left + wanted };
}
