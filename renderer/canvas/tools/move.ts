import { texts } from '../../app/texts.ts';
import { cornersOf, linearOf, type Placement } from '../../paint/transform.ts';
import { pathTo, type Layer, type PaintDocument } from '../../paint/document.ts';
import { shiftLayer, tilesIn } from '../../paint/shift-layer.ts';
import { notices } from '../../state/notices.svelte.ts';
import { stageSize } from '../../state/stage-size.svelte.ts';
import { transform } from '../../state/transform.svelte.ts';
import type { PointerFollower } from '../gestures.ts';
import { toStage, type Point } from '../view.ts';
import { layerToPaint, type ToolPlace } from './tool.ts';

/** How near, on the screen, a handle must be pressed. */
const NEAR_PX = 14;
/** How far from the box its turning knob stands, on the screen. */
export const KNOB_PX = 28;
const TURN_SNAP = Math.PI / 12;

/** Handles of a placed box, in the document: corners (clockwise from the top left), sides' middles, and the knob. */
export function handlesOf(
  corners: readonly Point[],
  documentPxPerCssPx: number,
): { corners: readonly Point[]; sides: readonly Point[]; knob: Point } {
  const between = (a: Point, b: Point): Point => ({ x: (a.x + b.x) / 2, y: (a.y + b.y) / 2 });
  const sides = corners.map((corner, at) => between(corner, corners[(at + 1) % 4]!));
  const [top, bottom] = [sides[0]!, sides[2]!];
  const height = Math.hypot(top.x - bottom.x, top.y - bottom.y) || 1;
  const out = (KNOB_PX * documentPxPerCssPx) / height;
  const knob = { x: top.x + (top.x - bottom.x) * out, y: top.y + (top.y - bottom.y) * out };
  return { corners, sides, knob };
}

/** More tiles than this are moved only when the drag ends: the pen is never kept waiting. */
const LIVE_TILES = 160;

/** A text layer moves as a whole and keeps its words; a group moves with all that is in it. */
function moveWhole(event: PointerEvent, place: ToolPlace, layer: Layer): PointerFollower {
  const { document } = place;
  const from = place.toDocument(event);
  const isLive = tilesIn(layer) <= LIVE_TILES;
  const before = document.painted;
  const shifted = (at: PointerEvent): PaintDocument => {
    const to = place.toDocument(at);
    let [dx, dy] = [Math.round(to.x - from.x), Math.round(to.y - from.y)];
    if (at.shiftKey) [dx, dy] = Math.abs(dx) > Math.abs(dy) ? [dx, 0] : [0, dy];
    return shiftLayer(before, layer.id, dx, dy);
  };
  let moved = false;
  return {
    move(events) {
      moved = true;
      if (isLive) document.change(() => shifted(events.at(-1)!), 'never');
    },
    end(at) {
      if (!moved) return;
      const after = shifted(at);
      if (after === before) document.abandon();
      else document.change(() => after, 'now', texts.history.transform);
    },
    cancel: () => document.abandon(),
  };
}

/** Drags lifted pixels: inside moves, a corner or side scales (Shift: freely), the knob turns (Shift: by 15°). */
export function transformDrag(event: PointerEvent, place: ToolPlace): PointerFollower | undefined {
  const { document } = place;
  const selected = document.selectedLayer;
  const isWhole = selected?.kind === 'group' || (selected?.kind === 'raster' && selected.text !== undefined);
  if (selected && isWhole && !pathTo(document.painted.layers, selected.id).some(({ locked }) => locked)) {
    document.settle();
    return moveWhole(event, place, selected);
  }
  const layer = layerToPaint(place);
  if (!layer) return undefined;
  const { session } = transform;
  if (!session || session.document !== document || session.layer.id !== layer.id) {
    transform.apply();
    if (!transform.begin(document, layer)) {
      notices.info(texts.painting.nothingToMove, { key: 'painting' });
      return undefined;
    }
  }
  const { lifted, placement: start } = transform.session!;
  const from = place.toDocument(event);
  const change = changeFor(from);

  function near(at: Point): boolean {
    const [a, b] = [toStage(document.view!, stageSize, from), toStage(document.view!, stageSize, at)];
    return Math.hypot(a.x - b.x, a.y - b.y) < NEAR_PX;
  }

  function changeFor(pressed: Point): (to: Point, shift: boolean) => Partial<Placement> {
    const { corners, sides, knob } = handlesOf(cornersOf(lifted.bounds, start), 1 / document.view!.scale);
    if (near(knob)) {
      const angleTo = (at: Point): number => Math.atan2(at.y - start.y, at.x - start.x);
      return (to, shift) => {
        const angle = start.angle + angleTo(to) - angleTo(pressed);
        return { angle: shift ? Math.round(angle / TURN_SNAP) * TURN_SNAP : angle };
      };
    }
    const corner = corners.findIndex(near);
    if (corner >= 0) return scaling(corners[(corner + 2) % 4]!, corners[corner]!, true, true);
    const side = sides.findIndex(near);
    if (side >= 0) return scaling(sides[(side + 2) % 4]!, sides[side]!, side % 2 === 1, side % 2 === 0);
    return (to, shift) => {
      let [dx, dy] = [Math.round(to.x - pressed.x), Math.round(to.y - pressed.y)];
      if (shift && Math.abs(dx) > Math.abs(dy)) dy = 0;
      else if (shift) dx = 0;
      return { x: start.x + dx, y: start.y + dy };
    };
  }

  /** Scales so that `handle` follows the pointer and the opposite one stays. */
  function scaling(
    fixed: Point,
    handle: Point,
    across: boolean,
    down: boolean,
  ): (to: Point, shift: boolean) => Partial<Placement> {
    // The box's own directions, unscaled.
    const [a, b, c, d] = linearOf({ ...start, scaleX: 1, scaleY: 1 });
    const det = a * d - b * c;
    const local = (at: Point): Point => ({
      x: (d * (at.x - fixed.x) - c * (at.y - fixed.y)) / det,
      y: (a * (at.y - fixed.y) - b * (at.x - fixed.x)) / det,
    });
    const was = local(handle);
    return (to, shift) => {
      const now = local(to);
      let [byX, byY] = [across ? now.x / was.x : 1, down ? now.y / was.y : 1];
      if (across && down && !shift) byX = byY = (now.x * was.x + now.y * was.y) / (was.x ** 2 + was.y ** 2);
      const usable = (by: number): number => (Math.abs(by) < 0.01 ? 0.01 * Math.sign(by || 1) : by);
      [byX, byY] = [usable(byX), usable(byY)];
      const middle = local(start);
      const moved = { x: middle.x * byX, y: middle.y * byY };
      return {
        scaleX: start.scaleX * byX,
        scaleY: start.scaleY * byY,
        x: fixed.x + moved.x * a + moved.y * c,
        y: fixed.y + moved.x * b + moved.y * d,
      };
    };
  }

  let last: Partial<Placement> | undefined;
  return {
    move(events) {
      const at = events.at(-1)!;
      last = change(place.toDocument(at), at.shiftKey);
      transform.place(last, true);
    },
    end() {
      if (last) transform.place(last, false);
    },
    cancel() {
      transform.place(start, false);
    },
  };
}
