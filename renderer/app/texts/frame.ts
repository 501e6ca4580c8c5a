import { inLanguage } from './language.ts';

const { counted, number } = inLanguage('en');

/** English texts of the frame around the workspaces: menus, tabs, notices, status line. */
export const frame = {
  app: 'Inkwash',
  windowTitle: (name: string, unsaved: boolean) => `${unsaved ? '• ' : ''}${name} – Inkwash`,

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

  /** Asked before the window closes. */
  leave: {
    message: (names: readonly string[]) =>
      names.length === 1
        ? `Save the changes to ${names[0]}?`
        : `Save the changes to ${names.length} drawings?`,
    detail: (names: readonly string[]) =>
      names.length === 1
        ? 'What is not saved is lost when Inkwash closes.'
        : `${names.slice(0, 20).join('\n')}\n\nWhat is not saved is lost when Inkwash closes.`,
    save: (count: number) => (count === 1 ? 'Save' : 'Save all'),
    discard: 'Don’t save',
    cancel: 'Cancel',
  },

  /** Asked where to save. */
  place: {
    save: 'Save drawing',
    export: (format: string) => `Export as ${format}`,
    openRaster: 'OpenRaster',
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
    threads: (count: number) => counted(count, 'thread', 'threads'),
    connecting: 'connecting…',
    offline: 'not connected',
    progress: 'Colouring',
    left: (seconds: number) => (seconds < 1 ? 'under 1 s left' : `${number(Math.ceil(seconds))} s left`),
    stop: 'Cancel colouring',
  },

  slider: {
    tip: (label: string) => `${label}: drag, type, arrows or wheel; double-press resets`,
    edit: (label: string) => `${label}, as a number`,
  },

  providers: { cpu: 'CPU', webgpu: 'WebGPU', cuda: 'CUDA', dml: 'DirectML', coreml: 'Core ML' },
} as const;
