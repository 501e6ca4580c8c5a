import { inLanguage } from './language.ts';

const { counted } = inLanguage('en');

/** English texts of the About and the list of keys. */
export const about = {
  about: {
    title: 'Inkwash',
    what: 'Colours line art from reference pictures, on your own machine.',
    version: (version: string) => `Version ${version}`,
    runtime: (version: string, provider: string) => `ONNX Runtime ${version} on ${provider}`,
    models: 'Models',
    samples: 'Samples',
    packages: (count: number) => `Software in it: ${counted(count, 'package', 'packages')}`,
    methods:
      'Methods: Inkwash’s own; SCFT after Lee et al., Reference-Based Sketch Image Colorization, CVPR 2020; after the public projects Nerk and Attentioned Deep Paint. Their models were trained only on openly licensed art; each model’s card credits it.',
    licence: 'Inkwash is free software under the Apache License 2.0.',
  },

  shortcuts: {
    title: 'Keyboard shortcuts',
    search: 'Search by name or key',
    preset: 'Keys as in',
    presets: {
      inkwash: 'Inkwash',
      krita: 'Krita',
      'clip-studio': 'Clip Studio Paint',
      photoshop: 'Photoshop',
    },
    others: 'Elsewhere',
    none: 'none',
    nothing: 'No command has that name or key.',
    change: (title: string) => `Keys of ${title}:`,
    changeTip: 'Press, then press the new keys; Esc leaves them as they are',
    press: 'Press the keys…',
    remove: (title: string) => `No keys for ${title}`,
    reset: (title: string) => `Usual keys for ${title}`,
    resetAll: 'Reset all',
    save: 'Save to a file…',
    load: 'Load from a file…',
    conflict: (keys: string, titles: string) => `${keys} is used by ${titles}.`,
    takeIt: 'Use it here',
    leaveIt: 'Leave it there',
    taken: (title: string, keys: string) => `${title} now has ${keys}.`,
    imported: (file: string) => `Shortcuts of ${file} are in use.`,
    notShortcuts: (file: string) => `${file} holds no shortcuts saved by Inkwash. Choose another file.`,
    pointerTitle: 'Pointer and pen',
    pointer: [
      ['Wheel', 'Zoom to the pointer'],
      ['Space-drag, middle-drag', 'Move the view'],
      ['R-drag', 'Rotate the view; Shift snaps to 15°'],
      ['Two fingers', 'Move, zoom and turn'],
      ['Tap with two fingers, with three', 'Undo, redo'],
      ['Ctrl-press a layer', 'Select what it shows; Shift adds, Alt subtracts'],
      ['Drag inside a selection, with a selection tool', 'Move its outline'],
      ['Ctrl-press with brush, eraser or fill', 'Pick the colour there'],
      ['Shift-press with brush or eraser', 'A straight line from where the last stroke ended'],
      ['The other end of the pen', 'Erase'],
      ['Alt held over the drawing', 'Correspondence lens'],
      ['Ctrl-press a reference', 'Use it together with the others'],
      ['Double-press a slider', 'Back to its first value'],
    ],
  },
} as const;
