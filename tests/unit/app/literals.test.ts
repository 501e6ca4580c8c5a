import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parse } from 'svelte/compiler';
import { expect, it } from 'vitest';

const renderer = fileURLToPath(new URL('../../../renderer/', import.meta.url));
const components = readdirSync(renderer, { recursive: true, encoding: 'utf8' }).filter((name) =>
  name.endsWith('.svelte'),
);
/** Attributes that people read or hear. */
const READ = [
  'title',
  'aria-label',
  'aria-valuetext',
  'aria-description',
  'placeholder',
  'alt',
  'label',
  'tip',
];
const KEYS = /\((?:(?:Ctrl|Alt|Shift)\+)*(?:Esc|Enter|Delete|.)\)/g;
/** Units, signs and keys are the same in every language. */
const isWords = (text: string): boolean =>
  /\p{L}{2,}/u.test(text.replace(KEYS, '')) && !/^\s*(?:px|dpi|°)\s*$/u.test(text);

interface Node {
  type?: string;
  name?: string;
  data?: string;
  [key: string]: unknown;
}

function* literals(node: unknown): Generator<string> {
  if (Array.isArray(node)) for (const child of node) yield* literals(child);
  if (typeof node !== 'object' || node === null) return;
  const { type, name, data, metadata: _, ...rest } = node as Node;
  if (type === 'Text' && typeof data === 'string' && isWords(data)) yield data.trim();
  if (type === 'StyleDirective') return;
  if (type === 'Attribute') {
    if (typeof name === 'string' && READ.includes(name)) yield* literals(rest['value']);
    return;
  }
  for (const child of Object.values(rest)) yield* literals(child);
}

it.each(components)('%s has no words of its own: all stand in texts', (name) => {
  const { fragment } = parse(readFileSync(join(renderer, name), 'utf8'), { modern: true });
  expect([...literals(fragment)]).toEqual([]);
});
