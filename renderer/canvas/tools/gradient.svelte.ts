import { texts } from '../../app/texts.ts';
import { layGradient } from '../../paint/gradient.ts';
import { replaceTiles } from '../../paint/operations.ts';
import { colours } from '../../state/colours.svelte.ts';
import { wholePage } from '../../state/selections.svelte.ts';
import { toolSettings } from '../../state/tool-settings.svelte.ts';
import type { PointerFollower } from '../gestures.ts';
import type { Point } from '../view.ts';
import { layerToPaint, type ToolPlace } from './tool.ts';

/** The line being dragged, in the document's pixels, for the stage to show. */
class GradientLine {
  ends = $state.raw<readonly [Point, Point] | undefined>(undefined);
}
export const gradientLine = new GradientLine();

const SNAP = Math.PI / 12;
const LEAST_PX = 2;

/** A gradient from where the pointer is set down to where it is lifted, over the page or the selection. */
export function gradient(event: PointerEvent, place: ToolPlace): PointerFollower | undefined {
  const layer = layerToPaint(place);
  if (!layer) return undefined;
  const { document } = place;
  const from = place.toDocument(event);
  const endOf = (at: PointerEvent): Point => {
    const to = place.toDocument(at);
    if (!at.shiftKey) return to;
    const length = Math.hypot(to.x - from.x, to.y - from.y);
    const angle = Math.round(Math.atan2(to.y - from.y, to.x - from.x) / SNAP) * SNAP;
    return { x: from.x + length * Math.cos(angle), y: from.y + length * Math.sin(angle) };
  };
  return {
    move(events) {
      gradientLine.ends = [from, endOf(events.at(-1)!)];
    },
    end(at) {
      gradientLine.ends = undefined;
      const to = endOf(at);
      if (Math.hypot(to.x - from.x, to.y - from.y) < LEAST_PX) return;
      const { gradient: shape, gradientTo, gradientOpacity } = toolSettings.now;
      const { foreground: start, background } = colours;
      const end = gradientTo === 'background' ? background : undefined;
      const { painted } = document;
      const laid = { shape, from, to, start, end, opacity: gradientOpacity / 100 };
      const tiles = layGradient(layer, laid, wholePage(painted), painted.selection);
      document.change((now) => replaceTiles(now, layer.id, tiles), 'now', texts.gradient.history);
      colours.used(start);
    },
    cancel() {
      gradientLine.ends = undefined;
    },
  };
}
