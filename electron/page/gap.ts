import type { Plane } from './shrink.ts';

/** Gaps up to this many times the width of the lines look closed. */
const LINE_WIDTHS = 3;
/** Least and most, as shares of the page's diagonal: a page shown whole has about the same size to the eye. */
const LEAST_SHARE = 0.0016;
const MOST_SHARE = 0.005;
/** Least and most in millimetres on paper, where the resolution can be believed. */
const LEAST_MM = 0.35;
const MOST_MM = 1.6;
/** A drawing of this longer side, millimetres, has a resolution that can be believed. */
const SHEET_MM: readonly [number, number] = [70, 900];
const MM_PER_INCH = 25.4;
const PAPER = 255;

/**
 * The widest gap that an artist would call closed, pixels of the page, 2–64: a few times as wide as the drawing's own
 * lines, within what a page of this size and resolution can mean by a gap. Ink of 5 px at 300 dpi gives about 15.
 * @param ink grey, 255 paper.
 * @param dpi of the scan; ignored where it makes the sheet smaller than a card or larger than a poster.
 */
export function chooseGapPx(ink: Plane, dpi?: number): number {
  const diagonal = Math.hypot(ink.width, ink.height);
  let least = LEAST_SHARE * diagonal;
  let most = MOST_SHARE * diagonal;
  const sheet = dpi ? (Math.max(ink.width, ink.height) / dpi) * MM_PER_INCH : 0;
  if (dpi && dpi >= 100 && sheet >= SHEET_MM[0] && sheet <= SHEET_MM[1]) {
    least = (LEAST_MM / MM_PER_INCH) * dpi;
    most = (MOST_MM / MM_PER_INCH) * dpi;
  }
  const width = lineWidthOf(ink);
  const wanted = width === 0 ? 0.0035 * diagonal : LINE_WIDTHS * width;
  return Math.round(Math.min(64, Math.max(2, least, Math.min(most, wanted))));
}

/**
 * The usual width of a drawing's lines, pixels; 0 for a blank page. Of every dark run looked at, the shorter of its
 * lengths across and along counts, by its ink; their middle is the width, corrected for slant. Solid blacks and grey
 * washes are no lines, and dots of screentone weigh little.
 */
export function lineWidthOf({ data, width, height }: Plane): number {
  const dark = darkLevel(data);
  if (dark === 0) return 0;
  const longest = Math.max(6, Math.round(0.012 * Math.hypot(width, height)));
  const step = Math.max(1, Math.floor(Math.min(width, height) / 400));
  const counts = new Uint32Array(longest + 1);
  let total = 0;
  for (let y = 0; y < height; y += step) {
    const row = y * width;
    for (let x = 0; x < width; x++) {
      if (data[row + x]! > dark) continue;
      let end = x + 1;
      while (end < width && data[row + end]! <= dark) end++;
      const middle = (x + end - 1) >> 1;
      let high = 1;
      for (let v = y - 1; v >= 0 && high <= longest && data[v * width + middle]! <= dark; v--) high++;
      for (let v = y + 1; v < height && high <= longest && data[v * width + middle]! <= dark; v++) high++;
      const run = Math.min(end - x, high);
      if (run <= longest) {
        counts[run]! += run;
        total += run;
      }
      x = end;
    }
  }
  if (total === 0) return 0;
  let run = 1;
  for (let below = counts[1]!; below < total / 2 && run < longest;) below += counts[++run]!;
  return 0.85 * run;
}

/** Half-way from paper to the drawing's darker marks; 0 when there are none. */
function darkLevel(data: Uint8Array): number {
  const counts = new Uint32Array(256);
  for (let p = 0; p < data.length; p += 3) counts[data[p]!]!++;
  let marks = 0;
  for (let v = 0; v < 225; v++) marks += counts[v]!;
  if (marks === 0) return 0;
  let level = 0;
  for (let below = counts[0]!; below < 0.2 * marks;) below += counts[++level]!;
  return Math.round((PAPER + level) / 2);
}
