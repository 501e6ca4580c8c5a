import { matOf, withMats, type Cv } from './opencv.ts';
import { anyOfSquares, meanOfSquares, type Plane } from './shrink.ts';
import { evenTones, type Descreened } from './tones.ts';

/** What a colour may not flow through, at full resolution, and what was measured on the way. */
export interface Barrier {
  /** 1 on lines and on the borders of washes and solid blacks, 0 elsewhere. */
  readonly mask: Plane;
  /** The contrast (0–255) from which a pixel counts as part of a line, and from which it starts one. */
  readonly weak: number;
  readonly strong: number;
}

/** Contrasts under this are paper grain. */
const FAINTEST = 13;
/** Averaging a tone has taken contrast from the lines across it. */
const WEAK_IN_TONE = 24;
const STRONG_IN_TONE = 40;
/** Steps of tone this large (0–255, across two working pixels) part one wash from another. */
const TONE_STEP = 26;

/**
 * Finds lines as thin structures darker than what surrounds them (black top-hat: closing minus picture), so that grey
 * paper and grey wash are no lines, with a threshold of the page's own (Otsu, 1979, over the contrasts) and hysteresis
 * (Canny, 1986), so that pencil and ink both hold. Washes and solid blacks are no lines either, but their borders are
 * barriers. Screentone is evened out first and dust dropped.
 * @param page grey, 255 paper.
 * @param factor how many pixels of the page make one of the working size, at least 1.
 */
export function findBarrier(cv: Cv, page: Plane, factor: number): Barrier {
  const descreened = evenTones(cv, page);
  const { ink } = descreened;
  const small = meanOfSquares(ink, factor);
  const diagonal = Math.hypot(ink.width, ink.height);
  const reach = Math.max(3, Math.round((0.0035 * diagonal) / factor));
  const ground = closeDark(cv, small, reach);
  const { weak, strong } = chooseThresholds(ink, ground, factor);
  const mask = holdLines(descreened, ground, factor, weak, strong);
  dropSpecks(cv, mask, factor, Math.max(2, Math.round(0.0016 * diagonal)));
  addToneSteps(mask, ground, factor);
  return { mask, weak, strong };
}

/** Brightness without dark structures narrower than 2 x reach + 1. */
function closeDark(cv: Cv, plane: Plane, reach: number): Plane {
  return withMats((keep) => {
    const from = keep(matOf(cv, plane.data, plane.width, plane.height));
    const kernel = keep(
      cv.getStructuringElement(
        cv.MORPH_RECT,
        new cv.Size(2 * reach + 1, 2 * reach + 1),
        new cv.Point(-1, -1),
      ),
    );
    const to = keep(new cv.Mat());
    cv.morphologyEx(from, to, cv.MORPH_CLOSE, kernel);
    return { data: to.data.slice(), width: plane.width, height: plane.height };
  });
}

/** Otsu's threshold over the contrasts that can be seen at all, kept within what pencil and ink have been seen to need. */
function chooseThresholds(ink: Plane, ground: Plane, factor: number): { weak: number; strong: number } {
  const counts = new Float64Array(256);
  const columnOf = columnsOf(ink.width, factor);
  for (let y = 0; y < ink.height; y += 2) {
    const groundRow = ((y / factor) | 0) * ground.width;
    for (let x = 0, p = y * ink.width; x < ink.width; x += 2, p += 2) {
      const contrast = ground.data[groundRow + columnOf[x]!]! - ink.data[p]!;
      if (contrast > 12) counts[contrast]!++;
    }
  }
  let total = 0;
  let sum = 0;
  for (let v = 0; v < 256; v++) {
    total += counts[v]!;
    sum += v * counts[v]!;
  }
  if (total === 0) return { weak: 14, strong: 28 };
  let typical = 255;
  for (let above = 0; typical > 13; typical--) {
    above += counts[typical]!;
    if (above >= 0.15 * total) break;
  }
  let best = -1;
  let split = 24;
  let below = 0;
  let belowSum = 0;
  for (let v = 13; v < 255; v++) {
    below += counts[v]!;
    belowSum += v * counts[v]!;
    const above = total - below;
    if (below === 0 || above === 0) continue;
    const apart = belowSum / below - (sum - belowSum) / above;
    const score = below * above * apart * apart;
    if (score > best) {
      best = score;
      split = v;
    }
  }
  const strong = Math.round(Math.min(96, Math.max(20, Math.min(split, 0.5 * typical))));
  return { strong, weak: Math.max(FAINTEST, Math.round(0.45 * strong)) };
}

/** For each column of the page its column at working size. */
function columnsOf(width: number, factor: number): Uint16Array {
  return Uint16Array.from({ length: width }, (_, x) => Math.floor(x / factor));
}

/** Pixels of strong contrast, and the weaker ones that hang on to them (8-connected). */
function holdLines(
  { ink, tone, blockPx }: Descreened,
  ground: Plane,
  factor: number,
  weak: number,
  strong: number,
): Plane {
  const { width, height } = ink;
  const data = new Uint8Array(width * height);
  const columnOf = columnsOf(width, factor);
  for (let y = 0, p = 0; y < height; y++) {
    const groundRow = ((y / factor) | 0) * ground.width;
    for (let x = 0; x < width; x++, p++) {
      const contrast = ground.data[groundRow + columnOf[x]!]! - ink.data[p]!;
      if (contrast < FAINTEST) continue;
      const even = tone?.data[Math.floor(y / blockPx) * tone.width + Math.floor(x / blockPx)] === 1;
      if (contrast >= (even ? Math.min(weak, WEAK_IN_TONE) : weak))
        data[p] = contrast >= (even ? Math.min(strong, STRONG_IN_TONE) : strong) ? 1 : 2;
    }
  }
  const stack: number[] = [];
  const visit = (p: number): void => {
    if (data[p] === 2) {
      data[p] = 1;
      stack.push(p);
    }
  };
  const around = (p: number): void => {
    const x = p % width;
    const left = x > 0;
    const right = x < width - 1;
    if (left) visit(p - 1);
    if (right) visit(p + 1);
    if (p >= width) {
      visit(p - width);
      if (left) visit(p - width - 1);
      if (right) visit(p - width + 1);
    }
    if (p < data.length - width) {
      visit(p + width);
      if (left) visit(p + width - 1);
      if (right) visit(p + width + 1);
    }
  };
  for (let p = 0; p < data.length; p++) {
    if (data[p] !== 1) continue;
    around(p);
    while (stack.length > 0) around(stack.pop()!);
  }
  for (let p = 0; p < data.length; p++) if (data[p] === 2) data[p] = 0;
  return { data, width, height };
}

/** Takes marks out that fit a square of `sidePx`: dust, grain and the dots of screentone bound nothing. */
function dropSpecks(cv: Cv, mask: Plane, factor: number, sidePx: number): void {
  const small = anyOfSquares(mask, factor);
  withMats((keep) => {
    const from = keep(matOf(cv, small.data, small.width, small.height));
    const labels = keep(new cv.Mat());
    const stats = keep(new cv.Mat());
    const centres = keep(new cv.Mat());
    const count = cv.connectedComponentsWithStats(
      from,
      labels,
      stats,
      centres,
      8,
      cv.CV_32S,
    ) as unknown as number;
    const side = Math.max(1, Math.round(sidePx / factor));
    const dropped = new Uint8Array(count);
    let any = false;
    for (let i = 1; i < count; i++) {
      const wide = stats.data32S[i * 5 + cv.CC_STAT_WIDTH]!;
      const high = stats.data32S[i * 5 + cv.CC_STAT_HEIGHT]!;
      if (wide <= side && high <= side) any = (dropped[i] = 1) === 1;
    }
    if (!any) return;
    const of = labels.data32S;
    const columnOf = columnsOf(mask.width, factor);
    for (let y = 0, p = 0; y < mask.height; y++) {
      const row = ((y / factor) | 0) * small.width;
      for (let x = 0; x < mask.width; x++, p++)
        if (mask.data[p] !== 0 && dropped[of[row + columnOf[x]!]!] === 1) mask.data[p] = 0;
    }
  });
}

/** Adds the borders of washes and solid blacks: steps of the ground, which has no thin lines in it. */
function addToneSteps(mask: Plane, ground: Plane, factor: number): void {
  const { width, height, data } = ground;
  for (let y = 0; y < height; y++) {
    const above = y > 0 ? -width : 0;
    const below = y < height - 1 ? width : 0;
    for (let x = 0; x < width; x++) {
      const p = y * width + x;
      const across = Math.abs(data[x < width - 1 ? p + 1 : p]! - data[x > 0 ? p - 1 : p]!);
      const along = Math.abs(data[p + below]! - data[p + above]!);
      if (across < TONE_STEP && along < TONE_STEP) continue;
      const bottom = Math.min(mask.height, (y + 1) * factor);
      const right = Math.min(mask.width, (x + 1) * factor);
      for (let v = y * factor; v < bottom; v++)
        mask.data.fill(1, v * mask.width + x * factor, v * mask.width + right);
    }
  }
}
