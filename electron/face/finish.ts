import type { FaceWindow, PerPart } from './parts.ts';

/** From below to above: where windows overlap, the later one shows. */
const LAYERS = ['mouth', 'nose', 'right-eye', 'left-eye'] as const;
type Layer = (typeof LAYERS)[number];
const CHANNELS = 3;

/** The stripe's strength is looked for over this many pixels to both sides, twice. */
const STRIPE_REACH = 8;
/** Pixels of the work size. */
const RIM = 2;
/** The border's own line lies so far on both sides. */
const BAND = 2;
/** Beyond it colours are compared over this length. */
const LOOK = 4;
/** Smoothing along the border, of the difference and of the line. */
const ALONG = { step: 7, line: 3 };

/** How far a window takes on the colours around it. */
const STRENGTH = 0.8;
/** Larger differences across a border are edges of the face. */
const ALIKE = { step: 0.12, line: 0.2 };
/** The weight of there being no difference. */
const PRIOR = 0.02;
/** Points of a border, and fields a side of the window, between which the change is interpolated. */
const POINTS = 64;
const GRID = 16;

export type Finish = (face: Float32Array) => Float32Array;

/**
 * What is done to a face after synthesis (models/training/face/finish.py does the same where faces are measured). Three
 * faults of the networks are lessened: a stripe of two pixels left by the pixel shuffle, a dark rim left by zero padding,
 * and the borders of the windows, where the colours of two parts disagree. A part's window takes on the colours around it
 * by mean value coordinates (Farbman et al. 2009, Coordinates for instant image cloning), from below to above; what lies
 * outside it stays.
 * @param windows of the work size. @param sizePx the face's side, a multiple of the work size.
 * @returns a function of a face [3, sizePx, sizePx] in [0, 1] that gives a new one, about in [0, 1].
 */
export function faceFinish(windows: PerPart<FaceWindow>, workPx: number, sizePx: number): Finish {
  const scale = sizePx / workPx;
  if (!Number.isInteger(scale)) return (face) => face;
  const larger = (part: Layer): FaceWindow => {
    const { xPx, yPx, sizePx: side } = windows[part];
    return { xPx: xPx * scale, yPx: yPx * scale, sizePx: side * scale };
  };
  const borders = LAYERS.map((part, at) =>
    borderOf(larger(part), LAYERS.slice(at + 1).map(larger), sizePx, scale),
  );
  return (face) => {
    const out = withoutRim(withoutStripes(face, sizePx), sizePx, RIM * scale);
    for (const border of borders) settle(out, border, sizePx, scale);
    return out;
  };
}

/** Columns lighter and darker in turn are made even; all that is slower stays. */
function withoutStripes(face: Float32Array, sizePx: number): Float32Array {
  const out = new Float32Array(face.length);
  const turned = new Float64Array(sizePx);
  const once = new Float64Array(sizePx);
  const twice = new Float64Array(sizePx);
  for (let row = 0; row < face.length; row += sizePx) {
    for (let x = 0; x < sizePx; x++) {
      const beside = face[row + Math.max(0, x - 1)]! + face[row + Math.min(sizePx - 1, x + 1)]!;
      const fast = (2 * face[row + x]! - beside) / 4;
      turned[x] = x % 2 ? -fast : fast;
    }
    runningMean(turned, once, STRIPE_REACH);
    runningMean(once, twice, STRIPE_REACH);
    for (let x = 0; x < sizePx; x++) out[row + x] = face[row + x]! - (x % 2 ? -twice[x]! : twice[x]!);
  }
  return out;
}

/** Of each value the mean of what lies within `reach` of it. */
function runningMean(line: Float64Array, to: Float64Array, reach: number): void {
  const { length } = line;
  let sum = 0;
  for (let i = 0; i < Math.min(reach, length); i++) sum += line[i]!;
  for (let i = 0; i < length; i++) {
    if (i + reach < length) sum += line[i + reach]!;
    if (i - reach - 1 >= 0) sum -= line[i - reach - 1]!;
    to[i] = sum / (Math.min(length, i + reach + 1) - Math.max(0, i - reach));
  }
}

/** The outermost pixels become like those next to them. */
function withoutRim(face: Float32Array, sizePx: number, rimPx: number): Float32Array {
  const within = (i: number): number => Math.min(sizePx - 1 - rimPx, Math.max(rimPx, i));
  const area = sizePx * sizePx;
  for (let plane = 0; plane < face.length; plane += area)
    for (let y = 0; y < sizePx; y++) {
      const middle = y === within(y);
      for (let x = 0; x < sizePx; x++) {
        if (middle && x === rimPx) x = sizePx - rimPx;
        face[plane + y * sizePx + x] = face[plane + within(y) * sizePx + within(x)]!;
      }
    }
  return face;
}

/** A window's border, clockwise from its left top; `places` a place, `across` pixels at each, the innermost first. */
interface Border {
  readonly window: FaceWindow;
  /** [side * side]: 1 where a window above hides this one. */
  readonly covered: Uint8Array;
  readonly places: number;
  readonly across: number;
  /** [places * across]: where in a plane they are. */
  readonly pixels: Int32Array;
  /** [places]: 0 where a window above hides the border, else 1. */
  readonly shows: Float64Array;
  readonly line: Line;
  /** [GRID * GRID, POINTS]: mean value coordinates of a grid of the window in points of its border. */
  readonly membrane: Float64Array;
}

/** The pixels of a border's own line, each once. */
interface Line {
  readonly pixels: Int32Array;
  /** How many places have a say in each. */
  readonly says: Uint8Array;
  /** [places * pixels across the line]: the number of a place's pixel, -1 where the border is hidden. */
  readonly slotOf: Int32Array;
}

function lineOf(pixels: Int32Array, across: number, shows: Float64Array, scale: number): Line {
  const band = 2 * BAND * scale;
  const slotOf = new Int32Array(shows.length * band).fill(-1);
  const slots = new Map<number, number>();
  const says: number[] = [];
  shows.forEach((shown, t) => {
    if (shown === 0) return;
    for (let k = 0; k < band; k++) {
      const pixel = pixels[t * across + LOOK * scale + k]!;
      const slot = slots.get(pixel) ?? slots.size;
      slots.set(pixel, slot);
      says[slot] = (says[slot] ?? 0) + 1;
      slotOf[t * band + k] = slot;
    }
  });
  return { pixels: Int32Array.from(slots.keys()), says: Uint8Array.from(says), slotOf };
}

function borderOf(window: FaceWindow, above: readonly FaceWindow[], facePx: number, scale: number): Border {
  const { xPx: left, yPx: top, sizePx: side } = window;
  const reach = (BAND + LOOK) * scale;
  const [places, across] = [4 * side, 2 * reach];
  const pixels = new Int32Array(places * across);
  const shows = new Float64Array(places);
  const middles = new Float64Array(2 * places);
  const within = (i: number): number => Math.min(facePx - 1, Math.max(0, i));
  const along = (x: number, out: number, o: number): number =>
    within(out > 0 ? x + o : out < 0 ? x - o - 1 : x);
  const near = BAND * scale;
  for (let t = 0; t < places; t++) {
    const [edge, i] = [Math.floor(t / side), t % side];
    const [x, y] = [
      [left + i, top],
      [left + side, top + i],
      [left + side - 1 - i, top + side],
      [left, top + side - 1 - i],
    ][edge] as [number, number];
    const [outX, outY] = [
      [0, -1],
      [1, 0],
      [0, 1],
      [-1, 0],
    ][edge] as [number, number];
    for (let k = 0; k < across; k++)
      pixels[t * across + k] = along(y, outY, k - reach) * facePx + along(x, outX, k - reach);
    middles[2 * t] = x + (outX === 0 ? 0.5 : 0);
    middles[2 * t + 1] = y + (outY === 0 ? 0.5 : 0);
    const hidden = above.some(
      ({ xPx, yPx, sizePx }) =>
        x >= xPx - near && x < xPx + sizePx + near && y >= yPx - near && y < yPx + sizePx + near,
    );
    shows[t] = hidden ? 0 : 1;
  }
  const covered = coveredBy(window, above);
  const line = lineOf(pixels, across, shows, scale);
  return { window, covered, places, across, pixels, shows, line, membrane: membraneOf(window, middles) };
}

function coveredBy({ xPx, yPx, sizePx: side }: FaceWindow, above: readonly FaceWindow[]): Uint8Array {
  const covered = new Uint8Array(side * side);
  for (const over of above)
    for (let y = Math.max(yPx, over.yPx); y < Math.min(yPx + side, over.yPx + over.sizePx); y++) {
      const row = (y - yPx) * side - xPx;
      const [left, right] = [Math.max(xPx, over.xPx), Math.min(xPx + side, over.xPx + over.sizePx)];
      if (left < right) covered.fill(1, row + left, row + right);
    }
  return covered;
}

/** The first of a border's places that belong to a point; those up to the next one's first do. */
const firstOf = (point: number, places: number): number => Math.floor((point * places) / POINTS);

function membraneOf({ xPx, yPx, sizePx }: FaceWindow, middles: Float64Array): Float64Array {
  const places = middles.length / 2;
  const points = Array.from({ length: POINTS }, (_, k) => {
    const [from, to] = [firstOf(k, places), firstOf(k + 1, places)];
    let [x, y] = [0, 0];
    for (let t = from; t < to; t++) {
      x += middles[2 * t]! / (to - from);
      y += middles[2 * t + 1]! / (to - from);
    }
    return { x, y };
  });
  const membrane = new Float64Array(GRID * GRID * POINTS);
  for (let field = 0; field < GRID * GRID; field++) {
    const x = xPx + (((field % GRID) + 0.5) * sizePx) / GRID;
    const y = yPx + ((Math.floor(field / GRID) + 0.5) * sizePx) / GRID;
    const gaps = points.map((point) => ({ x: point.x - x, y: point.y - y }));
    const far = gaps.map((gap) => Math.hypot(gap.x, gap.y));
    // The tangent of half the angle between a point and the next.
    const halves = gaps.map((gap, k) => {
      const next = (k + 1) % POINTS;
      const cosine = (gap.x * gaps[next]!.x + gap.y * gaps[next]!.y) / (far[k]! * far[next]!);
      return Math.sqrt((1 - cosine) / (1 + cosine));
    });
    const weights = far.map((r, k) => (halves[(k + POINTS - 1) % POINTS]! + halves[k]!) / r);
    const total = weights.reduce((a, b) => a + b);
    weights.forEach((weight, k) => (membrane[field * POINTS + k] = weight / total));
  }
  return membrane;
}

/** A part's window in the colours around it, and the line of its border taken away; in place. */
function settle(face: Float32Array, border: Border, facePx: number, scale: number): void {
  recolour(face, border, facePx, scale);
  takeLine(face, border, facePx, scale);
}

function recolour(face: Float32Array, border: Border, facePx: number, scale: number): void {
  const { places, across, pixels, shows, membrane, window, covered } = border;
  const area = facePx * facePx;
  const look = LOOK * scale;
  const steps = new Float64Array(places * CHANNELS);
  const weights = new Float64Array(places);
  for (let t = 0; t < places; t++) {
    let most = 0;
    for (let c = 0; c < CHANNELS; c++) {
      let step = 0;
      for (let k = 0; k < look; k++)
        step +=
          face[c * area + pixels[t * across + k]!]! - face[c * area + pixels[(t + 1) * across - 1 - k]!]!;
      steps[t * CHANNELS + c] = step / look;
      most = Math.max(most, Math.abs(step / look));
    }
    weights[t] = shows[t]! / (1 + (most / ALIKE.step) ** 4);
  }
  const smooth = smoothed(steps, weights, CHANNELS, ALONG.step * scale);
  const means = new Float64Array(POINTS * CHANNELS);
  for (let k = 0; k < POINTS; k++) {
    const [from, to] = [firstOf(k, places), firstOf(k + 1, places)];
    for (let t = from; t < to; t++)
      for (let c = 0; c < CHANNELS; c++) means[k * CHANNELS + c]! += smooth[t * CHANNELS + c]! / (to - from);
  }
  const { xPx, yPx, sizePx: side } = window;
  const fields = new Float64Array(GRID * GRID);
  for (let c = 0; c < CHANNELS; c++) {
    for (let field = 0; field < fields.length; field++) {
      let sum = 0;
      for (let k = 0; k < POINTS; k++) sum += membrane[field * POINTS + k]! * means[k * CHANNELS + c]!;
      fields[field] = sum * STRENGTH;
    }
    for (let y = 0; y < side; y++) {
      const [top, bottom, v] = between(y, side);
      for (let x = 0; x < side; x++) {
        if (covered[y * side + x] === 1) continue;
        const [left, right, u] = between(x, side);
        const high = fields[top * GRID + left]! * (1 - u) + fields[top * GRID + right]! * u;
        const low = fields[bottom * GRID + left]! * (1 - u) + fields[bottom * GRID + right]! * u;
        face[c * area + (yPx + y) * facePx + xPx + x]! -= high * (1 - v) + low * v;
      }
    }
  }
}

/** The two fields between whose middles a pixel lies, and how far it is on its way to the second. */
function between(pixel: number, side: number): [number, number, number] {
  const place = Math.min(GRID - 1, Math.max(0, ((pixel + 0.5) * GRID) / side - 0.5));
  const low = Math.floor(place);
  return [low, Math.min(GRID - 1, low + 1), place - low];
}

function takeLine(face: Float32Array, border: Border, facePx: number, scale: number): void {
  const { places, across, pixels, shows, line } = border;
  const area = facePx * facePx;
  const look = LOOK * scale;
  const band = 2 * BAND * scale;
  const count = band * CHANNELS;
  const lines = new Float64Array(places * count);
  const weights = new Float64Array(places);
  for (let t = 0; t < places; t++) {
    let most = 0;
    for (let c = 0; c < CHANNELS; c++) {
      const at = (k: number): number => face[c * area + pixels[t * across + k]!]!;
      const [inner, outer] = [at(look - 1), at(look + band)];
      for (let k = 0; k < band; k++) {
        const off = at(look + k) - (inner + ((outer - inner) * (k + 1)) / (band + 1));
        lines[t * count + k * CHANNELS + c] = off;
        most = Math.max(most, Math.abs(off));
      }
    }
    weights[t] = shows[t]! / (1 + (most / ALIKE.line) ** 4);
  }
  const smooth = smoothed(lines, weights, count, ALONG.line * scale);
  // At a corner two sides have a say.
  const sums = new Float64Array(line.pixels.length * CHANNELS);
  for (let t = 0; t < places; t++)
    for (let k = 0; k < band; k++) {
      const slot = line.slotOf[t * band + k]!;
      if (slot === -1) continue;
      for (let c = 0; c < CHANNELS; c++) sums[slot * CHANNELS + c]! += smooth[t * count + k * CHANNELS + c]!;
    }
  line.pixels.forEach((pixel, slot) => {
    for (let c = 0; c < CHANNELS; c++)
      face[c * area + pixel]! -= sums[slot * CHANNELS + c]! / line.says[slot]!;
  });
}

/** Values round a border made smooth along it (Gaussian), by the weights of the places. @param count values a place. */
function smoothed(values: Float64Array, weights: Float64Array, count: number, sigma: number): Float64Array {
  const places = weights.length;
  const reach = Math.floor(3 * sigma + 0.5);
  const kernel = Array.from({ length: 2 * reach + 1 }, (_, i) =>
    Math.exp(-((i - reach) ** 2) / 2 / sigma ** 2),
  );
  const total = kernel.reduce((a, b) => a + b);
  const out = new Float64Array(values.length);
  for (let t = 0; t < places; t++) {
    let weight = 0;
    for (let k = -reach; k <= reach; k++) {
      const from = (((t + k) % places) + places) % places;
      const share = (kernel[k + reach]! / total) * weights[from]!;
      if (share === 0) continue;
      weight += share;
      for (let n = 0; n < count; n++) out[t * count + n]! += share * values[from * count + n]!;
    }
    for (let n = 0; n < count; n++) out[t * count + n]! /= weight + PRIOR;
  }
  return out;
}
