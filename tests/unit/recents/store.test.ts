import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { blankDocument } from '../../../electron/document/blank.ts';
import { createRecents, type Recents } from '../../../electron/recents/store.ts';

let base: string;
let recents: Recents;
beforeEach(async () => {
  base = await mkdtemp(join(tmpdir(), 'inkwash-recents-'));
  recents = createRecents(join(base, 'recents'));
});
afterEach(() => rm(base, { recursive: true, force: true }));

const document = blankDocument(40, 30, 72, true);
const see = (name: string, path?: string, text = name) =>
  recents.seen({ name, bytes: Buffer.from(text), path, document });
const names = async (): Promise<string[]> => (await recents.list()).map(({ name }) => name);

describe('recent files', () => {
  it('are none at first, and none when the list is damaged', async () => {
    expect(await recents.list()).toEqual([]);
    await see('a.png');
    await writeFile(join(base, 'recents', 'recents.json'), '{"version":1,');
    expect(await recents.list()).toEqual([]);
  });

  it('stand newest first, each once, with a small picture', async () => {
    await see('a.png');
    await see('b.png');
    await see('a.png');
    expect(await names()).toEqual(['a.png', 'b.png']);
    const [first] = await recents.list();
    expect(first).toMatchObject({ widthPx: 40, heightPx: 30, gone: false });
    expect(first!.thumbnail?.subarray(1, 4)).toEqual(new Uint8Array(Buffer.from('PNG')));
  });

  it('that came without a place are opened from a copy', async () => {
    await see('a.png', undefined, 'its bytes');
    const [{ id } = { id: '' }] = await recents.list();
    expect(Buffer.from((await recents.read(id)).bytes).toString()).toBe('its bytes');
  });

  it('with a place are read there, and said to be gone when they are', async () => {
    const path = join(base, 'page.png');
    await writeFile(path, 'now');
    await see('page.png', path, 'then');
    const [{ id } = { id: '' }] = await recents.list();
    expect(await recents.read(id)).toMatchObject({ name: 'page.png', path });
    expect(Buffer.from((await recents.read(id)).bytes).toString()).toBe('now');
    expect(await readdir(join(base, 'recents'))).toEqual([`${id}.png`, 'recents.json']);
    await rm(path);
    expect((await recents.list())[0]).toMatchObject({ gone: true, folder: base });
    await expect(recents.read(id)).rejects.toThrow(/page\.png is not there any more in .*Open drawing/);
  });

  it('are bounded, and what falls off leaves no file', async () => {
    for (let i = 0; i < 20; i++) await see(`page-${i}.png`);
    expect(await names()).toHaveLength(16);
    expect((await names())[0]).toBe('page-19.png');
    expect(await readdir(join(base, 'recents'))).toHaveLength(16 * 2 + 1);
  });

  it('can be taken off, one or all', async () => {
    await see('a.png');
    await see('b.png');
    const [{ id } = { id: '' }] = await recents.list();
    await recents.forget(id);
    expect(await names()).toEqual(['a.png']);
    await recents.clear();
    expect(await readdir(join(base, 'recents'))).toEqual(['recents.json']);
  });

  it('in a folder that can not be written are not kept, and nothing else is hindered', async () => {
    await writeFile(join(base, 'recents'), '');
    const said: string[] = [];
    recents = createRecents(join(base, 'recents'), (line) => said.push(line));
    await see('a.png');
    expect(await recents.list()).toEqual([]);
    expect(said).toHaveLength(1);
  });
});
