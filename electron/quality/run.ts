import { join } from 'node:path';
import { setImmediate } from 'node:timers/promises';
import { Failure, throwIfCancelled } from '../failure.ts';
import type { PaletteColour } from '../page/palette.ts';
import type { Progress } from '../progress.ts';
import type { Raster } from '../raster.ts';
import { meanColour, nearestRegions, reinhardTransfer } from './baselines.ts';
import { colourRegions } from './colour-regions.ts';
import { psnr } from './difference.ts';
import { lineFidelity } from './line-fidelity.ts';
import { measuredPalette, paletteDistance } from './palette.ts';
import { PROTOCOLS, readPairs, type Pair, type Protocol } from './pairs.ts';
import { fitted, greyOf, readMeasuredPicture } from './pictures.ts';
import { regionAccuracy, type LabelMap } from './regions.ts';
import { msSsim } from './structure.ts';
import { warpThinPlate } from './warp.ts';

/** Something that colours: a method of the program, or a baseline. */
export interface JudgedMethod {
  readonly id: string;
  /**
   * @param lines grey bytes, 255 paper, 0 ink. @param reference sRGB bytes, 3 channels.
   * @returns sRGB bytes, 3 or 4 channels, of any size with the drawing's aspect ratio: it is brought to the drawing's.
   */
  colorizePair(lines: Raster, reference: Raster, signal?: AbortSignal): Promise<Raster>;
}

export interface QualityOptions {
  /** A folder with a pairs.tsv. */
  readonly folder: string;
  readonly methods: readonly JudgedMethod[];
  /** Line drawing of a colour picture: grey bytes, 255 paper, 0 ink, same size. */
  readonly drawLines: (picture: Raster) => Raster | Promise<Raster>;
  /** Regions of a line drawing (grey bytes), same size: what the baseline `nearest-regions` fills. */
  readonly findRegions: (lines: Raster) => LabelMap | Promise<LabelMap>;
  /** LPIPS of two pictures of one size, sRGB bytes, 3 channels; not measured when left out. */
  readonly lpips?: ((one: Raster, other: Raster) => Promise<number>) | undefined;
  /** Longer side of the pictures measured, in pixels; larger ones are made smaller. Default 256. */
  readonly sizePx?: number;
  readonly progress?: Progress | undefined;
  readonly signal?: AbortSignal | undefined;
}

/** Means over the pairs of one protocol; null where it has no target to compare with. */
export interface QualityRow {
  readonly method: string;
  /** True for the three methods that learned nothing. */
  readonly baseline: boolean;
  readonly protocol: Protocol;
  /** Pairs measured, and those of them that have a target. */
  readonly n: number;
  readonly targets: number;
  /** dB; equal pictures count as 100. */
  readonly psnr: number | null;
  readonly msSsim: number | null;
  /** 0 for equal pictures; null also where the network it needs is not there. */
  readonly lpips: number | null;
  /** Share of area, 0–1, over the target's areas of one colour (colour-regions.ts). */
  readonly regionAccuracy: number | null;
  /** Output to reference, OKLab. */
  readonly paletteDistance: number;
  /** −1 to 1. */
  readonly lineFidelity: number;
}

interface Measured {
  readonly psnr: number | null;
  readonly msSsim: number | null;
  readonly lpips: number | null;
  readonly regionAccuracy: number | null;
  readonly paletteDistance: number;
  readonly lineFidelity: number;
}

/** What a pair's methods are given, and what they are measured against. */
interface Trial {
  readonly lines: Raster;
  readonly reference: Raster;
  readonly target: Raster | undefined;
  /** Areas of the target, over which colour is judged. */
  readonly areas: LabelMap | undefined;
  /** Regions of the drawing, for the baseline that fills them. */
  readonly regions: LabelMap;
  readonly referencePalette: readonly PaletteColour[];
  readonly referenceRegions: () => Promise<LabelMap>;
}

const MOST_PSNR = 100;
/** The window of MS-SSIM. */
const LEAST_SIDE = 11;
/** SqueezeNet halves a picture four times. */
const LEAST_LPIPS_SIDE = 32;

/**
 * Judges methods on a folder of pairs, with three baselines beside them: mean colour, Reinhard transfer, nearest
 * regions. Where a pair of kind `same` names its target as reference, or no reference, the target is bent here by a
 * thin-plate spline that depends on the pair's place in the table only. Pairs of kind `other` have no target, so
 * only palette distance and line fidelity are measured on them.
 * @returns rows by protocol, then the methods in the order given, then the baselines.
 * @throws Failure `input` for a table or picture that can't be used (the run ends: a mean over fewer pairs would not
 * be comparable), `cancelled`, and whatever a method throws.
 */
export async function runQuality(options: QualityOptions): Promise<QualityRow[]> {
  const { folder, methods, progress, signal } = options;
  throwIfCancelled(signal);
  const pairs = await readPairs(folder);
  const measured = new Map<string, Measured[]>();
  for (const [index, pair] of pairs.entries()) {
    progress?.(index / pairs.length, `Pair ${index + 1} of ${pairs.length}`);
    const trial = await prepare(options, pair, index);
    for (const method of [...methods, ...baselinesFor(trial)]) {
      await setImmediate();
      throwIfCancelled(signal);
      const output = await method.colorizePair(trial.lines, trial.reference, signal);
      const key = `${pair.kind} ${method.id}`;
      measured.set(key, [...(measured.get(key) ?? []), await measure(trial, output, options.lpips)]);
    }
  }
  progress?.(1, `Pair ${pairs.length} of ${pairs.length}`);
  const names = [...methods.map(({ id }) => id), ...BASELINES];
  return PROTOCOLS.flatMap((protocol) =>
    names.flatMap((method) => {
      const list = measured.get(`${protocol} ${method}`);
      return list ? [rowOf(method, protocol, list)] : [];
    }),
  );
}

export const BASELINES = ['mean-colour', 'reinhard', 'nearest-regions'] as const;

function baselinesFor(trial: Trial): (JudgedMethod & { id: (typeof BASELINES)[number] })[] {
  return [
    { id: 'mean-colour', colorizePair: async (lines, reference) => meanColour(lines, reference) },
    { id: 'reinhard', colorizePair: async (lines, reference) => reinhardTransfer(lines, reference) },
    {
      id: 'nearest-regions',
      colorizePair: async (lines, reference) =>
        nearestRegions(lines, trial.regions, reference, await trial.referenceRegions()),
    },
  ];
}

async function prepare(options: QualityOptions, pair: Pair, index: number): Promise<Trial> {
  const { folder, drawLines, findRegions, sizePx = 256 } = options;
  const read = (path: string): Promise<Raster> => readMeasuredPicture(folder, path, sizePx, options.signal);
  const picture = pair.target ? await read(pair.target) : undefined;
  const lines = pair.lines ? greyOf(await read(pair.lines)) : await drawLines(picture!);
  if (picture && (lines.width !== picture.width || lines.height !== picture.height))
    throw new Failure(
      'input',
      `${join(folder, pair.lines ?? pair.target!)}: the line drawing is ${lines.width}x${lines.height} where its target is ${picture.width}x${picture.height}. Make them one size.`,
    );
  if (Math.min(lines.width, lines.height) < LEAST_SIDE)
    throw new Failure(
      'input',
      `${join(folder, pair.lines ?? pair.target!)} is ${lines.width}x${lines.height}; at least ${LEAST_SIDE} px a side can be measured. Take a larger picture.`,
    );
  const bend = pair.kind === 'same' && pair.reference === pair.target;
  const reference = bend ? warpThinPlate(picture!, { seed: index + 1 }) : await read(pair.reference);
  const target = pair.kind === 'other' ? undefined : picture;
  return {
    lines,
    reference,
    target,
    areas: target && colourRegions(target),
    regions: orWhole(await findRegions(lines)),
    referencePalette: measuredPalette(reference),
    referenceRegions: async () => orWhole(await findRegions(await drawLines(reference))),
  };
}

/** A drawing in which no region was found is one region. */
function orWhole(map: LabelMap): LabelMap {
  return map.labels.some((label) => label >= 0) ? map : { ...map, labels: new Int32Array(map.labels.length) };
}

async function measure(trial: Trial, output: Raster, lpips: QualityOptions['lpips']): Promise<Measured> {
  const { lines, target, areas, referencePalette } = trial;
  const coloured = await fitted(output, lines.width, lines.height);
  return {
    psnr: target ? Math.min(MOST_PSNR, psnr(coloured, target)) : null,
    msSsim: target ? msSsim(coloured, target) : null,
    lpips:
      target && lpips && Math.min(target.width, target.height) >= LEAST_LPIPS_SIDE
        ? await lpips(coloured, target)
        : null,
    regionAccuracy: target && areas ? regionAccuracy(coloured, target, areas) : null,
    paletteDistance: paletteDistance(measuredPalette(coloured), referencePalette),
    lineFidelity: lineFidelity(lines, coloured),
  };
}

function rowOf(method: string, protocol: Protocol, list: readonly Measured[]): QualityRow {
  const mean = (values: readonly (number | null)[]): number | null => {
    const numbers = values.filter((value) => value !== null);
    return numbers.length === 0 ? null : numbers.reduce((sum, value) => sum + value, 0) / numbers.length;
  };
  return {
    method,
    baseline: BASELINES.some((name) => name === method),
    protocol,
    n: list.length,
    targets: list.filter(({ psnr: value }) => value !== null).length,
    psnr: mean(list.map((m) => m.psnr)),
    msSsim: mean(list.map((m) => m.msSsim)),
    lpips: mean(list.map((m) => m.lpips)),
    regionAccuracy: mean(list.map((m) => m.regionAccuracy)),
    paletteDistance: mean(list.map((m) => m.paletteDistance))!,
    lineFidelity: mean(list.map((m) => m.lineFidelity))!,
  };
}
