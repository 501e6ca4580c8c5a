import { existsSync, readdirSync } from 'node:fs';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import sharp from 'sharp';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { galleryChannels, type GalleryQuery } from '../../../electron/contract/gallery.ts';
import { Failure } from '../../../electron/failure.ts';
import { createGallery, type Gallery } from '../../../electron/gallery/gallery.ts';
import { shapes } from './pictures.ts';

let folder: string;
let gallery: Gallery;
const open = (): Gallery => createGallery(join(folder, 'gallery'));

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'inkwash-gallery-'));
  gallery = open();
});
afterEach(async () => {
  await gallery.close();
  await rm(folder, { recursive: true, force: true });
});

const query = (words: Partial<GalleryQuery> = {}): GalleryQuery =>
  galleryChannels['gallery.search'].args.parse(words);
/** The names of what a search finds, in its order. */
async function found(words: Partial<GalleryQuery> = {}): Promise<string[]> {
  const { ids } = await gallery.search(query(words));
  return (await gallery.pictures(ids)).map(({ name }) => name);
}
const add = (name: string, bytes: Uint8Array, tags: string[] = []) => gallery.add(name, bytes, tags);

async function refusal(doing: Promise<unknown>): Promise<Failure> {
  try {
    await doing;
  } catch (thrown) {
    if (thrown instanceof Failure) return thrown;
    throw thrown;
  }
  throw new Error('It was done.');
}

describe('a picture that is added', () => {
  it('is there in the next session, byte for byte, with its size, palette and thumbnail', async () => {
    const bytes = await shapes(1);
    const { outcome, picture } = await add('hero.png', bytes, ['Sizwe']);
    expect(outcome).toBe('added');
    await gallery.close();
    gallery = open();
    const [kept] = await gallery.pictures([picture.pictureId]);
    expect(kept).toMatchObject({
      name: 'hero.png',
      widthPx: 240,
      heightPx: 240,
      tags: ['Sizwe'],
      missing: false,
    });
    expect(kept!.palette[0]).toMatch(/^#f4f1e[0-9a-f]$/);
    expect(kept!.bands).toHaveLength(16);
    expect(Buffer.compare((await gallery.file(picture.pictureId)).bytes, bytes)).toBe(0);
    const [thumbnail] = await gallery.thumbnails([picture.pictureId]);
    expect((await sharp(thumbnail!.webp).metadata()).width).toBe(240);
  });

  it('twice is one picture, and brings its new tags along', async () => {
    const bytes = await shapes(1);
    const first = await add('hero.png', bytes, ['Sizwe']);
    const second = await add('the same.png', bytes, ['blue coat']);
    expect(second.outcome).toBe('there');
    expect(second.picture.pictureId).toBe(first.picture.pictureId);
    expect(second.picture.tags).toEqual(['blue coat', 'Sizwe']);
    expect((await gallery.state()).pictures).toBe(1);
  });

  it('that is none is refused by name, and leaves nothing behind', async () => {
    const { kind, message } = await refusal(add('notes.png', new TextEncoder().encode('not a picture')));
    expect(kind).toBe('input');
    expect(message).toContain('notes.png');
    expect(await found()).toEqual([]);
    expect(existsSync(join(folder, 'gallery', 'pictures'))).toBe(false);
  });

  it('that is cancelled is not there', async () => {
    const bytes = await shapes(1);
    const { kind } = await refusal(gallery.add('hero.png', bytes, [], AbortSignal.abort()));
    expect(kind).toBe('cancelled');
    expect(await found()).toEqual([]);
  });

  it('tells which others look the same: scaled and saved again, but not in other colours', async () => {
    const bytes = await shapes(1);
    const { picture } = await add('hero.png', bytes);
    await add('other colours.png', await shapes(1, { colour: '#2c7a3b' }));
    await add('another.png', await shapes(2));
    const smaller = await sharp(bytes).resize(160).jpeg({ quality: 70 }).toBuffer();
    const { lookalikes, outcome } = await add('hero small.jpg', smaller);
    expect(outcome).toBe('added');
    expect(lookalikes).toEqual([picture.pictureId]);
  });
});

describe('lookalikes', () => {
  it('are grouped, until the artist says they are different', async () => {
    const bytes = await shapes(3);
    const one = (await add('a.png', bytes)).picture.pictureId;
    const two = (await add('b.jpg', await sharp(bytes).jpeg().toBuffer())).picture.pictureId;
    const three = (await add('c.webp', await sharp(bytes).resize(120).webp().toBuffer())).picture.pictureId;
    await add('d.png', await shapes(4));
    expect(await gallery.lookalikes()).toEqual([[one, two, three]]);
    await gallery.keepApart([one, two]);
    await gallery.keepApart([three, one]);
    expect(await gallery.lookalikes()).toEqual([[two, three]]);
  });
});

describe('searching', () => {
  beforeEach(async () => {
    await add('Élodie red coat.png', await shapes(1, { colour: '#c03028' }), ['Élodie', 'winter']);
    await add('Sizwe.png', await shapes(2, { colour: '#2c8f3b' }), ['Sizwe']);
    await add('elodie_summer.png', await shapes(3, { colour: '#e0b020' }), ['elodie', '50%']);
  });

  it('finds every word in names and tags, without regard to case and accents', async () => {
    expect(await found({ text: 'ELODIE', sort: 'name' })).toEqual([
      'Élodie red coat.png',
      'elodie_summer.png',
    ]);
    expect(await found({ text: 'elodie winter' })).toEqual(['Élodie red coat.png']);
    expect(await found({ text: 'sizwe winter' })).toEqual([]);
    expect(await found({ text: '%' })).toEqual(['elodie_summer.png']);
    expect(await found({ text: "'; DROP TABLE pictures" })).toEqual([]);
  });

  it('goes by tags, which are one however they are written', async () => {
    expect((await gallery.state()).tags).toEqual([
      { name: '50%', pictures: 1 },
      { name: 'Élodie', pictures: 2 },
      { name: 'Sizwe', pictures: 1 },
      { name: 'winter', pictures: 1 },
    ]);
    expect(await found({ tags: ['élodie', 'Winter'] })).toEqual(['Élodie red coat.png']);
  });

  it('finds pictures by a colour they have', async () => {
    expect(await found({ colour: '#b83428' })).toEqual(['Élodie red coat.png']);
    expect(await found({ colour: '#2f8a40' })).toEqual(['Sizwe.png']);
    expect(await found({ colour: '#ff00ff' })).toEqual([]);
    expect(await found({ colour: '#1d2a44', text: 'elodie' })).toHaveLength(2);
  });

  it('sorts by name, by when they were added and used, and round the colour circle', async () => {
    expect(await found()).toEqual(['elodie_summer.png', 'Sizwe.png', 'Élodie red coat.png']);
    expect(await found({ reversed: true })).toEqual([
      'Élodie red coat.png',
      'Sizwe.png',
      'elodie_summer.png',
    ]);
    expect(await found({ sort: 'hue' })).toEqual(['Élodie red coat.png', 'elodie_summer.png', 'Sizwe.png']);
    const { ids } = await gallery.search(query({ text: 'sizwe' }));
    await gallery.noteUse(ids[0]!);
    expect((await found({ sort: 'used' }))[0]).toBe('Sizwe.png');
  });
});

describe('keeping order', () => {
  it('renames, tags and untags several, and marks favourites', async () => {
    const one = (await add('a.png', await shapes(1), ['x'])).picture.pictureId;
    const two = (await add('b.png', await shapes(2), ['x'])).picture.pictureId;
    await gallery.rename(one, 'Naledi.png');
    await gallery.tag([one, two], ['hero'], ['x']);
    await gallery.setFavourite([two], true);
    expect(await found({ tags: ['hero'], sort: 'name' })).toEqual(['b.png', 'Naledi.png']);
    expect(await found({ favourites: true })).toEqual(['b.png']);
    expect((await gallery.state()).tags).toEqual([{ name: 'hero', pictures: 2 }]);
  });

  it('renames a tag everywhere, also into one that is there', async () => {
    const one = (await add('a.png', await shapes(1), ['heroine'])).picture.pictureId;
    await add('b.png', await shapes(2), ['Naledi']);
    await gallery.renameTag('heroine', 'naledi');
    expect((await gallery.state()).tags).toEqual([{ name: 'Naledi', pictures: 2 }]);
    await gallery.renameTag('Naledi', 'NALEDI');
    expect((await gallery.pictures([one]))[0]!.tags).toEqual(['NALEDI']);
  });

  it('what was removed is out of sight, and comes back whole', async () => {
    const id = (await add('a.png', await shapes(1), ['x'])).picture.pictureId;
    await gallery.setFavourite([id], true);
    await gallery.remove([id]);
    expect(await found()).toEqual([]);
    expect((await gallery.state()).tags).toEqual([]);
    await gallery.restore([id]);
    expect((await gallery.pictures([id]))[0]).toMatchObject({ name: 'a.png', tags: ['x'], favourite: true });
  });

  it('adding what was removed brings it back with its tags', async () => {
    const bytes = await shapes(1);
    const { picture } = await add('a.png', bytes, ['x']);
    await gallery.remove([picture.pictureId]);
    const again = await add('a.png', bytes);
    expect(again.outcome).toBe('restored');
    expect(again.picture.tags).toEqual(['x']);
  });
});

describe('several windows', () => {
  it('see each other’s changes, and one that waits is told', async () => {
    const other = open();
    try {
      const { revision } = await other.state();
      const waiting = other.watch(revision, new AbortController().signal);
      await add('a.png', await shapes(1));
      expect(await waiting).toBeGreaterThan(revision);
      expect((await other.search(query())).ids).toHaveLength(1);
    } finally {
      await other.close();
    }
  });

  it('may open an empty gallery and add the same picture at the same moment', async () => {
    const windows = [open(), open(), open()];
    const bytes = await shapes(1);
    try {
      const outcomes = await Promise.all(windows.map((window) => window.add('a.png', bytes, [])));
      expect(new Set(outcomes.map(({ picture }) => picture.pictureId)).size).toBe(1);
      expect((await gallery.state()).pictures).toBe(1);
    } finally {
      for (const window of windows) await window.close();
    }
  });

  it('waiting ends when it is cancelled', async () => {
    const { revision } = await gallery.state();
    const controller = new AbortController();
    const waiting = refusal(gallery.watch(revision, controller.signal));
    controller.abort();
    expect((await waiting).kind).toBe('cancelled');
  });
});

describe('files that are lost', () => {
  const pictureFile = (): string => {
    const top = join(folder, 'gallery', 'pictures');
    const [part] = readdirSync(top);
    return join(top, part!, readdirSync(join(top, part!))[0]!);
  };

  it('are said in a sentence, and adding the picture again brings it back with all that was known', async () => {
    const bytes = await shapes(1);
    const { picture } = await add('hero.png', bytes, ['Sizwe']);
    await gallery.close();
    await rm(pictureFile());
    gallery = open();
    const { notes, missing } = await gallery.state();
    expect(missing).toBe(1);
    expect(notes).toEqual([
      "The file of “hero.png” is gone from the gallery's folder. Add the picture again to bring it back, or remove it.",
    ]);
    expect((await refusal(gallery.file(picture.pictureId))).message).toContain('hero.png');
    const again = await add('whatever.png', bytes);
    expect(again.outcome).toBe('found');
    expect(again.picture).toMatchObject({ name: 'hero.png', tags: ['Sizwe'], missing: false });
    expect((await gallery.file(picture.pictureId)).bytes).toHaveLength(bytes.length);
  });

  it('that were damaged are not passed off as the picture', async () => {
    const { picture } = await add('hero.png', await shapes(1));
    await writeFile(pictureFile(), 'something else');
    expect((await refusal(gallery.file(picture.pictureId))).message).toContain('was damaged');
    expect((await gallery.pictures([picture.pictureId]))[0]!.missing).toBe(true);
  });

  it('of thumbnails are made again', async () => {
    const { picture } = await add('hero.png', await shapes(1));
    await rm(join(folder, 'gallery', 'thumbnails'), { recursive: true });
    expect(await gallery.thumbnails([picture.pictureId])).toHaveLength(1);
    expect(existsSync(join(folder, 'gallery', 'thumbnails'))).toBe(true);
  });
});

describe('a damaged database', () => {
  async function damage(change: (bytes: Buffer) => Buffer): Promise<void> {
    await gallery.close();
    const path = join(folder, 'gallery', 'gallery.db');
    await writeFile(path, change(await readFile(path)));
    gallery = open();
  }
  const damaged = (): string[] =>
    readdirSync(join(folder, 'gallery')).filter((name) => name.startsWith('gallery.damaged-'));

  it('that is no database any more is put together from its copy and the files', async () => {
    await add('old.png', await shapes(1), ['Sizwe']);
    await gallery.close();
    gallery = open(); // Takes the day's copy.
    await gallery.state();
    await add('new.png', await shapes(2), ['Naledi']);
    await damage(() => Buffer.alloc(20_000, 'x'));
    const { notes, pictures } = await gallery.state();
    expect(pictures).toBe(2);
    expect(notes[0]).toMatch(
      /^The gallery's database was damaged and was put together again: 1 picture with names and tags, 1 picture without/,
    );
    expect(await found({ tags: ['Sizwe'] })).toEqual(['old.png']);
    expect(damaged()).toHaveLength(1);
  });

  it('that is gone, also while it is open, is put together again likewise', async () => {
    await add('old.png', await shapes(1), ['Sizwe']);
    await gallery.close();
    gallery = open(); // Takes the day's copy.
    await gallery.state();
    await rm(join(folder, 'gallery', 'gallery.db'));
    expect((await gallery.state()).notes).toEqual([
      "The gallery's database was gone and was put together again: 1 picture with names and tags.",
    ]);
    expect(await found({ tags: ['Sizwe'] })).toEqual(['old.png']);
    expect(damaged()).toEqual([]);
  });

  it('with a bad page keeps the names and tags that can still be read', async () => {
    for (let n = 0; n < 40; n++) await add(`picture ${n}.png`, await shapes(n), [`tag ${n}`]);
    await damage((bytes) => bytes.fill(0x5a, bytes.length - 4096));
    const { notes, pictures } = await gallery.state();
    expect(notes).toHaveLength(1);
    expect(pictures).toBe(40);
    const names = await found();
    expect(names.filter((name) => /^picture \d+\.png$/.test(name)).length).toBeGreaterThan(20);
  });

  it('is mended while at work, and the work done', async () => {
    await add('hero.png', await shapes(1), ['Sizwe']);
    const path = join(folder, 'gallery', 'gallery.db');
    await gallery.close();
    gallery = open();
    await gallery.state();
    const bytes = await readFile(path);
    // In place, as a failing disk does it: the open connection reads the same file.
    await writeFile(path, bytes.fill(0x5a, 0, 8192));
    expect(await found()).toEqual(['hero.png']);
    expect((await gallery.state()).notes).toHaveLength(1);
  });

  it('of a newer program is left alone', async () => {
    await add('hero.png', await shapes(1));
    await damage((bytes) => {
      bytes.writeUInt32BE(99, 60);
      return bytes;
    });
    const { message } = await refusal(gallery.state());
    expect(message).toContain('newer Inkwash');
    expect(damaged()).toEqual([]);
  });
});

describe('a folder that can’t be written', () => {
  // Root may write anywhere; the test then goes on as nobody.
  const asNobody = async (work: () => Promise<void>): Promise<void> => {
    const root = process.geteuid?.() === 0;
    if (root) process.seteuid?.(65534);
    try {
      await work();
    } finally {
      if (root) process.seteuid?.(0);
    }
  };

  it.skipIf(process.platform === 'win32')(
    'can be looked at, and says so when it is to be changed',
    async () => {
      const { chmod } = await import('node:fs/promises');
      const { picture } = await add('hero.png', await shapes(1), ['Sizwe']);
      await gallery.close();
      await chmod(folder, 0o755);
      await chmod(join(folder, 'gallery'), 0o555);
      gallery = open();
      await asNobody(async () => {
        expect(await gallery.state()).toMatchObject({ writable: false, pictures: 1 });
        expect(await found({ tags: ['Sizwe'] })).toEqual(['hero.png']);
        expect((await gallery.file(picture.pictureId)).name).toBe('hero.png');
        expect(await gallery.thumbnails([picture.pictureId])).toHaveLength(1);
        await gallery.noteUse(picture.pictureId);
        const { kind, message } = await refusal(add('b.png', await shapes(2)));
        expect(kind).toBe('storage');
        expect(message).toMatch(/^The gallery can't be changed: .* is read-only\./);
      });
      await chmod(join(folder, 'gallery'), 0o755);
    },
  );
});
