import type { Settings } from '../../electron/contract/settings.ts';

export type PresetId = Settings['shortcutPreset'];

/**
 * Where other programs' keys differ from the commands' own, by command id; the first is shown. What a preset does not
 * name keeps its own keys. Sources: Krita 5's default shortcuts, Clip Studio Paint's and Photoshop's manuals.
 */
export const PRESETS: Readonly<Record<PresetId, Readonly<Record<string, readonly string[]>>>> = {
  inkwash: {},
  krita: {
    pin: ['Shift+P'],
    fill: ['F'],
    eyedropper: ['P'],
    marquee: ['Ctrl+R'],
    move: ['T'],
    text: ['Shift+T'],
    mirror: ['M'],
    actual: ['1'],
    fit: ['2', 'Ctrl+0'],
    deselect: ['Ctrl+Shift+A'],
    addLayer: ['Insert'],
    clipLayer: ['Ctrl+Shift+G'],
    layerUp: ['Ctrl+PageUp'],
    layerDown: ['Ctrl+PageDown'],
    deleteLayer: ['Shift+Delete'],
  },
  'clip-studio': {
    pin: ['Shift+P'],
    region: ['Ctrl+Shift+L'],
    brush: ['P', 'B'],
    move: ['K'],
    zoom: ['/'],
    lockAlpha: [],
    turnLeft: ['-'],
    turnRight: ['^'],
    actual: ['Ctrl+Alt+0'],
    fillSelection: ['Alt+Delete'],
    deleteLayer: [],
  },
  photoshop: {
    move: ['V'],
    fillSelection: ['Alt+Delete', 'Alt+Backspace'],
    deleteLayer: [],
    exportAgain: ['Ctrl+Shift+E', 'Ctrl+Alt+Shift+S'],
    undo: ['Ctrl+Z', 'Ctrl+Alt+Z'],
  },
};
