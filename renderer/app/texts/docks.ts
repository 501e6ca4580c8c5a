/** English titles of the docks. */
export const docks = {
  label: { left: 'Docks at the left', right: 'Docks' },
  dock: (title: string) => `${title} dock`,
  reset: 'Usual docks',
  tip: (title: string) => `${title}: press to open or close, drag or Shift+arrows to move`,
  colour: 'Colour',
  brush: 'Brush',
  history: 'History',
  colorize: 'Colorize',
  layers: 'Layers',
  navigator: 'Navigator',
  lens: 'Correspondence',
} as const;
