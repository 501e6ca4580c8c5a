import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { contentHash, createFeatureCache } from '../../../electron/colorize/feature-cache.ts';
import type { ColorizeMethod, MethodContext, ReferenceFeatures } from '../../../electron/colorize/method.ts';
import { createFeatureShelf } from '../../../electron/gallery/feature-shelf.ts';
import { createGallery, type Gallery } from '../../../electron/gallery/gallery.ts';
import { decodePicture } from '../../../electron/page/decode.ts';
import type { Raster } from '../../../electron/raster.ts';
import { shapes } from './pictures.ts';

let folder: string;
let gallery: Gallery;
let shelves: ReturnType<typeof createFeatureShelf>[];
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'inkwash-shelf-'));
  gallery = createGallery(folder);
  shelves = [];
});
afterEach(async () => {
  for (const shelf of shelves) shelf.close();
  await gallery.close();
  rmSync(folder, { recursive: true });
});

const TOKENS = 1000;

async function picture(seed: number): Promise<{ bytes: Uint8Array; raster: Raster; hash: string }> {
  const bytes = await shapes(seed);
  const { raster } = await decodePicture(bytes, { name: 'x.png' });
  return { bytes, raster, hash: contentHash(raster) };
}

/** One session of the program: its own memory, the shelf on the same disk. How often it encoded is counted. */
function session({ maxBytes = 1 << 20, version = '1.0.0' } = {}) {
  const shelf = createFeatureShelf(gallery, { maxBytes, version });
  shelves.push(shelf);
  const cache = createFeatureCache(1 << 20, shelf);
  let encoded = 0;
  const method = {
    id: 'scft',
    async encodeReference(): Promise<ReferenceFeatures> {
      encoded++;
      const data = Float32Array.from({ length: TOKENS }, (_, i) => Math.sin(i));
      return {
        method: 'scft',
        tensors: { keys: { data, dims: [1, TOKENS, 1] } },
        grid: { columns: 40, rows: 25 },
      };
    },
  } as unknown as ColorizeMethod;
  return {
    encode: (model: string, { raster, hash }: { raster: Raster; hash: string }) => {
      const context = { model: { hash: model, manifest: {} } } as unknown as MethodContext;
      return cache.encode(method, context, raster, hash, 256);
    },
    encoded: () => encoded,
  };
}

describe('features of the gallery’s pictures', () => {
  it('are not encoded again in a later session, and are the same to the bit', async () => {
    const hero = await picture(1);
    await gallery.add('hero.png', hero.bytes, []);
    const first = await session().encode('model', hero);
    const later = session();
    expect(await later.encode('model', hero)).toEqual(first);
    expect(later.encoded()).toBe(0);
    await later.encode('another model', hero);
    expect(later.encoded()).toBe(1);
  });

  it('of other pictures are not kept', async () => {
    const stranger = await picture(2);
    await gallery.state();
    await session().encode('model', stranger);
    const later = session();
    await later.encode('model', stranger);
    expect(later.encoded()).toBe(1);
  });

  it('of another version of the program are not used', async () => {
    const hero = await picture(1);
    await gallery.add('hero.png', hero.bytes, []);
    await session().encode('model', hero);
    const newer = session({ version: '1.1.0' });
    await newer.encode('model', hero);
    expect(newer.encoded()).toBe(1);
  });

  it('stay within their bound: those not used for longest go', async () => {
    const pictures = [];
    for (let seed = 0; seed < 4; seed++) {
      const one = await picture(seed);
      await gallery.add(`${seed}.png`, one.bytes, []);
      pictures.push(one);
    }
    const room = { maxBytes: 2.5 * 4 * TOKENS };
    for (const one of pictures) await session(room).encode('model', one);
    const later = session(room);
    await later.encode('model', pictures[3]!);
    await later.encode('model', pictures[2]!);
    expect(later.encoded()).toBe(0);
    await later.encode('model', pictures[0]!);
    expect(later.encoded()).toBe(1);
  });

  it('that were damaged are encoded again, and kept again', async () => {
    const hero = await picture(1);
    await gallery.add('hero.png', hero.bytes, []);
    await session().encode('model', hero);
    for (const shelf of shelves) shelf.close();
    writeFileSync(join(folder, 'features.db'), 'no database at all, for sure'.repeat(200));
    const next = session();
    await next.encode('model', hero);
    expect(next.encoded()).toBe(1);
    const later = session();
    await later.encode('model', hero);
    expect(later.encoded()).toBe(0);
  });
});
