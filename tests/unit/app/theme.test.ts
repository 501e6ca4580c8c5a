import { readFileSync } from 'node:fs';
import { oklch } from 'culori';
import { describe, expect, it } from 'vitest';

const css = readFileSync(new URL('../../../renderer/theme/tokens.css', import.meta.url), 'utf8');

function tokens(selector: string): Map<string, string> {
  const [, block = ''] =
    new RegExp(`^${selector.replace(/[[\]]/g, '\\$&')} \\{([^}]*)\\}`, 'm').exec(css) ?? [];
  return new Map(
    [...block.matchAll(/--([\w-]+): (#[0-9a-f]{6});/g)].map(([, name, value]) => [name!, value!]),
  );
}

/** Relative luminance, WCAG 2.2. */
function luminance(hex: string): number {
  const [r, g, b] = [1, 3, 5].map((at) => {
    const part = Number.parseInt(hex.slice(at, at + 2), 16) / 255;
    return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * r! + 0.7152 * g! + 0.0722 * b!;
}

function contrast(a: string, b: string): number {
  const [light, dark] = [luminance(a), luminance(b)].sort((x, y) => y - x);
  return (light! + 0.05) / (dark! + 0.05);
}

const dark = tokens(':root');
const light = tokens(":root[data-theme='light']");
/** Green, amber and red in OKLCH, degrees. */
const HUES = { good: [140, 155], warn: [65, 85], bad: [18, 30] } as const;
const SURFACES = ['surface-0', 'surface-1', 'surface-2', 'surface-3'];

it('the light theme mirrors every colour of the dark one', () => {
  expect(dark.size).toBeGreaterThan(10);
  expect([...light.keys()].sort()).toEqual([...dark.keys()].sort());
});

describe.each([
  ['dark', dark],
  ['light', light],
])('in the %s theme', (_, theme) => {
  const of = (name: string): string => theme.get(name)!;

  it.each(SURFACES.flatMap((surface) => ['text', 'dim'].map((text) => [text, surface] as const)))(
    '%s on %s can be read (AA, 4.5)',
    (text, surface) => {
      expect(contrast(of(text), of(surface))).toBeGreaterThanOrEqual(4.5);
    },
  );

  it('what is written on the accent can be read (AA, 4.5)', () => {
    expect(contrast(of('on-accent'), of('accent'))).toBeGreaterThanOrEqual(4.5);
  });

  it.each(Object.entries(HUES))(
    '%s can be read on docks, fields and what is pointed at (AA, 4.5), in its hue',
    (tone, [from, to]) => {
      for (const surface of SURFACES.slice(1))
        expect(contrast(of(tone), of(surface))).toBeGreaterThanOrEqual(4.5);
      const hue = oklch(of(tone))!.h!;
      expect(hue).toBeGreaterThan(from);
      expect(hue).toBeLessThan(to);
    },
  );

  it('the focus ring stands out from what is around it (AA, 3)', () => {
    for (const surface of SURFACES) expect(contrast(of('accent'), of(surface))).toBeGreaterThanOrEqual(3);
  });
});
