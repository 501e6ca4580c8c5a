import type { MethodInfo } from '../../electron/contract/table.ts';
import { texts } from '../app/texts.ts';
import { documents, type OpenDocument } from './documents.svelte.ts';
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
}

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
    }),
  );
  run = $state.raw<Run | undefined>(undefined);
  /** The artist's own colours, `#rrggbb`, for methods that take a palette. */
  palette = $state.raw<readonly string[]>([]);
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
      const { regions, gapPx } = this.settings;
      const result = await host.call(
        'colorize.run',
        {
          documentId: document.info.documentId,
          method: method.id,
          ...this.#guidance(method.takes),
          regions,
          gapPx,
          sizePx,
        },
        {
          signal: controller.signal,
          onProgress: (fraction, step) => {
            if (this.run) this.run = { ...this.run, fraction, step };
          },
        },
      );
      await document.take(result.drawing);
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

  /** What the method takes of what there is; weights are for several references. */
  #guidance({ references: taken, palette }: MethodInfo['takes']) {
    const used = taken === 'none' ? [] : references.used;
    return {
      references: used.map(({ info: { referenceId }, weightPercent }) => ({
        referenceId,
        weight: used.length > 1 ? weightPercent / 100 : 1,
      })),
      palette: palette ? [...this.palette] : [],
    };
  }

  cancel(): void {
    if (!this.run || !this.#controller) return;
    this.run = { ...this.run, stopping: true };
    this.#controller.abort();
  }
}

export const colorize = new Colorize();
