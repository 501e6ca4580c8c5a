import { converter } from 'culori';
import type { Raster } from '../raster.ts';
import { mustMatch } from './colour.ts';
import { deltaE2000, type Lab } from './difference.ts';

/** The region every pixel belongs to; a negative number is no region. Numbers need not be dense. */
export interface LabelMap {
  readonly labels: Int32Array;
  readonly width: number;
  readonly height: number;
}

export interface RegionColour {
  /** Pixels. */
  readonly area: number;
  /** Median of each sRGB channel, 0–255 (the mean of the middle two): a few line pixels do not move it. */
  readonly rgb: readonly [number, number, number];
  /** Centre of mass, 0–1 from the left and from the top. */
  readonly x: number;
  readonly y: number;
}

const lab65 = converter('lab65');

/** ΔE2000 up to which a region counts as rightly coloured. */
export const RIGHT_WITHIN = 10;

/**
 * Area, place and median colour of each region. @param picture sRGB bytes, 3 or 4 channels, of the map's size.
 * @throws RangeError for different sizes.
 */
export function regionColours(picture: Raster, map: LabelMap): Map<number, RegionColour> {
  mustMatch(picture, map);
  const pixelsOf = new Map<number, number[]>();
  map.labels.forEach((label, i) => {
    if (label < 0) return;
    const pixels = pixelsOf.get(label);
    if (pixels) pixels.push(i);
    else pixelsOf.set(label, [i]);
  });
  const counts = new Uint32Array(256);
  const out = new Map<number, RegionColour>();
  for (const [label, pixels] of pixelsOf) {
    const middle = (channel: number): number => {
      counts.fill(0);
      for (const i of pixels) counts[picture.data[i * picture.channels + channel]!]!++;
      const nth = (rank: number): number => {
        let value = 0;
        for (let seen = counts[0]!; seen <= rank; seen += counts[value]!) value++;
        return value;
      };
      return (nth((pixels.length - 1) >> 1) + nth(pixels.length >> 1)) / 2;
    };
    let x = 0;
    let y = 0;
    for (const i of pixels) {
      x += ((i % map.width) + 0.5) / map.width / pixels.length;
      y += (Math.floor(i / map.width) + 0.5) / map.height / pixels.length;
    }
    out.set(label, { area: pixels.length, rgb: [middle(0), middle(1), middle(2)], x, y });
  }
  return out;
}

/** CIE L*a*b* under D65 of an sRGB colour, 0–255 a channel. */
export function labOf([red, green, blue]: readonly [number, number, number]): Lab {
  const { l, a, b } = lab65({ mode: 'rgb', r: red / 255, g: green / 255, b: blue / 255 });
  return { l, a, b };
}

/**
 * Share of the regions' area, 0–1, whose region has the target's colour: medians within ΔE2000 10 (segment accuracy
 * as for DACoN, but weighed by area). @param output, target sRGB bytes of the map's size.
 * @throws RangeError for different sizes or a map without regions.
 */
export function regionAccuracy(output: Raster, target: Raster, map: LabelMap): number {
  const ours = regionColours(output, map);
  const theirs = regionColours(target, map);
  if (theirs.size === 0) throw new RangeError('Region accuracy needs at least one region.');
  let right = 0;
  let total = 0;
  for (const [label, { area, rgb }] of theirs) {
    total += area;
    if (deltaE2000(labOf(ours.get(label)!.rgb), labOf(rgb)) <= RIGHT_WITHIN) right += area;
  }
  return right / total;
}
