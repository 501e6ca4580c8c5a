import { layerOf, type PaintDocument } from './document.ts';
import { flattenTile } from './flatten.ts';
import { MADE_IDS, type SmallPicture } from './preview-layer.ts';
import { FOR_WHOLE, levelOf } from './small-lines.ts';
import { TILE, tileRect, tilesIn } from './tiles.ts';

/** So long at a time may be spent on it; then the pen has its turn. */
const SLICE_MS = 6;

/**
 * What colouring made of a document, flattened and as small as a whole preview, on white; undefined where there is no
 * colouring. @param pause gives the window its turn between slices of work.
 */
export async function madePicture(
  document: PaintDocument,
  pause: () => Promise<void> = () => new Promise((resolve) => setTimeout(resolve)),
): Promise<SmallPicture | undefined> {
  const group = layerOf(document, 'colouring');
  if (group?.kind !== 'group') return undefined;
  const made = group.children.filter(({ id }) => MADE_IDS.includes(id));
  const { width, height } = document;
  const level = levelOf(width, height, FOR_WHOLE.enoughArea);
  const [widthPx, heightPx] = [Math.ceil(width / 2 ** level), Math.ceil(height / 2 ** level)];
  const rgba = new Uint8Array(widthPx * heightPx * 4).fill(255);
  const side = TILE >> level;
  const tile = new Uint8Array(side * side * 4);
  let until = performance.now() + SLICE_MS;
  for (const key of tilesIn({ left: 0, top: 0, right: width, bottom: height })) {
    flattenTile(made, key, level, tile);
    const { left, top } = tileRect(key);
    const [x, y] = [left / 2 ** level, top / 2 ** level];
    const columns = Math.min(side, widthPx - x);
    for (let row = 0; row < Math.min(side, heightPx - y); row++) {
      let to = ((y + row) * widthPx + x) * 4;
      for (let from = row * side * 4, end = from + columns * 4; from < end; from += 4, to += 4) {
        const alpha = tile[from + 3]! / 255;
        for (let k = 0; k < 3; k++) rgba[to + k] = 255.5 + (tile[from + k]! - 255) * alpha;
      }
    }
    if (performance.now() < until) continue;
    await pause();
    until = performance.now() + SLICE_MS;
  }
  return { rgba, widthPx, heightPx };
}
