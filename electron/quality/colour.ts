import type { Raster } from '../raster.ts';

const linear = Float64Array.from({ length: 256 }, (_, byte) => {
  const v = byte / 255;
  return v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4;
});

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
