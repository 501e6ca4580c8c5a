import { texts } from '../app/texts.ts';
import { MAX_BRUSH_PX, PRESETS, type Brush } from '../paint/brush/brush.ts';
import { remember, remembered } from './remembered.ts';
import { studio } from './studio.svelte.ts';

interface Kept {
  readonly own: readonly Brush[];
  /** Settings that differ from a preset's, by its id. */
  readonly changed: Readonly<Record<string, Partial<Brush>>>;
  readonly brushId: string;
  readonly eraserId: string;
}

/** A brush's name as it is shown: those that come with Inkwash in the window's language, the artist's own as she wrote it. */
export const brushTitle = (name: string): string =>
  (texts.brushNames as Readonly<Record<string, string>>)[name] ?? name;

/** The brushes there are: those that come with Inkwash, and the artist's own. Every change stays until it is reset. */
class Brushes {
  #kept = $state.raw<Kept>(
    remembered<Kept>('brushes', { own: [], changed: {}, brushId: 'ink', eraserId: 'eraser' }),
  );
  readonly list = $derived<readonly Brush[]>(
    [...PRESETS, ...this.#kept.own].map((brush) => ({ ...brush, ...this.#kept.changed[brush.id] })),
  );
  readonly brush = $derived(this.#find(this.#kept.brushId, 'ink'));
  readonly eraser = $derived(this.#find(this.#kept.eraserId, 'eraser'));
  /** The one in hand: the eraser's with the eraser, else the brush's. */
  readonly current = $derived(studio.tool === 'eraser' ? this.eraser : this.brush);

  #find(id: string, fallback: string): Brush {
    return (this.list.find((brush) => brush.id === id) ?? this.list.find((brush) => brush.id === fallback))!;
  }

  /** Takes a brush in hand, and the tool it belongs to. */
  choose(id: string): void {
    const brush = this.list.find((other) => other.id === id);
    if (!brush) return;
    const erases = brush.kind === 'erase';
    this.#keep(erases ? { eraserId: id } : { brushId: id });
    studio.tool = erases ? 'eraser' : 'brush';
  }

  change(change: Partial<Brush>): void {
    const { id } = this.current;
    const changed = { ...this.#kept.changed, [id]: { ...this.#kept.changed[id], ...change } };
    this.#keep({ changed });
  }

  isChanged(brush: Brush): boolean {
    return this.#kept.changed[brush.id] !== undefined;
  }

  reset(): void {
    const { [this.current.id]: _gone, ...changed } = this.#kept.changed;
    this.#keep({ changed });
  }

  /** Keeps the brush in hand, as it is set, as an own one. */
  saveOwn(): void {
    const { current } = this;
    const id = `own-${Date.now().toString(36)}`;
    this.#keep({ own: [...this.#kept.own, { ...current, id, name: texts.brush.copyOf(current.name) }] });
    this.reset();
    this.choose(id);
  }

  isOwn(brush: Brush): boolean {
    return this.#kept.own.some(({ id }) => id === brush.id);
  }

  rename(brush: Brush, name: string): void {
    const changed = { ...this.#kept.changed, [brush.id]: { ...this.#kept.changed[brush.id], name } };
    this.#keep({ changed });
  }

  removeOwn(brush: Brush): void {
    this.#keep({ own: this.#kept.own.filter(({ id }) => id !== brush.id) });
  }

  /** The own brushes, as they are set. */
  get own(): readonly Brush[] {
    return this.list.filter((brush) => this.isOwn(brush));
  }

  /** Takes brushes from a file in as own ones. */
  addOwn(brushes: readonly Brush[]): void {
    const stamp = Date.now().toString(36);
    const added = brushes.map((brush, at) => ({ ...brush, id: `own-${stamp}-${at}` }));
    this.#keep({ own: [...this.#kept.own, ...added] });
    const [first] = added;
    if (first) this.choose(first.id);
  }

  /** Every brush that comes with Inkwash as it came; own ones as they were kept. */
  resetAll(): void {
    this.#keep({ changed: {} });
  }

  get anyChanged(): boolean {
    return Object.keys(this.#kept.changed).length > 0;
  }

  /** One step larger or smaller: finer steps for finer tips. */
  resize(direction: 1 | -1): void {
    const { sizePx } = this.current;
    const step = Math.max(1, Math.round(sizePx * 0.12));
    this.change({ sizePx: Math.min(MAX_BRUSH_PX, Math.max(1, Math.round(sizePx + direction * step))) });
  }

  #keep(change: Partial<Kept>): void {
    this.#kept = { ...this.#kept, ...change };
    remember('brushes', this.#kept);
  }
}

export const brushes = new Brushes();
