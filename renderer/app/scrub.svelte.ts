import { untrack } from 'svelte';

/** What a slider is of, read anew each time. */
export interface Scrubbed {
  readonly value: number;
  readonly min: number;
  readonly max: number;
  readonly step: number;
  /** Where Delete and a double-press go back to. */
  readonly reset: number;
  readonly disabled: boolean;
}

/** What all sliders do alike: arrows, wheel, and typing a number over the row. */
export class Scrub {
  /** What is being typed; undefined: nothing. */
  editing = $state<string | undefined>(undefined);
  readonly #of: () => Scrubbed;
  readonly #changed: (value: number) => void;
  readonly #touched: () => void;
  readonly #focus: () => void;

  /** @param touched told of every key and turn of the wheel that is meant. @param focus gives the row the focus back. */
  constructor(
    of: () => Scrubbed,
    changed: (value: number) => void,
    focus: () => void,
    touched: () => void = () => {},
  ) {
    this.#of = of;
    this.#changed = changed;
    this.#touched = touched;
    this.#focus = focus;
  }

  change(wanted: number): void {
    const { value, min, max, disabled } = this.#of();
    const limited = Math.min(max, Math.max(min, Math.round(wanted)));
    if (!disabled && Number.isFinite(limited) && limited !== value) this.#changed(limited);
  }

  readonly back = (): void => this.change(this.#of().reset);

  readonly keys = (event: KeyboardEvent): void => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const { value, min, max, step } = this.#of();
    const big = step * 10;
    const moves: Record<string, number> = {
      ArrowLeft: value - step,
      ArrowDown: value - step,
      ArrowRight: value + step,
      ArrowUp: value + step,
      PageDown: value - big,
      PageUp: value + big,
      Home: min,
      End: max,
    };
    const to = moves[event.key];
    if (to !== undefined) this.change(to);
    else if (/^[0-9]$/.test(event.key)) this.editing = event.key;
    else if (event.key === 'Enter' || event.key === 'F2') this.editing = String(value);
    else if (event.key === 'Delete' || event.key === 'Backspace') this.back();
    else return;
    this.#touched();
    event.preventDefault();
    event.stopPropagation();
  };

  readonly editKeys = (event: KeyboardEvent): void => {
    event.stopPropagation();
    if (event.key === 'Enter') this.finish(true);
    else if (event.key === 'Escape') this.finish(false);
  };

  finish(keep: boolean): void {
    if (this.editing === undefined) return;
    const typed = Number.parseFloat(this.editing);
    this.editing = undefined;
    if (keep) this.change(typed);
    this.#focus();
  }

  /** Not passive, so that the dock under the slider does not scroll with it. */
  readonly wheel = (element: HTMLElement): (() => void) => {
    const nudge = (event: WheelEvent): void => {
      const { value, step, disabled } = this.#of();
      if (disabled || event.deltaY === 0) return;
      event.preventDefault();
      this.#touched();
      this.change(value + (event.deltaY < 0 ? step : -step));
    };
    element.addEventListener('wheel', nudge, { passive: false });
    return () => element.removeEventListener('wheel', nudge);
  };

  /** For the field that is typed in. */
  readonly typeHere = (input: HTMLInputElement): void => {
    input.focus();
    // Once: what is typed after the first digit must not be chosen and replaced.
    const begun = untrack(() => this.editing ?? '');
    if (begun.length > 1) input.select();
  };
}
