import { inLanguage } from './language.ts';

const { number } = inLanguage('en');

/** English texts of the start page and new drawings. */
export const start = {
  start: {
    title: 'Drop a line drawing here',
    formats: 'PNG, JPEG, WebP, TIFF, OpenRaster or PSD. Your file stays as it is.',
    newDrawing: 'New drawing…',
    open: 'Open drawing…',
    sample: 'Open the sample',
    opening: 'Opening…',
    recent: 'Recent',
    clearRecent: 'Clear list',
    forget: (name: string) => `Take ${name} off the list`,
    gone: 'This file is not there any more.',
    goneShort: 'not there any more',
    copy: 'Opened from a copy Inkwash keeps',
    opened: (age: string) => `Opened ${age}`,
    size: (width: number, height: number) => `${number(width)} × ${number(height)} px`,
    justNow: 'just now',
  },

  recovery: {
    title: 'Drawings that were not saved',
    why: 'Inkwash ended or was closed before these were saved. Recovering opens a copy; your files stay as they are.',
    age: (age: string) => `Copied ${age}`,
    recover: 'Recover',
    recoverNamed: (name: string) => `Recover ${name}`,
    discard: 'Discard',
    discardNamed: (name: string) => `Discard ${name}`,
    all: 'Recover all',
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
    wrong: 'Sides are whole numbers from 1 to 16,384 px, 64 million pixels at most.',
  },
} as const;
