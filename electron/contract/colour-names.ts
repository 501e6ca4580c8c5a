import type { ColourChannel } from './colour.ts';

export const colourNames: Record<ColourChannel, true> = {
  'colorize.preview': true,
  'colour.keep': true,
  'colour.recall': true,
};
