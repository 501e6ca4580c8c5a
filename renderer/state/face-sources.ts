import type { Args } from '../../electron/contract/table.ts';
import { texts } from '../app/texts.ts';
import { FlatPage } from '../paint/flat-page.ts';
import { fromTiles } from '../paint/tiles.ts';
import { documents } from './documents.svelte.ts';
import type { KeptFace } from './face-kept.svelte.ts';
import { linesOf, SKETCH, SKETCH_PX, type FaceDocument } from './face-sketch.ts';

import { references } from './references.svelte.ts';
import { host } from './session.svelte.ts';

/** Where a sketch, a part or a second face can come from, as the host takes it. */
export type FaceSource = Args<'face.sketch'>['source'];

/** A source and what it is called; asked for when it is needed. */
export interface NamedSource {
  readonly name: string;
  source(): Promise<FaceSource>;
}

export const fromFile = (file: File): NamedSource => ({
  name: file.name,
  source: async () => ({
    kind: 'picture',
    name: file.name,
    bytes: new Uint8Array(await file.arrayBuffer()),
  }),
});

export const fromPerson = (personId: string, mirrored = false): NamedSource => ({
  name: texts.face.knownFace,
  source: async () => ({ kind: 'person', personId, mirrored }),
});

export const fromKept = (kept: KeptFace): NamedSource => ({
  name: kept.name,
  source: async () => ({ kind: 'face', faceId: await kept.id() }),
});

export const fromGallery = (pictureId: number, name: string): NamedSource => ({
  name,
  async source() {
    const { bytes } = await host.call('gallery.file', { pictureId });
    return { kind: 'picture', name, bytes };
  },
});

/** The references that can be read again, those taken from the gallery among them. */
export const fromReferences = (): readonly NamedSource[] =>
  references.list.flatMap(({ source }) => (source ? [fromFile(source)] : []));

/** The drawing in front in Paint, without what colouring made, on white paper. */
export function fromPaint(): NamedSource | undefined {
  const drawing = documents.active;
  if (!drawing) return undefined;
  return {
    name: drawing.info.name,
    async source() {
      const { data, width, height } = new FlatPage().of(drawing.drawn);
      const canvas = onPaper(data, width, height);
      const blob = await pngOf(canvas);
      const bytes = new Uint8Array(await blob.arrayBuffer());
      return { kind: 'picture', name: `${stemOf(drawing.info.name)}.png`, bytes, as: 'drawing' };
    },
  };
}

/** A file name without its ending. */
export const stemOf = (name: string): string => name.replace(/\.[^.]*$/, '');

export function pngOf(canvas: HTMLCanvasElement): Promise<Blob> {
  return new Promise((resolve, reject) => {
    canvas.toBlob((blob) => (blob ? resolve(blob) : reject(new Error(texts.face.noCanvas))), 'image/png');
  });
}

/** A face's sketch on white paper. */
export function sketchCanvas(face: FaceDocument): HTMLCanvasElement {
  return onPaper(fromTiles(linesOf(face).tiles, SKETCH), SKETCH_PX, SKETCH_PX);
}

/** RGBA pixels, straight alpha, over white. */
function onPaper(rgba: Uint8Array, width: number, height: number): HTMLCanvasElement {
  const [canvas, lines] = [document.createElement('canvas'), document.createElement('canvas')];
  canvas.width = lines.width = width;
  canvas.height = lines.height = height;
  const context = canvas.getContext('2d');
  if (!context) throw new Error(texts.face.noCanvas);
  const image = new ImageData(new Uint8ClampedArray(rgba), width, height);
  lines.getContext('2d')?.putImageData(image, 0, 0);
  context.fillStyle = '#ffffff';
  context.fillRect(0, 0, width, height);
  context.drawImage(lines, 0, 0);
  return canvas;
}
