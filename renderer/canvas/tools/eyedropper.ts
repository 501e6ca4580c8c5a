import { colours } from '../../state/colours.svelte.ts';
import type { PointerFollower } from '../gestures.ts';
import type { ToolPlace } from './tool.ts';

/** Takes the colour that is shown under the pointer, seen over white, while it is pressed. */
export function pick(event: PointerEvent, place: ToolPlace): PointerFollower {
  const take = (at: PointerEvent): void => {
    const { x, y } = place.toDocument(at);
    const { width, height } = place.document.painted;
    if (x < 0 || y < 0 || x >= width || y >= height) return;
    const [r, g, b, a] = place.stage.colourAt(Math.floor(x), Math.floor(y));
    const over = (value: number): number => Math.round(255 + ((value - 255) * a) / 255);
    colours.set([over(r), over(g), over(b)]);
  };
  take(event);
  return {
    move: (events) => take(events.at(-1)!),
    end: () => undefined,
    cancel: () => undefined,
  };
}
