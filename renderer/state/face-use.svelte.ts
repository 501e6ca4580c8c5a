import type { MethodInfo } from '../../electron/contract/table.ts';
import { texts } from '../app/texts.ts';
import { freshId, freshName, rasterLayer } from '../paint/document.ts';
import { insertLayer, placeAbove } from '../paint/operations.ts';
import { toTiles, type Tiles } from '../paint/tiles.ts';
import { colorize } from './colorize.svelte.ts';
import { documents } from './documents.svelte.ts';
import { saveFile } from '../app/save-file.ts';
import { isBlank } from './face-sketch.ts';
import { pngOf, sketchCanvas } from './face-sources.ts';
import { face } from './face.svelte.ts';
import { notices } from './notices.svelte.ts';
import { references } from './references.svelte.ts';
import { host, session } from './session.svelte.ts';
import { studio } from './studio.svelte.ts';
import { workspaces } from './workspace.svelte.ts';

/** A face put on a page takes half of its shorter side, within these bounds. */
const LEAST_SIDE_PX = 256;
const MOST_SIDE_PX = 1024;
/** Methods a face's sketch is coloured with, the first the best for it. */
const FACE_METHODS = ['nerk', 'inkwash'];

type Exported = 'face' | 'sketch';

/** What a finished face is good for: a layer, a reference, a colouring, a file. */
class FaceUse {
  busy = $state(false);
  readonly ready = $derived(!this.busy && face.result?.face !== null && face.result !== undefined);
  /** Without a face there is still a sketch. */
  readonly sketched = $derived(!this.busy && !isBlank(face.painted));
  /** The installed methods that colour a face's sketch from the face, the best first. */
  readonly methods = $derived(
    FACE_METHODS.map((id) => session.info?.methods.find((method) => method.id === id)).filter(
      (method): method is MethodInfo => method !== undefined,
    ),
  );
  #count = 0;

  async export(what: Exported): Promise<void> {
    await this.#while(async () => {
      const file = await this.#file(what);
      saveFile(file.name, file);
      notices.info(texts.notices.exported(file.name), { key: 'export' });
    });
  }

  async toReference(): Promise<void> {
    await this.#while(async () => {
      const before = references.list.length;
      await references.add([await this.#file('face')]);
      if (references.list.length === before) return;
      notices.info(texts.face.nowReference, {
        key: 'face-use',
        action: { label: texts.face.showReference, run: () => (workspaces.current = 'paint') },
      });
    });
  }

  /** Opens the sketch in Paint and colours it from the face. */
  async colour(method: string): Promise<void> {
    await this.#while(async () => {
      const [picture, sketch] = [await this.#file('face'), await this.#file('sketch')];
      await references.add([picture]);
      const added = references.list.at(-1);
      if (added?.source !== picture || !(await documents.open(sketch))) return;
      references.press(added, false);
      workspaces.current = 'paint';
      colorize.set({ method });
      void colorize.apply();
    });
  }

  /**
   * Puts the face into the drawing in front in Paint, as a layer; into a new one, under its sketch, if there is none.
   * Without a face the sketch alone becomes a drawing.
   */
  async toCanvas(): Promise<void> {
    await this.#while(async () => {
      await face.settled();
      const picture = face.result?.face;
      const open = picture ? documents.active : undefined;
      const drawing = open ?? (await documents.open(await this.#file('sketch')));
      if (drawing) workspaces.current = 'paint';
      if (!drawing || !picture) return;
      const { width, height } = drawing.painted;
      const half = Math.min(MOST_SIDE_PX, Math.max(LEAST_SIDE_PX, Math.round(Math.min(width, height) / 2)));
      const side = open ? Math.min(half, width, height) : Math.min(width, height);
      const left = Math.round((width - side) / 2);
      const tiles = scaledTiles(picture, side, left, open ? Math.round((height - side) / 2) : 0);
      drawing.settle();
      const id = freshId(drawing.painted);
      const name = freshName(drawing.painted, texts.face.layerName);
      const above = open
        ? placeAbove(drawing.painted, drawing.selectedLayerId)
        : { parentId: undefined, index: 0 };
      drawing.change(
        (now) => insertLayer(now, rasterLayer(id, { name }, tiles), above),
        'now',
        texts.face.toCanvasStep,
      );
      drawing.selectedLayerId = id;
      if (open) studio.tool = 'move';
    });
  }

  async #file(what: Exported): Promise<File> {
    await face.settled();
    const name = texts.face.fileNames[what](++this.#count);
    if (what === 'sketch')
      return new File([await pngOf(sketchCanvas(face.painted))], name, { type: 'image/png' });
    const { bytes, mime } = await host.call('face.export', { faceId: await face.id(), what });
    return new File([new Uint8Array(bytes)], name, { type: mime });
  }

  async #while(work: () => Promise<void>): Promise<void> {
    if (this.busy) return;
    this.busy = true;
    try {
      await work();
    } catch (thrown) {
      notices.failure(thrown, { key: 'face-use' });
    } finally {
      this.busy = false;
    }
  }
}

function scaledTiles(
  { sizePx, rgba }: { sizePx: number; rgba: Uint8Array },
  sidePx: number,
  left: number,
  top: number,
): Tiles {
  const image = new ImageData(new Uint8ClampedArray(rgba), sizePx, sizePx);
  const source = new OffscreenCanvas(sizePx, sizePx);
  source.getContext('2d')?.putImageData(image, 0, 0);
  const scaled = new OffscreenCanvas(sidePx, sidePx);
  const context = scaled.getContext('2d', { willReadFrequently: true });
  if (!context) throw new Error(texts.face.noCanvas);
  context.imageSmoothingQuality = 'high';
  context.drawImage(source, 0, 0, sidePx, sidePx);
  const { data } = context.getImageData(0, 0, sidePx, sidePx);
  return toTiles(new Uint8Array(data.buffer), left, top, sidePx, sidePx);
}

export const faceUse = new FaceUse();
