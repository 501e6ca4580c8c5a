/** English texts of the frame around the workspaces: menus, tabs, notices, status line. */
export const frame = {
  app: 'Inkwash',

  connection: {
    refused: 'Inkwash is not answering. Start it again with “inkwash serve” and open the address it prints.',
    lost: 'The connection to Inkwash was lost.',
    restored: 'Connected again. Your drawings and references are back.',
    reconnect: 'Reconnect',
    cancelled: 'Cancelled.',
  },

  notices: {
    region: 'Notices',
    about: (name: string, note: string) => `${name}: ${note}`,
    details: 'Details',
    retry: 'Retry',
    dismiss: 'Dismiss',
    exported: (name: string) => `Saved ${name}.`,
    closeUnsaved: (name: string) => `${name} has changes you have not saved.`,
    saveAndClose: 'Save and close',
    closeAnyway: 'Close anyway',
    notPictures: (names: string) =>
      `${names}: not a picture Inkwash opens (PNG, JPEG, WebP, TIFF, OpenRaster or PSD).`,
  },

  menus: {
    bar: 'Main menu',
    file: 'File',
    edit: 'Edit',
    image: 'Image',
    layer: 'Layer',
    select: 'Select',
    colour: 'Colour',
    tools: 'Tools',
    view: 'View',
    help: 'Help',
  },

  tools: 'Tools',

  drawings: 'Open drawings',

  closeDrawing: (name: string) => `Close ${name}`,

  unsaved: 'not saved yet',

  drop: { drawing: 'Open as drawing', reference: 'Add as reference', gallery: 'Keep in gallery' },

  status: {
    label: 'Status',
    size: 'Size of the drawing',
    zoom: 'Zoom: press for 100 %',
    rotation: 'Rotation: press to turn upright',
    pointer: 'Place under the pointer',
    threads: (count: number) => (count === 1 ? '1 thread' : `${count} threads`),
    connecting: 'connecting…',
    offline: 'not connected',
    progress: 'Colouring',
    left: (seconds: number) => (seconds < 1 ? 'under 1 s left' : `${Math.ceil(seconds)} s left`),
    stop: 'Cancel colouring',
  },

  slider: {
    tip: (label: string) => `${label}: drag, type, arrows or wheel; double-press resets`,
    edit: (label: string) => `${label}, as a number`,
  },

  providers: { cpu: 'CPU', webgpu: 'WebGPU', cuda: 'CUDA', dml: 'DirectML', coreml: 'Core ML' },
} as const;
