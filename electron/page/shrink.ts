/** A plane of bytes without a colour space: masks, brightness at a working size. */
export interface Plane {
  readonly data: Uint8Array;
  readonly width: number;
  readonly height: number;
}

/**
 * The mean of every `factor` x `factor` square (squares at the right and lower rim may be smaller).
 * @param factor whole number, at least 1; 1 returns the plane itself.
 */
export function meanOfSquares(plane: Plane, factor: number): Plane {
  if (factor === 1) return plane;
  const width = Math.ceil(plane.width / factor);
  const height = Math.ceil(plane.height / factor);
  const data = new Uint8Array(width * height);
  const sums = new Uint32Array(width);
  for (let row = 0; row < height; row++) {
    sums.fill(0);
    const top = row * factor;
    const bottom = Math.min(plane.height, top + factor);
    for (let y = top; y < bottom; y++) {
      let p = y * plane.width;
      const end = p + plane.width;
      for (let x = 0; p < end; x++) {
        const stop = Math.min(end, p + factor);
        let sum = 0;
        for (; p < stop; p++) sum += plane.data[p]!;
        sums[x]! += sum;
      }
    }
    for (let x = 0; x < width; x++) {
      const wide = Math.min(plane.width, (x + 1) * factor) - x * factor;
      data[row * width + x] = (sums[x]! / (wide * (bottom - top)) + 0.5) | 0;
    }
  }
  return { data, width, height };
}

/** 1 wherever any pixel of the square is set: a mask keeps its thinnest lines closed when it shrinks. */
export function anyOfSquares(mask: Plane, factor: number): Plane {
  if (factor === 1) return mask;
  const width = Math.ceil(mask.width / factor);
  const height = Math.ceil(mask.height / factor);
  const data = new Uint8Array(width * height);
  for (let y = 0; y < mask.height; y++) {
    const row = ((y / factor) | 0) * width;
    const start = y * mask.width;
    for (let x = 0; x < mask.width; x++)
      if (mask.data[start + x] !== 0) data[row + Math.floor(x / factor)] = 1;
  }
  return { data, width, height };
}
