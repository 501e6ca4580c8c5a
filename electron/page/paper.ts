import type { Raster } from '../raster.ts';

/** The paper of a drawing: its colour in a coarse grid of blocks, light falling off over the sheet included. */
export interface Paper {
  readonly columns: number;
  readonly rows: number;
  readonly blockPx: number;
  /** sRGB 0–255, 3 a block. */
  readonly colour: Float32Array;
  /** True where a drawing is white paper already, all over: nothing to even out. */
  readonly clean: boolean;
}

const CLEAN = 248;
/** Light changes this little from one block to the next; more is a wash, not a shadow on the sheet. */
const FALL_OFF = 0.94;

/**
 * Estimates the paper under a drawing: the brightest colour that a fair part of the sheet shows, followed from block to
 * block as long as it changes slowly, and spread under what is drawn.
 * @param picture sRGB bytes, 1, 3 or 4 channels; alpha is laid on white.
 */
export function estimatePaper(picture: Raster): Paper {
  const blockPx = Math.max(8, Math.ceil(Math.max(picture.width, picture.height) / 64));
  const columns = Math.ceil(picture.width / blockPx);
  const rows = Math.ceil(picture.height / blockPx);
  const colour = new Float32Array(columns * rows * 3);
  for (let row = 0; row < rows; row++)
    for (let column = 0; column < columns; column++)
      colour.set(brightPart(picture, column * blockPx, row * blockPx, blockPx), (row * columns + column) * 3);

  const count = columns * rows;
  const light = new Float32Array(count);
  for (let i = 0; i < count; i++) light[i] = luma(colour[i * 3]!, colour[i * 3 + 1]!, colour[i * 3 + 2]!);
  const seed = brightestCommon(light);
  const known = new Uint8Array(count);
  const open: number[] = [];
  for (let i = 0; i < count; i++) {
    if (Math.abs(light[i]! - seed) > 8) continue;
    known[i] = 1;
    open.push(i);
  }
  for (let i = open.pop(); i !== undefined; i = open.pop()) {
    const x = i % columns;
    for (const next of [x > 0 ? i - 1 : -1, x < columns - 1 ? i + 1 : -1, i - columns, i + columns]) {
      if (next < 0 || next >= count || known[next] === 1 || light[next]! < 0.4 * seed) continue;
      if (!isSlow(colour, i, next)) continue;
      known[next] = 1;
      open.push(next);
    }
  }
  let clean = true;
  for (let i = 0; i < count && clean; i++)
    if (known[i] === 1) clean = Math.min(colour[i * 3]!, colour[i * 3 + 1]!, colour[i * 3 + 2]!) >= CLEAN;
  if (!clean) {
    fillUnknown(colour, known, columns, rows);
    smooth(colour, columns, rows);
  }
  return { columns, rows, blockPx, colour, clean };
}

export function luma(r: number, g: number, b: number): number {
  return 0.299 * r + 0.587 * g + 0.114 * b;
}

/** The mean colour of the brighter fifth of a block. */
function brightPart(picture: Raster, left: number, top: number, size: number): [number, number, number] {
  const { data, width, height, channels } = picture;
  const counts = new Uint32Array(64);
  const sums = new Float64Array(192);
  let total = 0;
  for (let y = top; y < Math.min(height, top + size); y += 2) {
    for (let x = left; x < Math.min(width, left + size); x += 2) {
      const p = (y * width + x) * channels;
      let r = data[p]!;
      let g = channels === 1 ? r : data[p + 1]!;
      let b = channels === 1 ? r : data[p + 2]!;
      if (channels === 4) {
        const a = data[p + 3]! / 255;
        r = 255 + (r - 255) * a;
        g = 255 + (g - 255) * a;
        b = 255 + (b - 255) * a;
      }
      const bin = luma(r, g, b) >> 2;
      counts[bin]!++;
      sums[bin * 3]! += r;
      sums[bin * 3 + 1]! += g;
      sums[bin * 3 + 2]! += b;
      total++;
    }
  }
  let taken = 0;
  const sum: [number, number, number] = [0, 0, 0];
  for (let bin = 63; bin >= 0 && taken < 0.2 * total; bin--) {
    taken += counts[bin]!;
    for (let c = 0; c < 3; c++) sum[c]! += sums[bin * 3 + c]!;
  }
  return [sum[0] / taken, sum[1] / taken, sum[2] / taken];
}

/** The brightest level that at least a twelfth of the blocks are near to. */
function brightestCommon(light: Float32Array): number {
  const counts = new Uint32Array(264);
  for (const value of light) counts[Math.round(value)]!++;
  for (let level = 255; level > 0; level--) {
    let near = 0;
    for (let v = Math.max(0, level - 8); v <= level; v++) near += counts[v]!;
    if (near * 12 >= light.length) {
      let sum = 0;
      for (let v = Math.max(0, level - 8); v <= level; v++) sum += v * counts[v]!;
      return sum / near;
    }
  }
  return 255;
}

function isSlow(colour: Float32Array, from: number, to: number): boolean {
  for (let c = 0; c < 3; c++) {
    const a = colour[from * 3 + c]!;
    const b = colour[to * 3 + c]!;
    if (Math.min(a, b) < FALL_OFF * Math.max(a, b)) return false;
  }
  return true;
}

/** Gives blocks that show no paper the mean of their neighbours, ring by ring. */
function fillUnknown(colour: Float32Array, known: Uint8Array, columns: number, rows: number): void {
  let missing = known.reduce((sum, value) => sum + 1 - value, 0);
  while (missing > 0 && missing < known.length) {
    const found: number[] = [];
    for (let y = 0; y < rows; y++) {
      for (let x = 0; x < columns; x++) {
        const i = y * columns + x;
        if (known[i] === 1) continue;
        let near = 0;
        const sum = [0, 0, 0];
        for (let v = Math.max(0, y - 1); v <= Math.min(rows - 1, y + 1); v++)
          for (let u = Math.max(0, x - 1); u <= Math.min(columns - 1, x + 1); u++) {
            const j = v * columns + u;
            if (known[j] !== 1) continue;
            near++;
            for (let c = 0; c < 3; c++) sum[c]! += colour[j * 3 + c]!;
          }
        if (near === 0) continue;
        for (let c = 0; c < 3; c++) colour[i * 3 + c] = sum[c]! / near;
        found.push(i);
      }
    }
    for (const i of found) known[i] = 1;
    missing -= found.length;
  }
}

function smooth(colour: Float32Array, columns: number, rows: number): void {
  const from = colour.slice();
  for (let y = 0; y < rows; y++)
    for (let x = 0; x < columns; x++)
      for (let c = 0; c < 3; c++) {
        let sum = 0;
        let near = 0;
        for (let v = Math.max(0, y - 1); v <= Math.min(rows - 1, y + 1); v++)
          for (let u = Math.max(0, x - 1); u <= Math.min(columns - 1, x + 1); u++, near++)
            sum += from[(v * columns + u) * 3 + c]!;
        colour[(y * columns + x) * 3 + c] = sum / near;
      }
}
