import type { AssistantKind } from '../paint/guides/assistants.ts';
import type { GradientShape } from '../paint/gradient.ts';
import type { Resampling } from '../paint/page/resample.ts';
import type { Align } from '../paint/text/block.ts';
import { remember, remembered } from './remembered.ts';

/** How the tools are set; kept between starts. Nothing of it belongs to a document. Only ever add to it. */
export interface Settings {
  readonly marquee: 'rectangle' | 'ellipse';
  readonly lasso: 'free' | 'polygon';
  /** Softness of a fresh selection's edge. */
  readonly featherPx: number;
  readonly pickFrom: 'all' | 'layer';
  /** Side of the square whose mean is taken; odd. */
  readonly pickSizePx: 1 | 3 | 5 | 11 | 31;
  readonly resampling: Resampling;
  readonly gradient: GradientShape;
  readonly gradientTo: 'transparent' | 'background';
  /** 1–100. */
  readonly gradientOpacity: number;
  readonly cropRatio: 'free' | 'page' | 'square';
  readonly ruler: AssistantKind;
  readonly symmetryCount: number;
  readonly symmetryMirrors: boolean;
  /** What a new text begins with. */
  readonly font: string;
  readonly textSizePx: number;
  readonly textUnit: 'px' | 'pt';
  readonly bold: boolean;
  readonly italic: boolean;
  readonly align: Align;
  readonly lineHeight: number;
  readonly outlinePx: number;
  /** Fingers and the hand never draw, they move the page. */
  readonly penOnly: boolean;
}

const USUAL: Settings = {
  marquee: 'rectangle',
  lasso: 'free',
  featherPx: 0,
  pickFrom: 'all',
  pickSizePx: 1,
  resampling: 'bilinear',
  gradient: 'linear',
  gradientTo: 'transparent',
  gradientOpacity: 100,
  cropRatio: 'free',
  ruler: 'line',
  symmetryCount: 6,
  symmetryMirrors: true,
  font: 'sans-serif',
  textSizePx: 48,
  textUnit: 'px',
  bold: false,
  italic: false,
  align: 'center',
  lineHeight: 1.2,
  outlinePx: 0,
  penOnly: false,
};

class ToolSettings {
  #kept = $state.raw<Settings>({ ...USUAL, ...remembered<Partial<Settings>>('tools', {}) });

  get now(): Settings {
    return this.#kept;
  }

  set(change: Partial<Settings>): void {
    this.#kept = { ...this.#kept, ...change };
    remember('tools', this.#kept);
  }
}

export const toolSettings = new ToolSettings();
