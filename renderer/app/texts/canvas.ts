/** English texts of the canvas, the lens and the navigator. */
export const canvas = {
  canvas: {
    label: 'Canvas. Arrow keys move the view, plus and minus zoom.',
    lensLabel: 'Canvas with the correspondence lens. Arrow keys move the pointed place.',
    wipe: 'Compare: the drawing on the left, coloured on the right',
    before: 'Drawing',
    after: 'Coloured',
    invite: 'Now drop your own drawing here.',
    dismissInvite: 'Dismiss',
  },

  lens: {
    label: 'Correspondence lens',
    title: 'Where this colour came from',
    uncoloured: 'Colour the drawing first; then this shows where each colour came from.',
    point: 'Point at the drawing.',
    strongest: 'strongest',
  },

  navigator: {
    empty: 'A small view of the drawing will stand here.',
    label: 'Navigator: drag to move the view',
    zoom: 'Zoom',
  },
} as const;
