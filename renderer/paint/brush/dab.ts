import type { Rect } from '../tiles.ts';
import { pressed, type Brush } from './brush.ts';
import { copied, type Copy } from '../guides/symmetry.ts';
import { grainAt } from './grain.ts';
import type { PenSample } from './path.ts';
import { tipAt, type Tip } from './tip.ts';

/** One print of the tip. */
export interface Dab {
  readonly x: number;
  readonly y: number;
  /** Half the tip's width. */
  readonly radius: number;
  readonly roundness: number;
  /** Radians, clockwise. */
  readonly angle: number;
  readonly hardness: number;
  /** 0–1, at the middle. */
  readonly strength: number;
  readonly grain: number;
  /** Undefined: round. */
  readonly tip?: Tip | undefined;
  /** The tip is seen in a mirror. */
  readonly mirrored?: boolean;
}

/** A dab as a copy of the stroke has it. */
export function dabCopy(dab: Dab, copy: Copy): Dab {
  const { x, y, angle } = copied(copy, dab, dab.angle);
  return { ...dab, x, y, angle, mirrored: copy.mirrored !== (dab.mirrored ?? false) };
}

/** A number in [0, 1) that depends on nothing but its place in a stroke (after Wellons' "lowbias32"). */
function chance(index: number, which: number): number {
  let h = (Math.imul(index + 1, 0x9e3779b1) ^ Math.imul(which + 1, 0x85ebca6b)) | 0;
  h = Math.imul(h ^ (h >>> 16), 0x7feb352d);
  h = Math.imul(h ^ (h >>> 15), 0x846ca68b);
  return ((h ^ (h >>> 16)) >>> 0) / 2 ** 32;
}

/**
 * A dab turned and strewn as the brush says.
 * @param index its number in the stroke. @param direction where the stroke goes there, radians.
 */
export function strewn(brush: Brush, dab: Dab, index: number, direction: number): Dab {
  const { follows = false, scatter = 0, jitterDeg = 0 } = brush;
  if (!follows && scatter === 0 && jitterDeg === 0) return dab;
  const turn = (chance(index, 0) * 2 - 1) * ((jitterDeg * Math.PI) / 180);
  const away = scatter * 2 * dab.radius * Math.sqrt(chance(index, 1));
  const towards = chance(index, 2) * 2 * Math.PI;
  return {
    ...dab,
    x: dab.x + away * Math.cos(towards),
    y: dab.y + away * Math.sin(towards),
    angle: dab.angle + turn + (follows ? direction : 0),
  };
}

const SMALLEST_RADIUS = 0.35;
/** How much wider, and lighter, a pen laid flat draws. */
const TILT_WIDER = 3;
const TILT_LIGHTER = 0.55;

export function dabAt(brush: Brush, at: PenSample): Dab {
  const tilt = brush.tilts ? at.tilt ** 2 : 0;
  const size = brush.sizePx * pressed(brush.sizeByPressure, at.pressure) * (1 + TILT_WIDER * tilt);
  const wanted = size / 2;
  const radius = Math.max(SMALLEST_RADIUS, wanted);
  // A tip finer than a pixel can only get lighter.
  const thin = Math.min(1, (wanted / radius) ** 2);
  const strength =
    brush.flow *
    pressed(brush.flowByPressure, at.pressure) *
    (brush.kind === 'smudge' ? 1 : pressed(brush.opacityByPressure, at.pressure)) *
    (1 - TILT_LIGHTER * tilt) *
    thin;
  return {
    x: at.x,
    y: at.y,
    radius,
    roundness: Math.max(0.05, brush.roundness * (1 - 0.6 * tilt)),
    angle: tilt > 0 ? at.azimuth : (brush.angleDeg * Math.PI) / 180,
    hardness: brush.hardness,
    strength,
    grain: brush.grain,
    tip: brush.tip === 'round' ? undefined : brush.tip,
  };
}

export function dabBounds({ x, y, radius, tip }: Dab): Rect {
  // A tip's picture is square: its corners reach farther.
  const reach = (tip ? radius * Math.SQRT2 : radius) + 1;
  return {
    left: Math.floor(x - reach),
    top: Math.floor(y - reach),
    right: Math.ceil(x + reach),
    bottom: Math.ceil(y + reach),
  };
}

/**
 * Calls `put` with the cover (0–1) of every pixel of `area` that the dab touches, by the distance of the pixel's middle:
 * full up to the hard part, then falling smoothly; a hard edge is one pixel soft.
 */
export function printDab(dab: Dab, area: Rect, put: (x: number, y: number, cover: number) => void): void {
  const { radius, roundness, strength, grain } = dab;
  const cos = Math.cos(dab.angle);
  const sin = Math.sin(dab.angle);
  const edge = Math.max(1, radius * (1 - dab.hardness));
  const outer = radius + 0.5;
  const inner = outer - edge;
  const { tip } = dab;
  const isRound = roundness > 0.999 && !tip;
  const mirror = dab.mirrored ? -1 : 1;
  for (let py = area.top; py < area.bottom; py++) {
    const dy = py + 0.5 - dab.y;
    for (let px = area.left; px < area.right; px++) {
      const dx = px + 0.5 - dab.x;
      let distance: number;
      if (isRound) {
        const square = dx * dx + dy * dy;
        if (square >= outer * outer) continue;
        distance = Math.sqrt(square);
      } else {
        const along = dx * cos + dy * sin;
        const across = (dy * cos - dx * sin) / roundness;
        distance = Math.hypot(along, across);
        if (tip) {
          let cover = strength * tipAt(tip, along / outer, (mirror * across) / outer);
          if (cover <= 0) continue;
          if (grain > 0) cover = cover * (1 - grain) + onPaper(cover, grainAt(px, py)) * grain;
          if (cover > 0) put(px, py, cover);
          continue;
        }
        if (distance >= outer) continue;
      }
      let cover = strength;
      if (distance > inner) {
        const fall = (outer - distance) / edge;
        cover *= edge > 1.5 ? fall * fall * (3 - 2 * fall) : fall;
      }
      if (grain > 0) cover = cover * (1 - grain) + onPaper(cover, grainAt(px, py)) * grain;
      if (cover > 0) put(px, py, cover);
    }
  }
}

/** What a light touch leaves of its cover on a paper of this height: only the heights. */
function onPaper(cover: number, height: number): number {
  const rise = Math.min(1, Math.max(0, (height - (0.6 - cover)) / 0.8));
  return cover * rise * rise * (3 - 2 * rise);
}
