import { texts } from '../app/texts.ts';
import { pngOf, readPicture } from '../canvas/encode-picture.ts';
import { clipOf, isSameClip, type Clip } from '../paint/cut.ts';
import { freshId, freshName, paintingBarrier, rasterLayer } from '../paint/document.ts';
import { insertLayer, placeAbove, replaceTiles } from '../paint/operations.ts';
import { shiftTiles } from '../paint/page/remap.ts';
import { lift } from '../paint/transform.ts';
import { documents } from './documents.svelte.ts';
import type { OpenDocument } from './open-document.svelte.ts';
import { notices } from './notices.svelte.ts';

/** What was copied here, and the system's clipboard, which has the same as a PNG. */
class Clipboard {
  clip = $state.raw<Clip | undefined>(undefined);

  /** @param merged all that shows instead of the selected layer. @returns whether there was something. */
  copy(document: OpenDocument, merged = false): boolean {
    document.settle();
    const clip = clipOf(document.painted, merged ? undefined : document.selectedLayer);
    if (!clip) {
      notices.error(texts.clipboard.nothing, { key: 'clipboard' });
      return false;
    }
    this.clip = clip;
    void this.#hand(clip);
    return true;
  }

  cut(document: OpenDocument): void {
    const layer = document.selectedLayer;
    if (layer?.kind !== 'raster' || paintingBarrier(document.painted, layer.id)) return;
    if (!this.copy(document)) return;
    const { selection } = document.painted;
    const rest = selection ? lift(layer, selection)?.rest : new Map<number, Uint8Array>();
    if (rest) document.change((now) => replaceTiles(now, layer.id, rest), 'now', texts.clipboard.history.cut);
  }

  /** A new layer above the selected one: where the piece was copied, or in the middle if that is off the page. */
  paste(document: OpenDocument): void {
    if (this.clip) this.#lay(document, this.clip.tiles, this.clip.bounds);
    else notices.error(texts.clipboard.empty, { key: 'clipboard' });
  }

  /** Pictures from the system's clipboard or dropped. What was copied here keeps its place. */
  async pasteFiles(document: OpenDocument, files: readonly File[]): Promise<void> {
    for (const file of files) {
      const name = file.name || texts.clipboard.picture;
      try {
        const read = await readPicture(file);
        if (read === 'too-large') {
          notices.error(texts.clipboard.tooLarge(name), { key: 'clipboard' });
          continue;
        }
        const { clip } = this;
        if (clip && isSameClip(clip, read.tiles, read.width, read.height)) {
          this.paste(document);
          continue;
        }
        const { width, height } = read;
        this.#lay(document, read.tiles, { left: 0, top: 0, right: width, bottom: height }, true);
      } catch (thrown) {
        notices.error(texts.clipboard.unreadable(name), { key: 'clipboard', details: String(thrown) });
      }
    }
  }

  /** By a menu, where the browser lets a page look at the clipboard; else what was copied here. */
  async pasteFromSystem(document: OpenDocument): Promise<void> {
    const file = await this.read();
    if (file) await this.pasteFiles(document, [file]);
    else this.paste(document);
  }

  async pasteAsDrawing(): Promise<void> {
    const file = (await this.read()) ?? (this.clip && (await this.#fileOf(this.clip)));
    if (file) await documents.open(file);
    else notices.error(texts.clipboard.empty, { key: 'clipboard' });
  }

  /** The picture on the system's clipboard; undefined when there is none or the browser does not let it be seen. */
  async read(): Promise<File | undefined> {
    try {
      for (const item of await navigator.clipboard.read()) {
        const type = item.types.find((each) => each.startsWith('image/'));
        if (!type) continue;
        const blob = await item.getType(type);
        return new File([blob], `${texts.clipboard.drawing}.${type.split('/')[1]}`, { type });
      }
    } catch {
      // Refused: what was copied in this window is what there is.
    }
    return undefined;
  }

  async #fileOf({ tiles, bounds }: Clip): Promise<File> {
    return new File([await pngOf(tiles, bounds)], `${texts.clipboard.drawing}.png`, { type: 'image/png' });
  }

  async #hand({ tiles, bounds }: Clip): Promise<void> {
    try {
      await navigator.clipboard.write([new ClipboardItem({ 'image/png': pngOf(tiles, bounds) })]);
    } catch {
      // Other programs then don't get it; in this window it can be pasted all the same.
    }
  }

  #lay(document: OpenDocument, tiles: Clip['tiles'], bounds: Clip['bounds'], centred = false): void {
    document.settle();
    if (document.underWay) return;
    const { width, height } = document.painted;
    const { left, top, right, bottom } = bounds;
    const isOff = right <= 0 || bottom <= 0 || left >= width || top >= height;
    let [dx, dy] = [0, 0];
    if (centred || isOff) {
      const middle = centred && document.view ? document.view.centre : { x: width / 2, y: height / 2 };
      const inside = middle.x > 0 && middle.y > 0 && middle.x < width && middle.y < height;
      const at = inside ? middle : { x: width / 2, y: height / 2 };
      // A picture as large as the page lies on it edge to edge.
      dx =
        right - left >= width
          ? Math.round((width - right - left) / 2)
          : Math.round(at.x - (left + right) / 2);
      dy =
        bottom - top >= height
          ? Math.round((height - bottom - top) / 2)
          : Math.round(at.y - (top + bottom) / 2);
    }
    const placed = dx === 0 && dy === 0 ? tiles : shiftTiles(tiles, dx, dy, 4);
    const id = freshId(document.painted);
    const name = freshName(document.painted, texts.clipboard.layer);
    document.change(
      (now) => insertLayer(now, rasterLayer(id, { name }, placed), placeAbove(now, document.selectedLayerId)),
      'now',
      texts.clipboard.history.paste,
    );
    document.selectedLayerId = id;
  }
}

export const clipboard = new Clipboard();
