import type { Raster } from '../raster.ts';

const linear = Float64Array.from({ length: 256 }, (_, byte) => {
  const v = byte / 255;
  return v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4;
});

/**
 * OKLab (Ottosson 2020) of every pixel: [L, a, b] interleaved, L 0–1, a and b about ±0.4. Grey counts as sRGB with
 * three equal channels; alpha is left out.
 * @param picture grey or sRGB bytes, 1, 3 or 4 channels. @returns Float32Array of width * height * 3.
 */
export function oklabOf(picture: Raster): Float32Array {
  const { data, channels } = picture;
  const pixels = picture.width * picture.height;
  const out = new Float32Array(pixels * 3);
  for (let i = 0; i < pixels; i++) {
    const at = i * channels;
    const red = data[at]!;
    const lab = oklab(red, channels === 1 ? red : data[at + 1]!, channels === 1 ? red : data[at + 2]!);
    out.set(lab, i * 3);
  }
  return out;
}

/** OKLab [L, a, b] of one sRGB colour, 0–255 a channel; fractions are rounded to whole bytes. */
export function oklab(red: number, green: number, blue: number): [number, number, number] {
  const r = linear[Math.round(red)]!;
  const g = linear[Math.round(green)]!;
  const b = linear[Math.round(blue)]!;
  const l = Math.cbrt(0.4122214708 * r + 0.5363325363 * g + 0.0514459929 * b);
  const m = Math.cbrt(0.2119034982 * r + 0.6806995451 * g + 0.1073969566 * b);
  const s = Math.cbrt(0.0883024619 * r + 0.2817188376 * g + 0.6299787005 * b);
  return [
    0.2104542553 * l + 0.793617785 * m - 0.0040720468 * s,
    1.9779984951 * l - 2.428592205 * m + 0.4505937099 * s,
    0.0259040371 * l + 0.7827717662 * m - 0.808675766 * s,
  ];
}

/** The byte of a linear value 0–1, clipped, gamma-encoded as sRGB. */
export function encodeSrgb(value: number): number {
  const v = Math.min(1, Math.max(0, value));
  return Math.round(255 * (v <= 0.0031308 ? 12.92 * v : 1.055 * v ** (1 / 2.4) - 0.055));
}

/** The linear value, 0–1, of an sRGB byte. */
export function decodeSrgb(byte: number): number {
  return linear[byte]!;
}

/** Throws a RangeError unless both pictures have the same sides. */
export function mustMatch(a: Pick<Raster, 'width' | 'height'>, b: Pick<Raster, 'width' | 'height'>): void {
  if (a.width !== b.width || a.height !== b.height)
    throw new RangeError(
      `Pictures to compare must have one size; got ${a.width}x${a.height} and ${b.width}x${b.height}.`,
    );
}
