import { createRaster, type Raster } from '../raster.ts';
import { estimatePaper, luma, type Paper } from './paper.ts';

/** The darkest stroke of a pale pencil drawing is brought at least this near to black. */
const PENCIL_BLACK = 70;
const MOST_GAIN = 1.8;

/**
 * Reads the ink of a drawing: grey, 255 paper, 0 ink, at the picture's size. Alpha is laid on white; tinted, yellowed or
 * unevenly lit paper becomes white, channel by channel; lines of any colour count, also yellow ones; washes stay grey;
 * pencil is darkened a little if all of it is pale; white lines on dark paper are turned round. Clean digital drawings
 * in black come back as they are.
 * @param picture sRGB bytes, 1, 3 or 4 channels.
 */
export function readInk(picture: Raster): Raster {
  const inverted = isInverted(picture);
  const paper = inverted ? flatPaper(picture) : estimatePaper(picture);
  const ink = createRaster(picture.width, picture.height, 1);
  const line = new Float32Array(picture.width * 3);
  const columns = columnsOf(paper, picture.width);
  for (let y = 0; y < picture.height; y++) {
    paperOfRow(paper, y, columns, line);
    readRow(picture, y, line, paper.clean ? 253 : 244, inverted, ink.data);
  }
  darkenPencil(ink.data);
  return ink;
}

/**
 * Whether a drawing is light lines on dark paper: most of the sheet, and most of its rim, is dark and one colour.
 * @param picture sRGB bytes; alpha is laid on white.
 */
export function isInverted(picture: Raster): boolean {
  const counts = new Uint32Array(64);
  const step = Math.max(1, Math.floor(Math.max(picture.width, picture.height) / 512));
  let total = 0;
  let rim = 0;
  let darkRim = 0;
  const margin = Math.max(1, Math.round(0.02 * Math.min(picture.width, picture.height)));
  for (let y = 0; y < picture.height; y += step)
    for (let x = 0; x < picture.width; x += step) {
      const value = lumaAt(picture, x, y);
      counts[value >> 2]!++;
      total++;
      if (x >= margin && y >= margin && x < picture.width - margin && y < picture.height - margin) continue;
      rim++;
      if (value < 128) darkRim++;
    }
  let mode = 0;
  for (let bin = 1; bin < 64; bin++) if (counts[bin]! > counts[mode]!) mode = bin;
  let near = 0;
  for (let bin = Math.max(0, mode - 3); bin <= Math.min(63, mode + 3); bin++) near += counts[bin]!;
  return mode < 32 && near > 0.6 * total && darkRim > 0.9 * rim;
}

function lumaAt(picture: Raster, x: number, y: number): number {
  const p = (y * picture.width + x) * picture.channels;
  const { data, channels } = picture;
  if (channels === 1) return data[p]!;
  const value = luma(data[p]!, data[p + 1]!, data[p + 2]!);
  return channels === 4 ? 255 + ((value - 255) * data[p + 3]!) / 255 : value;
}

/** The commonest dark colour of an inverted drawing, the same all over. */
function flatPaper(picture: Raster): Paper {
  const sum = [0, 0, 0];
  let count = 0;
  const { data, channels } = picture;
  for (let p = 0; p < data.length; p += channels * 7) {
    const rgb = channels === 1 ? [data[p]!, data[p]!, data[p]!] : [data[p]!, data[p + 1]!, data[p + 2]!];
    if (luma(rgb[0]!, rgb[1]!, rgb[2]!) >= 128 || (channels === 4 && data[p + 3]! < 128)) continue;
    for (let c = 0; c < 3; c++) sum[c]! += rgb[c]!;
    count++;
  }
  const colour = Float32Array.from(sum, (value) => value / Math.max(1, count));
  return { columns: 1, rows: 1, blockPx: 1 << 24, colour, clean: false };
}

/** For each pixel of a row: the blocks left and right of it, and how near it is to the right one. */
interface Columns {
  readonly left: Int32Array;
  readonly right: Int32Array;
  readonly share: Float64Array;
}

function columnsOf({ columns, blockPx }: Paper, width: number): Columns {
  const left = new Int32Array(width);
  const right = new Int32Array(width);
  const share = new Float64Array(width);
  for (let x = 0; x < width; x++) {
    const u = Math.min(columns - 1, Math.max(0, (x + 0.5) / blockPx - 0.5));
    left[x] = Math.floor(u);
    right[x] = Math.min(columns - 1, left[x]! + 1);
    share[x] = u - left[x]!;
  }
  return { left, right, share };
}

/** The paper along one row of the picture, between the centres of its blocks. */
function paperOfRow(paper: Paper, y: number, { left, right, share }: Columns, out: Float32Array): void {
  if (paper.clean) {
    out.fill(255);
    return;
  }
  const { columns, rows, blockPx, colour } = paper;
  const v = Math.min(rows - 1, Math.max(0, (y + 0.5) / blockPx - 0.5));
  const top = Math.floor(v);
  const bottom = Math.min(rows - 1, top + 1);
  const near = v - top;
  for (let x = 0, p = 0; x < left.length; x++) {
    const [nw, ne] = [(top * columns + left[x]!) * 3, (top * columns + right[x]!) * 3];
    const [sw, se] = [(bottom * columns + left[x]!) * 3, (bottom * columns + right[x]!) * 3];
    const across = share[x]!;
    for (let c = 0; c < 3; c++, p++) {
      const above = colour[nw + c]! * (1 - across) + colour[ne + c]! * across;
      const below = colour[sw + c]! * (1 - across) + colour[se + c]! * across;
      out[p] = above * (1 - near) + below * near;
    }
  }
}

/** `white`: levels from here on are paper. */
function readRow(
  picture: Raster,
  y: number,
  paper: Float32Array,
  white: number,
  inverted: boolean,
  out: Uint8Array,
): void {
  const { data, width, channels } = picture;
  const scale = 255 / white;
  for (let x = 0, p = y * width * channels; x < width; x++, p += channels) {
    // Most of most drawings: paper as white as it can be, whatever the paper is elsewhere.
    const isPaper =
      channels === 1 ? data[p] === 255 : (channels === 4 && data[p + 3] === 0) || isWhite(data, p);
    if (!inverted && isPaper) {
      out[y * width + x] = 255;
      continue;
    }
    let r = data[p]!;
    let g = channels === 1 ? r : data[p + 1]!;
    let b = channels === 1 ? r : data[p + 2]!;
    if (channels === 4) {
      const a = data[p + 3]! / 255;
      r = 255 + (r - 255) * a;
      g = 255 + (g - 255) * a;
      b = 255 + (b - 255) * a;
    }
    if (inverted) {
      r = 255 - Math.max(0, r - paper[x * 3]!);
      g = 255 - Math.max(0, g - paper[x * 3 + 1]!);
      b = 255 - Math.max(0, b - paper[x * 3 + 2]!);
    } else {
      r = Math.min(255, (r * 255) / Math.max(1, paper[x * 3]!));
      g = Math.min(255, (g * 255) / Math.max(1, paper[x * 3 + 1]!));
      b = Math.min(255, (b * 255) / Math.max(1, paper[x * 3 + 2]!));
    }
    const level = (luma(r, g, b) + Math.min(r, g, b)) / 2;
    out[y * width + x] = level >= white ? 255 : level * scale + 0.5;
  }
}

const isWhite = (data: Uint8Array, p: number): boolean =>
  data[p] === 255 && data[p + 1] === 255 && data[p + 2] === 255;

/** Brings the darkest twentieth of all marks down to PENCIL_BLACK when they are paler than that. */
function darkenPencil(ink: Uint8Array): void {
  const counts = new Uint32Array(256);
  for (const value of ink) counts[value]!++;
  let marks = 0;
  for (let v = 0; v < 216; v++) marks += counts[v]!;
  let darkest = 0;
  for (let below = counts[0]!; darkest < 215 && below < 0.05 * marks;) below += counts[++darkest]!;
  if (marks === 0 || darkest <= PENCIL_BLACK) return;
  const gain = Math.min(MOST_GAIN, (255 - PENCIL_BLACK) / (255 - darkest));
  const curve = Uint8Array.from({ length: 256 }, (_, v) => Math.max(0, Math.round(255 - (255 - v) * gain)));
  for (let p = 0; p < ink.length; p++) ink[p] = curve[ink[p]!]!;
}
