import { walk, type PaintDocument } from '../paint/document.ts';
import { madePicture } from '../paint/made-picture.ts';
import { carriedOn, previewTiles, type SmallPicture } from '../paint/preview-layer.ts';
import { FOR_DRAFTS, FOR_WHOLE, LinesKeeper, lineLayers } from '../paint/small-lines.ts';
import type { Rect, Tiles } from '../paint/tiles.ts';
import { texts } from '../app/texts.ts';
import { colorize, type ColourWords, type Confidence } from './colorize.svelte.ts';
import { documents } from './documents.svelte.ts';
import type { OpenDocument } from './open-document.svelte.ts';
import { firstMinute } from './first-minute.svelte.ts';
import { HostError } from './host-client.ts';
import { noteLiveTiming } from './live-timing.ts';
import { notices } from './notices.svelte.ts';
import { OneAhead } from './one-ahead.ts';
import { remember, remembered } from './remembered.ts';
import { host } from './session.svelte.ts';

/** A change waits for the rest of what happens with it, and so does the first draft of a stroke. */
const SETTLE_MS = 0;
/** The pen has rested when nothing changed for so long after a draft: then the whole preview follows. */
const REST_MS = 200;

/** While a stroke is under way, drafts leave the pen so many times what they take, and at least so long. */
const PEN_SHARE = 2;
const PEN_MS = 400;

/** Where changes follow each other so quickly that this many in a row were aborted, the next is let come to its end. */
const MOST_ABORTED = 3;

/** What the stage shows under the lines. */
export interface Shown {
  readonly document: OpenDocument;
  /** What it was made from (`keyOf`); undefined in the middle of a stroke. */
  readonly key: string | undefined;
  readonly picture: SmallPicture;
  readonly tiles: Tiles;
}

interface Wanted {
  readonly document: OpenDocument;
  readonly key: string | undefined;
  /** What it was made from but for lines and marks. */
  readonly look: string;
  /** The model's colour only, or a preview with regions. */
  readonly as: 'draft' | 'whole';
}

/** A whole picture and the draft of the same lines and marks: what later drafts are laid on. */
interface Base {
  readonly key: string;
  readonly look: string;
  readonly draft: SmallPicture;
  readonly whole: SmallPicture;
}

interface Report {
  readonly sizePx: number;
  readonly ms: number;
  readonly provider: 'cpu' | 'webgpu' | 'cuda' | 'dml' | 'coreml';
}

/**
 * The live preview, in two steps. A draft follows every change to lines, references or marks, and the pen while it
 * draws: the model's colour of lines made small, which changes the last whole preview where it differs from the draft
 * before. When the pen rests the whole preview follows, with regions. One is under way at a time, and one waits; a
 * change aborts what it makes obsolete. The pen never waits for any of it, and what it shows is in no layer.
 */
class Live {
  on = $state<boolean>(remembered('live', true));
  shown = $state.raw<Shown | undefined>(undefined);
  /** Counts pictures that change much at once, so that the stage can let them fade in. */
  arrivals = $state(0);
  /** The model size under way. */
  running = $state.raw<number | undefined>(undefined);
  report = $state.raw<Report | undefined>(undefined);
  hatch = $state<boolean>(remembered('unsure', false));
  #sure = $state.raw<{ document: OpenDocument; map: Confidence } | undefined>(undefined);
  readonly #asked = new OneAhead<Wanted>(
    (wanted, signal) => this.#askFor(wanted, signal),
    () => {
      this.running = this.#sizePxUnderWay();
      if (this.#touched && this.#active) this.#followStroke(this.#active);
    },
  );
  /** What was asked for last: it is not asked for again. */
  #wanted: { document: OpenDocument; key: string } | undefined;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #restTimer: ReturnType<typeof setTimeout> | undefined;
  #abortedInRow = 0;
  /** The stroke under way went on since its last draft was asked for. */
  #touched = false;
  /** The document as it stands under a stroke. */
  #stroke: PaintDocument | undefined;
  /** When the last draft of the stroke came, or it began, and how long that took. */
  #lastDraft = { at: 0, tookMs: 0 };
  /** The last draft of finished lines. */
  #drafted: { document: OpenDocument; key: string; draft: SmallPicture } | undefined;
  /** What a drawing's layers already show: nothing is previewed until it changes. */
  readonly #settled = new WeakMap<OpenDocument, string>();
  readonly #lines = new WeakMap<OpenDocument, { draft: LinesKeeper; whole: LinesKeeper }>();
  readonly #bases = new WeakMap<OpenDocument, Base>();
  #active: OpenDocument | undefined;

  constructor() {
    colorize.onApplied = (document, words, confidence) => {
      this.#settled.set(document, keyFrom(words, document.painted));
      this.#bases.delete(document);
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
      this.#forget();
      return;
    }
    const { painted } = document;
    if (document.underWay) return;
    this.#stroke = undefined;
    const words = colorize.words(document, method);
    const key = keyFrom(words, painted);
    if (this.#active !== document) {
      this.#active = document;
      // A drawing that comes to the front coloured shows its own colours.
      if (document.coloured) this.#settled.set(document, key);
    }
    const needsHatch = this.hatch && !this.confidenceOf(document);
    const look = lookOf(words);
    const isSettled = this.#isSettled(document, key);
    if (isSettled) {
      if (this.shown) this.shown = undefined;
      if (!needsHatch && (!this.on || this.#bases.get(document)?.key === key)) {
        this.#forget();
        return;
      }
      // Its own colours are shown, and a draft is asked for as what the next ones are compared with.
    }
    if (this.#wanted?.document === document && this.#wanted.key === key) return;
    // Only a whole preview says how sure the model is.
    this.#want(document, key, look, !this.on || (isSettled && needsHatch) ? 'whole' : 'draft');
  }

  /** Pixels of a document changed in place: a stroke is under way. */
  touch(document: OpenDocument, rect: Rect): void {
    const keepers = this.#lines.get(document);
    keepers?.draft.touch(rect);
    keepers?.whole.touch(rect);
    const { method } = colorize;
    const isQuiet = !this.on || this.#active !== document || colorize.run !== undefined;
    const isLine = [...walk(lineLayers(document.painted))].some(({ id }) => id === document.selectedLayerId);
    if (isQuiet || !method || !isLine || !document.underWay) return;
    clearTimeout(this.#restTimer);
    // Its regions take longer than the pen should wait for a draft.
    if (this.#asked.underWay?.as === 'whole') this.#asked.drop();
    if (this.#stroke !== document.painted) {
      this.#stroke = document.painted;
      this.#lastDraft = { at: performance.now(), tookMs: 0 };
    }
    this.#wanted = undefined;
    this.#touched = true;
    this.#followStroke(document);
  }

  #followStroke(document: OpenDocument): void {
    const { method } = colorize;
    if (!method || this.#timer !== undefined || this.#asked.underWay || !document.underWay) return;
    const { at, tookMs } = this.#lastDraft;
    const wait = Math.max(SETTLE_MS, at + Math.max(PEN_MS, PEN_SHARE * tookMs) - performance.now());
    const look = lookOf(colorize.words(document, method));
    this.#schedule(wait, { document, key: undefined, look, as: 'draft' });
  }

  set(on: boolean): void {
    this.on = on;
    this.#wanted = undefined;
    remember('live', on);
  }

  setHatch(hatch: boolean): void {
    this.hatch = hatch;
    this.#wanted = undefined;
    remember('unsure', hatch);
  }

  #forget(): void {
    clearTimeout(this.#timer);
    clearTimeout(this.#restTimer);
    this.#timer = undefined;
    this.#wanted = undefined;
    this.#asked.drop();
  }

  #stop(): void {
    this.#forget();
    if (this.shown) this.shown = undefined;
  }

  #want(document: OpenDocument, key: string, look: string, as: Wanted['as']): void {
    this.#wanted = { document, key };
    clearTimeout(this.#restTimer);
    this.#supersede(document, look);
    this.#schedule(SETTLE_MS, { document, key, look, as });
  }

  /** A change to lines or marks makes what is under way useless; a slider's drag would leave nothing to see if it did. */
  #supersede(document: OpenDocument, look: string): void {
    const { underWay } = this.#asked;
    if (underWay?.as === 'draft' && underWay.document === document) {
      if (underWay.look !== look || this.#abortedInRow >= MOST_ABORTED) return;
      this.#abortedInRow++;
    }
    this.#asked.drop();
  }

  #schedule(afterMs: number, wanted: Wanted): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => {
      this.#timer = undefined;
      // A stroke that has ended meanwhile is asked for with its end.
      if (wanted.key !== undefined || wanted.document.underWay) this.#asked.want(wanted);
    }, afterMs);
  }

  #sizePxUnderWay(): number | undefined {
    const { underWay } = this.#asked;
    // Drafts come and go while one draws: the last one's time stays where it stands.
    if (!underWay || (underWay.as === 'draft' && this.report)) return undefined;
    return colorize.method && Math.min(...colorize.method.sizesPx);
  }

  async #askFor(wanted: Wanted, signal: AbortSignal): Promise<void> {
    const { document, key, look, as } = wanted;
    const { method } = colorize;
    if (!method || !documents.list.includes(document)) return;
    const sizePx = Math.min(...method.sizesPx);
    try {
      const { documentId } = document.info;
      const started = performance.now();
      const words = colorize.words(document, method);
      if (key === undefined) this.#touched = false;
      const lines = await this.#keepersOf(document)[as].linesOf(document.painted);
      const asked = performance.now();
      const result = await host.call(
        'colorize.preview',
        { documentId, ...words, sizePx, lines, draft: as === 'draft' },
        { signal },
      );
      const came = performance.now();
      if (as === 'draft' || !this.on)
        this.report = { sizePx, ms: Math.round(came - started), provider: result.provider };
      notices.dismissKey('live');
      if (signal.aborted) return;
      if (as === 'draft') this.#takeDraft(wanted, result);
      else if (key !== undefined) this.#takeWhole(document, key, look, result);
      if (result.confidence) this.#sure = { document, map: result.confidence };
      noteLiveTiming(as, { started, asked, came, taken: performance.now() }, result);
      if (key === undefined) this.#lastDraft = { at: performance.now(), tookMs: came - started };
    } catch (thrown) {
      if (signal.aborted || (thrown instanceof HostError && thrown.kind === 'cancelled')) return;
      notices.failure(thrown, {
        key: 'live',
        action: { label: texts.notices.retry, run: () => key && this.#want(document, key, look, as) },
      });
    }
  }

  #takeDraft({ document, key, look }: Wanted, draft: SmallPicture): void {
    this.#abortedInRow = 0;
    if (key !== undefined && this.#isSettled(document, key)) {
      void this.#compareWithMade(document, key, look, draft);
      return;
    }
    const base = this.#bases.get(document);
    const isOfThese = base?.look === look;
    this.#show(document, key, isOfThese ? carriedOn(base.whole, base.draft, draft) : draft, !isOfThese);
    if (key === undefined) return;
    this.#drafted = { document, key, draft };
    clearTimeout(this.#restTimer);
    this.#restTimer = setTimeout(() => {
      if (this.#wanted?.document === document && this.#wanted.key === key)
        this.#asked.want({ document, key, look, as: 'whole' });
    }, REST_MS);
  }

  /** What the layers show takes the place of a whole preview. */
  async #compareWithMade(
    document: OpenDocument,
    key: string,
    look: string,
    draft: SmallPicture,
  ): Promise<void> {
    const whole = await madePicture(document.painted);
    if (whole && this.#isSettled(document, key)) this.#bases.set(document, { look, key, draft, whole });
  }

  #takeWhole(document: OpenDocument, key: string, look: string, whole: SmallPicture): void {
    const drafted = this.#drafted;
    if (drafted?.document === document && drafted.key === key)
      this.#bases.set(document, { look, key, draft: drafted.draft, whole });
    this.#show(document, key, whole, true);
  }

  /** Whether a document's own layers show what this key stands for. */
  #isSettled(document: OpenDocument, key: string | undefined): boolean {
    return document.coloured && this.#settled.get(document) === key;
  }

  #show(document: OpenDocument, key: string | undefined, picture: SmallPicture, isNew: boolean): void {
    if (!this.on || this.#isSettled(document, key)) return;
    if (isNew) this.arrivals++;
    this.shown = { document, key, picture, tiles: previewTiles(picture, document.painted) };
  }

  #keepersOf(document: OpenDocument): { draft: LinesKeeper; whole: LinesKeeper } {
    let keepers = this.#lines.get(document);
    if (!keepers) {
      keepers = { draft: new LinesKeeper(FOR_DRAFTS), whole: new LinesKeeper(FOR_WHOLE) };
      this.#lines.set(document, keepers);
    }
    return keepers;
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

/** Changes with everything a preview is made from but lines and marks. */
function lookOf({ hints: _hints, pins: _pins, ...rest }: ColourWords): string {
  return JSON.stringify(rest);
}

export const live = new Live();
