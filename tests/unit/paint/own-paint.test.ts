import { describe, expect, it } from 'vitest';
import { adoptColouring, TOUCH_UP_ID, type HostLayer } from '../../../renderer/paint/adopt.ts';
import { groupLayer, layerOf, rasterLayer, type PaintDocument } from '../../../renderer/paint/document.ts';
import { alikeAt, regionAt } from '../../../renderer/paint/flat-regions.ts';
import { addMark, marksOf, removeMark } from '../../../renderer/paint/marks.ts';
import { maskAt } from '../../../renderer/paint/mask.ts';
import { replaceTiles } from '../../../renderer/paint/operations.ts';
import { keepOwnPaint, madeFromRuns, ownRuns } from '../../../renderer/paint/own-paint.ts';
import { pixelAt, toTiles, type Tiles } from '../../../renderer/paint/tiles.ts';
import { page } from './sample-paintings.ts';

type Rgba = readonly [number, number, number, number];
const [WIDTH, HEIGHT] = [300, 200];
const WHOLE = { left: 0, top: 0, right: WIDTH, bottom: HEIGHT };
const RED: Rgba = [200, 40, 40, 255];
const BLUE: Rgba = [40, 60, 200, 255];
const GREEN: Rgba = [30, 160, 60, 255];
const YELLOW: Rgba = [230, 200, 40, 255];

const tilesOf = (at: (x: number, y: number) => Rgba): Tiles => {
  const rgba = new Uint8Array(WIDTH * HEIGHT * 4);
  for (let y = 0; y < HEIGHT; y++) for (let x = 0; x < WIDTH; x++) rgba.set(at(x, y), (y * WIDTH + x) * 4);
  return toTiles(rgba, 0, 0, WIDTH, HEIGHT);
};
const halves = (left: Rgba, right: Rgba): Tiles => tilesOf((x) => (x < 150 ? left : right));
const inSpot = (x: number, y: number): boolean => x >= 20 && x < 60 && y >= 20 && y < 60;
/** `tiles` with a spot of paint, its right rim half covering. */
const painted = (tiles: Tiles, paint: Rgba): Tiles =>
  tilesOf((x, y) => {
    const was = pixelAt(tiles, x, y);
    if (!inSpot(x, y)) return was;
    if (x < 56) return paint;
    return [0, 1, 2, 3].map((c) => Math.round((was[c]! + paint[c]!) / 2)) as unknown as Rgba;
  });

const list: readonly HostLayer[] = [
  { id: 'lines', kind: 'raster' as const, depth: 0 },
  { id: 'colouring', kind: 'group' as const, depth: 0 },
  { id: 'flats', kind: 'raster' as const, depth: 1 },
].map((layer) => ({
  ...layer,
  name: layer.id,
  visible: true,
  opacity: 1,
  blend: 'normal' as const,
  locked: false,
}));
const coloured = (before: PaintDocument, flats: Tiles): PaintDocument =>
  adoptColouring(
    before,
    list,
    new Map([['flats', flats], ...(layerOf(before, 'colouring') ? [] : [['colouring', new Map()] as const])]),
    [],
    'Touch-up',
  );
const flatsIn = (document: PaintDocument): Tiles => {
  const layer = layerOf(document, 'flats');
  return layer?.kind === 'raster' ? layer.tiles : new Map();
};
const start = page(WIDTH, HEIGHT, [rasterLayer('lines', { blend: 'multiply', locked: true })]);

describe('a colouring that comes anew', () => {
  const first = coloured(start, halves(RED, BLUE));

  it('brings, the first time, an empty layer Touch-up over all it made', () => {
    const group = layerOf(first, 'colouring');
    expect(group?.kind === 'group' && group.children.map(({ name }) => name)).toEqual(['flats', 'Touch-up']);
    const without = { ...first, layers: [groupLayer('colouring', {}, [rasterLayer('flats')])] };
    expect(layerOf(coloured(without, halves(RED, BLUE)), TOUCH_UP_ID)).toBeUndefined();
  });

  it('takes the place of what was made before', () => {
    const second = coloured(first, halves(GREEN, YELLOW));
    expect(pixelAt(flatsIn(second), 10, 10)).toEqual(GREEN);
    expect(pixelAt(flatsIn(second), 290, 10)).toEqual(YELLOW);
  });

  it("never overwrites the artist's paint, however often it comes", () => {
    let now = replaceTiles(first, 'flats', painted(flatsIn(first), YELLOW));
    for (const left of [GREEN, BLUE, GREEN]) now = coloured(now, halves(left, RED));
    expect(pixelAt(flatsIn(now), 30, 30)).toEqual(YELLOW);
    expect(pixelAt(flatsIn(now), 10, 10)).toEqual(GREEN);
    expect(pixelAt(flatsIn(now), 290, 10)).toEqual(RED);
  });

  it('lies under the soft rim of her strokes, without a fringe of the old colour', () => {
    const mine = replaceTiles(first, 'flats', painted(flatsIn(first), YELLOW));
    const rim = pixelAt(flatsIn(coloured(mine, halves(GREEN, RED))), 58, 30);
    [130, 180, 50].forEach((wanted, c) => expect(Math.abs(rim[c]! - wanted)).toBeLessThanOrEqual(3));
  });

  it('leaves out what she erased', () => {
    const erased = tilesOf((x, y) =>
      inSpot(x, y) ? ([...RED.slice(0, 3), 0] as unknown as Rgba) : x < 150 ? RED : BLUE,
    );
    const now = coloured(replaceTiles(first, 'flats', erased), halves(GREEN, YELLOW));
    expect(pixelAt(flatsIn(now), 30, 30)[3]).toBe(0);
    expect(pixelAt(flatsIn(now), 100, 100)).toEqual(GREEN);
  });

  it('knows no paint of hers after an undone colouring', () => {
    const second = coloured(first, halves(GREEN, YELLOW));
    expect(second).not.toBe(first);
    const third = coloured(first, halves(YELLOW, GREEN));
    expect(pixelAt(flatsIn(third), 10, 10)).toEqual(YELLOW);
    expect(pixelAt(flatsIn(third), 290, 10)).toEqual(GREEN);
  });

  it('leaves a locked region as it is, and takes it once it is unlocked', () => {
    const locked = addMark(first, 'locks', { id: 7, x: 10, y: 10, everywhere: false });
    const second = coloured(locked, halves(GREEN, YELLOW));
    expect(pixelAt(flatsIn(second), 10, 10)).toEqual(RED);
    expect(pixelAt(flatsIn(second), 140, 190)).toEqual(RED);
    expect(pixelAt(flatsIn(second), 290, 10)).toEqual(YELLOW);
    const third = coloured(removeMark(second, 'locks', 7), halves(BLUE, GREEN));
    expect(pixelAt(flatsIn(third), 10, 10)).toEqual(BLUE);
  });

  it('leaves everything of a locked colour as it is', () => {
    const islands = tilesOf((x) => (x < 100 || x >= 200 ? RED : BLUE));
    const locked = addMark(coloured(start, islands), 'locks', { id: 1, x: 10, y: 10, everywhere: true });
    const now = coloured(locked, halves(GREEN, GREEN));
    expect([10, 150, 290].map((x) => pixelAt(flatsIn(now), x, 100))).toEqual([RED, GREEN, RED]);
  });
});

describe('what is hers', () => {
  it('is known again after saving and opening', () => {
    const made = halves(RED, BLUE);
    const now = painted(made, YELLOW);
    const runs = ownRuns(now, made, WHOLE);
    expect(runs.reduce((sum, run, i) => sum + (i % 2 === 1 ? run : 0), 0)).toBe(40 * 40);
    const known = madeFromRuns(now, runs, WHOLE);
    const fresh = keepOwnPaint(now, known, halves(GREEN, GREEN));
    expect(pixelAt(fresh, 30, 30)).toEqual(YELLOW);
    expect(pixelAt(fresh, 10, 10)).toEqual(GREEN);
    expect(pixelAt(fresh, 290, 190)).toEqual(GREEN);
    expect(ownRuns(now, known, WHOLE)).toEqual(runs);
  });

  it('is nothing on a layer as it was made', () => {
    const made = halves(RED, BLUE);
    expect(ownRuns(made, made, WHOLE)).toEqual([]);
    expect(keepOwnPaint(made, made, halves(GREEN, GREEN))).toEqual(halves(GREEN, GREEN));
  });
});

describe('a region of Flats', () => {
  const flats = tilesOf((x, y) => (x >= 140 && x < 160 ? BLUE : y < 199 || x < 150 ? RED : GREEN));

  it('is what joins a place and has its colour, without what only looks alike', () => {
    const region = regionAt(flats, WIDTH, HEIGHT, 10.7, 10.2);
    expect([10, 139, 150, 200].map((x) => maskAt(region, x, 50))).toEqual([255, 255, 0, 0]);
    expect(regionAt(flats, WIDTH, HEIGHT, -1, 10)).toBeUndefined();
  });

  it('shares its colour with others, which are found together', () => {
    const alike = alikeAt(flats, 10, 10);
    expect([10, 150, 200].map((x) => maskAt(alike, x, 50))).toEqual([255, 0, 255]);
  });
});

it('marks are part of the document: removing what is not there changes nothing', () => {
  const marked = addMark(start, 'hints', { id: 1, points: [[5, 5]], colour: '#102030' });
  expect(marksOf(marked).hints).toHaveLength(1);
  expect(removeMark(marked, 'hints', 2)).toBe(marked);
  expect(marksOf(removeMark(marked, 'hints', 1)).hints).toEqual([]);
});
