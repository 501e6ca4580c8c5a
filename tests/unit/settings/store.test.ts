import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { DEFAULT_SETTINGS } from '../../../electron/settings/schema.ts';
import { createSettings } from '../../../electron/settings/store.ts';

let folder: string;
let path: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'inkwash-settings-'));
  path = join(folder, 'settings.json');
});
afterEach(() => rm(folder, { recursive: true }));

describe('settings', () => {
  it('are at their defaults, without a word, at the first start', async () => {
    expect(await createSettings(path).read()).toEqual({ settings: DEFAULT_SETTINGS, note: undefined });
    expect(await readdir(folder)).toEqual([]);
  });

  it('are there again at the next start', async () => {
    await createSettings(path).change({ theme: 'light', shortcuts: { fit: ['Ctrl+9'] } });
    const { settings } = await createSettings(path).read();
    expect(settings).toEqual({ ...DEFAULT_SETTINGS, theme: 'light', shortcuts: { fit: ['Ctrl+9'] } });
    expect(JSON.parse(await readFile(path, 'utf8'))).toMatchObject({ version: 1 });
  });

  it('changed by two at once keep both changes', async () => {
    const store = createSettings(path);
    await Promise.all([store.change({ theme: 'light' }), store.change({ uiScale: 1.5 })]);
    expect((await createSettings(path).read()).settings).toMatchObject({ theme: 'light', uiScale: 1.5 });
    expect(await readdir(folder)).toEqual(['settings.json']);
  });

  it('tell who listens', async () => {
    const store = createSettings(path);
    const heard: number[] = [];
    const stop = store.onChange(({ threads }) => heard.push(threads));
    await store.change({ threads: 3 });
    stop();
    await store.change({ threads: 4 });
    expect(heard).toEqual([3]);
  });

  it.each([
    ['cut off', '{"version": 1, "theme"'],
    ['a list', '[]'],
    ['empty', ''],
    ['without a version', '{"theme": "light"}'],
    ['of a newer version', '{"version": 99, "theme": "light"}'],
  ])(
    'in a file that is %s are at their defaults, said in one sentence, and the file is kept',
    async (_, text) => {
      await writeFile(path, text);
      const { settings, note } = await createSettings(path).read();
      expect(settings).toEqual(DEFAULT_SETTINGS);
      expect(note).toMatch(
        /^settings\.json .* defaults\. The old file is kept as settings\.damaged\.json\.$/,
      );
      expect(await readFile(join(folder, 'settings.damaged.json'), 'utf8')).toBe(text);
    },
  );

  it('one of which is out of range keep all others', async () => {
    await writeFile(path, JSON.stringify({ version: 1, theme: 'light', threads: 4000, unknown: 1 }));
    const { settings, note } = await createSettings(path).read();
    expect(settings).toEqual({ ...DEFAULT_SETTINGS, theme: 'light' });
    expect(note).toContain('threads');
  });

  it('that cannot be written change nothing and say why', async () => {
    const store = createSettings(join(folder, 'file', 'settings.json'));
    await writeFile(join(folder, 'file'), '');
    await expect(store.change({ theme: 'light' })).rejects.toThrow(/settings\.json was not saved/);
    expect((await store.read()).settings.theme).toBe('dark');
  });

  it('refuse values outside their range', async () => {
    await expect(createSettings(path).change({ uiScale: 40 })).rejects.toThrow();
    await expect(
      createSettings(path).change({
        pressureCurve: [
          [0, 0],
          [0.5, 1],
        ],
      }),
    ).rejects.toThrow();
    expect(await readdir(folder)).toEqual([]);
  });
});
