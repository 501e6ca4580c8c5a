import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
// @ts-expect-error a build script without types
import { shippedPackages } from '../../../build/licences.mjs';

interface Shipped {
  name: string;
  version: string;
  licence: string;
  text: string;
}
const root = fileURLToPath(new URL('../../../', import.meta.url));
process.chdir(root);
const window = new Set(['svelte', 'fabric', '@lucide/svelte', 'fuzzysort']);
const shipped = (shippedPackages as (bundled: Set<string>) => Shipped[])(window);
const { dependencies } = JSON.parse(readFileSync('package.json', 'utf8')) as {
  dependencies: Record<string, string>;
};
/** Licences under which software may be shipped with it as it is; a new kind is looked at by a person first. */
const KNOWN =
  /^\(?(?:MIT|ISC|Apache-2\.0|BSD-[23]-Clause|0BSD|BlueOak-1\.0\.0|CC0-1\.0|Unlicense|Zlib|Python-2\.0|LGPL-3\.0-or-later)(?: (?:AND|OR) |\)|$)/;

describe('About credits', () => {
  it.each([...Object.keys(dependencies), ...window, 'electron'])('%s', (name) => {
    expect(shipped.map((one) => one.name)).toContain(name);
  });

  it('no package without a licence we know', () => {
    expect(
      shipped.filter(({ licence }) => !KNOWN.test(licence)).map(({ name, licence }) => `${name}: ${licence}`),
    ).toEqual([]);
  });

  it('most packages with the licence’s own text', () => {
    expect(shipped.filter(({ text }) => text.length > 200).length).toBeGreaterThan(shipped.length / 3);
  });
});
