import { texts } from '../../app/texts.ts';
import type { PointerFollower } from '../../canvas/gestures.ts';
import type { PictureStage } from '../../canvas/picture-stage.ts';
import { sampleAt } from '../../canvas/tools/tool.ts';
import type { Point } from '../../canvas/view.ts';
import { MirroredStroke } from '../../paint/brush/mirrored.ts';
import { PaintStroke } from '../../paint/brush/stroke.ts';
import { facePen } from '../../state/face-pen.svelte.ts';
import { LINES_ID, linesOf, withLines } from '../../state/face-sketch.ts';
import { face } from '../../state/face.svelte.ts';

let lastEnd: Point | undefined;

/**
 * A stroke on the sketch, with its mirror image if one draws so. With Shift it starts with a straight line from where
 * the last one ended. The face follows while it goes on.
 */
export function drawStroke(
  event: PointerEvent,
  erases: boolean,
  stage: PictureStage,
  toSketch: (event: PointerEvent) => Point,
): PointerFollower {
  face.settle();
  const { painted } = face;
  const lines = linesOf(painted);
  const brush = erases ? facePen.eraser : facePen.pen;
  const Kind = facePen.mirrored ? MirroredStroke : PaintStroke;
  const stroke = new Kind(painted, lines, brush, [0, 0, 0]);

  face.change((now) => withLines(now, stroke.tiles), 'never');
  let lastFrame = performance.now();
  let lastReading = lastFrame;
  stage.beginStroke(LINES_ID, () => {
    const now = performance.now();
    if (now - lastReading > 12) stroke.rest(now - lastFrame);
    lastFrame = now;
    const dirty = stroke.takeDirty();
    if (dirty) face.want();
    return dirty;
  });
  const first = sampleAt(event, toSketch);
  if (event.shiftKey && lastEnd) stroke.add([{ ...first, ...lastEnd, timeMs: first.timeMs - 8 }]);
  stroke.add([first]);
  let last: Point = first;

  return {
    move(events) {
      const samples = events.map((reading) => sampleAt(reading, toSketch));
      last = samples.at(-1) ?? last;
      lastReading = performance.now();
      stroke.add(samples);
    },
    end() {
      stage.endStroke();
      lastEnd = { x: last.x, y: last.y };
      const tiles = stroke.end();
      // What the stroke drew after the last frame is not on screen yet.
      const rest = stroke.takeDirty();
      if (rest) stage.touch(rest);
      if (tiles === lines.tiles) face.abandon();
      else face.change((now) => withLines(now, tiles), 'now', erases ? texts.face.eraser : texts.face.pen);
    },
    cancel() {
      stage.endStroke();
      const drawn = stroke.takeDirty();
      face.abandon();
      if (drawn) stage.touch(drawn);
    },
  };
}
