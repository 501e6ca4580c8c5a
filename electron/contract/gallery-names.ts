import type { GalleryChannel } from './gallery.ts';

export const galleryNames: Record<GalleryChannel, true> = {
  'gallery.state': true,
  'gallery.watch': true,
  'gallery.search': true,
  'gallery.pictures': true,
  'gallery.thumbnails': true,
  'gallery.add': true,
  'gallery.addDrawing': true,
  'gallery.addReference': true,
  'gallery.use': true,
  'gallery.file': true,
  'gallery.rename': true,
  'gallery.tag': true,
  'gallery.renameTag': true,
  'gallery.favourite': true,
  'gallery.remove': true,
  'gallery.restore': true,
  'gallery.lookalikes': true,
  'gallery.keepApart': true,
};
