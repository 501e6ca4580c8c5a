import type { PaintDocument } from '../paint/document.ts';
import { MADE_IDS, withPreview } from '../paint/preview-layer.ts';
import type { Tiles } from '../paint/tiles.ts';
import type { OpenDocument } from '../state/open-document.svelte.ts';
import { live } from '../state/live.svelte.ts';
import { isPaintTool, studio } from '../state/studio.svelte.ts';

/** What is on screen of each document's previews: during a stroke it stays, since the stage holds what lies under it. */
const onScreen = new WeakMap<OpenDocument, Tiles>();

/** The document with the live preview in place, if there is one. */
export function withLive(document: OpenDocument, painted: PaintDocument): PaintDocument {
  const { shown } = live;
  // Who works on what colouring made looks at that.
  const { activeTool } = studio;
  const paintsOnMade = isPaintTool(activeTool) && MADE_IDS.includes(document.selectedLayerId ?? '');
  const isOnMade = activeTool === 'region' || (paintsOnMade && activeTool !== 'hint' && activeTool !== 'pin');
  const fresh = shown?.document === document && !isOnMade ? shown.tiles : undefined;
  const tiles = document.underWay ? onScreen.get(document) : fresh;
  if (!tiles) {
    onScreen.delete(document);
    return painted;
  }
  onScreen.set(document, tiles);
  return withPreview(painted, tiles);
}
