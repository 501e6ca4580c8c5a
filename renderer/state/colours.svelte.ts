import type { Rgb } from '../paint/brush/stroke.ts';
import { remember, remembered } from './remembered.ts';

const MOST_RECENT = 6;

export function hexOf(rgb: Rgb): string {
  return `#${rgb.map((value) => Math.round(value).toString(16).padStart(2, '0')).join('')}`;
}

/** `#rgb` or `#rrggbb`, with or without the hash; undefined for anything else. */
export function rgbOf(text: string): Rgb | undefined {
  const digits = /^#?([0-9a-f]{3}|[0-9a-f]{6})$/i.exec(text.trim())?.[1];
  if (!digits) return undefined;
  const long = digits.length === 3 ? [...digits].map((digit) => digit + digit).join('') : digits;
  const at = (i: number): number => Number.parseInt(long.slice(i, i + 2), 16);
  return [at(0), at(2), at(4)];
}

export interface Hsv {
  /** 0–360. */
  readonly hue: number;
  /** 0–1. */
  readonly saturation: number;
  /** 0–1. */
  readonly value: number;
}

export function hsvOf([r, g, b]: Rgb): Hsv {
  const high = Math.max(r, g, b);
  const span = high - Math.min(r, g, b);
  let hue = 0;
  if (span > 0) {
    if (high === r) hue = (g - b) / span;
    else if (high === g) hue = (b - r) / span + 2;
    else hue = (r - g) / span + 4;
  }
  return { hue: (hue * 60 + 360) % 360, saturation: high === 0 ? 0 : span / high, value: high / 255 };
}

export function fromHsv({ hue, saturation, value }: Hsv): Rgb {
  const channel = (n: number): number => {
    const k = (n + hue / 60) % 6;
    return Math.round(255 * (value - value * saturation * Math.max(0, Math.min(k, 4 - k, 1))));
  };
  return [channel(5), channel(3), channel(1)];
}

const same = (a: Rgb, b: Rgb): boolean => a.every((value, i) => value === b[i]);

/** The paint in hand: foreground, background, what was painted with lately, and kept swatches. */
class Colours {
  foreground = $state.raw<Rgb>(remembered('foreground', [20, 20, 24]));
  background = $state.raw<Rgb>(remembered('background', [255, 255, 255]));
  swatches = $state.raw<readonly Rgb[]>(remembered('swatches', START_SWATCHES));
  recent = $state.raw<readonly Rgb[]>(remembered('recent', []));
  /** Kept apart, so that black and grey do not forget their hue. */
  hsv = $state.raw<Hsv>(hsvOf(this.foreground));

  set(rgb: Rgb): void {
    const hsv = hsvOf(rgb);
    this.hsv = {
      hue: hsv.saturation === 0 || hsv.value === 0 ? this.hsv.hue : hsv.hue,
      saturation: hsv.value === 0 ? this.hsv.saturation : hsv.saturation,
      value: hsv.value,
    };
    this.#keep(rgb);
  }

  setHsv(hsv: Hsv): void {
    this.hsv = hsv;
    this.#keep(fromHsv(hsv));
  }

  swap(): void {
    const { foreground, background } = this;
    this.background = foreground;
    remember('background', foreground);
    this.set(background);
  }

  reset(): void {
    this.background = [255, 255, 255];
    remember('background', this.background);
    this.set([0, 0, 0]);
  }

  /** A colour was painted with. */
  used(rgb: Rgb): void {
    if (this.recent[0] && same(this.recent[0], rgb)) return;
    this.recent = [rgb, ...this.recent.filter((other) => !same(other, rgb))].slice(0, MOST_RECENT);
    remember('recent', this.recent);
  }

  addSwatch(): void {
    if (this.swatches.some((other) => same(other, this.foreground))) return;
    this.swatches = [...this.swatches, this.foreground];
    remember('swatches', this.swatches);
  }

  /** Those that are no swatches yet. @returns how many that were. */
  addSwatches(rgbs: readonly Rgb[]): number {
    const before = this.swatches.length;
    for (const rgb of rgbs)
      if (!this.swatches.some((other) => same(other, rgb))) this.swatches = [...this.swatches, rgb];
    remember('swatches', this.swatches);
    return this.swatches.length - before;
  }

  removeSwatch(at: number): void {
    this.swatches = this.swatches.filter((_, i) => i !== at);
    remember('swatches', this.swatches);
  }

  #keep(rgb: Rgb): void {
    this.foreground = rgb;
    remember('foreground', rgb);
  }
}

const START_SWATCHES: readonly Rgb[] = [
  '#000000',
  '#4a4a50',
  '#8e8e96',
  '#ffffff',
  '#7a2e2a',
  '#c8523c',
  '#e9a06a',
  '#f6d9bd',
  '#8a6a2f',
  '#e4b93f',
  '#4f7a3a',
  '#8fb965',
  '#2f6f78',
  '#6fb6d6',
  '#35538f',
  '#6c4f91',
].map((hex) => rgbOf(hex)!);

export const colours = new Colours();
