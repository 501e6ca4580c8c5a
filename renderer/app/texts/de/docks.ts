import type { docks as english } from '../docks.ts';
import type { Translated } from '../language.ts';

/** German titles of the docks. */
export const docks: Translated<typeof english> = {
  label: { left: 'Paletten links', right: 'Paletten' },
  dock: (title) => `Palette ${title}`,
  reset: 'Übliche Paletten',
  tip: (title) => `${title}: klicken klappt auf und zu, ziehen oder Umschalt+Pfeile verschieben`,
  colour: 'Farbe',
  brush: 'Pinsel',
  history: 'Verlauf',
  colorize: 'Kolorieren',
  layers: 'Ebenen',
  navigator: 'Navigator',
  lens: 'Herkunft',
};
