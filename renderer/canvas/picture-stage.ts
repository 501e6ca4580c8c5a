import { FabricImage, StaticCanvas, type TMat2D } from 'fabric';
import type { LayerInfo } from '../../electron/contract/table.ts';
import { canvasBlend } from './blend.ts';
import { layerTree, placedNode } from './layer-tree.ts';
import type { Placed } from './surfaces.svelte.ts';
import type { Matrix, Size } from './view.ts';

/** From this many screen pixels per picture pixel on, pixels are shown as squares. */
const SHOW_PIXELS_FROM = 2;
const CHECK_PX = 8;

export interface Picture {
  readonly size: Size;
  /** Top first, as the contract lists them. */
  readonly layers: readonly LayerInfo[];
  readonly placed: (layerId: string) => Placed | undefined;
}

/** How the picture is looked at; changing it composes nothing anew. */
export interface Manner {
  readonly paper: 'white' | 'checker';
  /** Left of this stage x only these layers are drawn, plain: the untouched drawing. */
  readonly compare: { readonly x: number; readonly layerIds: readonly string[] } | undefined;
}

/** The fabric canvas: one image object a top-level layer, and paper put under them all. */
export class PictureStage {
  readonly #canvas: StaticCanvas;
  readonly #images = new Map<string, FabricImage>();
  #picture: Picture | undefined;
  #manner: Manner = { paper: 'white', compare: undefined };
  #checks: CanvasPattern | undefined;

  constructor(element: HTMLCanvasElement) {
    this.#canvas = new StaticCanvas(element, { renderOnAddRemove: false, skipOffscreen: false });
    this.#canvas.on('after:render', ({ ctx }) => this.#finish(ctx));
  }

  resize({ width, height }: Size): void {
    this.#canvas.setDimensions({ width, height });
    this.#canvas.requestRenderAll();
  }

  look(matrix: Matrix): void {
    this.#canvas.viewportTransform = [...matrix] satisfies TMat2D;
    for (const image of this.#images.values()) this.#smooth(image);
    this.#canvas.requestRenderAll();
  }

  show(picture: Picture | undefined): void {
    this.#picture = picture;
    const images: FabricImage[] = [];
    const seen = new Set<string>();
    for (const node of picture ? layerTree(picture.layers) : []) {
      const { id, visible, opacity, blend } = node.info;
      const placed = visible && picture ? placedNode(node, picture.size, picture.placed) : undefined;
      if (!placed) continue;
      const image = this.#image(id, placed);
      image.set({ opacity, globalCompositeOperation: canvasBlend(blend) });
      images.push(image);
      seen.add(id);
    }
    for (const id of this.#images.keys()) if (!seen.has(id)) this.#images.delete(id);
    this.#canvas.remove(...this.#canvas.getObjects());
    this.#canvas.add(...images);
    this.#canvas.requestRenderAll();
  }

  present(manner: Manner): void {
    this.#manner = manner;
    this.#canvas.requestRenderAll();
  }

  dispose(): void {
    void this.#canvas.dispose();
  }

  #image(id: string, placed: Placed): FabricImage {
    let image = this.#images.get(id);
    if (!image) {
      image = new FabricImage(placed.image, { objectCaching: false, strokeWidth: 0 });
      this.#images.set(id, image);
    } else if (image.getElement() !== placed.image) {
      image.setElement(placed.image);
    }
    image.set({
      originX: 'center',
      originY: 'center',
      left: placed.x + placed.width / 2,
      top: placed.y + placed.height / 2,
      scaleX: placed.width / placed.image.width,
      scaleY: placed.height / placed.image.height,
    });
    this.#smooth(image);
    return image;
  }

  #smooth(image: FabricImage): void {
    const [a, b] = this.#canvas.viewportTransform;
    image.imageSmoothing = Math.hypot(a, b) * image.scaleX * devicePixelRatio < SHOW_PIXELS_FROM;
  }

  /** Over the drawn layers: the untouched side of a comparison, then the paper under everything. */
  #finish(context: CanvasRenderingContext2D): void {
    const picture = this.#picture;
    if (!picture) return;
    const { width, height } = this.#canvas;
    context.save();
    const { compare, paper } = this.#manner;
    if (compare) {
      context.save();
      context.beginPath();
      context.rect(0, 0, compare.x, height);
      context.clip();
      context.clearRect(0, 0, width, height);
      context.transform(...this.#canvas.viewportTransform);
      for (const layer of [...picture.layers].reverse()) {
        const placed = compare.layerIds.includes(layer.id) ? picture.placed(layer.id) : undefined;
        if (placed) context.drawImage(placed.image, placed.x, placed.y, placed.width, placed.height);
      }
      context.restore();
    }
    context.globalCompositeOperation = 'destination-over';
    context.transform(...this.#canvas.viewportTransform);
    context.fillStyle = '#ffffff';
    if (paper === 'checker') context.fillStyle = this.#checkPattern(context);
    context.fillRect(0, 0, picture.size.width, picture.size.height);
    context.restore();
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
    const [a, b] = this.#canvas.viewportTransform;
    this.#checks?.setTransform(new DOMMatrix().scale(1 / Math.hypot(a, b)));
    return this.#checks ?? '#ffffff';
  }
}
