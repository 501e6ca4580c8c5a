import type { Plane } from './windows.ts';

/** How the lines of a known face weigh in a shadow. */
export interface ShadowLine {
  /** A part's window of the known face's sketch, 1 paper, 0 ink. */
  readonly sketch: Plane;
  readonly weight: number;
}

/** A shadow is never as dark as a line that was drawn. */
const DARKEST = 0.75;
/** What counts as the darkest of a shadow: this share of its pixels may be darker. */
const TOP_SHARE = 0.02;

/**
 * The shadow under the pen (Chen et al. 2020, section 4.1; after ShadowDraw, Lee et al. 2011): the nearest known faces'
 * lines laid over each other by their weights, and with them, where there is one, what the decoder reads out of the
 * projected vector. Where they agree it is dark, where they differ faint.
 * @param lines all of one size, at least one; negative weights count as none.
 * @returns how dark the shadow is, 0 none to 1, of that size.
 */
export function castShadow(lines: readonly ShadowLine[], decoded?: Plane): Plane {
  const sizePx = lines[0]?.sketch.sizePx;
  if (!sizePx) throw new RangeError('A shadow needs at least one known face.');
  const dark = new Float32Array(sizePx * sizePx);
  const total = lines.reduce((sum, { weight }) => sum + Math.max(0, weight), 0) || 1;
  for (const { sketch, weight } of lines) {
    const share = Math.max(0, weight) / total;
    if (share === 0) continue;
    for (let i = 0; i < dark.length; i++) dark[i]! += share * (1 - sketch.data[i]!);
  }
  if (decoded)
    for (let i = 0; i < dark.length; i++)
      dark[i] = Math.sqrt(dark[i]! * Math.min(1, Math.max(0, 1 - decoded.data[i]!))) / 2 + dark[i]! / 2;
  const top = quantile(dark, 1 - TOP_SHARE);
  if (top > 0) for (let i = 0; i < dark.length; i++) dark[i] = Math.min(1, dark[i]! / top) * DARKEST;
  return { data: dark, sizePx };
}

function quantile(values: Float32Array, share: number): number {
  const sorted = values.toSorted();
  return sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? 0;
}

/** A plane at another size, bilinear between pixel centres. */
export function resizePlane({ data, sizePx }: Plane, toPx: number): Plane {
  if (toPx === sizePx) return { data, sizePx };
  const out = new Float32Array(toPx * toPx);
  const scale = sizePx / toPx;
  const at = (i: number): [number, number, number] => {
    const place = Math.min(sizePx - 1, Math.max(0, (i + 0.5) * scale - 0.5));
    const low = Math.floor(place);
    return [low, Math.min(sizePx - 1, low + 1), place - low];
  };
  for (let y = 0; y < toPx; y++) {
    const [top, bottom, v] = at(y);
    for (let x = 0; x < toPx; x++) {
      const [left, right, u] = at(x);
      const above = data[top * sizePx + left]! * (1 - u) + data[top * sizePx + right]! * u;
      const below = data[bottom * sizePx + left]! * (1 - u) + data[bottom * sizePx + right]! * u;
      out[y * toPx + x] = above * (1 - v) + below * v;
    }
  }
  return { data: out, sizePx: toPx };
}

/**
 * How much of a part is drawn already: its ink against that of the known faces nearest to it. The shadow fades with it.
 * @returns 0 nothing to 1 as much as they have.
 */
export function committedShare(drawnInk: number, knownInk: number): number {
  return knownInk > 0 ? Math.min(1, drawnInk / knownInk) : 1;
}
