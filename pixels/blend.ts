import type { BlendMode } from './modes.ts';

/*
 * Blend functions B(Cb, Cs) of W3C Compositing and Blending Level 1 (sections 9.1 and 10), which are those of PDF 1.7
 * (section 11.3.5), and Photoshop's own where the W3C has none. All work on gamma-encoded sRGB bytes, as Photoshop, Krita
 * and browsers do. `b` is the backdrop (what lies below), `s` the source (the layer); both are 0–255.
 */

/** Modes whose result for one channel depends on that channel only. */
export type SeparableMode = Exclude<BlendMode, NonSeparableMode | 'dissolve'>;
/** Modes that look at a colour as a whole. */
export type NonSeparableMode =
  'darker-color' | 'lighter-color' | 'hue' | 'saturation' | 'color' | 'luminosity';

const multiply = (b: number, s: number) => (b * s) / 255;
const screen = (b: number, s: number) => b + s - (b * s) / 255;
const hardLight = (b: number, s: number) => (s <= 127 ? multiply(b, 2 * s) : screen(b, 2 * s - 255));
const colorDodge = (b: number, s: number) => (b === 0 ? 0 : s === 255 ? 255 : (255 * b) / (255 - s));
const colorBurn = (b: number, s: number) =>
  b === 255 ? 255 : s === 0 ? 0 : 255 - Math.min(255, (255 * (255 - b)) / s);

function softLight(b: number, s: number): number {
  const cb = b / 255;
  const cs = s / 255;
  if (cs <= 0.5) return 255 * (cb - (1 - 2 * cs) * cb * (1 - cb));
  const d = cb <= 0.25 ? ((16 * cb - 12) * cb + 4) * cb : Math.sqrt(cb);
  return 255 * (cb + (2 * cs - 1) * (d - cb));
}

/** Unrounded, possibly outside 0–255 (the table clamps). */
const FORMULAS: Record<SeparableMode, (b: number, s: number) => number> = {
  normal: (_b, s) => s,
  darken: Math.min,
  multiply,
  'color-burn': colorBurn,
  'linear-burn': (b, s) => b + s - 255,
  lighten: Math.max,
  screen,
  'color-dodge': colorDodge,
  'linear-dodge': (b, s) => b + s,
  overlay: (b, s) => hardLight(s, b),
  'soft-light': softLight,
  'hard-light': hardLight,
  'vivid-light': (b, s) => (s <= 127 ? colorBurn(b, 2 * s) : colorDodge(b, 2 * s - 255)),
  'linear-light': (b, s) => b + 2 * s - 255,
  'pin-light': (b, s) => (s <= 127 ? Math.min(b, 2 * s) : Math.max(b, 2 * s - 255)),
  // Vivid light driven to its ends: nothing comes of a black backdrop.
  'hard-mix': (b, s) => (b > 0 && b + s >= 255 ? 255 : 0),
  difference: (b, s) => Math.abs(b - s),
  exclusion: (b, s) => b + s - (2 * b * s) / 255,
  subtract: (b, s) => b - s,
  divide: (b, s) => (s === 0 ? (b === 0 ? 0 : 255) : (255 * b) / s),
};

const tables = new Map<SeparableMode, Uint8Array>();

/**
 * B(Cb, Cs) of a separable mode for every pair of bytes: 65536 bytes at index `(backdrop << 8) | source`, each rounded
 * to the nearest whole number (halves up) and clamped to 0–255. Made once per mode.
 */
export function blendTable(mode: SeparableMode): Uint8Array {
  const known = tables.get(mode);
  if (known) return known;
  const formula = FORMULAS[mode];
  const table = new Uint8Array(65536);
  for (let b = 0; b < 256; b++)
    for (let s = 0; s < 256; s++) {
      const value = Math.floor(formula(b, s) + 0.5);
      table[(b << 8) | s] = value < 0 ? 0 : value > 255 ? 255 : value;
    }
  tables.set(mode, table);
  return table;
}

export function isNonSeparable(mode: BlendMode): mode is NonSeparableMode {
  return (
    mode === 'hue' ||
    mode === 'saturation' ||
    mode === 'color' ||
    mode === 'luminosity' ||
    mode === 'darker-color' ||
    mode === 'lighter-color'
  );
}

const luminosityOf = (r: number, g: number, b: number) => 0.3 * r + 0.59 * g + 0.11 * b;
/** The same in whole numbers, so that comparing two colours never depends on float noise. */
const luminosityRank = (r: number, g: number, b: number) => 30 * r + 59 * g + 11 * b;

/** Three channels 0–255, reused between calls: the kernel that asks owns it until the next call. */
export type Colour = Float64Array;

/** SetLum with ClipColor (W3C section 10.2): `colour` gets luminosity `target` and is pulled back into 0–255. */
function setLuminosity(colour: Colour, target: number): void {
  const shift = target - luminosityOf(colour[0]!, colour[1]!, colour[2]!);
  const r = colour[0]! + shift;
  const g = colour[1]! + shift;
  const b = colour[2]! + shift;
  const l = luminosityOf(r, g, b);
  const low = Math.min(r, g, b);
  const high = Math.max(r, g, b);
  let scale = 1;
  if (low < 0) scale = l / (l - low);
  if (high > 255) scale = Math.min(scale, (255 - l) / (high - l));
  colour[0] = l + (r - l) * scale;
  colour[1] = l + (g - l) * scale;
  colour[2] = l + (b - l) * scale;
}

/** SetSat (W3C section 10.2): stretches `colour` so that its largest minus its smallest channel is `saturation`. */
function setSaturation(colour: Colour, saturation: number): void {
  const low = Math.min(colour[0]!, colour[1]!, colour[2]!);
  const high = Math.max(colour[0]!, colour[1]!, colour[2]!);
  const scale = high > low ? saturation / (high - low) : 0;
  for (let c = 0; c < 3; c++) colour[c] = (colour[c]! - low) * scale;
}

/**
 * B(Cb, Cs) of a mode that looks at whole colours. Channels are 0–255; the result is written to `out`, rounded to the
 * nearest whole number. Darker and lighter colour keep the backdrop when both are equally light.
 */
export function blendColour(
  mode: NonSeparableMode,
  rb: number,
  gb: number,
  bb: number,
  rs: number,
  gs: number,
  bs: number,
  out: Colour,
): void {
  if (mode === 'darker-color' || mode === 'lighter-color') {
    const difference = luminosityRank(rs, gs, bs) - luminosityRank(rb, gb, bb);
    const useSource = mode === 'darker-color' ? difference < 0 : difference > 0;
    out[0] = useSource ? rs : rb;
    out[1] = useSource ? gs : gb;
    out[2] = useSource ? bs : bb;
    return;
  }
  const colourOfSource = mode === 'hue' || mode === 'color';
  out[0] = colourOfSource ? rs : rb;
  out[1] = colourOfSource ? gs : gb;
  out[2] = colourOfSource ? bs : bb;
  if (mode === 'hue') setSaturation(out, Math.max(rb, gb, bb) - Math.min(rb, gb, bb));
  if (mode === 'saturation') setSaturation(out, Math.max(rs, gs, bs) - Math.min(rs, gs, bs));
  setLuminosity(out, mode === 'luminosity' ? luminosityOf(rs, gs, bs) : luminosityOf(rb, gb, bb));
  for (let c = 0; c < 3; c++) out[c] = Math.min(255, Math.max(0, Math.floor(out[c]! + 0.5)));
}
