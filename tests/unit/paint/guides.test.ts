import { describe, expect, it } from 'vitest';
import { PaintStroke } from '../../../renderer/paint/brush/stroke.ts';
import { SmudgeStroke } from '../../../renderer/paint/brush/smudge.ts';
import { rasterLayer, type RasterLayer } from '../../../renderer/paint/document.ts';
import { Follower, trackOf, type Assistant } from '../../../renderer/paint/guides/assistants.ts';
import { copiesOf, type Symmetry } from '../../../renderer/paint/guides/symmetry.ts';
import { remapTiles } from '../../../renderer/paint/page/remap.ts';
import { fromTiles, pixelAt } from '../../../renderer/paint/tiles.ts';
import { along, page, preset } from './sample-paintings.ts';

const SIDE = 300;
const around = (change: Partial<Symmetry>): Symmetry => ({
  kind: 'vertical',
  x: SIDE / 2,
  y: SIDE / 2,
  count: 6,
  mirrors: false,
  ...change,
});
const whole = { left: 0, top: 0, right: SIDE, bottom: SIDE };

function drawn(symmetry: Symmetry, brushId = 'ink'): ReturnType<PaintStroke['end']> {
  const layer = rasterLayer('layer-1');
  const stroke = new PaintStroke(
    page(SIDE, SIDE, [layer]),
    layer,
    preset(brushId, { stabilizer: 0 }),
    [200, 30, 40],
    copiesOf(symmetry),
  );
  stroke.add(along([40, 60], [120, 110], 30, (part) => 0.3 + part * 0.7));
  return stroke.end();
}

describe('symmetry', () => {
  for (const [kind, how] of [
    ['vertical', 'flip-x'],
    ['horizontal', 'flip-y'],
  ] as const)
    it(`${kind} draws a picture that is its own mirror image`, () => {
      const tiles = drawn(around({ kind }));
      const mirrored = remapTiles(tiles, { width: SIDE, height: SIDE }, how);
      const [a, b] = [fromTiles(tiles, whole), fromTiles(mirrored, whole)];
      let most = 0;
      for (let at = 3; at < a.length; at += 4) most = Math.max(most, Math.abs(a[at]! - b[at]!));
      expect(most).toBeLessThanOrEqual(2);
      expect(pixelAt(tiles, 80, 85)[3]).toBe(255);
    });

  it('in both ways draws four times', () => {
    const tiles = drawn(around({ kind: 'both' }));
    for (const [x, y] of [
      [80, 85],
      [219, 85],
      [80, 214],
      [219, 214],
    ] as const)
      expect(pixelAt(tiles, x, y)[3]).toBe(255);
  });

  it('around a point draws as often as it is told', () => {
    const tiles = drawn(around({ kind: 'radial', count: 5 }));
    const away = Math.hypot(80 - 150, 85 - 150);
    const first = Math.atan2(85 - 150, 80 - 150);
    for (let at = 0; at < 5; at++) {
      const angle = first + (at * 2 * Math.PI) / 5;
      const place = [150 + away * Math.cos(angle), 150 + away * Math.sin(angle)].map(Math.round);
      expect(pixelAt(tiles, place[0]!, place[1]!)[3]).toBe(255);
    }
  });

  it('repeats the finger, which smears on the other side too', () => {
    const block = drawn(around({}), 'marker');
    const layer: RasterLayer = { ...rasterLayer('layer-1'), tiles: block };
    const finger = new SmudgeStroke(
      page(SIDE, SIDE, [layer]),
      layer,
      preset('smudge', { stabilizer: 0 }),
      copiesOf(around({})),
    );
    finger.add(along([80, 85], [80, 160], 20));
    const tiles = finger.end();
    expect(pixelAt(tiles, 80, 130)[3]).toBeGreaterThan(20);
    expect(Math.abs(pixelAt(tiles, 80, 130)[3] - pixelAt(tiles, 219, 130)[3])).toBeLessThanOrEqual(6);
  });
});

describe('rulers', () => {
  const ruler = (kind: Assistant['kind'], ...places: readonly (readonly [number, number])[]): Assistant => ({
    id: kind,
    kind,
    places: places.map(([x, y]) => ({ x, y })),
  });
  const wobbly = Array.from({ length: 30 }, (_, i) => ({ x: 50 + i * 5, y: 100 + i * 2 + (i % 2) * 6 }));

  it('hold a stroke that begins on a line to it', () => {
    const follower = new Follower([ruler('line', [0, 95], [300, 215])], 20);
    const out = [...follower.take(wobbly), ...follower.rest()];
    expect(out).toHaveLength(wobbly.length);
    for (const { x, y } of out) expect(y).toBeCloseTo(95 + x * 0.4, 6);
  });

  it('leave a stroke alone that begins far from a line', () => {
    const follower = new Follower([ruler('line', [0, 280], [300, 280])], 20);
    expect(follower.take(wobbly)).toEqual(wobbly);
  });

  it('run a stroke through where it began, towards the vanishing point', () => {
    const follower = new Follower([ruler('vanishing', [400, 150])], 20);
    for (const { x, y } of follower.take(wobbly))
      expect((y - 100) * (400 - 50)).toBeCloseTo((x - 50) * (150 - 100), 4);
  });

  it('choose of several vanishing points the one the stroke goes to', () => {
    const points = [ruler('vanishing', [400, 100]), ruler('vanishing', [50, 600])];
    const across = trackOf(points, { x: 50, y: 100 }, { x: 70, y: 103 }, 20)!({ x: 200, y: 140 });
    expect(across.y).toBeCloseTo(100, 6);
    const down = trackOf(points, { x: 50, y: 100 }, { x: 53, y: 130 }, 20)!({ x: 80, y: 300 });
    expect(down.x).toBeCloseTo(50, 6);
  });

  it('lead a stroke around an ellipse', () => {
    const ellipse = ruler('ellipse', [150, 150], [250, 150], [150, 200]);
    const track = trackOf([ellipse], { x: 248, y: 152 }, { x: 240, y: 170 }, 20)!;
    for (const angle of [0.2, 1, 2.5, 4]) {
      const { x, y } = track({ x: 150 + 130 * Math.cos(angle), y: 150 + 70 * Math.sin(angle) });
      expect(((x - 150) / 100) ** 2 + ((y - 150) / 50) ** 2).toBeCloseTo(1, 6);
    }
  });

  it('lose no reading of a dot', () => {
    const follower = new Follower([ruler('parallel', [0, 0], [1, 1])], 20);
    expect(follower.take([{ x: 5, y: 5 }])).toEqual([]);
    expect(follower.rest()).toEqual([{ x: 5, y: 5 }]);
  });
});
