import { FabricObject, StaticCanvas, type TMat2D } from 'fabric';
import type { PaintDocument } from '../paint/document.ts';
import type { OverPreview } from '../paint/over-preview.ts';
import type { SmallPicture } from '../paint/preview-layer.ts';
import type { Rect } from '../paint/tiles.ts';
import { colourAt, FlatWindow, levelFor } from './flat-window.ts';
import { OverWindow } from './over-window.ts';
import type { Matrix, Size } from './view.ts';

/** From this many screen pixels per picture pixel on, pixels are shown as squares. */
const SHOW_PIXELS_FROM = 2;
const CHECK_PX = 8;
/** What of a frame may go into flattening tiles; the rest of them come with the next frames. */
const FLATTEN_MS = 12;
const FADE_MS = 120;

/** How the picture is looked at; changing it flattens nothing anew. */
export interface Manner {
  readonly paper: 'white' | 'checker';
  /** Left of this stage x another document is shown: the untouched drawing. */
  readonly compare: { readonly x: number; readonly document: PaintDocument } | undefined;
}

/** A live preview to be drawn by itself, between what lies under it and what lies over it. */
export interface StagePreview {
  readonly picture: SmallPicture;
  readonly over: OverPreview;
  /** The document without it, which is shown until the first of them can be. */
  readonly without: PaintDocument;
}

/** The page on the fabric canvas: one object that draws the whole document. */
class Page extends FabricObject {
  readonly #paint: (context: CanvasRenderingContext2D) => void;

  constructor(paint: (context: CanvasRenderingContext2D) => void) {
    super({ objectCaching: false, selectable: false, evented: false });
    this.#paint = paint;
  }

  override render(context: CanvasRenderingContext2D): void {
    this.#paint(context);
  }
}

/**
 * Shows a painted document through a view on a fabric canvas. A stroke under way draws only where it has been since the
 * last frame.
 */
export class PictureStage {
  readonly #canvas: StaticCanvas;
  readonly #window = new FlatWindow();
  #compared: FlatWindow | undefined;
  /** What lies over a preview; kept for the next one. */
  #over: OverWindow | undefined;
  #preview: StagePreview | undefined;
  readonly #previewed = document.createElement('canvas');
  /** What lies over the preview has been there as a whole since there is one. */
  #previews = false;
  #strokeLayerId: string | undefined;
  #document: PaintDocument | undefined;
  #matrix: Matrix = [1, 0, 0, 1, 0, 0];
  #manner: Manner = { paper: 'white', compare: undefined };
  #checks: CanvasPattern | undefined;
  #frame: number | undefined;
  #whole = false;
  /** On the stage, in CSS pixels. */
  #dirty: Rect | undefined;
  #fade: { readonly from: HTMLCanvasElement; startedAt: number } | undefined;
  /** Told of pixels that change in place while a stroke is under way. */
  onTouch: (rect: Rect) => void = () => undefined;
  /** Called before every frame while it says that more frames are wanted. */
  #beforeFrame: (() => boolean) | undefined;

  constructor(element: HTMLCanvasElement) {
    this.#canvas = new StaticCanvas(element, { renderOnAddRemove: false, skipOffscreen: false });
    this.#canvas.add(new Page((context) => this.#paint(context)));
  }

  resize({ width, height }: Size): void {
    this.#canvas.setDimensions({ width, height });
    this.#redraw();
  }

  look(matrix: Matrix): void {
    this.#matrix = matrix;
    this.#canvas.viewportTransform = [...matrix] satisfies TMat2D;
    this.#redraw();
  }

  /** @param preview where it can be drawn by itself; `document` has it among its layers all the same. */
  show(document: PaintDocument, preview?: StagePreview): void {
    const sized = document.width === this.#document?.width && document.height === this.#document?.height;
    const before = this.#preview;
    this.#document = document;
    this.#preview = preview;
    let changed = this.#window.show(preview?.without ?? document);
    if (preview) {
      if (!this.#over) {
        this.#over = new OverWindow();
        if (this.#strokeLayerId !== undefined) this.#over.freeze(this.#strokeLayerId);
      }
      changed = this.#over.show(preview.over);
      if (preview.picture !== before?.picture) this.#hold(preview.picture);
      if (!before) this.#previews = false;
    }
    if (!sized || preview?.picture !== before?.picture) this.#redraw();
    else if (changed) this.#mark(changed);
  }

  present(manner: Manner): void {
    this.#manner = manner;
    if (manner.compare) (this.#compared ??= new FlatWindow()).show(manner.compare.document);
    else this.#compared = undefined;
    this.#redraw();
  }

  /** What was on screen until now fades away over what comes. */
  fade(): void {
    const from = document.createElement('canvas');
    const { width, height } = this.#canvas.lowerCanvasEl;
    from.width = width;
    from.height = height;
    from.getContext('2d')?.drawImage(this.#canvas.lowerCanvasEl, 0, 0);
    this.#fade = { from, startedAt: performance.now() };
    this.#redraw();
  }

  /** A stroke begins: `step` is asked before every frame what the stroke changed since. */
  beginStroke(layerId: string, step: () => Rect | undefined): void {
    this.#strokeLayerId = layerId;
    this.#window.freeze(layerId);
    this.#over?.freeze(layerId);
    this.#beforeFrame = () => {
      const rect = step();
      if (rect) this.touch(rect);
      return true;
    };
    this.#ask();
  }

  endStroke(): void {
    this.#beforeFrame = undefined;
    this.#strokeLayerId = undefined;
    this.#window.thaw();
    this.#over?.thaw();
  }

  /** Pixels changed in place. */
  touch(rect: Rect): void {
    this.#window.touch(rect);
    this.#over?.touch(rect);
    this.#mark(rect);
    this.onTouch(rect);
  }

  colourAt(x: number, y: number): readonly [number, number, number, number] {
    return this.#document ? colourAt(this.#document, x, y) : [0, 0, 0, 0];
  }

  dispose(): void {
    if (this.#frame !== undefined) cancelAnimationFrame(this.#frame);
    void this.#canvas.dispose();
  }

  #redraw(): void {
    this.#whole = true;
    this.#ask();
  }

  /** Marks a rectangle of the document as to be drawn anew, with the room that smoothing needs around it. */
  #mark(rect: Rect): void {
    const [a, b, c, d, e, f] = this.#matrix;
    const room = 2 * 2 ** levelFor(Math.hypot(a, b) * devicePixelRatio);
    const xs: number[] = [];
    const ys: number[] = [];
    for (const x of [rect.left - room, rect.right + room])
      for (const y of [rect.top - room, rect.bottom + room]) {
        xs.push(a * x + c * y + e);
        ys.push(b * x + d * y + f);
      }
    const px = devicePixelRatio;
    const marked = {
      left: Math.floor(Math.min(...xs) * px) / px,
      top: Math.floor(Math.min(...ys) * px) / px,
      right: Math.ceil(Math.max(...xs) * px) / px,
      bottom: Math.ceil(Math.max(...ys) * px) / px,
    };
    const old = this.#dirty;
    this.#dirty = old
      ? {
          left: Math.min(old.left, marked.left),
          top: Math.min(old.top, marked.top),
          right: Math.max(old.right, marked.right),
          bottom: Math.max(old.bottom, marked.bottom),
        }
      : marked;
    this.#ask();
  }

  #ask(): void {
    this.#frame ??= requestAnimationFrame(() => {
      this.#frame = undefined;
      this.#draw();
    });
  }

  #draw(): void {
    if (this.#beforeFrame?.()) this.#ask();
    const dirty = this.#dirty;
    const whole = this.#whole || this.#fade !== undefined;
    this.#dirty = undefined;
    this.#whole = false;
    if (whole) this.#canvas.renderAll();
    else if (dirty) this.#drawPart(dirty);
    if (this.#fade && performance.now() - this.#fade.startedAt >= FADE_MS) {
      this.#fade = undefined;
      this.#redraw();
    } else if (this.#fade) this.#redraw();
  }

  #drawPart({ left, top, right, bottom }: Rect): void {
    const context = this.#canvas.getContext();
    context.save();
    context.beginPath();
    context.rect(left, top, right - left, bottom - top);
    context.clip();
    context.clearRect(left, top, right - left, bottom - top);
    context.transform(...this.#matrix);
    this.#paint(context);
    context.restore();
  }

  /** Paints the page; the context's transform is the view's. */
  #paint(context: CanvasRenderingContext2D): void {
    const page = this.#document;
    if (!page) return;
    const [a, b] = this.#matrix;
    const zoom = Math.hypot(a, b) * devicePixelRatio;
    const level = levelFor(zoom);
    const visible = this.#visible();
    this.#paper(context, page);
    context.save();
    context.imageSmoothingEnabled = zoom < SHOW_PIXELS_FROM;
    let more = this.#paintDocument(context, visible, level);
    const { compare } = this.#manner;
    if (compare && this.#compared) {
      context.save();
      context.setTransform(devicePixelRatio, 0, 0, devicePixelRatio, 0, 0);
      context.beginPath();
      context.rect(0, 0, compare.x, this.#canvas.height);
      context.clip();
      context.transform(...this.#matrix);
      this.#paper(context, page);
      more = this.#compared.prepare(visible, level, FLATTEN_MS) || more;
      this.#compared.draw(context);
      context.restore();
    }
    context.restore();
    if (more) this.#redraw();
    // What fades away gives way to what comes once that is there.
    if (this.#fade && (this.#previews ? this.#over : this.#window)?.waits)
      this.#fade.startedAt = performance.now();
    if (this.#fade) {
      const part = (performance.now() - this.#fade.startedAt) / FADE_MS;
      context.save();
      context.setTransform(1, 0, 0, 1, 0, 0);
      context.globalAlpha = Math.max(0, 1 - part);
      context.drawImage(this.#fade.from, 0, 0);
      context.restore();
    }
  }

  /** @returns whether there is more to come, with the next frame. */
  #paintDocument(context: CanvasRenderingContext2D, visible: Rect, level: number): boolean {
    const [preview, over] = [this.#preview, this.#over];
    if (preview && over) {
      const more = over.prepare(visible, level, FLATTEN_MS);
      this.#previews ||= over.whole;
      if (this.#previews) {
        context.save();
        context.imageSmoothingEnabled = true;
        const { width, height } = preview.without;
        context.drawImage(this.#previewed, 0, 0, width, height);
        context.restore();
        over.draw(context);
        return more;
      }
    }
    const more = this.#window.prepare(visible, level, FLATTEN_MS);
    this.#window.draw(context);
    return more || preview !== undefined;
  }

  /** Takes a preview's pixels. */
  #hold({ rgba, widthPx, heightPx }: SmallPicture): void {
    if (this.#previewed.width !== widthPx || this.#previewed.height !== heightPx)
      Object.assign(this.#previewed, { width: widthPx, height: heightPx });
    this.#previewed
      .getContext('2d')
      ?.putImageData(new ImageData(new Uint8ClampedArray(rgba), widthPx, heightPx), 0, 0);
  }

  #paper(context: CanvasRenderingContext2D, { width, height }: PaintDocument): void {
    context.fillStyle = '#ffffff';
    if (this.#manner.paper === 'checker') context.fillStyle = this.#checkPattern(context);
    context.fillRect(0, 0, width, height);
  }

  /** What the stage shows of the document, in its pixels. */
  #visible(): Rect {
    const [a, b, c, d, e, f] = this.#matrix;
    const det = a * d - b * c;
    const xs: number[] = [];
    const ys: number[] = [];
    for (const x of [0, this.#canvas.width])
      for (const y of [0, this.#canvas.height]) {
        xs.push((d * (x - e) - c * (y - f)) / det);
        ys.push((a * (y - f) - b * (x - e)) / det);
      }
    return {
      left: Math.floor(Math.min(...xs)),
      top: Math.floor(Math.min(...ys)),
      right: Math.ceil(Math.max(...xs)),
      bottom: Math.ceil(Math.max(...ys)),
    };
  }

  /** Squares of the same size on the screen at every zoom. */
  #checkPattern(context: CanvasRenderingContext2D): CanvasPattern | string {
    if (!this.#checks) {
      const tile = document.createElement('canvas');
      tile.width = tile.height = 2 * CHECK_PX;
      const paint = tile.getContext('2d');
      if (!paint) return '#ffffff';
      paint.fillStyle = '#ffffff';
      paint.fillRect(0, 0, tile.width, tile.height);
      paint.fillStyle = '#d9d9dc';
      paint.fillRect(0, 0, CHECK_PX, CHECK_PX);
      paint.fillRect(CHECK_PX, CHECK_PX, CHECK_PX, CHECK_PX);
      this.#checks = context.createPattern(tile, 'repeat') ?? undefined;
    }
    const [a, b] = this.#matrix;
    this.#checks?.setTransform(new DOMMatrix().scale(1 / Math.hypot(a, b)));
    return this.#checks ?? '#ffffff';
  }
}
