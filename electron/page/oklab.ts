/** sRGB byte to linear light, 0–1 (IEC 61966-2-1). */
const LINEAR = Float32Array.from({ length: 256 }, (_, v) => {
  const c = v / 255;
  return c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4;
});

/** A colour in OKLab: lightness 0–1, a and b about -0.4–0.4. */
export type Oklab = readonly [lightness: number, a: number, b: number];
/** A colour in sRGB bytes. */
export type Rgb = readonly [red: number, green: number, blue: number];

/** sRGB bytes to OKLab (Björn Ottosson, A perceptual color space for image processing, 2020). */
export function toOklab(red: number, green: number, blue: number): Oklab {
  const r = LINEAR[red]!;
  const g = LINEAR[green]!;
  const b = LINEAR[blue]!;
  const l = Math.cbrt(0.4122214708 * r + 0.5363325363 * g + 0.0514459929 * b);
  const m = Math.cbrt(0.2119034982 * r + 0.6806995451 * g + 0.1073969566 * b);
  const s = Math.cbrt(0.0883024619 * r + 0.2817188376 * g + 0.6299787005 * b);
  return [
    0.2104542553 * l + 0.793617785 * m - 0.0040720468 * s,
    1.9779984951 * l - 2.428592205 * m + 0.4505937099 * s,
    0.0259040371 * l + 0.7827717662 * m - 0.808675766 * s,
  ];
}

/** OKLab to sRGB bytes; colours that a screen can't show are cut off channel by channel. */
export function fromOklab([lightness, a, b]: Oklab): Rgb {
  const l = (lightness + 0.3963377774 * a + 0.2158037573 * b) ** 3;
  const m = (lightness - 0.1055613458 * a - 0.0638541728 * b) ** 3;
  const s = (lightness - 0.0894841775 * a - 1.291485548 * b) ** 3;
  return [
    toByte(4.0767416621 * l - 3.3077115913 * m + 0.2309699292 * s),
    toByte(-1.2684380046 * l + 2.6097574011 * m - 0.3413193965 * s),
    toByte(-0.0041960863 * l - 0.7034186147 * m + 1.707614701 * s),
  ];
}

function toByte(linear: number): number {
  const value = linear <= 0.0031308 ? 12.92 * linear : 1.055 * linear ** (1 / 2.4) - 0.055;
  return Math.round(255 * Math.min(1, Math.max(0, value)));
}

/** Squared distance of two colours in OKLab; 0.02² is about a just noticeable difference. */
export function distanceSquared(one: Oklab, other: Oklab): number {
  const l = one[0] - other[0];
  const a = one[1] - other[1];
  const b = one[2] - other[2];
  return l * l + a * a + b * b;
}

/** How much a difference counts where a colour is named rather than measured. */
const LIGHTNESS_COUNTS = 0.6;
const CHROMA_COUNTS = 0.5;
const HUE_COUNTS = 2;

/**
 * Squared distance of two colours in OKLab for choosing "the same paint": a dull green is nearer to a bright green than
 * to an equally dull brown. A hue counts by how much chroma both have, so that of greys does not count.
 */
export function paintDistanceSquared(one: Oklab, other: Oklab): number {
  const lightness = one[0] - other[0];
  const chroma = Math.hypot(one[1], one[2]) - Math.hypot(other[1], other[2]);
  const across = (one[1] - other[1]) ** 2 + (one[2] - other[2]) ** 2;
  const hue = Math.max(0, across - chroma * chroma);
  return (LIGHTNESS_COUNTS * lightness) ** 2 + (CHROMA_COUNTS * chroma) ** 2 + HUE_COUNTS ** 2 * hue;
}
