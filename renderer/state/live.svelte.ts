import { walk, type PaintDocument } from '../paint/document.ts';
import { previewTiles } from '../paint/preview-layer.ts';
import { LinesKeeper, lineLayers } from '../paint/small-lines.ts';
import type { Tiles } from '../paint/tiles.ts';
import { texts } from '../app/texts.ts';
import { colorize, type ColourWords, type Confidence } from './colorize.svelte.ts';
import { documents } from './documents.svelte.ts';
import type { OpenDocument } from './open-document.svelte.ts';
import { firstMinute } from './first-minute.svelte.ts';
import { HostError } from './host-client.ts';
import { notices } from './notices.svelte.ts';
import { remember, remembered } from './remembered.ts';
import { host } from './session.svelte.ts';

/** Changes that follow each other this quickly are previewed once: the end of a stroke is on the screen first. */
const REST_MS = 16;

interface Shown {
  readonly document: OpenDocument;
  /** What it was made from (`keyOf`). */
  readonly key: string;
  readonly tiles: Tiles;
}

interface Report {
  readonly sizePx: number;
  readonly ms: number;
  readonly provider: 'cpu' | 'webgpu' | 'cuda' | 'dml' | 'coreml';
}

/**
 * The live preview: after every change to lines, references or marks a small colouring is asked for and shown under the
 * lines. The small lines go with the question, so that it waits for nothing else. One at a time; of those that wait only
 * the newest is asked. The pen never waits for it, and what it shows is in no layer.
 */
class Live {
  on = $state<boolean>(remembered('live', true));
  shown = $state.raw<Shown | undefined>(undefined);
  /** The model size under way. */
  running = $state.raw<number | undefined>(undefined);
  report = $state.raw<Report | undefined>(undefined);
  hatch = $state<boolean>(remembered('unsure', false));
  #sure = $state.raw<{ document: OpenDocument; map: Confidence } | undefined>(undefined);
  #waiting: { document: OpenDocument; key: string } | undefined;
  #asking = false;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #controller: AbortController | undefined;
  /** What a drawing's layers already show: nothing is previewed until it changes. */
  readonly #settled = new WeakMap<OpenDocument, string>();
  readonly #lines = new WeakMap<OpenDocument, LinesKeeper>();
  #active: OpenDocument | undefined;

  constructor() {
    colorize.onApplied = (document, words, confidence) => {
      this.#settled.set(document, keyFrom(words, document.painted));
      if (confidence) this.#sure = { document, map: confidence };
      this.#stop();
    };
  }

  /** How sure the model was of a document, if it said so. */
  confidenceOf(document: OpenDocument): Confidence | undefined {
    return this.#sure?.document === document ? this.#sure.map : undefined;
  }

  /** Looks at everything a preview depends on; to be called in an effect. */
  follow(): void {
    const document = documents.active;
    const { method } = colorize;
    const wanted = this.on || (this.hatch && document && !this.confidenceOf(document));
    const isQuiet = !wanted || colorize.blocked !== undefined || firstMinute.inviteApply;
    if (!document || !method || isQuiet) {
      this.#active = undefined;
      this.#stop();
      return;
    }
    if (colorize.run) {
      this.#controller?.abort();
      this.#waiting = undefined;
      return;
    }
    const { painted } = document;
    if (document.underWay) return;
    const key = keyFrom(colorize.words(document, method), painted);
    if (this.#active !== document) {
      this.#active = document;
      // A drawing that comes to the front coloured shows its own colours.
      if (document.coloured) this.#settled.set(document, key);
    }
    const needsHatch = this.hatch && !this.confidenceOf(document);
    if (this.#settled.get(document) === key && document.coloured && !needsHatch) this.#stop();
    else if (this.shown?.document !== document || this.shown.key !== key || needsHatch)
      this.#want(document, key);
    else this.#waiting = undefined;
  }

  set(on: boolean): void {
    this.on = on;
    remember('live', on);
  }

  setHatch(hatch: boolean): void {
    this.hatch = hatch;
    remember('unsure', hatch);
  }

  #stop(): void {
    clearTimeout(this.#timer);
    this.#waiting = undefined;
    this.#controller?.abort();
    if (this.shown) this.shown = undefined;
  }

  #want(document: OpenDocument, key: string): void {
    this.#waiting = { document, key };
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => void this.#ask(), REST_MS);
  }

  async #ask(): Promise<void> {
    if (this.#asking) return;
    this.#asking = true;
    try {
      for (let next = this.#waiting; next; next = this.#waiting) {
        this.#waiting = undefined;
        await this.#askFor(next.document, next.key);
      }
    } finally {
      this.#asking = false;
      this.running = undefined;
    }
  }

  async #askFor(document: OpenDocument, key: string): Promise<void> {
    const { method } = colorize;
    if (!method || !documents.list.includes(document)) return;
    const controller = new AbortController();
    this.#controller = controller;
    const sizePx = Math.min(...method.sizesPx);
    this.running = sizePx;
    try {
      const { documentId } = document.info;
      const started = performance.now();
      let keeper = this.#lines.get(document);
      if (!keeper) this.#lines.set(document, (keeper = new LinesKeeper()));
      const words = colorize.words(document, method);
      const lines = await keeper.linesOf(document.painted);
      const result = await host.call(
        'colorize.preview',
        { documentId, ...words, sizePx, lines },
        { signal: controller.signal },
      );
      this.report = { sizePx, ms: Math.round(performance.now() - started), provider: result.provider };
      notices.dismissKey('live');
      if (controller.signal.aborted) return;
      if (result.confidence) this.#sure = { document, map: result.confidence };
      const isSettled = this.#settled.get(document) === key && document.coloured;
      if (this.on && !isSettled)
        this.shown = { document, key, tiles: previewTiles(result, document.painted) };
    } catch (thrown) {
      if (thrown instanceof HostError && thrown.kind === 'cancelled') return;
      notices.failure(thrown, {
        key: 'live',
        action: { label: texts.notices.retry, run: () => this.#want(document, key) },
      });
    }
  }
}

const numbers = new WeakMap<object, number>();
let lastNumber = 0;

/** The same number for the same thing. */
function numberOf(thing: object): number {
  let number = numbers.get(thing);
  if (number === undefined) numbers.set(thing, (number = ++lastNumber));
  return number;
}

/** Changes whenever the words or the lines do. */
function keyFrom(words: ColourWords, document: PaintDocument): string {
  const { width, height } = document;
  const looks = [...walk(lineLayers(document))].map((layer) =>
    [
      layer.id,
      layer.kind === 'raster' ? numberOf(layer.tiles) : '',
      [layer.visible, layer.opacity, layer.blend].join(),
    ].join(':'),
  );
  return JSON.stringify([words, width, height, looks]);
}

export const live = new Live();
