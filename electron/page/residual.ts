import { createRaster, type Raster } from '../raster.ts';
import type { CellCover } from './cover.ts';
import type { RegionMap } from './regions.ts';

/** What a model's grid says beyond one colour a region, cell by cell. */
export interface Residual {
  readonly columns: number;
  readonly rows: number;
  /** Region a cell speaks for: the one with most of it. */
  readonly labels: Int32Array;
  /** 0–1: how far a cell is to be believed. */
  readonly trust: Float32Array;
  /** Difference to the region's base, sRGB units, 3 a cell. */
  readonly delta: Float32Array;
}

/** Below this trust a cell takes from neighbours of its region. */
const UNSURE = 0.55;
/** Weight of the base colour against the cells: fades the difference out where nothing trusted is near. */
const DAMPING = 0.04;

/** A residual of zeros over the grid of a cover. */
export function emptyResidual(cover: CellCover): Residual {
  const count = cover.columns * cover.rows;
  const labels = new Int32Array(count);
  const trust = new Float32Array(count);
  for (let cell = 0; cell < count; cell++) {
    const first = cover.starts[cell]!;
    labels[cell] = cover.labels[first]!;
    trust[cell] = Math.min(1, cover.shares[first]!) ** 2;
  }
  return { columns: cover.columns, rows: cover.rows, labels, trust, delta: new Float32Array(count * 3) };
}

/**
 * Lets cells that lie on lines or on several regions take the difference of trusted neighbours in their own region, and
 * with `everywhere` blurs all cells that way (normalised convolution, Knutsson and Westin, 1993; 3 x 3).
 */
export function spreadResidual(residual: Residual, rounds: number, everywhere: boolean): Residual {
  const { columns, rows, labels } = residual;
  let { trust, delta } = residual;
  for (let round = 0; round < rounds; round++) {
    const nextTrust = trust.slice();
    const nextDelta = delta.slice();
    const belief = new Float64Array(trust.length);
    for (let cell = 0; cell < belief.length; cell++) belief[cell] = trust[cell]! * trust[cell]!;
    for (let y = 0, cell = 0; y < rows; y++) {
      for (let x = 0; x < columns; x++, cell++) {
        if (!everywhere && trust[cell]! >= UNSURE) continue;
        const label = labels[cell]!;
        const first = Math.max(0, x - 1);
        const last = Math.min(columns - 1, x + 1);
        const bottom = Math.min(rows - 1, y + 1);
        let weights = 0;
        let r = 0;
        let g = 0;
        let b = 0;
        for (let v = Math.max(0, y - 1); v <= bottom; v++) {
          for (let u = first; u <= last; u++) {
            const near = v * columns + u;
            if (labels[near] !== label) continue;
            const weight = belief[near]! * (u === x ? 2 : 1) * (v === y ? 2 : 1);
            weights += weight;
            r += weight * delta[near * 3]!;
            g += weight * delta[near * 3 + 1]!;
            b += weight * delta[near * 3 + 2]!;
          }
        }
        if (weights === 0) continue;
        nextDelta[cell * 3] = r / weights;
        nextDelta[cell * 3 + 1] = g / weights;
        nextDelta[cell * 3 + 2] = b / weights;
        nextTrust[cell] = Math.max(trust[cell]!, Math.min(UNSURE, weights / 8));
      }
    }
    trust = nextTrust;
    delta = nextDelta;
  }
  return { ...residual, trust, delta };
}

/**
 * Paints base plus residual at full size: each pixel interpolates between the four cells around it that belong to its
 * own region (joint upsampling, Kopf et al., SIGGRAPH 2007, with the region as the guide), so nothing crosses a line.
 * @param base sRGB bytes, 3 a region.
 * @returns RGBA, opaque, sRGB, at the size of the map.
 */
export function paintResidual(regions: RegionMap, residual: Residual, base: Uint8Array): Raster {
  const { width, height } = regions;
  const { columns, rows, labels, trust, delta } = residual;
  const out = createRaster(width, height, 4);
  const leftOf = new Uint16Array(width);
  const rightOf = new Uint16Array(width);
  const shareOf = new Float32Array(width);
  for (let x = 0; x < width; x++) {
    const u = Math.min(columns - 1, Math.max(0, ((x + 0.5) * columns) / width - 0.5));
    leftOf[x] = Math.floor(u);
    rightOf[x] = Math.min(columns - 1, leftOf[x]! + 1);
    shareOf[x] = u - leftOf[x]!;
  }
  for (let y = 0, p = 0; y < height; y++) {
    const v = Math.min(rows - 1, Math.max(0, ((y + 0.5) * rows) / height - 0.5));
    const top = Math.floor(v);
    const below = v - top;
    const topRow = top * columns;
    const bottomRow = Math.min(rows - 1, top + 1) * columns;
    for (let x = 0; x < width; x++, p++) {
      const label = regions.labels[p]!;
      const right = shareOf[x]!;
      const nw = topRow + leftOf[x]!;
      const ne = topRow + rightOf[x]!;
      const sw = bottomRow + leftOf[x]!;
      const se = bottomRow + rightOf[x]!;
      const a = labels[nw] === label ? trust[nw]! * (1 - right) * (1 - below) : 0;
      const b = labels[ne] === label ? trust[ne]! * right * (1 - below) : 0;
      const c = labels[sw] === label ? trust[sw]! * (1 - right) * below : 0;
      const d = labels[se] === label ? trust[se]! * right * below : 0;
      const scale = 1 / (a + b + c + d + DAMPING);
      for (let k = 0; k < 3; k++) {
        const difference =
          a * delta[nw * 3 + k]! + b * delta[ne * 3 + k]! + c * delta[sw * 3 + k]! + d * delta[se * 3 + k]!;
        const value = base[label * 3 + k]! + difference * scale + 0.5;
        out.data[p * 4 + k] = value < 0 ? 0 : value > 255 ? 255 : value;
      }
      out.data[p * 4 + 3] = 255;
    }
  }
  return out;
}
