import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { createAutosave, type Autosave } from '../../../electron/document/autosave.ts';
import { blankDocument } from '../../../electron/document/blank.ts';
import { bootedAt } from '../../../electron/document/journal-folder.ts';
import { readOraBytes } from '../../../electron/document/read-ora.ts';
import { forgetRecoverable, listRecoverable, readRecoverable } from '../../../electron/document/recovery.ts';

let root: string;
beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'inkwash-journal-'));
});
afterEach(async () => {
  vi.useRealTimers();
  await rm(root, { recursive: true, force: true });
});

const WINDOW = 'window01';
const NEXT = 'window02';
const drawing = (name: string) => ({ name, document: blankDocument(40, 30, 72, true) });
const open = (windowId = WINDOW, minutes = 2): Autosave =>
  createAutosave({ root, windowId, minutes: () => minutes });
const names = async (): Promise<string[]> => (await listRecoverable(root, NEXT)).map(({ name }) => name);
const folderOf = async (windowId = WINDOW): Promise<string> =>
  join(
    root,
    (await readdir(root)).find((name) => name.startsWith(`${windowId}-`))!,
  );
/** As if the machine had been started anew since: nobody of then is there. */
const loseOwner = async (windowId = WINDOW): Promise<void> =>
  writeFile(
    join(await folderOf(windowId), 'owner.json'),
    JSON.stringify({ pid: process.pid, bootedAt: bootedAt() - 9999, closed: false }),
  );

describe('a recovery copy', () => {
  it('is made some minutes after a change, not at every change', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    const journal = open();
    const read = vi.fn(() => drawing('Hero.png'));
    journal.changed('drawing-1', read);
    await vi.advanceTimersByTimeAsync(60_000);
    journal.changed('drawing-1', read);
    expect(read).not.toHaveBeenCalled();
    await vi.advanceTimersByTimeAsync(61_000);
    expect(read).toHaveBeenCalledOnce();
    await journal.saveNow();
    expect(await readdir(await folderOf())).toEqual(['drawing-1.json', 'drawing-1.ora', 'owner.json']);
  });

  it('holds the drawing, and says how old and how large it is', async () => {
    const journal = open();
    journal.changed('drawing-1', () => drawing('Hero.png'));
    await journal.saveNow();
    await loseOwner();
    const [found] = await listRecoverable(root, NEXT);
    expect(found).toMatchObject({ name: 'Hero.png', widthPx: 40, heightPx: 30 });
    expect(Date.now() - found!.savedAt).toBeLessThan(60_000);
    expect(found!.thumbnail?.subarray(1, 4)).toEqual(new Uint8Array(Buffer.from('PNG')));
    const { name, bytes } = await readRecoverable(root, found!.recoveryId);
    expect(name).toBe('Hero.ora');
    const { document } = await readOraBytes(bytes, name);
    expect(document.layers.map((layer) => layer.name)).toEqual(['Paper', 'Layer 1']);
  });

  it('is not offered while its window is there, and is once the window is gone', async () => {
    const journal = open();
    journal.changed('drawing-1', () => drawing('Hero.png'));
    await journal.saveNow();
    expect(await names()).toEqual([]);
    await journal.close();
    expect(await names()).toEqual(['Hero.png']);
  });

  it('is made for what changed last when the window goes', async () => {
    const journal = open();
    journal.changed('drawing-1', () => drawing('Just now'));
    await journal.close();
    expect(await names()).toEqual(['Just now']);
  });

  it('goes when the drawing is saved or let go', async () => {
    const journal = open();
    journal.changed('drawing-1', () => drawing('Saved'));
    journal.changed('drawing-2', () => drawing('Kept'));
    await journal.saveNow();
    await journal.settled('drawing-1');
    await journal.close();
    expect(await names()).toEqual(['Kept']);
  });

  it('leaves nothing behind when every drawing was saved', async () => {
    const journal = open();
    journal.changed('drawing-1', () => drawing('Saved'));
    await journal.saveNow();
    await journal.settled('drawing-1');
    await journal.close();
    expect(await readdir(root)).toEqual([]);
  });

  it('is not made when the artist wants none', async () => {
    const journal = open(WINDOW, 0);
    journal.changed('drawing-1', () => drawing('Hero.png'));
    await journal.close();
    expect(await readdir(root)).toEqual([]);
  });

  it('of a lost connection stays until the same window has a newer one', async () => {
    const before = open();
    before.changed('drawing-1', () => drawing('One'));
    before.changed('drawing-2', () => drawing('Two'));
    await before.saveNow();
    await before.close();
    const after = open();
    // The new room counts anew: another drawing has the number now.
    after.changed('drawing-1', () => drawing('Two'));
    await after.saveNow();
    await after.close();
    expect((await names()).sort()).toEqual(['One', 'Two']);
  });

  it('that can not be written is tried again with the next change, and the drawing goes on', async () => {
    await writeFile(join(root, WINDOW), '');
    const said: string[] = [];
    const journal = createAutosave({
      root: join(root, WINDOW),
      windowId: WINDOW,
      minutes: () => 2,
      log: (line) => said.push(line),
    });
    journal.changed('drawing-1', () => drawing('Hero.png'));
    await journal.saveNow();
    expect(said).toHaveLength(1);
    await rm(join(root, WINDOW));
    await journal.saveNow();
    expect(said).toHaveLength(1);
  });
});

describe('what can be recovered', () => {
  const leave = async (windowId: string, name: string): Promise<void> => {
    const journal = open(windowId);
    journal.changed('drawing-1', () => drawing(name));
    await journal.close();
  };

  it('is there even if its record is damaged', async () => {
    await leave(WINDOW, 'Hero.png');
    await writeFile(join(await folderOf(), 'drawing-1.json'), '{"version');
    expect(await names()).toEqual(['Recovered drawing']);
  });

  it('is let go when the artist discards it', async () => {
    await leave(WINDOW, 'Hero.png');
    const [found] = await listRecoverable(root, NEXT);
    await forgetRecoverable(root, found!.recoveryId);
    expect(await names()).toEqual([]);
    expect(await readdir(root)).toEqual([]);
  });

  it('is not kept for ever', async () => {
    await leave('windowold', 'Old');
    const record = join(await folderOf('windowold'), 'drawing-1.json');
    const old = JSON.parse(await readFile(record, 'utf8')) as { savedAt: number };
    await writeFile(record, JSON.stringify({ ...old, savedAt: Date.now() - 90 * 24 * 3600_000 }));
    await leave(WINDOW, 'New');
    expect(await names()).toEqual(['New']);
    expect(await readdir(await folderOf('windowold'))).toEqual(['owner.json']);
  });

  it.each(['../../etc/passwd', 'window01-ab/../../x', 'window01-ab/drawing-1.ora', ''])(
    'is never %s',
    async (id) => {
      await expect(readRecoverable(root, id)).rejects.toThrow('no such recovery copy');
    },
  );
});
