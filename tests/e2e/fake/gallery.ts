import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { galleryHandlers, type GalleryRoomParts } from '../../../electron/gallery-room.ts';
import { createGallery, type Gallery } from '../../../electron/gallery/gallery.ts';

export interface FakeGallery {
  readonly gallery: Gallery;
  /** The gallery channels of a window. */
  handlers(parts: GalleryRoomParts): ReturnType<typeof galleryHandlers>;
  close(): Promise<void>;
}

/** The real gallery in a folder of its own, gone with the host. */
export function fakeGallery(): FakeGallery {
  const folder = mkdtempSync(join(tmpdir(), 'inkwash-gallery-'));
  const gallery = createGallery(join(folder, 'gallery'));
  return {
    gallery,
    handlers: (parts) => galleryHandlers(gallery, parts),
    async close() {
      await gallery.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
