import type { canvas as english } from '../canvas.ts';
import type { Translated } from '../language.ts';

/** German texts of the canvas, the lens and the navigator. */
export const canvas: Translated<typeof english> = {
  canvas: {
    label: 'Leinwand. Pfeiltasten verschieben die Ansicht, Plus und Minus zoomen.',
    lensLabel: 'Leinwand mit der Herkunftslupe. Pfeiltasten bewegen die gezeigte Stelle.',
    wipe: 'Vergleich: links die Zeichnung, rechts koloriert',
    before: 'Zeichnung',
    after: 'Koloriert',
    invite: 'Jetzt eine eigene Zeichnung hierher ziehen.',
    dismissInvite: 'Ausblenden',
  },

  lens: {
    label: 'Herkunftslupe',
    title: 'Woher diese Farbe stammt',
    uncoloured: 'Erst die Zeichnung kolorieren; dann zeigt dies, woher jede Farbe stammt.',
    point: 'Auf die Zeichnung zeigen.',
    strongest: 'am stärksten',
  },

  navigator: {
    empty: 'Hier steht später eine kleine Ansicht der Zeichnung.',
    label: 'Navigator: ziehen verschiebt die Ansicht',
    zoom: 'Zoom',
  },
};
