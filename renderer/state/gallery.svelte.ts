import { SvelteMap, SvelteSet } from 'svelte/reactivity';
import type {
  GalleryPicture,
  GallerySort,
  GalleryState as HostGallery,
} from '../../electron/contract/gallery.ts';
import { HostError } from './host-client.ts';
import { notices } from './notices.svelte.ts';
import { remember, remembered } from './remembered.ts';
import { host } from './session.svelte.ts';

export interface GalleryFilter {
  readonly text: string;
  readonly tags: readonly string[];
  readonly favourites: boolean;
  readonly missing: boolean;
  readonly colour: string | undefined;
}

interface Order {
  readonly sort: GallerySort;
  readonly reversed: boolean;
}

const NO_FILTER: GalleryFilter = {
  text: '',
  tags: [],
  favourites: false,
  missing: false,
  colour: undefined,
};
/** What one call asks for at most. */
const DETAILS_A_CALL = 200;
const THUMBNAILS_A_CALL = 24;
/** Thumbnails kept as object URLs; those seen longest ago make room. */
const MOST_THUMBNAILS = 600;
const NARROWEST_PX = 320;
const WIDEST_PX = 960;
const USUAL_PX = 440;

/** The gallery as this window sees it: what it looks for, what was found, and of it what is on screen. */
class Gallery {
  shown = $state(remembered('gallery.shown', false));
  widthPx = $state(remembered('gallery.width', USUAL_PX));
  /** Undefined until the host has answered. */
  state = $state.raw<HostGallery | undefined>(undefined);
  filter = $state.raw<GalleryFilter>(NO_FILTER);
  order = $state.raw<Order>(remembered<Order>('gallery.order', { sort: 'added', reversed: false }));
  /** What was found, in order. */
  ids = $state.raw<readonly number[]>([]);
  /** Instead of what was found: groups of pictures that look the same. */
  lookalikes = $state.raw<readonly (readonly number[])[] | undefined>(undefined);
  readonly pictures = new SvelteMap<number, GalleryPicture>();
  readonly thumbnails = new SvelteMap<number, string>();
  /** Sentences of the host that the artist has put away. */
  readonly seenNotes = new SvelteSet<string>();
  /** A search is under way. */
  searching = $state(false);
  readonly filtering = $derived(
    this.filter.text.trim() !== '' ||
      this.filter.tags.length > 0 ||
      this.filter.favourites ||
      this.filter.missing ||
      this.filter.colour !== undefined,
  );
  readonly #asked = new Set<number>();
  readonly #wanted = new Set<number>();
  #fetching = false;
  #justOpened = false;
  #returnTo: HTMLElement | undefined;
  #watching: AbortController | undefined;
  #search = 0;

  /** The focus goes along, and back to where it was. */
  show(shown: boolean): void {
    if (this.shown === shown) return;
    const { activeElement } = document;
    if (shown && activeElement instanceof HTMLElement) this.#returnTo = activeElement;
    this.#justOpened = shown;
    this.shown = shown;
    remember('gallery.shown', shown);
    if (!shown) this.#returnTo?.focus();
  }

  /** Attach to the panel. One that was open when the program started leaves the focus alone. */
  readonly focusWhenOpened = (panel: HTMLElement): void => {
    if (this.#justOpened) panel.focus();
    this.#justOpened = false;
  };

  resize(widthPx: number): void {
    this.widthPx = Math.round(Math.min(WIDEST_PX, Math.max(NARROWEST_PX, widthPx)));
    remember('gallery.width', this.widthPx);
  }

  find(change: Partial<GalleryFilter>): void {
    this.filter = { ...this.filter, ...change };
    this.lookalikes = undefined;
    void this.refresh();
  }

  findAll(): void {
    this.find(NO_FILTER);
  }

  toggleTag(name: string): void {
    const { tags } = this.filter;
    this.find({ tags: tags.includes(name) ? tags.filter((other) => other !== name) : [...tags, name] });
  }

  setOrder(change: Partial<Order>): void {
    this.order = { ...this.order, ...change };
    remember('gallery.order', this.order);
    void this.refresh();
  }

  /** Looks again and stays up to date until stopped; for as long as the gallery is on screen. @returns how to stop. */
  follow(): () => void {
    const watching = new AbortController();
    this.#watching?.abort();
    this.#watching = watching;
    void this.#follow(watching.signal);
    return () => watching.abort();
  }

  async #follow(signal: AbortSignal): Promise<void> {
    try {
      while (!signal.aborted) {
        await this.refresh();
        const revision = this.state?.revision;
        if (revision === undefined) return;
        await host.call('gallery.watch', { revision }, { signal });
      }
    } catch (thrown) {
      notices.failure(thrown);
    }
  }

  /** Asks again for what is on screen. */
  async refresh(): Promise<void> {
    const search = ++this.#search;
    this.searching = true;
    try {
      const { text, colour, ...filter } = this.filter;
      const typedColour = /^\s*(#[0-9a-f]{6})\s*$/i.exec(text)?.[1];
      const query = {
        ...filter,
        tags: [...filter.tags],
        text: typedColour ? '' : text,
        ...this.order,
        ...((typedColour ?? colour) && { colour: typedColour ?? colour }),
      };
      const [state, found] = await Promise.all([
        host.call('gallery.state', {}),
        host.call('gallery.search', query),
      ]);
      if (search !== this.#search) return;
      this.state = state;
      this.ids = found.ids;
      await this.#readAgain();
    } catch (thrown) {
      if (search === this.#search) notices.failure(thrown, { key: 'gallery' });
    } finally {
      if (search === this.#search) this.searching = false;
    }
  }

  /** What is known already may have changed; what was not asked for yet can wait until it is on screen. */
  async #readAgain(): Promise<void> {
    const known = [...this.pictures.keys()];
    for (let at = 0; at < known.length; at += DETAILS_A_CALL) {
      const ids = known.slice(at, at + DETAILS_A_CALL);
      const { pictures } = await host.call('gallery.pictures', { ids });
      for (const id of ids) if (!pictures.some(({ pictureId }) => pictureId === id)) this.pictures.delete(id);
      for (const picture of pictures) this.pictures.set(picture.pictureId, picture);
    }
  }

  /** Makes sure that these are known and have thumbnails; they come as they come. */
  need(ids: readonly number[]): void {
    this.#wanted.clear();
    for (const id of ids) if (!this.pictures.has(id) || !this.thumbnails.has(id)) this.#wanted.add(id);
    if (!this.#fetching) void this.#fetch();
  }

  /** A few at a time, always of what is wanted now: scrolling on drops what has gone by. */
  async #fetch(): Promise<void> {
    this.#fetching = true;
    try {
      for (;;) {
        const ids = [...this.#wanted].filter((id) => !this.#asked.has(id)).slice(0, THUMBNAILS_A_CALL);
        if (ids.length === 0) return;
        for (const id of ids) this.#asked.add(id);
        try {
          const unknown = ids.filter((id) => !this.pictures.has(id));
          if (unknown.length > 0) {
            const { pictures } = await host.call('gallery.pictures', { ids: unknown });
            for (const picture of pictures) this.pictures.set(picture.pictureId, picture);
          }
          const { thumbnails } = await host.call('gallery.thumbnails', { ids });
          for (const { pictureId, webp } of thumbnails) this.#keepThumbnail(pictureId, webp);
        } finally {
          for (const id of ids) {
            this.#asked.delete(id);
            this.#wanted.delete(id);
          }
        }
      }
    } catch (thrown) {
      if (!(thrown instanceof HostError && thrown.kind === 'connection'))
        notices.failure(thrown, { key: 'gallery' });
    } finally {
      this.#fetching = false;
    }
  }

  #keepThumbnail(id: number, webp: Uint8Array): void {
    const old = this.thumbnails.get(id);
    if (old) URL.revokeObjectURL(old);
    this.thumbnails.delete(id);
    this.thumbnails.set(id, URL.createObjectURL(new Blob([new Uint8Array(webp)], { type: 'image/webp' })));
    for (const [oldest, url] of this.thumbnails) {
      if (this.thumbnails.size <= MOST_THUMBNAILS) break;
      URL.revokeObjectURL(url);
      this.thumbnails.delete(oldest);
    }
  }

  async findLookalikes(): Promise<void> {
    this.show(true);
    try {
      const { groups } = await host.call('gallery.lookalikes', {});
      this.lookalikes = groups;
    } catch (thrown) {
      notices.failure(thrown);
    }
  }
}

export const gallery = new Gallery();
