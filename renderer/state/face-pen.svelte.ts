import { PRESETS, type Brush } from '../paint/brush/brush.ts';
import { remember, remembered } from './remembered.ts';
import { studio } from './studio.svelte.ts';

const preset = (id: string): Brush => PRESETS.find((brush) => brush.id === id)!;

export const PEN_PX = 3;
export const ERASER_PX = 28;
export const MOST_PEN_PX = 24;
export const MOST_ERASER_PX = 120;

interface Kept {
  readonly penPx: number;
  readonly eraserPx: number;
  readonly mirrored: boolean;
  readonly shadow: boolean;
}

/** The pen and the eraser faces are drawn with, finer than those for pages; and how one draws with them. */
class FacePen {
  #kept = $state.raw<Kept>(
    remembered<Kept>('face-pen', { penPx: PEN_PX, eraserPx: ERASER_PX, mirrored: false, shadow: true }),
  );
  readonly erases = $derived(studio.tool === 'eraser');
  readonly sizePx = $derived(this.erases ? this.#kept.eraserPx : this.#kept.penPx);
  readonly mostPx = $derived(this.erases ? MOST_ERASER_PX : MOST_PEN_PX);
  /** Every stroke is drawn on the other half too. */
  readonly mirrored = $derived(this.#kept.mirrored);
  /** Whether known faces show under the pen. */
  readonly shadow = $derived(this.#kept.shadow);
  readonly pen = $derived<Brush>({
    ...preset('ink'),
    sizePx: this.#kept.penPx,
    hardness: 0.8,
    sizeByPressure: { least: 0.35, bend: 1.2 },
    stabilizer: 3,
  });
  readonly eraser = $derived<Brush>({ ...preset('eraser'), sizePx: this.#kept.eraserPx });

  setSize(px: number): void {
    const sizePx = Math.min(this.mostPx, Math.max(1, Math.round(px)));
    this.set(this.erases ? { eraserPx: sizePx } : { penPx: sizePx });
  }

  /** One step larger or smaller: finer steps for finer tips. */
  resize(direction: 1 | -1): void {
    this.setSize(this.sizePx + direction * Math.max(1, Math.round(this.sizePx * 0.12)));
  }

  set(change: Partial<Kept>): void {
    this.#kept = { ...this.#kept, ...change };
    remember('face-pen', this.#kept);
  }
}

export const facePen = new FacePen();
