import type { Args, MethodInfo, Result } from '../../electron/contract/table.ts';
import { texts } from '../app/texts.ts';
import { marksOf } from '../paint/marks.ts';
import { documents } from './documents.svelte.ts';
import type { OpenDocument } from './open-document.svelte.ts';
import { firstMinute } from './first-minute.svelte.ts';
import { notices } from './notices.svelte.ts';
import { references } from './references.svelte.ts';
import { remember, remembered } from './remembered.ts';
import { host, session } from './session.svelte.ts';

/** Chooses the gap size by the drawing. */
export const GAP_AUTO = -1;
export const GAP_MOST = 64;
/** Four bands of four, which is what a reference's palette has. */
export const PALETTE_MOST = 16;

interface Settings {
  readonly method: string | undefined;
  /** Undefined: the method's own choice. */
  readonly sizePx: number | undefined;
  readonly regions: boolean;
  readonly gapPx: number;
  /** Whether flats take only colours that the references have. */
  readonly snap: boolean;
}

export type ColourWords = Omit<Args<'colorize.run'>, 'documentId' | 'sizePx'>;
export type Confidence = NonNullable<Result<'colorize.run'>['confidence']>;

export interface Run {
  readonly document: OpenDocument;
  readonly fraction: number;
  readonly step: string;
  readonly startedAt: number;
  readonly stopping: boolean;
}

class Colorize {
  settings = $state.raw<Settings>(
    remembered<Settings>('colorize', {
      method: undefined,
      sizePx: undefined,
      regions: true,
      gapPx: GAP_AUTO,
      snap: true,
    }),
  );
  run = $state.raw<Run | undefined>(undefined);
  /** The artist's own colours, `#rrggbb`, for methods that take a palette. */
  palette = $state.raw<readonly string[]>([]);
  /** Told of every colouring that was taken over: what it was asked with, and how sure the model was. */
  onApplied: (document: OpenDocument, words: ColourWords, confidence: Confidence | undefined) => void = () =>
    undefined;
  #controller: AbortController | undefined;

  readonly method = $derived<MethodInfo | undefined>(
    session.info?.methods.find(({ id }) => id === this.settings.method) ?? session.info?.methods[0],
  );
  readonly sizePx = $derived(
    this.method?.sizesPx.find((size) => size === this.settings.sizePx) ?? this.method?.defaultSizePx,
  );
  /** Why Apply can't be pressed, as a sentence; undefined when it can. */
  readonly blocked = $derived.by(() => {
    if (!session.connected) return texts.colorize.noConnection;
    if (!this.method) return texts.colorize.noModel;
    if (!documents.active) return texts.colorize.noDrawing;
    const { takes, title } = this.method;
    const { used, list } = references;
    if (takes.references === 'one' && used.length > 1) return texts.colorize.onlyOne(title);
    if (takes.palette && this.palette.length > 0) return undefined;
    const hinted = marksOf(documents.active.painted).hints.length > 0;
    if (this.method.method === 'inkwash' && hinted) return undefined;
    if (takes.references === 'none') return texts.colorize.noPalette;
    if (list.length === 0) return takes.palette ? texts.colorize.noSource : texts.colorize.noReference;
    if (used.length === 0) return texts.colorize.noneUsed;
    if (used.length > 1 && used.every(({ weightPercent }) => weightPercent === 0))
      return texts.colorize.noWeight;
    return undefined;
  });

  set(change: Partial<Settings>): void {
    this.settings = { ...this.settings, ...change };
    remember('colorize', this.settings);
  }

  /** Colours the drawing in front. One run at a time. */
  async apply(): Promise<void> {
    const document = documents.active;
    const { method, sizePx } = this;
    if (this.blocked || this.run || !document || !method || !sizePx) return;
    const controller = new AbortController();
    this.#controller = controller;
    const run: Run = {
      document,
      fraction: 0,
      step: texts.colorize.starting,
      startedAt: performance.now(),
      stopping: false,
    };
    this.run = run;
    try {
      await document.flush();
      const words = this.words(document, method);
      const result = await host.call(
        'colorize.run',
        { documentId: document.info.documentId, ...words, sizePx },
        {
          signal: controller.signal,
          onProgress: (fraction, step) => {
            if (this.run) this.run = { ...this.run, fraction, step };
          },
        },
      );
      await document.take(result.drawing);
      this.onApplied(document, words, result.confidence);
      firstMinute.coloured(document);
    } catch (thrown) {
      notices.failure(thrown, {
        key: 'run',
        action: { label: texts.notices.retry, run: () => void this.apply() },
      });
    } finally {
      this.run = undefined;
      this.#controller = undefined;
    }
  }

  /** What a method is to colour a document from, as much of it as the method takes; weights are for several references. */
  words(document: OpenDocument, { id, takes }: MethodInfo): ColourWords {
    const used = takes.references === 'none' ? [] : references.used;
    const { hints, pins } = marksOf(document.painted);
    const { regions, gapPx, snap = true } = this.settings;
    return {
      method: id,
      references: used.map(({ info: { referenceId }, weightPercent }) => ({
        referenceId,
        weight: used.length > 1 ? weightPercent / 100 : 1,
      })),
      palette: takes.palette ? [...this.palette] : [],
      hints: hints.map(({ points, colour }) => ({
        points: points.map(([x, y]): [number, number] => [x, y]),
        colour,
      })),
      // A pin to a reference that is not in use has nothing to say.
      pins: pins.flatMap(({ x, y, reference, u, v }) => {
        const found = used.find(({ key }) => key === reference);
        return found ? [{ x, y, u, v, referenceId: found.info.referenceId }] : [];
      }),
      regions,
      gapPx,
      snap,
    };
  }

  cancel(): void {
    if (!this.run || !this.#controller) return;
    this.run = { ...this.run, stopping: true };
    this.#controller.abort();
  }
}

export const colorize = new Colorize();
