import type { BlendMode } from '../../pixels/modes.ts';

/** All blend modes in the order artists know, by family. */
export const blendFamilies: readonly (readonly BlendMode[])[] = [
  ['normal', 'dissolve'],
  ['darken', 'multiply', 'color-burn', 'linear-burn', 'darker-color'],
  ['lighten', 'screen', 'color-dodge', 'linear-dodge', 'lighter-color'],
  ['overlay', 'soft-light', 'hard-light', 'vivid-light', 'linear-light', 'pin-light', 'hard-mix'],
  ['difference', 'exclusion', 'subtract', 'divide'],
  ['hue', 'saturation', 'color', 'luminosity'],
];

/** "Color dodge" from `color-dodge`. */
export function blendTitle(blend: BlendMode): string {
  const words = blend.replaceAll('-', ' ');
  return words[0]!.toUpperCase() + words.slice(1);
}
