import { texts } from '../app/texts.ts';
import type { BlendMode } from '../../pixels/modes.ts';
import type { Layer, LayerLook } from '../paint/document.ts';

/** What the list of modes offers groups besides modes: their layers blend with what lies below the group. */
export const PASS_THROUGH = 'pass-through';

/** What choosing in the list of modes changes about a layer. */
export function blendLook(layer: Layer, choice: string): Partial<LayerLook> {
  if (choice === PASS_THROUGH) return { passThrough: true };
  const blend = choice as BlendMode;
  return layer.passThrough ? { blend, passThrough: false } : { blend };
}

/** All blend modes in the order artists know, by family. */
export const blendFamilies: readonly (readonly BlendMode[])[] = [
  ['normal', 'dissolve'],
  ['darken', 'multiply', 'color-burn', 'linear-burn', 'darker-color'],
  ['lighten', 'screen', 'color-dodge', 'linear-dodge', 'lighter-color'],
  ['overlay', 'soft-light', 'hard-light', 'vivid-light', 'linear-light', 'pin-light', 'hard-mix'],
  ['difference', 'exclusion', 'subtract', 'divide'],
  ['hue', 'saturation', 'color', 'luminosity'],
];

export const blendTitle = (blend: BlendMode): string => texts.blends[blend];
