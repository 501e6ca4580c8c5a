/** English texts of the About and the list of keys. */
export const about = {
  about: {
    title: 'Inkwash',
    what: 'Colours line art from reference pictures, on your own machine.',
    version: (version: string) => `Version ${version}`,
    runtime: (version: string, provider: string) => `ONNX Runtime ${version} on ${provider}`,
    sample: 'Sample',
    builtWith: 'Built with',
    credits: [
      'Electron, Svelte and Vite (MIT)',
      'fabric.js (MIT)',
      'ONNX Runtime (MIT)',
      'sharp (Apache-2.0)',
      'ag-psd (MIT)',
      'OpenCV (Apache-2.0)',
      'Lucide icons (ISC)',
      'MessagePack for JavaScript (ISC)',
    ],
    methods:
      'Methods: Inkwash’s own; SCFT after Lee et al., Reference-Based Sketch Image Colorization, CVPR 2020; after the public projects Nerk and Attentioned Deep Paint. Their models were trained only on openly licensed art; each model’s card credits it.',
    licence: 'Inkwash is free software under the Apache License 2.0.',
    close: 'Close',
  },

  shortcuts: {
    title: 'Keyboard and pointer',
    pointer: [
      ['Wheel', 'Zoom to the pointer'],
      ['Space-drag, middle-drag', 'Move the view'],
      ['R-drag', 'Rotate the view; Shift snaps to 15°'],
      ['Two fingers', 'Move and zoom'],
      ['Ctrl-press with brush, eraser or fill', 'Pick the colour there'],
      ['Shift-press with brush or eraser', 'A straight line from where the last stroke ended'],
      ['The other end of the pen', 'Erase'],
      ['Alt held over the drawing', 'Correspondence lens'],
      ['Ctrl-press a reference', 'Use it together with the others'],
      ['Double-press a slider', 'Back to its first value'],
    ],
  },
} as const;
