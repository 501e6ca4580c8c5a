import { readdirSync, readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { texts } from '../../../renderer/app/texts.ts';

const folder = new URL('../../../renderer/app/texts/', import.meta.url);
const areas = readdirSync(folder).filter((name) => name.endsWith('.ts'));

it('no area overwrites the texts of another', async () => {
  const source = readFileSync(new URL('../texts.ts', folder), 'utf8');
  const spread = [...source.matchAll(/^ {2}\.\.\.(\w+),$/gm)].map(([, name]) => name!);
  const sections = await Promise.all(
    areas.map(async (file) => {
      const area = (await import(new URL(file, folder).href)) as Record<string, object>;
      return Object.entries(area)
        .filter(([name]) => spread.includes(name))
        .flatMap(([, table]) => Object.keys(table));
    }),
  );
  const names = sections.flat();
  expect(names.filter((name, at) => names.indexOf(name) !== at)).toEqual([]);
  expect(Object.keys(texts)).toEqual(expect.arrayContaining(names));
});
