import { describe, expect, it } from 'vitest';
import { CANVAS_PX, FACE_PARTS, FACE_WINDOWS, perPart } from '../../../electron/face/parts.ts';
import { castShadow, committedShare, resizePlane } from '../../../electron/face/shadow.ts';
import { cutPart, FEATURES, inkShare, territory, workSketch } from '../../../electron/face/windows.ts';

const half = perPart((part) => {
  const { xPx, yPx, sizePx } = FACE_WINDOWS[part];
  return { xPx: Math.floor(xPx / 2 + 0.5), yPx: Math.floor(yPx / 2 + 0.5), sizePx: sizePx / 2 };
});
const blank = (): Uint8Array => new Uint8Array(CANVAS_PX * CANVAS_PX).fill(255);
const at = (x: number, y: number): number => y * CANVAS_PX + x;

describe('what networks see of a sketch', () => {
  it('is shrunk by averaging: one black pixel of four is three quarters paper', () => {
    const grey = blank();
    grey[at(200, 300)] = 0;
    const { data, sizePx } = workSketch(grey, 256);
    expect(sizePx).toBe(256);
    expect(data[150 * 256 + 100]).toBeCloseTo(0.75, 6);
    expect(data.filter((value) => value !== 1)).toHaveLength(1);
  });

  it('is a part’s own window, and for the rest everything but the four', () => {
    const sketch = workSketch(new Uint8Array(CANVAS_PX * CANVAS_PX), 256);
    for (const part of FEATURES) expect(inkShare(cutPart(sketch, part, half))).toBe(1);
    const rest = cutPart(sketch, 'rest', half);
    const inFeature = (x: number, y: number): boolean =>
      FEATURES.some((part) => {
        const { xPx, yPx, sizePx } = half[part];
        return x >= xPx && x < xPx + sizePx && y >= yPx && y < yPx + sizePx;
      });
    const white = rest.data.findIndex(
      (value, i) => (value === 1) !== inFeature(i % 256, Math.floor(i / 256)),
    );
    expect(white).toBe(-1);
    expect(new Set(rest.data)).toEqual(new Set([0, 1]));
  });

  it('shows a stroke in one eye to that eye alone', () => {
    const grey = blank();
    for (let x = 140; x < 170; x++) grey[at(x, 190)] = 0;
    const sketch = workSketch(grey, 256);
    const seen = FACE_PARTS.filter((part) => inkShare(cutPart(sketch, part, half)) > 0);
    expect(seen).toEqual(['left-eye']);
  });
});

describe('the pixels that a pasted part brings', () => {
  const masks = perPart((part) => territory(part, FACE_WINDOWS));
  const owners = (x: number, y: number): string[] =>
    FACE_PARTS.filter((part) => {
      const { xPx, yPx, sizePx } = FACE_WINDOWS[part];
      const [u, v] = [x - xPx, y - yPx];
      return u >= 0 && v >= 0 && u < sizePx && v < sizePx && masks[part][v * sizePx + u] === 255;
    });

  it('belong to exactly one part, wherever they are', () => {
    const counts = new Set<number>();
    for (let y = 0; y < CANVAS_PX; y += 3)
      for (let x = 0; x < CANVAS_PX; x += 3) counts.add(owners(x, y).length);
    expect([...counts]).toEqual([1]);
  });

  it('are those of the feature that lies there, also where windows overlap', () => {
    expect(owners(192, 240)).toEqual(['left-eye']);
    expect(owners(320, 240)).toEqual(['right-eye']);
    expect(owners(256, 310)).toEqual(['nose']);
    expect(owners(256, 374)).toEqual(['mouth']);
    expect(owners(256, 60)).toEqual(['rest']);
    expect(owners(60, 300)).toEqual(['rest']);
  });
});

describe('the shadow under the pen', () => {
  const plane = (...data: number[]) => ({ data: Float32Array.from(data), sizePx: Math.sqrt(data.length) });

  it('is darkest where the known faces agree', () => {
    const lines = [
      { sketch: plane(0, 0, 1, 1), weight: 0.5 },
      { sketch: plane(0, 1, 0, 1), weight: 0.5 },
    ];
    const { data } = castShadow(lines);
    expect(data[0]).toBeGreaterThan(data[1]!);
    expect(data[1]).toBeCloseTo(data[2]!, 6);
    expect(data[1]).toBeGreaterThan(0);
    expect(data[3]).toBe(0);
  });

  it('shows a face of more weight darker, and one of negative weight not at all', () => {
    const { data } = castShadow([
      { sketch: plane(0, 1, 1, 1), weight: 0.9 },
      { sketch: plane(1, 0, 1, 1), weight: 0.3 },
      { sketch: plane(1, 1, 0, 1), weight: -0.2 },
    ]);
    expect(data[0]).toBeGreaterThan(data[1]!);
    expect(data[1]).toBeGreaterThan(0);
    expect(data[2]).toBe(0);
  });

  it('never is as dark as a drawn line', () => {
    expect(Math.max(...castShadow([{ sketch: plane(0, 0, 0, 0), weight: 1 }]).data)).toBeLessThan(0.9);
  });

  it('fades as more is drawn', () => {
    expect(committedShare(0, 0.1)).toBe(0);
    expect(committedShare(0.05, 0.1)).toBeCloseTo(0.5);
    expect(committedShare(0.3, 0.1)).toBe(1);
  });

  it('keeps its tones when it is made larger', () => {
    const large = resizePlane(plane(0, 1, 0, 1), 4);
    expect(large.sizePx).toBe(4);
    expect([...large.data.subarray(0, 4)]).toEqual([0, 0.25, 0.75, 1]);
  });
});
