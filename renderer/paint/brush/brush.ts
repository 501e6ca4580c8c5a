import { onCurve, type CurvePoints } from '../pressure-curve.ts';
import type { Tip } from './tip.ts';

/** How pressure becomes a part of a setting: `least` at no pressure, all at full; `bend` over 1 asks for more force. */
export interface PressureCurve {
  /** 0–1. */
  readonly least: number;
  /** 0.2–5; 1 is a straight line. */
  readonly bend: number;
  /** Instead of both: a curve through points, in order of pressure. */
  readonly points?: CurvePoints | undefined;
}

/** A brush's settings. Saved with presets: only ever add to it. */
export interface Brush {
  readonly id: string;
  readonly name: string;
  readonly kind: 'paint' | 'erase' | 'smudge';
  /** Diameter at full pressure, in the document's pixels. */
  readonly sizePx: number;
  /** 0–1: the most that one stroke covers. For smudge: how far paint is carried. */
  readonly opacity: number;
  /** 0–1: what one dab adds. */
  readonly flow: number;
  /** 0–1: the part of the radius that is fully covered. */
  readonly hardness: number;
  /** Distance between dabs, as a part of the diameter. */
  readonly spacing: number;
  /** Dabs of one stroke add up (airbrush) instead of covering no more than the strongest of them (ink, marker). */
  readonly buildsUp: boolean;
  /** Height of the tip by its width, 0–1. */
  readonly roundness: number;
  /** The tip's turn, clockwise. */
  readonly angleDeg: number;
  /** 0–1: how much the paper's grain shows. */
  readonly grain: number;
  /** A pen laid flat widens the tip, along where it points, and lightens it. */
  readonly tilts: boolean;
  readonly sizeByPressure: PressureCurve | undefined;
  readonly opacityByPressure: PressureCurve | undefined;
  readonly flowByPressure: PressureCurve | undefined;
  /** 0–20: how much the hand is steadied. */
  readonly stabilizer: number;
  /** Round when left out. */
  readonly tip?: Tip | undefined;
  /** The tip turns with the stroke's direction. */
  readonly follows?: boolean | undefined;
  /** How far dabs stray from the line, as a part of the diameter, 0–3. */
  readonly scatter?: number | undefined;
  /** How far each dab may be turned by chance, degrees to either side, 0–180. */
  readonly jitterDeg?: number | undefined;
}

export const MAX_BRUSH_PX = 1000;

export function pressed(curve: PressureCurve | undefined, pressure: number): number {
  if (!curve) return 1;
  if (curve.points) return onCurve(curve.points, pressure);
  return curve.least + (1 - curve.least) * Math.min(1, Math.max(0, pressure)) ** curve.bend;
}

const round = { roundness: 1, angleDeg: 0, grain: 0, tilts: false } as const;

/** What a new window starts with. */
export const PRESETS: readonly Brush[] = [
  {
    ...round,
    id: 'ink',
    name: 'Ink pen',
    kind: 'paint',
    sizePx: 12,
    opacity: 1,
    flow: 1,
    hardness: 1,
    spacing: 0.06,
    buildsUp: false,
    sizeByPressure: { least: 0.08, bend: 1.3 },
    opacityByPressure: undefined,
    flowByPressure: undefined,
    stabilizer: 4,
  },
  {
    ...round,
    id: 'pencil',
    name: 'Pencil',
    kind: 'paint',
    sizePx: 8,
    opacity: 0.9,
    flow: 0.55,
    hardness: 0.55,
    spacing: 0.12,
    buildsUp: true,
    grain: 0.9,
    tilts: true,
    sizeByPressure: { least: 0.6, bend: 1 },
    opacityByPressure: undefined,
    flowByPressure: { least: 0.05, bend: 1.4 },
    stabilizer: 1,
  },
  {
    ...round,
    id: 'marker',
    name: 'Marker',
    kind: 'paint',
    sizePx: 36,
    opacity: 0.7,
    flow: 1,
    hardness: 0.92,
    spacing: 0.05,
    buildsUp: false,
    roundness: 0.42,
    angleDeg: -35,
    sizeByPressure: undefined,
    opacityByPressure: { least: 0.75, bend: 1 },
    flowByPressure: undefined,
    stabilizer: 2,
  },
  {
    ...round,
    id: 'airbrush',
    name: 'Airbrush',
    kind: 'paint',
    sizePx: 120,
    opacity: 1,
    flow: 0.12,
    hardness: 0,
    spacing: 0.08,
    buildsUp: true,
    sizeByPressure: undefined,
    opacityByPressure: undefined,
    flowByPressure: { least: 0, bend: 1.5 },
    stabilizer: 1,
  },
  {
    ...round,
    id: 'chalk',
    name: 'Chalk',
    kind: 'paint',
    sizePx: 48,
    opacity: 0.95,
    flow: 0.5,
    hardness: 1,
    spacing: 0.14,
    buildsUp: true,
    grain: 0.35,
    tip: 'chalk',
    jitterDeg: 180,
    sizeByPressure: { least: 0.7, bend: 1 },
    opacityByPressure: undefined,
    flowByPressure: { least: 0.15, bend: 1.2 },
    stabilizer: 1,
  },
  {
    ...round,
    id: 'dry-brush',
    name: 'Dry brush',
    kind: 'paint',
    sizePx: 60,
    opacity: 0.9,
    flow: 0.7,
    hardness: 1,
    spacing: 0.03,
    buildsUp: false,
    tip: 'bristle',
    follows: true,
    sizeByPressure: { least: 0.6, bend: 1 },
    opacityByPressure: undefined,
    flowByPressure: { least: 0.3, bend: 1 },
    stabilizer: 2,
  },
  {
    ...round,
    id: 'smudge',
    name: 'Smudge',
    kind: 'smudge',
    sizePx: 40,
    opacity: 0.8,
    flow: 1,
    hardness: 0.4,
    spacing: 0.06,
    buildsUp: false,
    sizeByPressure: undefined,
    opacityByPressure: { least: 0.2, bend: 1 },
    flowByPressure: undefined,
    stabilizer: 0,
  },
  {
    ...round,
    id: 'eraser',
    name: 'Eraser',
    kind: 'erase',
    sizePx: 32,
    opacity: 1,
    flow: 1,
    hardness: 0.95,
    spacing: 0.06,
    buildsUp: false,
    sizeByPressure: { least: 0.3, bend: 1 },
    opacityByPressure: undefined,
    flowByPressure: undefined,
    stabilizer: 2,
  },
  {
    ...round,
    id: 'soft-eraser',
    name: 'Soft eraser',
    kind: 'erase',
    sizePx: 90,
    opacity: 1,
    flow: 0.2,
    hardness: 0,
    spacing: 0.08,
    buildsUp: true,
    sizeByPressure: undefined,
    opacityByPressure: undefined,
    flowByPressure: { least: 0.05, bend: 1.3 },
    stabilizer: 1,
  },
];
