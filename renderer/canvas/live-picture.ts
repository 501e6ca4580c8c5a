import type { PaintDocument } from '../paint/document.ts';
import { overPreview } from '../paint/over-preview.ts';
import { MADE_IDS, withPreview } from '../paint/preview-layer.ts';
import type { OpenDocument } from '../state/open-document.svelte.ts';
import { live, type Shown } from '../state/live.svelte.ts';
import { isPaintTool, studio } from '../state/studio.svelte.ts';
import type { StagePreview } from './picture-stage.ts';

/** What is on screen of each document's previews. */
const onScreen = new WeakMap<OpenDocument, Shown>();

/**
 * The document with the live preview in place, if there is one, and the preview by itself where the stage can draw it so.
 * Where it can't, a preview stays during a stroke as it is: the stage holds what lies under the stroke as a picture.
 */
export function withLive(
  document: OpenDocument,
  painted: PaintDocument,
): { document: PaintDocument; preview?: StagePreview } {
  const { shown } = live;
  // Who works on what colouring made looks at that.
  const { activeTool } = studio;
  const paintsOnMade = isPaintTool(activeTool) && MADE_IDS.includes(document.selectedLayerId ?? '');
  const isOnMade = activeTool === 'region' || (paintsOnMade && activeTool !== 'hint' && activeTool !== 'pin');
  const fresh = shown?.document === document && !isOnMade ? shown : undefined;
  const before = document.underWay ? onScreen.get(document) : undefined;
  // While a stroke is under way a preview neither comes nor goes, but it may change.
  const over = (before ?? fresh) && overPreview(painted);
  const showing = document.underWay ? (over && before && fresh ? fresh : before) : fresh;
  if (!showing) {
    onScreen.delete(document);
    return { document: painted };
  }
  onScreen.set(document, showing);
  return {
    document: withPreview(painted, showing.tiles),
    ...(over && { preview: { picture: showing.picture, over, without: painted } }),
  };
}
