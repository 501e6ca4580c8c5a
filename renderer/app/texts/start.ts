/** English texts of the start page and new drawings. */
export const start = {
  start: {
    title: 'Drop a line drawing here',
    formats: 'PNG, JPEG, WebP, TIFF, OpenRaster or PSD. Your file stays as it is.',
    newDrawing: 'New drawing…',
    open: 'Open drawing…',
    sample: 'Open the sample',
    opening: 'Opening…',
  },

  newDrawing: {
    title: 'New drawing',
    name: (count: number) => `Drawing ${count}`,
    preset: 'Size',
    presets: {
      a4: 'A4, 300 dpi',
      a5: 'A5, 300 dpi',
      b5: 'B5 manga page, 300 dpi',
      square: 'Square',
      screen: 'Screen, 1920 × 1080',
      custom: 'Other',
    },
    width: 'Width',
    height: 'Height',
    px: 'px',
    dpi: 'Resolution',
    dpiUnit: 'dpi',
    turn: 'Turn',
    paper: 'White paper under the drawing',
    create: 'Create',
    cancel: 'Cancel',
    wrong: 'Sides are whole numbers from 1 to 16,384 px, 64 million pixels at most.',
  },
} as const;
