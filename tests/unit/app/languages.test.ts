import { afterEach, describe, expect, it } from 'vitest';
import { tables, texts } from '../../../renderer/app/texts.ts';
import { inLanguage } from '../../../renderer/app/texts/language.ts';
import { language } from '../../../renderer/app/texts/language.svelte.ts';

afterEach(() => {
  language.current = 'en';
});

/** Texts that do something with the name they are given. */
const NAMED = /\.(?:refinementStep|pasted|galleryPart|undoStep|redoStep)$/;

/** Every text of a table by its path; those with arguments are filled in. */
function* filled(node: unknown, path = ''): Generator<[path: string, text: string]> {
  if (typeof node === 'string') yield [path, node];
  else if (typeof node === 'function') {
    const fill = node as (...args: unknown[]) => unknown;
    if (path.endsWith('.picture')) yield [path, String(fill('Anna', ['tag'], true, true))];
    else if (/\.leave\.(?:message|detail)$/.test(path)) yield [path, String(fill(['Anna', 'Otto']))];
    else if (NAMED.test(path)) yield [path, String(fill('Anna'))];
    else yield [path, String(fill(3, 4, 5, 6, 7))];
  } else for (const [key, value] of Object.entries(node as object)) yield* filled(value, `${path}.${key}`);
}

/** Names and signs that are written the same in both languages. */
const SAME =
  /^[\W\d]*$|^[A-Z]{2,5}$|px|dpi|^(\.app|\.windowTitle|\.about\.title|\.language|\.languages|\.providers|\.formats|\.shortcuts\.presets|\.brushNames)/;
const same = (path: string, text: string): boolean => SAME.test(path) || SAME.test(text);

describe('the German table', () => {
  const german = new Map(filled(tables.de));

  it('has every text, and none is left in English', () => {
    const english = [...filled(tables.en)];
    expect([...german.keys()].sort()).toEqual(english.map(([path]) => path).sort());
    const words = english.filter(([path, text]) => text.split(' ').length > 2 && !same(path, text));
    expect(words.length).toBeGreaterThan(400);
    expect(words.filter(([path, text]) => german.get(path) === text)).toEqual([]);
  });

  it('writes numbers and counts as German does', () => {
    expect(tables.de.gallery.pictures(1)).toBe('1 Bild');
    expect(tables.de.gallery.pictures(1234)).toBe('1.234 Bilder');
    expect(tables.de.gallery.bytes(2.5 * 1024 * 1024)).toBe('2,5 MB');
    expect(tables.en.gallery.pictures(1234)).toBe('1,234 pictures');
    expect(inLanguage('en').counted(0, 'page', 'pages')).toBe('0 pages');
  });
});

it('a change of language holds at once', () => {
  expect(texts.commands.undo).toBe('Undo');
  language.current = 'de';
  expect(texts.commands.undo).toBe('Rückgängig');
});
