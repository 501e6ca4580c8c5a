import { isPaintTool, type Tool } from '../state/studio.svelte.ts';
import {
  panned,
  rotated,
  toDocument,
  anchored,
  zoomed,
  nextScale,
  type Point,
  type Size,
  type View,
} from './view.ts';

/** What the gestures act on; read anew at every event. */
export interface GestureTarget {
  readonly view: () => View | undefined;
  readonly look: (view: View) => void;
  readonly stage: () => Size;
  readonly tool: () => Tool;
  /** A held-key tool was used by dragging (so letting the key go puts the old tool back). */
  readonly used: () => void;
  /** The pointer's place on the stage; undefined when it left. */
  readonly point: (point: Point | undefined) => void;
  /** Fingers and the hand never draw. */
  readonly penOnly?: () => boolean;
  /** Two or three fingers tapped the stage. */
  readonly tapped?: (fingers: 2 | 3) => void;
  /** A paint tool was set down. @returns what follows the pointer until it is lifted; undefined: nothing does. */
  readonly press: (event: PointerEvent) => PointerFollower | undefined;
}

/** What a pressed paint tool does until the pointer is lifted. */
export interface PointerFollower {
  /** Every reading since the last call, oldest first. */
  move(events: readonly PointerEvent[]): void;
  end(event: PointerEvent): void;
  /** The press was something else (a second finger, a lost pointer): nothing of it stays. */
  cancel(): void;
}

const CLICK_SLOP_PX = 4;
const ROTATION_SNAP_DEG = 15;
/** Fingers that pinch turn a little without meaning it. */
const TWIST_DEG = 7;
const TAP_MS = 300;
const TAP_SLOP_PX = 6;

interface Drag {
  readonly kind: 'pan' | 'zoom' | 'rotate' | 'point';
  readonly pointerId: number;
  readonly from: Point;
  readonly view: View;
  readonly zoomOut: boolean;
  moved: boolean;
}

/** Pan, zoom and turn by mouse, pen, wheel and touch, without easing. @returns how to stop listening. */
export function listenForGestures(element: HTMLElement, target: GestureTarget): () => void {
  const listening = new AbortController();
  const touches = new Map<number, Point>();
  let drag: Drag | undefined;
  let following: { pointerId: number; pointerType: string; follower: PointerFollower } | undefined;
  /** How far two fingers turned against each other; the view turns once it is surely meant. */
  let twist: { from: number; holds: boolean } | undefined;
  let tap: { since: number; fingers: number; moved: boolean } | undefined;
  /** Once a pen was seen, a finger moves the page: the hand that holds the pen rests on it. */
  let penSeen = false;

  const place = (event: MouseEvent): Point => {
    const box = element.getBoundingClientRect();
    return { x: event.clientX - box.left, y: event.clientY - box.top };
  };

  function kindFor(event: PointerEvent): Drag['kind'] | undefined {
    if (event.button === 1) return 'pan';
    if (event.button !== 0) return undefined;
    const tool = target.tool();
    const isHand = event.pointerType === 'touch' && (penSeen || (target.penOnly?.() ?? false));
    if (isPaintTool(tool)) return isHand ? 'pan' : undefined;
    if (tool === 'zoom' || tool === 'rotate') return tool;
    return tool === 'lens' ? 'point' : 'pan';
  }

  function down(event: PointerEvent): void {
    const view = target.view();
    if (!view) return;
    const from = place(event);
    penSeen ||= event.pointerType === 'pen';
    if (event.pointerType === 'touch') {
      // A hand that rests on the tablet while the pen is down is no gesture.
      if (following && following.pointerType === 'pen') return;
      touches.set(event.pointerId, from);
      if (touches.size === 1) tap = { since: event.timeStamp, fingers: 1, moved: false };
      else if (tap) tap.fingers = Math.max(tap.fingers, touches.size);
      if (touches.size === 2) {
        twist = undefined;
        drag = undefined;
        following?.follower.cancel();
        following = undefined;
      }
    }
    const kind = touches.size > 1 ? undefined : kindFor(event);
    if (kind) drag = { kind, pointerId: event.pointerId, from, view, zoomOut: event.altKey, moved: false };
    if (kind || touches.size > 1) element.setPointerCapture(event.pointerId);
    const paints = !kind && !following && touches.size < 2 && isPaintTool(target.tool());
    // The button 5 is a pen's eraser end.
    if (paints && (event.button === 0 || event.button === 5)) {
      const follower = target.press(event);
      if (follower) {
        following = { pointerId: event.pointerId, pointerType: event.pointerType, follower };
        element.setPointerCapture(event.pointerId);
      }
    }
    if (event.button === 1) event.preventDefault();
    if (kind === 'point') target.point(from);
  }

  function move(event: PointerEvent): void {
    const at = place(event);
    if (touches.has(event.pointerId)) {
      const was = touches.get(event.pointerId)!;
      if (tap && Math.hypot(at.x - was.x, at.y - was.y) > TAP_SLOP_PX) tap.moved = true;
      if (touches.size === 2) pinch(event.pointerId, at);
      touches.set(event.pointerId, at);
    }
    if (drag && drag.pointerId === event.pointerId) follow(drag, at, event.shiftKey);
    if (following?.pointerId === event.pointerId) {
      const readings = event.getCoalescedEvents();
      following.follower.move(readings.length > 0 ? readings : [event]);
    }
    target.point(at);
  }

  function follow(current: Drag, at: Point, snap: boolean): void {
    const stage = target.stage();
    const dx = at.x - current.from.x;
    const dy = at.y - current.from.y;
    if (Math.hypot(dx, dy) > CLICK_SLOP_PX && !current.moved) {
      current.moved = true;
      target.used();
    }
    if (current.kind === 'pan') {
      target.look(panned(current.view, stage, dx, dy));
    } else if (current.kind === 'zoom' && current.moved) {
      target.look(zoomed(current.view, stage, current.from, Math.exp(dx * 0.01)));
    } else if (current.kind === 'rotate') {
      const angle = (p: Point): number => Math.atan2(p.y - stage.height / 2, p.x - stage.width / 2);
      const turn = ((angle(at) - angle(current.from)) * 180) / Math.PI;
      const wanted = current.view.rotationDeg + (current.view.mirrored ? -turn : turn);
      const degrees = snap ? Math.round(wanted / ROTATION_SNAP_DEG) * ROTATION_SNAP_DEG : wanted;
      target.look(rotated(current.view, degrees));
    }
  }

  /** Two fingers: what lay under their middle stays under it. */
  function pinch(movedId: number, at: Point): void {
    const view = target.view();
    const other = [...touches].find(([id]) => id !== movedId)?.[1];
    const before = touches.get(movedId);
    if (!view || !other || !before) return;
    const middle = (a: Point, b: Point): Point => ({ x: (a.x + b.x) / 2, y: (a.y + b.y) / 2 });
    const apart = (a: Point, b: Point): number => Math.max(1, Math.hypot(a.x - b.x, a.y - b.y));
    const stage = target.stage();
    const held = toDocument(view, stage, middle(before, other));
    const scaled = zoomed(view, stage, middle(before, other), apart(at, other) / apart(before, other));
    const turned = rotated(scaled, scaled.rotationDeg + turnOf(before, at, other, view));
    target.look(anchored(turned, stage, middle(at, other), held));
  }

  /** Degrees that this move of one finger turns the view by; none until both have turned far enough. */
  function turnOf(before: Point, at: Point, other: Point, view: View): number {
    const angle = (p: Point): number => (Math.atan2(p.y - other.y, p.x - other.x) * 180) / Math.PI;
    const step = ((angle(at) - angle(before) + 540) % 360) - 180;
    twist ??= { from: 0, holds: true };
    twist.from += step;
    if (twist.holds && Math.abs(twist.from) < TWIST_DEG) return 0;
    twist.holds = false;
    return view.mirrored ? -step : step;
  }

  function up(event: PointerEvent): void {
    touches.delete(event.pointerId);
    if (event.pointerType === 'touch' && touches.size === 0 && tap) {
      const { fingers, since, moved } = tap;
      tap = undefined;
      const short = event.timeStamp - since < TAP_MS && event.type === 'pointerup' && !moved;
      if (short && (fingers === 2 || fingers === 3)) target.tapped?.(fingers);
    }
    if (following?.pointerId === event.pointerId) {
      const { follower } = following;
      following = undefined;
      if (event.type === 'pointerup') follower.end(event);
      else follower.cancel();
      return;
    }
    const finished = drag?.pointerId === event.pointerId ? drag : undefined;
    if (!finished) return;
    drag = undefined;
    const view = target.view();
    if (finished.kind === 'zoom' && !finished.moved && view && event.type === 'pointerup') {
      const factor = nextScale(view.scale * devicePixelRatio, finished.zoomOut ? -1 : 1);
      target.look(zoomed(view, target.stage(), finished.from, factor / (view.scale * devicePixelRatio)));
    }
  }

  function wheel(event: WheelEvent): void {
    event.preventDefault();
    const view = target.view();
    if (!view) return;
    const lines = event.deltaMode === WheelEvent.DOM_DELTA_LINE ? 33 : 1;
    // A trackpad's pinch arrives as a wheel with Ctrl and small steps.
    const step = event.ctrlKey ? 0.01 : 0.002;
    target.look(zoomed(view, target.stage(), place(event), Math.exp(-event.deltaY * lines * step)));
    target.point(place(event));
  }

  const { signal } = listening;
  element.addEventListener('pointerdown', down, { signal });
  element.addEventListener('pointermove', move, { signal });
  element.addEventListener('pointerup', up, { signal });
  element.addEventListener('pointercancel', up, { signal });
  element.addEventListener('pointerleave', () => target.point(undefined), { signal });
  element.addEventListener('wheel', wheel, { signal, passive: false });
  element.addEventListener('contextmenu', (event) => event.preventDefault(), { signal });
  return () => listening.abort();
}
