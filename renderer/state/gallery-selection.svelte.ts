import { gallery } from './gallery.svelte.ts';

/** Which of the pictures that were found are chosen, and at which one the keyboard is. */
class GallerySelection {
  /** Raw, so that one change is one change however many are chosen. */
  chosen = $state.raw<ReadonlySet<number>>(new Set());
  activeId = $state<number | undefined>(undefined);
  /** Where a range begins. */
  #anchorId: number | undefined;
  /** In the order they are shown; those a search left out are not chosen any more. */
  readonly ids = $derived(gallery.ids.filter((id) => this.chosen.has(id)));
  readonly activeAt = $derived(this.activeId === undefined ? -1 : gallery.ids.indexOf(this.activeId));

  /** A press: this one alone, with Ctrl in or out, with Shift all from the last press on. */
  press(id: number, { toggle = false, range = false } = {}): void {
    const from = this.#anchorId === undefined ? -1 : gallery.ids.indexOf(this.#anchorId);
    const to = gallery.ids.indexOf(id);
    if (range && from >= 0 && to >= 0) {
      const span = gallery.ids.slice(Math.min(from, to), Math.max(from, to) + 1);
      this.chosen = new Set(toggle ? [...this.chosen, ...span] : span);
    } else if (toggle) {
      const others = [...this.chosen].filter((other) => other !== id);
      this.chosen = new Set(this.chosen.has(id) ? others : [...others, id]);
      this.#anchorId = id;
    } else {
      this.chosen = new Set([id]);
      this.#anchorId = id;
    }
    this.activeId = id;
  }

  /** By keyboard, to a place among those found. */
  walk(at: number, range: boolean): void {
    const id = gallery.ids[Math.min(gallery.ids.length - 1, Math.max(0, at))];
    if (id !== undefined) this.press(id, { range });
  }

  all(): void {
    this.chosen = new Set(gallery.ids);
  }

  none(): void {
    this.chosen = new Set();
  }
}

export const gallerySelection = new GallerySelection();
