import type { Raster } from '../raster.ts';
import { distanceSquared, toOklab, type Oklab, type Rgb } from './oklab.ts';

/** Half the side of the square looked at, as a share of the picture's diagonal; at most this many pixels. */
const REACH = 0.004;
const MOST_REACH = 4;
/** Colours this near in OKLab count as alike. */
const ALIKE = 0.05;

/**
 * The colour a place of a picture shows: the commonest of the pixels just around it, nearer ones counting for more, so
 * that grain and a thin line under the pointer don't decide.
 * @param picture sRGB bytes; alpha is laid on white. @param u, v place, 0–1 from the top left corner (clamped).
 */
export function colourAt(picture: Raster, u: number, v: number): Rgb {
  const { data, width, height, channels } = picture;
  const reach = Math.min(MOST_REACH, Math.max(1, Math.round(REACH * Math.hypot(width, height))));
  const cx = Math.min(width - 1, Math.max(0, Math.floor(u * width)));
  const cy = Math.min(height - 1, Math.max(0, Math.floor(v * height)));
  const samples: { rgb: Rgb; lab: Oklab; weight: number }[] = [];
  for (let y = Math.max(0, cy - reach); y <= Math.min(height - 1, cy + reach); y++)
    for (let x = Math.max(0, cx - reach); x <= Math.min(width - 1, cx + reach); x++) {
      const p = (y * width + x) * channels;
      const opaque = channels === 4 ? data[p + 3]! / 255 : 1;
      const onWhite = (c: number): number =>
        Math.round(255 + (data[p + (channels === 1 ? 0 : c)]! - 255) * opaque);
      const rgb: Rgb = [onWhite(0), onWhite(1), onWhite(2)];
      const weight = Math.exp(-((x - cx) ** 2 + (y - cy) ** 2) / (2 * (0.6 * reach) ** 2));
      samples.push({ rgb, lab: toOklab(...rgb), weight });
    }
  let best = samples[0]!.rgb;
  let most = -1;
  for (const one of samples) {
    let near = 0;
    for (const other of samples)
      near += other.weight * Math.exp(-distanceSquared(one.lab, other.lab) / (2 * ALIKE * ALIKE));
    if (near <= most) continue;
    most = near;
    best = one.rgb;
  }
  return best;
}
