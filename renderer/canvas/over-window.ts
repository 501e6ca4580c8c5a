import type { OverPreview } from '../paint/over-preview.ts';
import { unite, type Rect } from '../paint/tiles.ts';
import { FlatWindow } from './flat-window.ts';

/**
 * The part that is looked at of what lies over a live preview, as what it does to the colour below it: so much of that
 * stays (a factor, channel by channel), and so much is added. A new preview under it costs three pictures drawn, and no
 * tile is flattened for it. Both come of the same stack flattened over black and over white (over-preview.ts).
 */
export class OverWindow {
  /** What is added: the stack over black. */
  readonly #added = new FlatWindow();
  readonly #overWhite = new FlatWindow();
  readonly #factor = document.createElement('canvas');

  get whole(): boolean {
    return this.#added.whole && this.#overWhite.whole;
  }

  get waits(): boolean {
    return this.#added.waits || this.#overWhite.waits;
  }

  get level(): number {
    return this.#added.level;
  }

  /** @returns the rectangle that may look different; undefined when nothing does. */
  show({ black, white }: OverPreview): Rect | undefined {
    const [one, other] = [this.#added.show(black), this.#overWhite.show(white)];
    return one && other ? unite(one, other) : (one ?? other);
  }

  freeze(layerId: string): void {
    for (const window of [this.#added, this.#overWhite]) window.freeze(layerId);
  }

  thaw(): void {
    for (const window of [this.#added, this.#overWhite]) window.thaw();
  }

  touch(rect: Rect): void {
    for (const window of [this.#added, this.#overWhite]) window.touch(rect);
  }

  /** As FlatWindow's. */
  prepare(visible: Rect, level: number, budgetMs: number): boolean {
    const more = this.#added.prepare(visible, level, budgetMs / 2);
    const moreOverWhite = this.#overWhite.prepare(visible, level, budgetMs / 2);
    this.#follow();
    return more || moreOverWhite;
  }

  /** Draws it onto the preview, where the context's transform puts the document. */
  draw(context: CanvasRenderingContext2D): void {
    context.save();
    context.globalCompositeOperation = 'multiply';
    this.#added.draw(context, this.#factor);
    context.globalCompositeOperation = 'lighter';
    this.#added.draw(context);
    context.restore();
  }

  /** The factor is what white becomes less what black becomes; only what changed is worked out anew. */
  #follow(): void {
    const { width, height } = this.#added.canvas;
    const resized = this.#factor.width !== width || this.#factor.height !== height;
    if (resized) Object.assign(this.#factor, { width, height });
    const changed = [this.#added.takeDrawn(), this.#overWhite.takeDrawn()].reduce(
      (sum: Rect | undefined, rect) => (rect ? unite(sum, rect) : sum),
      undefined,
    );
    const rect = resized ? { left: 0, top: 0, right: width, bottom: height } : changed;
    const context = this.#factor.getContext('2d');
    if (!rect || !context || width === 0 || height === 0) return;
    const place = [rect.left, rect.top, rect.right - rect.left, rect.bottom - rect.top] as const;
    context.clearRect(...place);
    context.globalCompositeOperation = 'source-over';
    context.drawImage(this.#overWhite.canvas, ...place, ...place);
    context.globalCompositeOperation = 'difference';
    context.drawImage(this.#added.canvas, ...place, ...place);
  }
}
