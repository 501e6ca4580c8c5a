import { texts } from '../../app/texts.ts';
import { PLACES_OF, type Assistant } from '../../paint/guides/assistants.ts';
import { guidesOf, rulers } from '../../state/rulers.svelte.ts';
import { toolSettings } from '../../state/tool-settings.svelte.ts';
import type { PointerFollower } from '../gestures.ts';
import type { Point } from '../view.ts';
import type { ToolPlace } from './tool.ts';

const NEAR_PX = 14;
const SNAP = Math.PI / 12;
const LEAST_PX = 4;

/** Lays rulers and drags their handles, and that of the symmetry's axis. Shift snaps a direction to 15°. */
export function ruler(event: PointerEvent, place: ToolPlace): PointerFollower {
  const { document } = place;
  const from = place.toDocument(event);
  const near = NEAR_PX / (document.view?.scale ?? 1);
  const isNear = (at: Point): boolean => Math.hypot(at.x - from.x, at.y - from.y) < near;
  const { assistants, symmetry } = guidesOf(document);
  for (const assistant of [...assistants].reverse()) {
    const at = assistant.places.findIndex(isNear);
    if (at >= 0) return dragPlace(place, assistant, at);
  }
  if (symmetry && isNear(symmetry)) {
    const set = (to: Point, drags: boolean): void =>
      rulers.set(
        document,
        { symmetry: { ...symmetry, x: Math.round(to.x), y: Math.round(to.y) } },
        drags,
        texts.guides.history.symmetry,
      );
    return {
      move: (events) => set(place.toDocument(events.at(-1)!), true),
      end: (at) => set(place.toDocument(at), false),
      cancel: () => document.abandon(),
    };
  }
  return layNew(place, from);
}

function dragPlace({ document, toDocument }: ToolPlace, assistant: Assistant, at: number): PointerFollower {
  rulers.chosenId = assistant.id;
  const set = (event: PointerEvent, drags: boolean): void => {
    const to = toDocument(event);
    const anchor = assistant.places[at === 0 ? 1 : 0];
    const put = event.shiftKey && anchor ? snapped(anchor, to) : to;
    let places = assistant.places.map((old, i) => (i === at ? put : old));
    // An ellipse goes with its middle.
    const { kind, places: before } = assistant;
    if (kind === 'ellipse' && at === 0) {
      const [dx, dy] = [to.x - before[0]!.x, to.y - before[0]!.y];
      places = before.map(({ x, y }) => ({ x: x + dx, y: y + dy }));
    }
    rulers.put(document, { ...assistant, places }, drags);
  };
  let moved = false;
  return {
    move(events) {
      moved = true;
      set(events.at(-1)!, true);
    },
    end(event) {
      if (moved) set(event, false);
    },
    cancel: () => document.abandon(),
  };
}

function layNew({ document, toDocument }: ToolPlace, from: Point): PointerFollower {
  const kind = toolSettings.now.ruler;
  const id = rulers.freshId(document);
  const scale = document.view?.scale ?? 1;
  const put = (event: PointerEvent, drags: boolean): void => {
    const at = toDocument(event);
    const to = event.shiftKey ? snapped(from, at) : at;
    const far = Math.hypot(to.x - from.x, to.y - from.y) * scale > LEAST_PX;
    if (kind === 'vanishing') rulers.put(document, { id, kind, places: [to] }, drags);
    else if (far) rulers.put(document, { id, kind, places: placesFor(from, to, PLACES_OF[kind]) }, drags);
    else if (!drags) document.abandon();
  };
  return {
    move: (events) => put(events.at(-1)!, true),
    end: (event) => put(event, false),
    cancel: () => document.abandon(),
  };
}

/** An ellipse's second half-axis begins half as long as the first. */
function placesFor(from: Point, to: Point, count: number): Point[] {
  const upright = { x: from.x - (to.y - from.y) / 2, y: from.y + (to.x - from.x) / 2 };
  return [from, to, upright].slice(0, count);
}

function snapped(from: Point, to: Point): Point {
  const length = Math.hypot(to.x - from.x, to.y - from.y);
  const angle = Math.round(Math.atan2(to.y - from.y, to.x - from.x) / SNAP) * SNAP;
  return { x: from.x + length * Math.cos(angle), y: from.y + length * Math.sin(angle) };
}
