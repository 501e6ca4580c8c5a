import type { Raster } from '../raster.ts';

/** One channel of numbers, rows from the top. */
export interface Plane {
  readonly data: Float32Array;
  readonly width: number;
  readonly height: number;
}

/** One channel of a picture, 0–255. */
export function channelOf(picture: Raster, channel: number): Plane {
  const { data, width, height, channels } = picture;
  const out = new Float32Array(width * height);
  for (let i = 0; i < out.length; i++) out[i] = data[i * channels + channel]!;
  return { data: out, width, height };
}

/** Gaussian blur, separable, cut off at `radius` (default 3 sigma), mirrored at the border. Sigma and radius in pixels. */
export function blurred(plane: Plane, sigma: number, radius = Math.ceil(3 * sigma)): Plane {
  const kernel = Float64Array.from({ length: 2 * radius + 1 }, (_, i) =>
    Math.exp(-((i - radius) ** 2) / (2 * sigma ** 2)),
  );
  const total = kernel.reduce((sum, k) => sum + k, 0);
  for (let k = 0; k < kernel.length; k++) kernel[k]! /= total;
  const { width, height } = plane;
  const across = new Float32Array(width * height);
  const padded = new Float32Array(width + 2 * radius);
  for (let y = 0; y < height; y++) {
    const row = plane.data.subarray(y * width, (y + 1) * width);
    for (let x = 0; x < padded.length; x++) padded[x] = row[mirrored(x - radius, width)]!;
    for (let x = 0; x < width; x++) {
      let sum = 0;
      for (let k = 0; k < kernel.length; k++) sum += kernel[k]! * padded[x + k]!;
      across[y * width + x] = sum;
    }
  }
  const out = new Float32Array(width * height);
  // Sums in double: structure.ts takes small differences of large squares.
  const sums = new Float64Array(width);
  for (let y = 0; y < height; y++) {
    sums.fill(0);
    for (let k = 0; k < kernel.length; k++) {
      const from = mirrored(y + k - radius, height) * width;
      const weight = kernel[k]!;
      for (let x = 0; x < width; x++) sums[x]! += weight * across[from + x]!;
    }
    out.set(sums, y * width);
  }
  return { data: out, width, height };
}

/** Where an index outside 0 … size-1 lands when the border pixels are mirrors. */
export function mirrored(index: number, size: number): number {
  if (index >= 0 && index < size) return index;
  if (size === 1) return 0;
  const period = 2 * size - 2;
  const inside = ((index % period) + period) % period;
  return inside < size ? inside : period - inside;
}

/**
 * Half the size: the mean of each 2x2 block. An odd side is rounded to an even number (85 to 42, 87 to 44): its last
 * row or column is left out, or stands alone.
 */
export function halved({ data, width, height }: Plane): Plane {
  const half = (side: number): number => (side % 2 === 0 ? side / 2 : 2 * Math.round(side / 4));
  const out = { width: Math.max(1, half(width)), height: Math.max(1, half(height)) };
  const halfData = new Float32Array(out.width * out.height);
  for (let y = 0; y < out.height; y++)
    for (let x = 0; x < out.width; x++) {
      let sum = 0;
      let count = 0;
      for (let v = 2 * y; v < Math.min(height, 2 * y + 2); v++)
        for (let u = 2 * x; u < Math.min(width, 2 * x + 2); u++, count++) sum += data[v * width + u]!;
      halfData[y * out.width + x] = sum / count;
    }
  return { data: halfData, ...out };
}
