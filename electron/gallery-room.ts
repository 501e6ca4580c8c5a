import { basename, extname } from 'node:path';
import type { GalleryAdded, GalleryChannel } from './contract/gallery.ts';
import type { CallContext, Handlers } from './contract/session.ts';
import type { ReferenceInfo } from './contract/table.ts';
import { walkLayers, type InkDocument, type Layer } from './document/model.ts';
import { openLayered } from './document/open.ts';
import { onCanvas, writePng } from './document/png.ts';
import { shown } from './document/shown.ts';
import { Failure } from './failure.ts';
import type { Gallery } from './gallery/gallery.ts';
import type { PictureFormat } from './page/formats.ts';
import type { Raster } from './raster.ts';

const MIME: Readonly<Record<PictureFormat, string>> = {
  png: 'image/png',
  jpeg: 'image/jpeg',
  webp: 'image/webp',
  tiff: 'image/tiff',
  gif: 'image/gif',
};

/** What a room lends to its gallery channels. */
export interface GalleryRoomParts {
  document(documentId: string): InkDocument;
  reference(referenceId: string): { readonly name: string; readonly picture: Raster };
  addReference(name: string, bytes: Uint8Array, context: CallContext): Promise<ReferenceInfo>;
}

/** The contract's gallery channels for one room. */
export function galleryHandlers(
  gallery: Gallery,
  { document, reference, addReference }: GalleryRoomParts,
): Pick<Handlers, GalleryChannel> {
  const keepPng = async (
    name: string,
    picture: Raster | InkDocument,
    tags: readonly string[],
    { signal }: CallContext,
  ): Promise<GalleryAdded> => gallery.add(pngName(name), await writePng(picture, { signal }), tags, signal);
  const changed = async (change: Promise<number>): Promise<{ revision: number }> => ({
    revision: await change,
  });

  return {
    'gallery.state': () => gallery.state(),
    'gallery.watch': async ({ revision }, { signal }) => changed(gallery.watch(revision, signal)),
    'gallery.search': (query) => gallery.search(query),
    'gallery.pictures': async ({ ids }) => ({ pictures: await gallery.pictures(ids) }),
    'gallery.thumbnails': async ({ ids }, { signal }) => ({
      thumbnails: await gallery.thumbnails(ids, signal),
    }),
    async 'gallery.add'({ name, bytes, tags }, context) {
      const layered = await openLayered(bytes, name, context);
      if (!layered) return gallery.add(name, bytes, tags, context.signal);
      const added = await keepPng(name, layered.document, tags, context);
      return { ...added, notes: [...layered.notes, ...added.notes] };
    },
    async 'gallery.addDrawing'({ documentId, layerId, name, tags }, context) {
      const drawing = document(documentId);
      const picture = layerId === undefined ? drawing : layerPicture(drawing, layerId);
      return keepPng(name, picture, tags, context);
    },
    async 'gallery.addReference'({ referenceId, tags }, context) {
      const { name, picture } = reference(referenceId);
      return keepPng(name, picture, tags, context);
    },
    async 'gallery.use'({ pictureId }, context) {
      const { name, bytes } = await gallery.file(pictureId);
      const info = await addReference(name, bytes, context);
      await gallery.noteUse(pictureId);
      return info;
    },
    async 'gallery.file'({ pictureId }) {
      const { name, format, bytes } = await gallery.file(pictureId);
      return { name, mime: MIME[format], bytes };
    },
    'gallery.rename': ({ pictureId, name }) => changed(gallery.rename(pictureId, name)),
    'gallery.tag': ({ ids, add, remove }) => changed(gallery.tag(ids, add, remove)),
    'gallery.renameTag': ({ from, to }) => changed(gallery.renameTag(from, to)),
    'gallery.favourite': ({ ids, favourite }) => changed(gallery.setFavourite(ids, favourite)),
    'gallery.remove': ({ ids }) => changed(gallery.remove(ids)),
    'gallery.restore': ({ ids }) => changed(gallery.restore(ids)),
    'gallery.lookalikes': async () => ({ groups: await gallery.lookalikes() }),
    'gallery.keepApart': ({ ids }) => changed(gallery.keepApart(ids)),
  };
}

const pngName = (name: string): string => `${basename(name, extname(name)).slice(0, 250)}.png`;

/** A layer alone on the canvas, a group as the one picture it is; both at full opacity, shown or not. */
function layerPicture(document: InkDocument, layerId: string): Raster | InkDocument {
  let found: Layer | undefined;
  for (const { layer } of walkLayers(document.layers)) if (layer.id === layerId) found = layer;
  if (!found) throw new Failure('words', 'This layer is not there any more.');
  if (found.kind === 'raster') {
    const picture = onCanvas(found, document);
    if (!hasPaint(picture)) throw new Failure('input', `The layer “${shown(found.name)}” is empty.`);
    return picture;
  }
  return { ...document, layers: [{ ...found, visible: true, opacity: 1, blend: 'normal' }] };
}

function hasPaint({ data }: Raster): boolean {
  for (let p = 3; p < data.length; p += 4) if (data[p] !== 0) return true;
  return false;
}
