import { BLEND_MODES } from './model.ts';
import type { BlendMode } from './model.ts';

/**
 * `composite-op` values of OpenRaster stack.xml. The `svg:` names are the specification's (Layer Stack Specification,
 * "composite-op"), which Krita, GIMP and MyPaint read. For modes it lacks, Krita writes and reads "krita:" and its own id
 * (two of them hold a space); other programs fall back to normal, as the specification asks. `svg:plus` is Krita's
 * and GIMP's addition, which is Photoshop's linear dodge.
 */
const COMPOSITE_OPS: Record<BlendMode, string> = {
  normal: 'svg:src-over',
  dissolve: 'krita:dissolve',
  darken: 'svg:darken',
  multiply: 'svg:multiply',
  'color-burn': 'svg:color-burn',
  'linear-burn': 'krita:linear_burn',
  'darker-color': 'krita:darker color',
  lighten: 'svg:lighten',
  screen: 'svg:screen',
  'color-dodge': 'svg:color-dodge',
  'linear-dodge': 'svg:plus',
  'lighter-color': 'krita:lighter color',
  overlay: 'svg:overlay',
  'soft-light': 'svg:soft-light',
  'hard-light': 'svg:hard-light',
  'vivid-light': 'krita:vivid_light',
  'linear-light': 'krita:linear light',
  'pin-light': 'krita:pin_light',
  'hard-mix': 'krita:hard_mix_photoshop',
  difference: 'svg:difference',
  exclusion: 'krita:exclusion',
  subtract: 'krita:subtract',
  divide: 'krita:divide',
  hue: 'svg:hue',
  saturation: 'svg:saturation',
  color: 'svg:color',
  luminosity: 'svg:luminosity',
};

/** Other programs' names for the same: Krita's other ids, and `svg:` names some writers use although no draft has them. */
const ALIASES: Record<string, BlendMode> = {
  'krita:linear_dodge': 'linear-dodge',
  'krita:add': 'linear-dodge',
  'krita:soft_light': 'soft-light',
  'krita:hard mix': 'hard-mix',
  'svg:add': 'linear-dodge',
  'svg:exclusion': 'exclusion',
};

const MODES = new Map<string, BlendMode>([
  ...Object.entries(ALIASES),
  ...BLEND_MODES.map((mode) => [COMPOSITE_OPS[mode], mode] as const),
]);

export function compositeOpOf(blend: BlendMode): string {
  return COMPOSITE_OPS[blend];
}

/** The blend mode a `composite-op` names; normal for a missing or unknown one, as the specification asks. */
export function blendOf(compositeOp: string | undefined): BlendMode {
  return (compositeOp !== undefined && MODES.get(compositeOp)) || 'normal';
}
