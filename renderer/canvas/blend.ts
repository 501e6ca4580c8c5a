import type { LayerInfo } from '../../electron/contract/table.ts';

type Blend = LayerInfo['blend'];

/**
 * PSD blend modes the canvas can show, with the canvas' own name (W3C Compositing: the same formulas as PSD's).
 * Linear Dodge is canvas' `lighter`. The others are kept in the document but shown as Normal.
 */
const onCanvas: Partial<Record<Blend, GlobalCompositeOperation>> = {
  normal: 'source-over',
  darken: 'darken',
  multiply: 'multiply',
  'color-burn': 'color-burn',
  lighten: 'lighten',
  screen: 'screen',
  'color-dodge': 'color-dodge',
  'linear-dodge': 'lighter',
  overlay: 'overlay',
  'soft-light': 'soft-light',
  'hard-light': 'hard-light',
  difference: 'difference',
  exclusion: 'exclusion',
  hue: 'hue',
  saturation: 'saturation',
  color: 'color',
  luminosity: 'luminosity',
};

/** The modes offered: those the canvas shows as they are, in the order artists know, by family. */
export const blendFamilies: readonly (readonly Blend[])[] = [
  ['normal'],
  ['darken', 'multiply', 'color-burn'],
  ['lighten', 'screen', 'color-dodge', 'linear-dodge'],
  ['overlay', 'soft-light', 'hard-light'],
  ['difference', 'exclusion'],
  ['hue', 'saturation', 'color', 'luminosity'],
];

export function canvasBlend(blend: Blend): GlobalCompositeOperation {
  return onCanvas[blend] ?? 'source-over';
}

export function canShow(blend: Blend): boolean {
  return blend in onCanvas;
}

/** "Color dodge" from `color-dodge`. */
export function blendTitle(blend: Blend): string {
  const words = blend.replaceAll('-', ' ');
  return words[0]!.toUpperCase() + words.slice(1);
}
