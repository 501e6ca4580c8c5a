import { describe, expect, it } from 'vitest';
import { NO_GUIDANCE, refuseUntaken } from '../../../electron/colorize/guidance.ts';
import { hexOf, rgbOf } from '../../../electron/colorize/guide.ts';
import { dotsOf } from '../../../electron/colorize/hints.ts';
import type { Takes } from '../../../electron/colorize/method.ts';

const everything: Takes = { references: 'many', palette: true, hints: true, pins: true };
const onePicture: Takes = { references: 'one', palette: false, hints: false, pins: false };
const onlyPalette: Takes = { references: 'none', palette: true, hints: false, pins: false };
const reference = { weight: 1 };

describe('a method given what it does not take', () => {
  it.each([
    [
      'a palette',
      onePicture,
      { references: [reference], palette: ['#fff'] },
      /no use for a palette.*reference/,
    ],
    ['a hint', onePicture, { references: [reference], hints: [1] }, /no use for hints/],
    ['a pin', onePicture, { references: [reference], pins: [1] }, /no use for pins/],
    [
      'a reference',
      onlyPalette,
      { references: [reference], palette: [1] },
      /no use for reference.*a palette\.$/,
    ],
    [
      'a second reference',
      onePicture,
      { references: [reference, reference] },
      /one reference picture, not 2/,
    ],
    [
      'nothing',
      everything,
      {},
      /nothing to take colours from.*reference pictures, a palette, hints and pins/,
    ],
    ['pins alone', everything, { pins: [1] }, /nothing to take colours from/],
    ['only references that count for nothing', everything, { references: [{ weight: 0 }] }, /weight of 0/],
  ] as [string, Takes, object, RegExp][])('%s, says so', (_, takes, given, sentence) => {
    const act = (): void => refuseUntaken({ id: 'scft', takes }, { ...NO_GUIDANCE, ...given });
    expect(act).toThrow(sentence);
    expect(act).toThrow(expect.objectContaining({ kind: 'words' }));
  });

  it.each([
    ['a hint alone', everything, { hints: [1] }],
    ['a palette alone', onlyPalette, { palette: [1] }],
    ['one reference', onePicture, { references: [reference] }],
    [
      'all together',
      everything,
      { references: [reference, { weight: 0 }], palette: [1], hints: [1], pins: [1] },
    ],
  ] as [string, Takes, object][])('but takes %s', (_, takes, given) => {
    expect(() => refuseUntaken({ id: 'scft', takes }, { ...NO_GUIDANCE, ...given })).not.toThrow();
  });
});

describe('hint strokes', () => {
  const drawing = { width: 200, height: 100 };
  const colour = [255, 0, 0] as const;

  it('a dot stays one dot, at its place in the drawing', () => {
    expect(dotsOf([{ points: [[50, 75]], colour }], drawing, 8)).toEqual([{ x: 0.25, y: 0.75, colour }]);
  });

  it('a stroke becomes dots from its first to its last point, no farther apart than asked', () => {
    const points = [
      [20, 20],
      [20, 80],
      [100, 80],
    ] as const;
    const dots = dotsOf([{ points, colour }], drawing, 8);
    const places = dots.map(({ x, y }) => [x * 200, y * 100] as const);
    expect(places[0]).toEqual([20, 20]);
    expect(places.at(-1)).toEqual([100, 80]);
    for (const [i, [x, y]] of places.entries()) {
      expect(Math.abs(x - 20) < 1e-9 || Math.abs(y - 80) < 1e-9).toBe(true);
      const before = places[i - 1];
      if (before) expect(Math.hypot(x - before[0], y - before[1])).toBeLessThanOrEqual(8 + 1e-9);
    }
    expect(dots).toHaveLength(1 + Math.ceil(140 / 8));
  });

  it('a scribble over everything stays affordable', () => {
    const points = Array.from({ length: 4000 }, (_, i) => [i % 2 ? 0 : 200, (i / 4000) * 100] as const);
    const dots = dotsOf(
      Array.from({ length: 100 }, () => ({ points, colour })),
      drawing,
      1,
    );
    expect(dots.length).toBeLessThanOrEqual(1024 + 200);
  });

  it('a stroke that never moved is where it is', () => {
    expect(
      dotsOf(
        [
          {
            points: [
              [9, 9],
              [9, 9],
            ],
            colour,
          },
        ],
        drawing,
        8,
      ),
    ).toEqual([{ x: 0.045, y: 0.09, colour }]);
  });
});

it('colours keep their bytes as text', () => {
  expect(rgbOf('#0aff80')).toEqual([10, 255, 128]);
  expect(hexOf(rgbOf('#0AFF80'))).toBe('#0aff80');
});
