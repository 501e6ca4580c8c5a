import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { CallContext } from '../../../electron/contract/session.ts';
import { blankDocument } from '../../../electron/document/blank.ts';
import { openLayered } from '../../../electron/document/open.ts';
import { fileHandlers } from '../../../electron/file-room.ts';
import type { OpenDrawing, OpenReference } from '../../../electron/open-drawing.ts';

const context: CallContext = { progress: () => undefined, signal: new AbortController().signal };
const drawing = (name: string, places: Partial<OpenDrawing> = {}): OpenDrawing => ({
  ...{ name, document: blankDocument(20, 10, 72, true), notes: [], drawing: undefined },
  ...{ revision: 0, revisions: new Map(), ...places },
});

let folder: string;
let drawings: Map<string, OpenDrawing>;
let references: Map<string, OpenReference>;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'inkwash-files-'));
  drawings = new Map();
  references = new Map();
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const at = (name: string): string => join(folder, name);
const handlers = (trustsPaths = true) =>
  fileHandlers({ trustsPaths, drawings, references, drawingOf: (id) => drawings.get(id)! });
type Words = Parameters<ReturnType<typeof handlers>['document.save']>[0];
const save = (words: Omit<Words, 'documentId'>, documentId = 'd1') =>
  handlers()['document.save']({ documentId, ...words }, context);

describe('saving a drawing', () => {
  it('writes an OpenRaster that is the drawing from then on', async () => {
    drawings.set('d1', drawing('page.png'));
    expect(await save({ format: 'ora', path: at('mine.ora'), asOwn: true })).toEqual({
      name: 'mine.ora',
      path: at('mine.ora'),
    });
    expect(drawings.get('d1')).toMatchObject({ name: 'mine.ora', path: at('mine.ora') });
    const opened = await openLayered(await readFile(at('mine.ora')), 'mine.ora');
    expect(opened?.document).toMatchObject({ width: 20, height: 10 });
    await save({ format: 'ora', path: at('mine.ora'), asOwn: true });
    expect(await readdir(folder)).toEqual(['mine.ora']);
  });

  it('as a copy leaves it the file it has', async () => {
    drawings.set('d1', drawing('mine.ora', { path: at('mine.ora') }));
    for (const [format, name] of [
      ['png', 'a.png'],
      ['jpeg', 'a.JPG'],
      ['tiff', 'a.tiff'],
      ['psd', 'a.psd'],
      ['ora', 'a.ora'],
    ] as const)
      await save({ format, path: at(name) });
    expect((await readdir(folder)).toSorted()).toEqual(['a.JPG', 'a.ora', 'a.png', 'a.psd', 'a.tiff']);
    expect(drawings.get('d1')).toMatchObject({ name: 'mine.ora', path: at('mine.ora') });
  });

  it('never overwrites what open drawings and references came from', async () => {
    const input = { name: 'r', widthPx: 1, heightPx: 1, hash: '' };
    const picture = { data: new Uint8Array(3), width: 1, height: 1, channels: 3, space: 'srgb' } as const;
    drawings.set('d1', drawing('mine.ora', { path: at('mine.ora'), readFrom: at('page.png') }));
    drawings.set('d2', drawing('other.ora', { path: at('other.ora') }));
    references.set('r1', { ...input, picture, path: at('hero.webp') });
    for (const name of ['mine.ora', 'page.png', 'other.ora', 'hero.webp']) await writeFile(at(name), name);
    const refusal = /is one of the pictures this was made from; save under another name/;
    await expect(save({ format: 'png', path: at('page.png') })).rejects.toThrow(refusal);
    await expect(save({ format: 'webp', path: at('hero.webp') })).rejects.toThrow(refusal);
    await expect(save({ format: 'ora', path: at('other.ora'), asOwn: true })).rejects.toThrow(refusal);
    await expect(save({ format: 'ora', path: at('mine.ora') })).rejects.toThrow(refusal);
    for (const name of ['mine.ora', 'page.png', 'other.ora', 'hero.webp'])
      expect(await readFile(at(name), 'utf8')).toBe(name);
    await save({ format: 'ora', path: at('mine.ora'), asOwn: true });
    expect(await readFile(at('mine.ora'), 'latin1')).toMatch(/^PK/);
  });

  it('says once that another program has changed the file, and replaces it when asked again', async () => {
    drawings.set('d1', drawing('page.png'));
    const words = { format: 'ora', path: at('mine.ora'), asOwn: true } as const;
    await save(words);
    await writeFile(at('mine.ora'), 'from elsewhere');
    await expect(save(words)).rejects.toThrow(/Another program has changed mine\.ora/);
    expect(await readFile(at('mine.ora'), 'utf8')).toBe('from elsewhere');
    await save(words);
    expect(await readFile(at('mine.ora'), 'latin1')).toMatch(/^PK/);
  });

  it('is refused under an ending of another format, and as a drawing’s own file in one', async () => {
    drawings.set('d1', drawing('page.png'));
    await expect(save({ format: 'ora', path: at('a.psd') })).rejects.toThrow('a.psd should end in .ora');
    await expect(save({ format: 'jpeg', path: at('.bashrc') })).rejects.toThrow(
      'should end in .jpg or .jpeg',
    );
    await expect(save({ format: 'psd', path: at('a.psd'), asOwn: true })).rejects.toThrow(
      'kept as OpenRaster',
    );
    expect(await readdir(folder)).toEqual([]);
  });

  it('that fails leaves what was there, and the drawing as it was', async () => {
    drawings.set('d1', drawing('page.png', { path: at('page.png') }));
    await mkdir(at('taken.ora'));
    await expect(save({ format: 'ora', path: at('taken.ora'), asOwn: true })).rejects.toThrow('taken.ora');
    await expect(save({ format: 'ora', path: at('no/mine.ora'), asOwn: true })).rejects.toThrow('mine.ora');
    expect(drawings.get('d1')).toMatchObject({ name: 'page.png', path: at('page.png') });
    expect(await readdir(folder)).toEqual(['taken.ora']);
  });
});

describe('reading by place', () => {
  it('gives a picture’s bytes and name', async () => {
    await writeFile(at('a.png'), 'its bytes');
    const read = await handlers()['file.read']({ path: at('a.png') }, context);
    expect(read).toMatchObject({ name: 'a.png', path: at('a.png') });
    expect(Buffer.from(read.bytes).toString()).toBe('its bytes');
  });

  it('gives nothing but pictures, and says what is missing', async () => {
    await writeFile(at('secret.txt'), 'x');
    await expect(handlers()['file.read']({ path: at('secret.txt') }, context)).rejects.toThrow(
      'not a picture',
    );
    await expect(handlers()['file.read']({ path: at('gone.png') }, context)).rejects.toThrow('gone.png');
    await expect(handlers()['file.read']({ path: 'a.png' }, context)).rejects.toThrow('no place');
  });
});

it('a window that may not name places neither reads nor writes by them', async () => {
  drawings.set('d1', drawing('page.png'));
  await writeFile(at('a.png'), 'x');
  const { 'file.read': read, 'document.save': write } = handlers(false);
  await expect(read({ path: at('a.png') }, context)).rejects.toThrow('can’t name places');
  await expect(write({ documentId: 'd1', format: 'ora', path: at('b.ora') }, context)).rejects.toThrow(
    'can’t name places',
  );
  expect(await readdir(folder)).toEqual(['a.png']);
});
