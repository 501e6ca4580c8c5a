import sharp from 'sharp';
import type { Raster } from '../raster.ts';
import { toOklab } from '../page/oklab.ts';

/**
 * What tells whether two pictures look alike though their files differ (scaled, saved again, other format): 8 bytes of
 * a perceptual hash, then 4x4 colours in OKLab, three signed bytes each. The colours keep two colourings of one drawing
 * apart: those are the very thing a gallery of references holds several of.
 */
export type Likeness = Uint8Array;

const HASH_BYTES = 8;
const GRID = 4;
const CELLS = GRID * GRID;
export const LIKENESS_BYTES = HASH_BYTES + CELLS * 3;
const SAMPLE = 32;
const BASE = 8;
/** Steps of OKLab's lightness (0–1) and axes (about -0.4–0.4) in a byte. */
const STEPS = [127, 254, 254] as const;

/** Of 64 bits; unrelated pictures differ in about 32 of them. */
const MOST_BITS = 10;
/** Of the cell that differs most, in OKLab: a cut rim makes 0.05, a coat in another colour 0.1 and more. */
const MOST_COLOUR = 0.06;

/**
 * Perceptual hash by the signs of the low frequencies around their median (Zauner, Implementation and Benchmarking of
 * Perceptual Image Hash Functions, 2010, section 3.2.1), and the mean colours of a 4x4 grid.
 * @param picture sRGB bytes, 3 or 4 channels; laid on white.
 */
export async function likenessOf({ data, width, height, channels }: Raster): Promise<Likeness> {
  const { data: small } = await sharp(data, { raw: { width, height, channels } })
    .flatten({ background: '#ffffff' })
    .resize(SAMPLE, SAMPLE, { fit: 'fill', kernel: 'lanczos3' })
    .removeAlpha()
    .toColourspace('srgb')
    .raw()
    .toBuffer({ resolveWithObject: true });
  const likeness = new Uint8Array(LIKENESS_BYTES);
  const grey = new Float64Array(SAMPLE * SAMPLE);
  const sums = new Float64Array(CELLS * 3);
  for (let y = 0; y < SAMPLE; y++)
    for (let x = 0; x < SAMPLE; x++) {
      const p = (y * SAMPLE + x) * 3;
      const lab = toOklab(small[p]!, small[p + 1]!, small[p + 2]!);
      grey[y * SAMPLE + x] = lab[0];
      const cell = Math.floor((y * GRID) / SAMPLE) * GRID + Math.floor((x * GRID) / SAMPLE);
      for (let c = 0; c < 3; c++) sums[cell * 3 + c]! += lab[c]!;
    }
  const low = lowFrequencies(grey);
  const median = low.slice(1).sort()[Math.floor((low.length - 1) / 2)]!;
  low.forEach((value, i) => {
    if (value > median) likeness[i >> 3]! |= 1 << (i & 7);
  });
  const cellPixels = (SAMPLE / GRID) ** 2;
  for (let i = 0; i < sums.length; i++) {
    const value = Math.round((sums[i]! / cellPixels) * STEPS[i % 3]!);
    likeness[HASH_BYTES + i] = Math.max(-127, Math.min(127, value));
  }
  return likeness;
}

/** The 8x8 lowest frequencies of the type II discrete cosine transform, row by row. */
function lowFrequencies(grey: Float64Array): Float64Array {
  const rows = new Float64Array(SAMPLE * BASE);
  for (let y = 0; y < SAMPLE; y++)
    for (let u = 0; u < BASE; u++)
      for (let x = 0; x < SAMPLE; x++)
        rows[y * BASE + u]! += grey[y * SAMPLE + x]! * COSINES[u * SAMPLE + x]!;
  const low = new Float64Array(BASE * BASE);
  for (let v = 0; v < BASE; v++)
    for (let u = 0; u < BASE; u++)
      for (let y = 0; y < SAMPLE; y++) low[v * BASE + u]! += rows[y * BASE + u]! * COSINES[v * SAMPLE + y]!;
  return low;
}

const COSINES = Float64Array.from({ length: BASE * SAMPLE }, (_, i) =>
  Math.cos((Math.PI / SAMPLE) * Math.floor(i / SAMPLE) * ((i % SAMPLE) + 0.5)),
);

const BITS = Uint8Array.from({ length: 256 }, (_, byte) => {
  let bits = 0;
  for (let rest = byte; rest > 0; rest >>= 1) bits += rest & 1;
  return bits;
});

/** How many of the 64 bits of their hashes differ. */
export function bitsApart(one: Likeness, other: Likeness): number {
  let bits = 0;
  for (let i = 0; i < HASH_BYTES; i++) bits += BITS[one[i]! ^ other[i]!]!;
  return bits;
}

/** Distance in OKLab of the cell of their 4x4 colours that differs most. */
export function coloursApart(one: Likeness, other: Likeness): number {
  let most = 0;
  for (let cell = 0; cell < CELLS; cell++) {
    let squared = 0;
    for (let c = 0; c < 3; c++) {
      const at = HASH_BYTES + cell * 3 + c;
      squared += ((signed(one[at]!) - signed(other[at]!)) / STEPS[c]!) ** 2;
    }
    most = Math.max(most, squared);
  }
  return Math.sqrt(most);
}

const signed = (byte: number): number => (byte << 24) >> 24;

/** The bits of a hash as two whole numbers: for comparing each of thousands with all others. */
export function hashWords(likeness: Likeness): readonly [number, number] {
  const view = new DataView(likeness.buffer, likeness.byteOffset, HASH_BYTES);
  return [view.getInt32(0), view.getInt32(4)];
}

/** Whether pictures with these hash words can look alike at all. */
export function mayLookAlike(
  [high, low]: readonly [number, number],
  [otherHigh, otherLow]: readonly [number, number],
): boolean {
  return ones(high ^ otherHigh) + ones(low ^ otherLow) <= MOST_BITS;
}

/** Bits that are set in a 32-bit number (Warren, Hacker's Delight, section 5-1). */
function ones(word: number): number {
  let x = word - ((word >>> 1) & 0x55555555);
  x = (x & 0x33333333) + ((x >>> 2) & 0x33333333);
  return Math.imul((x + (x >>> 4)) & 0x0f0f0f0f, 0x01010101) >>> 24;
}

export function lookAlike(one: Likeness, other: Likeness): boolean {
  return bitsApart(one, other) <= MOST_BITS && coloursApart(one, other) <= MOST_COLOUR;
}
