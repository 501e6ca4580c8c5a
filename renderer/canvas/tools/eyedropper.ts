import { meanColour } from '../../paint/sample.ts';
import { colours } from '../../state/colours.svelte.ts';
import { toolSettings } from '../../state/tool-settings.svelte.ts';
import type { PointerFollower } from '../gestures.ts';
import type { ToolPlace } from './tool.ts';

/** Takes the colour under the pointer while it is pressed: of one layer or of all that shows, seen over white. */
export function pick(event: PointerEvent, place: ToolPlace): PointerFollower {
  const take = (at: PointerEvent): void => {
    const { x, y } = place.toDocument(at);
    const { painted, selectedLayer } = place.document;
    if (x < 0 || y < 0 || x >= painted.width || y >= painted.height) return;
    const { pickFrom, pickSizePx } = toolSettings.now;
    const layer = pickFrom === 'layer' ? selectedLayer : undefined;
    const rgb = meanColour(painted, layer, Math.floor(x), Math.floor(y), pickSizePx);
    if (rgb) colours.set(rgb);
  };
  take(event);
  return {
    move: (events) => take(events.at(-1)!),
    end: () => undefined,
    cancel: () => undefined,
  };
}
