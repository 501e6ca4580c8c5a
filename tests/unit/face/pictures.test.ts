import { describe, expect, it } from 'vitest';
import { faceFinish } from '../../../electron/face/finish.ts';
import { FACE_WINDOWS, perPart } from '../../../electron/face/parts.ts';
import { settleFace, faceTemplate } from '../../../electron/face/place.ts';
import { resizePlane } from '../../../electron/face/shadow.ts';
import { STANDARD_PX, standardSketch } from '../../../electron/face/standard-sketch.ts';
import type { Plane } from '../../../electron/face/windows.ts';
import { createRaster, type Raster } from '../../../electron/raster.ts';

/** Windows of the work size, as models have them. */
const windows = perPart((part) => {
  const { xPx, yPx, sizePx } = FACE_WINDOWS[part];
  return { xPx: Math.floor(xPx / 2 + 0.5), yPx: Math.floor(yPx / 2 + 0.5), sizePx: sizePx / 2 };
});

/** A picture by formula: waves with a bright spot. */
function waves(sizePx = 256): Raster {
  const picture = createRaster(sizePx, sizePx, 3);
  for (let y = 0; y < sizePx; y++)
    for (let x = 0; x < sizePx; x++) {
      const [u, v] = [(x * 256) / sizePx, (y * 256) / sizePx];
      const spot = 50 * Math.exp(-((u - 128) ** 2 + (v - 150) ** 2) / 800);
      const value = Math.floor(128.5 + 60 * Math.sin(u / 3) * Math.cos(v / 4) + spot);
      picture.data.fill(Math.min(255, Math.max(0, value)), (y * sizePx + x) * 3, (y * sizePx + x + 1) * 3);
    }
  return picture;
}
const whole = { xPx: 0, yPx: 0, sidePx: 256 };
const meanOf = (data: Float32Array): number => data.reduce((sum, value) => sum + value, 0) / data.length;

describe('the standard drawing of a photograph', () => {
  it('is that of the training, to the third decimal', () => {
    const { data, sizePx } = standardSketch(waves(), whole);
    expect(sizePx).toBe(STANDARD_PX);
    // Figures of `standard` in models/training/face/sketches.py for the same picture.
    expect(meanOf(data)).toBeCloseTo(0.78387, 3);
    for (const [x, y, value] of [
      [172, 67, 0.8423],
      [64, 161, 0.2273],
      [168, 129, 0.8377],
      [219, 78, 0.1348],
      [247, 9, 0.703],
      [64, 216, 0.2175],
    ] as const)
      expect(data[y * STANDARD_PX + x]).toBeCloseTo(value, 3);
  });

  it('of a square of a larger picture is that of the square', () => {
    const large = createRaster(700, 600, 3);
    const small = waves();
    for (let y = 0; y < 256; y++)
      large.data.set(small.data.subarray(y * 256 * 3, (y + 1) * 256 * 3), ((y + 200) * 700 + 300) * 3);
    const square = standardSketch(large, { xPx: 300, yPx: 200, sidePx: 256 });
    expect(square.data).toEqual(standardSketch(small, whole).data);
  });

  it('does not depend on the size of the photograph', () => {
    const twice = standardSketch(waves(512), { ...whole, sidePx: 512 });
    const once = standardSketch(waves(), whole);
    const apart = twice.data.map((value, i) => Math.abs(value - once.data[i]!));
    expect(meanOf(apart)).toBeLessThan(0.05);
  });

  it('is paper beyond the photograph', () => {
    const { data } = standardSketch(waves(), { xPx: -128, yPx: 0, sidePx: 256 });
    const left = data.filter((_, i) => i % STANDARD_PX < 128);
    expect(new Set(left)).toEqual(new Set([1]));
    expect(meanOf(data)).toBeLessThan(0.95);
  });
});

describe('a face that was found roughly', () => {
  it('is put right, in place and in size', () => {
    type Oval = readonly [cx: number, cy: number, rx: number, ry: number];
    const near = (x: number, y: number, [cx, cy, rx, ry]: Oval): boolean =>
      Math.abs(Math.hypot((x - cx) / rx, (y - cy) / ry) - 1) < 2.5 / Math.min(rx, ry);
    const ovals: readonly Oval[] = [
      [128, 138, 75, 98],
      [96, 120, 14, 7],
      [160, 120, 14, 7],
      [128, 187, 21, 5],
    ];
    const face: Plane = {
      sizePx: 256,
      data: Float32Array.from({ length: 256 * 256 }, (_, i) =>
        ovals.some((oval) => near(i % 256, Math.floor(i / 256), oval)) ? 0 : 1,
      ),
    };
    const template = faceTemplate([face]);
    const around: Plane = { sizePx: 256, data: new Float32Array(256 * 256).fill(1) };
    const small = resizePlane(face, 180);
    for (let y = 0; y < 180; y++)
      around.data.set(small.data.subarray(y * 180, (y + 1) * 180), (y + 40) * 256 + 36);
    const found = settleFace(around, { xPx: 42, yPx: 33, sidePx: 171 }, template);
    expect(Math.abs(found.xPx - 36)).toBeLessThan(2);
    expect(Math.abs(found.yPx - 40)).toBeLessThan(2);
    expect(Math.abs(found.sidePx - 180)).toBeLessThan(4);
  });
});

describe('what is done to a face after synthesis', () => {
  const SIDE = 512;
  const AREA = SIDE * SIDE;
  const finish = faceFinish(windows, 256, SIDE);
  const faceOf = (value: (x: number, y: number, c: number) => number): Float32Array =>
    Float32Array.from({ length: 3 * AREA }, (_, i) =>
      value(i % SIDE, Math.floor((i % AREA) / SIDE), Math.floor(i / AREA)),
    );
  const farthest = (face: Float32Array, from: number): number =>
    face.reduce((most, value) => Math.max(most, Math.abs(value - from)), 0);
  const at = (face: Float32Array, x: number, y: number, c = 0): number => face[c * AREA + y * SIDE + x]!;
  const inMouth = (x: number, y: number): boolean => x >= 170 && x < 362 && y >= 302 && y < 494;

  it('gives the figures of the training code for the same face', () => {
    const part = (
      x: number,
      y: number,
      [left, top, side]: [number, number, number],
      colour: number,
    ): number => (x >= left && x < left + side && y >= top && y < top + side ? colour : 0);
    const made = finish(
      faceOf((x, y, c) =>
        y < 3
          ? 0
          : 0.5 +
            0.2 * Math.sin(x / 40 + c) * Math.cos(y / 50) +
            (x % 2 ? -0.01 : 0.01) +
            part(x, y, [170, 302, 192], [0.06, -0.03, 0.02][c]!) +
            part(x, y, [182, 232, 160], [-0.05, 0.02, 0.04][c]!) +
            part(x, y, [256, 156, 128], [0.04, 0.05, -0.06][c]!) +
            part(x, y, [108, 156, 128], [-0.03, -0.04, 0.05][c]!),
      ),
    );
    for (const [x, y, colours] of [
      [120, 170, [0.4409, 0.6124, 0.6938]],
      [300, 200, [0.404, 0.4087, 0.4811]],
      [262, 330, [0.5622, 0.6364, 0.645]],
      [200, 400, [0.5427, 0.5029, 0.4921]],
      [181, 300, [0.3117, 0.353, 0.5291]],
      [20, 20, [0.5883, 0.6838, 0.6102]],
      [256, 1, [0.5232, 0.6792, 0.6704]],
    ] as const)
      colours.forEach((colour, c) => expect(at(made, x, y, c)).toBeCloseTo(colour, 3));
  });

  it('leaves a face without faults as it is', () => {
    const made = finish(faceOf(() => 0.4));
    expect(farthest(made, 0.4)).toBeLessThan(1e-6);
  });

  it('takes away a stripe of two pixels', () => {
    const made = finish(faceOf((x) => 0.4 + (x % 2 ? 0.02 : -0.02)));
    expect(farthest(made, 0.4)).toBeLessThan(0.012);
  });

  it('gives a part the colour around it, and what is outside keeps its own', () => {
    const made = finish(faceOf((x, y) => (inMouth(x, y) ? 0.46 : 0.4)));
    expect(Math.abs(at(made, 200, 450) - 0.4)).toBeLessThan(0.02);
    expect(Math.abs(at(made, 90, 400) - 0.4)).toBeLessThan(1e-6);
    // The border itself can't be seen any more.
    expect(Math.abs(at(made, 171, 440) - at(made, 168, 440))).toBeLessThan(0.006);
  });

  it('keeps an edge of the face that lies on a border', () => {
    const made = finish(faceOf((x, y) => (inMouth(x, y) ? 0.8 : 0.2)));
    expect(at(made, 200, 450) - at(made, 150, 450)).toBeGreaterThan(0.5);
  });
});
