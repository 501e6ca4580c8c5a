import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { dispatch, type CallContext } from '../../electron/contract/session.ts';
import { createHost, type Host } from '../../electron/host.ts';
import { ENGINE_ENTRY } from '../../electron/places.ts';
import { inkwash, SAMPLES } from './run-cli.ts';
import { TINY_MODELS } from './tiny-model.ts';

const free: CallContext = { signal: new AbortController().signal, progress: () => undefined };
const sample = (path: string): Promise<Uint8Array> => readFile(join(SAMPLES, path));

let dataFolder: string;
beforeEach(async () => {
  dataFolder = await mkdtemp(join(tmpdir(), 'inkwash-gallery-host-'));
});
afterEach(() => rm(dataFolder, { recursive: true, force: true }));

/** One start of the program on this user's data. */
async function session(work: (host: Host) => Promise<void>): Promise<void> {
  const host = await createHost({
    modelsFolder: TINY_MODELS,
    addedModelsFolder: join(TINY_MODELS, 'none'),
    engineEntry: ENGINE_ENTRY,
    provider: 'cpu',
    threads: 1,
    dataFolder,
  });
  try {
    await work(host);
  } finally {
    await host.close();
  }
}

/** Colours the sample cow from a picture of the gallery. @returns Flats and which graphs were run. */
async function colourFrom(host: Host, pictureId: number): Promise<{ bytes: Uint8Array; graphs: string[] }> {
  const { handlers } = host.openRoom();
  const run = vi.spyOn(host.engine, 'run');
  const drawing = await dispatch(
    handlers,
    'drawing.open',
    { name: 'cow.webp', bytes: await sample('book/page-1-cow.webp') },
    free,
  );
  const { documentId } = drawing;
  const { referenceId } = await dispatch(handlers, 'gallery.use', { pictureId }, free);
  const references = [{ referenceId, weight: 1 }];
  const args = { documentId, references, regions: true, gapPx: -1, sizePx: 256 };
  await dispatch(handlers, 'colorize.run', args, free);
  const { bytes } = await dispatch(handlers, 'document.export', { documentId, format: 'png' }, free);
  return { bytes, graphs: run.mock.calls.map(([{ graph }]) => graph) };
}

describe('a picture of the gallery', () => {
  it('colours a drawing, and in the next session without being encoded again, to the same bytes', async () => {
    let pictureId = 0;
    let first: Uint8Array | undefined;
    await session(async (host) => {
      const bytes = await sample('book/sizwe.webp');
      const { picture } = await dispatch(
        host.openRoom().handlers,
        'gallery.add',
        { name: 'sizwe.webp', bytes, tags: ['Sizwe'] },
        free,
      );
      pictureId = picture.pictureId;
      const coloured = await colourFrom(host, pictureId);
      expect(coloured.graphs).toContain('reference');
      first = coloured.bytes;
    });
    await session(async (host) => {
      const coloured = await colourFrom(host, pictureId);
      expect(coloured.graphs).toContain('colorize');
      expect(coloured.graphs).not.toContain('reference');
      expect(Buffer.compare(coloured.bytes, first!)).toBe(0);
      expect((await host.gallery.pictures([pictureId]))[0]!.usedAt).not.toBeNull();
    });
  });

  it('is the same for every window of the program and of another', async () => {
    await session(async (host) => {
      const [one, other] = [host.openRoom(), host.openRoom()];
      const bytes = await sample('book/sizwe.webp');
      await dispatch(one.handlers, 'gallery.add', { name: 'sizwe.webp', bytes }, free);
      const found = await dispatch(other.handlers, 'gallery.search', { text: 'sizwe' }, free);
      expect(found.ids).toHaveLength(1);
      await session(async (second) => {
        const [id] = found.ids;
        await second.gallery.tag([id!], ['from another program'], []);
      });
      expect((await host.gallery.pictures(found.ids))[0]!.tags).toEqual(['from another program']);
    });
  });

  it('is refused words that are no ids, tags or colours before anything looks at them', async () => {
    await session(async (host) => {
      const { handlers } = host.openRoom();
      const refuse = async (channel: 'gallery.use' | 'gallery.tag' | 'gallery.search', words: unknown) =>
        expect(dispatch(handlers, channel, words, free)).rejects.toMatchObject({ kind: 'words' });
      await refuse('gallery.use', { pictureId: '../../etc/passwd' });
      await refuse('gallery.use', { pictureId: 1 });
      await refuse('gallery.tag', { ids: [1], add: ['a,b'] });
      await refuse('gallery.tag', { ids: Array.from({ length: 5000 }, (_, i) => i + 1), add: ['x'] });
      await refuse('gallery.search', { colour: "red'; --" });
    });
  });
});

describe('inkwash doctor', () => {
  it('says where the gallery is, how much is in it and that it is good; looking makes none', async () => {
    const env = { INKWASH_DATA: dataFolder };
    const before = await inkwash(['doctor'], { env });
    expect(before.stdout).toMatch(/^gallery +none yet, would be in /m);
    await session(async (host) => {
      await host.gallery.add('sizwe.webp', await sample('book/sizwe.webp'), []);
    });
    const after = await inkwash(['doctor', '--json'], { env });
    const checks = after.stdout
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as Record<string, unknown>);
    expect(checks.find(({ check }) => check === 'gallery')).toMatchObject({
      ok: true,
      pictures: 1,
      location: join(dataFolder, 'gallery'),
    });
  });
});
