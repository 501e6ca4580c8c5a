import type { Combine } from '../paint/mask.ts';
import type { Reshape } from '../paint/reshape.ts';
import { remember, remembered } from './remembered.ts';

export type ColourTool = 'hint' | 'pin' | 'region';
export type PaintTool =
  | 'brush'
  | 'eraser'
  | 'fill'
  | 'gradient'
  | 'eyedropper'
  | 'marquee'
  | 'lasso'
  | 'wand'
  | 'move'
  | 'crop'
  | 'text'
  | 'ruler'
  | ColourTool;
export type Tool = PaintTool | 'hand' | 'zoom' | 'rotate' | 'lens';

const PAINT_TOOLS: readonly Tool[] = [
  'brush',
  'eraser',
  'fill',
  'gradient',
  'eyedropper',
  'marquee',
  'lasso',
  'wand',
  'move',
  'hint',
  'pin',
  'region',
  'crop',
  'text',
  'ruler',
];

export const isPaintTool = (tool: Tool): tool is PaintTool => PAINT_TOOLS.includes(tool);

/** What the fill and the wand go by. */
export interface AreaSettings {
  readonly tolerance: number;
  readonly gapPx: number;
  readonly growPx: number;
  /** Looks at all that is shown, not at the selected layer only. */
  readonly allLayers: boolean;
}
export type RegionMode = 'lock' | 'select' | 'merge' | 'recolour';
export type Theme = 'dark' | 'light';
/** What is asked before something is done. */
export type DialogName =
  | 'about'
  | 'shortcuts'
  | 'new'
  | 'palette'
  | 'settings'
  | 'recovery'
  | 'canvas-size'
  | 'image-size'
  | 'export'
  | 'knownFaces'
  | 'galleryFaces'
  | `edge-${Reshape}`;

/** How this window is set up: tool in hand, what is shown. Nothing of it belongs to a document. */
class Studio {
  tool = $state<Tool>('brush');
  /** What pressing a region does. */
  regionMode = $state<RegionMode>('lock');
  /** A tool held by its key (Space, Alt, H, Z, R) for the moment. */
  heldTool = $state<Tool | undefined>(undefined);
  readonly activeTool = $derived(this.heldTool ?? this.tool);
  docksHidden = $state(false);
  comparing = $state(false);
  /** Where the wipe stands, as a part of the stage's width. */
  comparePart = $state(0.5);
  paper = $state<'white' | 'checker'>(remembered('paper', 'white'));
  /** What is shown: the one chosen, or the system's. */
  theme = $state<Theme>('dark');
  dialog = $state<DialogName | undefined>(undefined);
  area = $state.raw<AreaSettings>(
    remembered<AreaSettings>('area', { tolerance: 40, gapPx: 6, growPx: 1, allLayers: true }),
  );
  /** A fresh selection's way with the old one, unless Shift or Alt say otherwise. */
  combine = $state<Combine>('replace');

  setArea(change: Partial<AreaSettings>): void {
    this.area = { ...this.area, ...change };
    remember('area', this.area);
  }

  setPaper(paper: 'white' | 'checker'): void {
    this.paper = paper;
    remember('paper', paper);
  }
}

export const studio = new Studio();
