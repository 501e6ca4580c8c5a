/* eslint svelte/prefer-svelte-reactivity: off -- only `version` is watched; the maps change many times a frame. */
import type { DrawingInfo, LayerInfo } from '../../electron/contract/table.ts';
import { host } from '../state/session.svelte.ts';
import { notices } from '../state/notices.svelte.ts';

/** Pixels and where they lie, in the document's pixels. */
export interface Placed {
  readonly image: HTMLCanvasElement;
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

interface Fade {
  readonly from: Placed | undefined;
  readonly startedAt: number;
}

interface Surface {
  revision: number;
  levelPx: number;
  placed: Placed;
  fade: Fade | undefined;
}

const FADE_MS = 120;
const SMALLEST_LEVEL = 512;
const LARGEST_LEVEL = 4096;
/** Levels up to this are kept beside the one shown, so that zooming out again costs nothing. */
const KEPT_LEVEL = 1024;

/** The power of two, as the document's longer side, that has a pixel for every screen pixel. */
export function levelFor(longerSidePx: number, screenPxPerPixel: number): number {
  const needed = Math.min(longerSidePx, longerSidePx * screenPxPerPixel);
  let level = SMALLEST_LEVEL;
  while (level < needed && level < LARGEST_LEVEL) level *= 2;
  return level;
}

/** The layers' pixels of one document, fetched at the size the screen needs and again only when they change. */
export class Surfaces {
  /** Counts up whenever some layer's picture changed. */
  version = $state(0);
  readonly #documentId: string;
  readonly #size: { readonly width: number; readonly height: number };
  readonly #shown = new Map<string, Surface>();
  readonly #kept = new Map<string, Placed>();
  #wanted: readonly LayerInfo[] = [];
  #levelPx = SMALLEST_LEVEL;
  #loading = false;
  #animating = false;
  #closed = new AbortController();
  readonly #failed = new Set<string>();

  constructor(info: DrawingInfo) {
    this.#documentId = info.documentId;
    this.#size = { width: info.widthPx, height: info.heightPx };
  }

  /** Says what should be on screen; pixels follow. What failed before is tried once more. */
  want(layers: readonly LayerInfo[], levelPx: number): void {
    this.#failed.clear();
    this.#wanted = layers.filter(({ kind }) => kind === 'raster');
    this.#levelPx = levelPx;
    const ids = new Set(this.#wanted.map(({ id }) => id));
    for (const id of this.#shown.keys()) if (!ids.has(id)) this.#shown.delete(id);
    void this.#load();
  }

  /** What to draw for a layer now, in the middle of its fade if it has just come. */
  placed(layerId: string): Placed | undefined {
    const surface = this.#shown.get(layerId);
    if (!surface?.fade) return surface?.placed;
    const part = (performance.now() - surface.fade.startedAt) / FADE_MS;
    return part < 1 ? this.#mixed(surface.fade.from, surface.placed, part) : surface.placed;
  }

  /** The picture itself, without fades: for thumbnails. */
  settled(layerId: string): Placed | undefined {
    return this.#shown.get(layerId)?.placed;
  }

  close(): void {
    this.#closed.abort();
  }

  /** One layer at a time, what is visible first: the host has better things to do than to scale pictures. */
  async #load(): Promise<void> {
    if (this.#loading) return;
    this.#loading = true;
    try {
      for (let layer = this.#next(); layer; layer = this.#next()) await this.#fetch(layer, this.#levelPx);
    } finally {
      this.#loading = false;
    }
  }

  #next(): LayerInfo | undefined {
    const stale = this.#wanted.filter((layer) => {
      const surface = this.#shown.get(layer.id);
      const key = this.#key(layer, this.#levelPx);
      if (this.#failed.has(key) || this.#closed.signal.aborted) return false;
      return surface?.revision !== layer.revision || surface.levelPx !== this.#levelPx;
    });
    return stale.find(({ visible }) => visible) ?? stale[0];
  }

  async #fetch(layer: LayerInfo, levelPx: number): Promise<void> {
    const key = this.#key(layer, levelPx);
    const kept = this.#kept.get(key);
    if (kept) {
      this.#show(layer, levelPx, kept);
      return;
    }
    try {
      const pixels = await host.call(
        'layer.pixels',
        { documentId: this.#documentId, layerId: layer.id, maxSidePx: levelPx },
        { signal: this.#closed.signal },
      );
      const placed = this.#place(pixels, levelPx);
      if (levelPx <= KEPT_LEVEL) {
        for (const old of this.#kept.keys())
          if (old.startsWith(`${layer.id}@`) && !old.startsWith(`${layer.id}@${layer.revision}:`))
            this.#kept.delete(old);
        this.#kept.set(key, placed);
      }
      this.#show(layer, levelPx, placed);
    } catch (thrown) {
      this.#failed.add(key);
      notices.failure(thrown, { key: 'pixels' });
    }
  }

  #key(layer: LayerInfo, levelPx: number): string {
    return `${layer.id}@${layer.revision}:${levelPx}`;
  }

  #show(layer: LayerInfo, levelPx: number, placed: Placed): void {
    const before = this.#shown.get(layer.id);
    const isNew = before?.revision !== layer.revision;
    const fade = isNew ? { from: before?.placed, startedAt: performance.now() } : undefined;
    this.#shown.set(layer.id, { revision: layer.revision, levelPx, placed, fade });
    this.version++;
    if (fade && !this.#animating) this.#animate();
  }

  #animate(): void {
    this.#animating = true;
    requestAnimationFrame(() => {
      const now = performance.now();
      let fading = false;
      for (const surface of this.#shown.values()) {
        if (surface.fade && now - surface.fade.startedAt >= FADE_MS) surface.fade = undefined;
        fading ||= surface.fade !== undefined;
      }
      this.version++;
      if (fading) this.#animate();
      else this.#animating = false;
    });
  }

  #place(
    pixels: { widthPx: number; heightPx: number; xPx: number; yPx: number; rgba: Uint8Array },
    levelPx: number,
  ): Placed {
    const { widthPx, heightPx, xPx, yPx, rgba } = pixels;
    const image = document.createElement('canvas');
    image.width = widthPx;
    image.height = heightPx;
    const bytes = new Uint8ClampedArray(rgba.buffer as ArrayBuffer, rgba.byteOffset, rgba.byteLength);
    image.getContext('2d')?.putImageData(new ImageData(bytes, widthPx, heightPx), 0, 0);
    const { width, height } = this.#size;
    const part = Math.min(1, levelPx / Math.max(width, height));
    const whole =
      xPx === 0 &&
      yPx === 0 &&
      Math.abs(widthPx - width * part) < 2 &&
      Math.abs(heightPx - height * part) < 2;
    // A layer that fills the document must meet its edges exactly, however its scaled size was rounded.
    if (whole) return { image, x: 0, y: 0, width, height };
    return { image, x: xPx / part, y: yPx / part, width: widthPx / part, height: heightPx / part };
  }

  /** `to` over `from`, mixed exactly (premultiplied), so that a fade never darkens or flashes. */
  #mixed(from: Placed | undefined, to: Placed, part: number): Placed {
    const { width, height } = this.#size;
    const mixed = document.createElement('canvas');
    const shrink = to.image.width / to.width;
    mixed.width = Math.max(1, Math.round(width * shrink));
    mixed.height = Math.max(1, Math.round(height * shrink));
    const context = mixed.getContext('2d');
    if (!context) return to;
    context.scale(mixed.width / width, mixed.height / height);
    context.globalCompositeOperation = 'lighter';
    if (from) {
      context.globalAlpha = 1 - part;
      context.drawImage(from.image, from.x, from.y, from.width, from.height);
    }
    context.globalAlpha = part;
    context.drawImage(to.image, to.x, to.y, to.width, to.height);
    return { image: mixed, x: 0, y: 0, width, height };
  }
}
