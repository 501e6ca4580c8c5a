import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { createGallery, type Gallery } from '../../../electron/gallery/gallery.ts';
import { shapes } from './pictures.ts';

/** Files that are written next find no room. */
let full = false;

vi.mock('node:fs/promises', async (importOriginal) => {
  const real = await importOriginal<typeof import('node:fs/promises')>();
  const faulty: typeof real.open = async (path, flags, mode) => {
    const handle = await real.open(path, flags, mode);
    if (full && String(path).endsWith('.tmp')) {
      // The kernel's own "no space left on device".
      const device = await real.open('/dev/full', 'w');
      handle.writeFile = (data) => device.writeFile(data).finally(() => device.close());
    }
    return handle;
  };
  return { ...real, open: faulty };
});

let folder: string;
let gallery: Gallery;
beforeEach(() => {
  full = false;
  folder = mkdtempSync(join(tmpdir(), 'inkwash-full-'));
  gallery = createGallery(join(folder, 'gallery'));
});
afterEach(async () => {
  await gallery.close();
  rmSync(folder, { recursive: true });
});

it.skipIf(process.platform === 'win32')(
  'a full disk is said, keeps what is there and leaves no half picture',
  async () => {
    await gallery.add('a.png', await shapes(1), []);
    full = true;
    await expect(gallery.add('b.png', await shapes(2), [])).rejects.toMatchObject({
      kind: 'storage',
      message: expect.stringMatching(/the disk of .* is full; free some space and try again\.$/),
    });
    expect((await gallery.state()).pictures).toBe(1);
    const files = readdirSync(join(folder, 'gallery', 'pictures'), { recursive: true }).map(String);
    expect(files.filter((name) => name.endsWith('.png'))).toHaveLength(1);
    expect(files.filter((name) => name.endsWith('.tmp'))).toEqual([]);
    full = false;
    expect((await gallery.add('b.png', await shapes(2), [])).outcome).toBe('added');
  },
);
