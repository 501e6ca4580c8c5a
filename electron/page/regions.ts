import { setImmediate as breathe } from 'node:timers/promises';
import { throwIfCancelled } from '../failure.ts';
import type { Progress } from '../progress.ts';
import { areaOf, type Raster } from '../raster.ts';
import { adoptSmall } from './adopt.ts';
import { findBarrier } from './barrier.ts';
import { findBasins } from './basins.ts';
import { loadOpenCv } from './opencv.ts';
import { anyOfSquares } from './shrink.ts';
import { spreadBasins } from './spread.ts';

/** The page parted into regions: one label a pixel, row by row. */
export interface RegionMap {
  /** 0 … count-1, numbered in reading order of their first pixel. No pixel is without a region. */
  readonly labels: Int32Array;
  readonly width: number;
  readonly height: number;
  readonly count: number;
  /** Pixels of each region, lines included. */
  readonly areasPx: Uint32Array;
}

export interface RegionOptions {
  /** The widest gap between line ends to close, pixels of the page, 0–256; 0 closes none. */
  readonly gapPx: number;
  /** Regions with fewer open pixels are adopted by a neighbour. By default 1/40,000 of the page, at least 12. */
  readonly minAreaPx?: number | undefined;
  readonly signal?: AbortSignal | undefined;
  readonly progress?: Progress | undefined;
}

/** Balls are looked for at a working size of at most this many pixels. */
const WORKING_AREA = 4_500_000;

/**
 * Parts a page into the regions a colourist would fill: rooms between lines, gaps up to `gapPx` closed, hatching and
 * hair clumped, colours meeting in the middle under the lines. Trapped-ball segmentation (Zhang et al., TVCG 2009) by
 * a watershed of the distance to the nearest line; large pages find their rooms at a half or a third of their size,
 * with every line kept closed, and the border of each region at full resolution. The same ink gives the same map.
 * @param ink grey, 1 channel, 255 paper, 0 ink (`readInk`).
 * @throws Failure `cancelled` when the signal fires; RangeError when `ink` or an option is out of range.
 */
export async function findRegions(ink: Raster, options: RegionOptions): Promise<RegionMap> {
  const { gapPx, signal, progress } = options;
  if (ink.channels !== 1)
    throw new RangeError(`Regions are found in grey ink of 1 channel; got ${ink.channels}.`);
  if (!(gapPx >= 0 && gapPx <= 256)) throw new RangeError(`gapPx is 0 to 256; got ${gapPx}.`);
  const step = async (fraction: number): Promise<void> => {
    progress?.(fraction, 'Finding regions');
    await breathe();
    throwIfCancelled(signal);
  };
  throwIfCancelled(signal);
  const { cv } = await loadOpenCv();
  await step(0);
  const area = areaOf(ink);
  const factor = Math.ceil(Math.sqrt(area / WORKING_AREA));
  const barrier = findBarrier(cv, ink, factor);
  await step(0.35);
  const basins = findBasins(cv, anyOfSquares(barrier.mask, factor), gapPx / factor);
  await step(0.65);
  const spread = spreadBasins(basins, barrier.mask, factor, gapPx === 0);
  await step(0.8);
  const hosts = adoptSmall(spread, ink, {
    minAreaPx: options.minAreaPx ?? Math.max(12, area / 40_000),
    minRadiusPx: Math.max(1.6, 0.0007 * Math.hypot(ink.width, ink.height)),
  });
  await step(0.95);
  const map = renumber(spread.labels, hosts, ink.width, ink.height);
  progress?.(1, 'Finding regions');
  return map;
}

/** Numbers the regions left in reading order, in place. */
function renumber(labels: Int32Array, hosts: Int32Array, width: number, height: number): RegionMap {
  const numbers = new Int32Array(hosts.length).fill(-1);
  const areas: number[] = [];
  for (let p = 0; p < labels.length; p++) {
    const host = hosts[labels[p]!]!;
    let number = numbers[host]!;
    if (number === -1) {
      number = numbers[host] = areas.length;
      areas.push(0);
    }
    labels[p] = number;
    areas[number]!++;
  }
  return { labels, width, height, count: areas.length, areasPx: Uint32Array.from(areas) };
}
