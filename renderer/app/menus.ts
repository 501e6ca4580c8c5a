import type { CommandId } from '../state/commands.ts';
import type { Workspace } from '../state/workspace.svelte.ts';
import { texts } from './texts.ts';

/** A menu: groups of commands, with a rule between them. */
export interface Menu {
  readonly id: string;
  readonly title: string;
  readonly groups: readonly (readonly CommandId[])[];
  /** The workspace it belongs to; every one when left out. */
  readonly only?: Workspace;
}

/** Every menu, for the bar in the window and for the system's own. A test sees that no command is missing. */
export const menus: readonly Menu[] = [
  {
    id: 'file',
    get title() {
      return texts.menus.file;
    },
    groups: [
      ['newDrawing', 'open', 'openSample', 'addReference'],
      ['addToGallery', 'addFolderToGallery', 'keepDrawing', 'keepReference', 'findLookalikes'],
      ['save', 'saveAs'],
      ['recover'],
      ['exportAs', 'exportPng', 'exportPsd', 'exportOra', 'exportJpeg', 'exportWebp', 'exportTiff'],
      ['exportAgain'],
      ['close'],
    ],
  },
  {
    id: 'edit',
    get title() {
      return texts.menus.edit;
    },
    groups: [
      ['undo', 'redo'],
      ['cut', 'copy', 'copyMerged', 'paste', 'pasteDrawing'],
      ['clear', 'fillSelection'],
      ['freeTransform', 'applyTransform', 'cancelTransform'],
      ['swapColours', 'resetColours', 'larger', 'smaller'],
      ['palette', 'settings', 'shortcuts'],
    ],
  },
  {
    id: 'image',
    get title() {
      return texts.menus.image;
    },
    only: 'paint',
    groups: [
      ['canvasSize', 'imageSize', 'cropToSelection', 'applyCrop', 'cancelCrop'],
      ['turnPageRight', 'turnPageLeft', 'turnPageHalf'],
      ['flipPageX', 'flipPageY'],
    ],
  },
  {
    id: 'layer',
    get title() {
      return texts.menus.layer;
    },
    only: 'paint',
    groups: [
      ['addLayer', 'addGroup', 'duplicateLayer', 'mergeDown', 'deleteLayer'],
      ['keepLayer'],
      ['layerUp', 'layerDown'],
      ['flipLayerX', 'flipLayerY'],
      ['editText', 'plainText'],
      ['toggleLayer', 'clipLayer', 'lockAlpha', 'lockLayer'],
    ],
  },
  {
    id: 'select',
    get title() {
      return texts.menus.select;
    },
    only: 'paint',
    groups: [
      ['selectAll', 'deselect', 'reselect', 'invertSelection', 'selectAlpha'],
      ['growSelection', 'shrinkSelection', 'featherSelection', 'borderSelection'],
      ['closePolygon', 'cancelPolygon'],
    ],
  },
  {
    id: 'colour',
    get title() {
      return texts.menus.colour;
    },
    only: 'paint',
    groups: [
      ['apply', 'cancel', 'live', 'unsure'],
      ['hint', 'pin', 'region'],
      ['deleteMark', 'removeHints', 'removePins', 'unlockAll'],
    ],
  },
  {
    id: 'tools',
    get title() {
      return texts.menus.tools;
    },
    groups: [
      ['brush', 'eraser', 'fill', 'gradient', 'eyedropper'],
      ['marquee', 'lasso', 'wand', 'move', 'crop', 'text', 'ruler'],
      ['hand', 'zoom', 'rotate', 'lens'],
      ['symmetryOff', 'symmetryVertical', 'symmetryHorizontal', 'symmetryBoth', 'symmetryRadial'],
      ['snapToRulers', 'clearRulers', 'penOnly'],
      ['importBrushes', 'exportBrushes', 'resetBrushes'],
    ],
  },
  {
    id: 'face',
    get title() {
      return texts.face.label;
    },
    only: 'face',
    groups: [
      ['faceKnown', 'faceGallery', 'facePaint', 'faceKeep'],
      ['faceMirror', 'faceShadow'],
      ['faceMorphPicture', 'faceMorphKnown', 'faceMorphGallery', 'faceMorphEnd'],
      ['facePartGallery'],
      ['faceToCanvas', 'faceToReference', 'faceColour'],
      ['faceExportSketch'],
    ],
  },
  {
    id: 'view',
    get title() {
      return texts.menus.view;
    },
    groups: [
      ['fit', 'actual', 'zoomIn', 'zoomOut'],
      ['turnLeft', 'turnRight', 'turnUpright', 'mirror'],
      ['compare', 'checker'],
      ['dockColour', 'dockBrush', 'dockColorize', 'dockLayers', 'dockHistory', 'dockNavigator', 'dockLens'],
      ['gallery', 'hideDocks', 'resetDocks', 'lightTheme', 'fullScreen'],
      ['workspacePaint', 'workspaceFace'],
    ],
  },
  {
    id: 'help',
    get title() {
      return texts.menus.help;
    },
    groups: [['about']],
  },
];

/** Commands that stand in no menu, each with the reason. */
export const NOT_IN_MENUS: Readonly<Partial<Record<CommandId, string>>> = {};
