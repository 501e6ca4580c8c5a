import { texts } from '../../app/texts.ts';
import { SmudgeStroke } from '../../paint/brush/smudge.ts';
import { PaintStroke, type Stroke } from '../../paint/brush/stroke.ts';
import type { Brush } from '../../paint/brush/brush.ts';
import { Follower } from '../../paint/guides/assistants.ts';
import { NO_GUIDES } from '../../paint/guides/guides.ts';
import { copiesOf } from '../../paint/guides/symmetry.ts';
import type { PenSample } from '../../paint/brush/path.ts';
import { replaceTiles } from '../../paint/operations.ts';
import { brushes, brushTitle } from '../../state/brushes.svelte.ts';
import { colours } from '../../state/colours.svelte.ts';
import type { OpenDocument } from '../../state/open-document.svelte.ts';
import { notices } from '../../state/notices.svelte.ts';
import type { PointerFollower } from '../gestures.ts';
import type { Point } from '../view.ts';
import { layerToPaint, sampleOf, type ToolPlace } from './tool.ts';

/** How near to a ruler, on the screen, a stroke must begin to run along it. */
const RULER_NEAR_PX = 24;

/** Where the last stroke ended: Shift goes on from there in a straight line. */
const lastEnd = new WeakMap<OpenDocument, Point>();

/** A stroke of the brush or eraser in hand. With Shift it starts with a straight line from where the last one ended. */
export function paint(event: PointerEvent, place: ToolPlace, erases: boolean): PointerFollower | undefined {
  const { document, stage } = place;
  const layer = layerToPaint(place);
  if (!layer) return undefined;
  notices.dismissKey('painting');
  const brush: Brush = erases ? brushes.eraser : brushes.brush;
  const rgb = erases ? colours.background : colours.foreground;
  const { painted } = document;
  const guides = painted.guides ?? NO_GUIDES;
  const copies = copiesOf(guides.symmetry);
  const stroke: Stroke =
    brush.kind === 'smudge'
      ? new SmudgeStroke(painted, layer, brush, copies)
      : new PaintStroke(painted, layer, brush, rgb, copies);
  const near = RULER_NEAR_PX / (document.view?.scale ?? 1);
  const follower = new Follower<PenSample>(guides.snaps ? guides.assistants : [], near);

  document.change((now) => replaceTiles(now, layer.id, stroke.tiles), 'never');
  let lastFrame = performance.now();
  let lastReading = lastFrame;
  stage.beginStroke(layer.id, () => {
    const now = performance.now();
    // While readings come, they pull the line; a resting pen is caught up with frame by frame.
    if (now - lastReading > 12) stroke.rest(now - lastFrame);
    lastFrame = now;
    return stroke.takeDirty();
  });
  const first = sampleOf(event, place);
  const from = event.shiftKey ? lastEnd.get(document) : undefined;
  if (from) stroke.add([{ ...first, ...from, timeMs: first.timeMs - 8 }]);
  // A straight line from the last stroke's end is the artist's own ruler.
  stroke.add(from ? [first] : follower.take([first]));
  let last: Point = first;

  return {
    move(events) {
      const samples = events.map((reading) => sampleOf(reading, place));
      last = samples.at(-1) ?? last;
      lastReading = performance.now();
      stroke.add(from ? samples : follower.take(samples));
    },
    end() {
      stage.endStroke();
      stroke.add(follower.rest());
      lastEnd.set(document, { x: last.x, y: last.y });
      const tiles = stroke.end();
      // What the stroke drew after the last frame is not on screen yet.
      const rest = stroke.takeDirty();
      if (rest) stage.touch(rest);
      if (tiles === layer.tiles) {
        document.abandon();
        return;
      }
      document.change(
        (now) => replaceTiles(now, layer.id, tiles),
        'now',
        texts.history.stroke(brushTitle(brush.name)),
      );
      if (brush.kind === 'paint') colours.used(rgb);
    },
    cancel() {
      stage.endStroke();
      const drawn = stroke.takeDirty();
      document.abandon();
      if (drawn) stage.touch(drawn);
    },
  };
}
