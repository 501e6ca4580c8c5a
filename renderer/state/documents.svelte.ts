import type { Args, DrawingInfo, LayerInfo } from '../../electron/contract/table.ts';
import { Surfaces } from '../canvas/surfaces.svelte.ts';
import type { View } from '../canvas/view.ts';
import { texts } from '../app/texts.ts';
import { notices } from './notices.svelte.ts';
import { host } from './session.svelte.ts';

export type LayerPatch = Omit<Args<'layer.update'>, 'documentId' | 'layerId'>;

/** One open drawing: what the host says of it, and how this window looks at it. */
export class OpenDocument {
  info = $state.raw<DrawingInfo>() as DrawingInfo;
  /** Undefined until the stage has fitted it. */
  view = $state.raw<View | undefined>(undefined);
  selectedLayerId = $state<string | undefined>(undefined);
  /** Whether there is colouring that no exported file has. */
  unsaved = $state(false);
  /** What it was opened from; undefined for the sample. */
  readonly source: File | undefined;
  readonly surfaces: Surfaces;
  /** The layers the drawing came with: what Compare shows. */
  readonly drawnLayerIds: readonly string[];
  readonly coloured = $derived(this.info.layers.some((layer) => !this.drawnLayerIds.includes(layer.id)));
  readonly selectedLayer = $derived(this.info.layers.find((layer) => layer.id === this.selectedLayerId));
  /** What the host last said; `info` is that with the changes still on their way. */
  #confirmed: DrawingInfo;
  // eslint-disable-next-line svelte/prefer-svelte-reactivity -- nobody watches what is on its way
  readonly #waiting = new Map<string, LayerPatch>();
  #sending = false;

  constructor(info: DrawingInfo, source: File | undefined) {
    this.info = info;
    this.#confirmed = info;
    this.source = source;
    this.surfaces = new Surfaces(info);
    this.drawnLayerIds = info.layers.map((layer) => layer.id);
    this.selectedLayerId = info.layers[0]?.id;
  }

  /** Takes what a finished run says. */
  take(info: DrawingInfo): void {
    const first = !this.coloured;
    this.#confirm(info);
    this.unsaved = true;
    if (first) {
      const colour = info.layers.find(
        ({ id, kind, visible }) => kind === 'raster' && visible && !this.drawnLayerIds.includes(id),
      );
      this.selectedLayerId = colour?.id ?? this.selectedLayerId;
    }
  }

  /** Shows the change at once and tells the host; changes made while one is under way go as one. */
  updateLayer(layerId: string, patch: LayerPatch): void {
    this.#waiting.set(layerId, { ...this.#waiting.get(layerId), ...patch });
    this.info = this.#withWaiting(this.info);
    if (this.coloured) this.unsaved = true;
    void this.#send();
  }

  async #send(): Promise<void> {
    if (this.#sending) return;
    this.#sending = true;
    try {
      for (let next = this.#takeWaiting(); next; next = this.#takeWaiting()) {
        const [layerId, patch] = next;
        const { documentId } = this.info;
        this.#confirm(await host.call('layer.update', { documentId, layerId, ...patch }));
      }
    } catch (thrown) {
      this.#waiting.clear();
      this.info = this.#confirmed;
      notices.failure(thrown);
    } finally {
      this.#sending = false;
    }
  }

  #confirm(info: DrawingInfo): void {
    this.#confirmed = info;
    this.info = this.#withWaiting(info);
  }

  #takeWaiting(): [string, LayerPatch] | undefined {
    for (const next of this.#waiting) {
      this.#waiting.delete(next[0]);
      return next;
    }
    return undefined;
  }

  #withWaiting(info: DrawingInfo): DrawingInfo {
    if (this.#waiting.size === 0) return info;
    const layers = info.layers.map((layer) => ({ ...layer, ...defined(this.#waiting.get(layer.id)) }));
    return { ...info, layers };
  }
}

function defined(patch: LayerPatch | undefined): Partial<LayerInfo> {
  const entries = Object.entries(patch ?? {}).filter(([, value]) => value !== undefined);
  return Object.fromEntries(entries) as Partial<LayerInfo>;
}

class Documents {
  list = $state.raw<readonly OpenDocument[]>([]);
  active = $state.raw<OpenDocument | undefined>(undefined);
  /** A drawing being read. */
  opening = $state(false);
  readonly unsaved = $derived(this.list.some((document) => document.unsaved));

  /** Shows a drawing the host has opened. */
  add(info: DrawingInfo, source: File | undefined): OpenDocument {
    const document = new OpenDocument(info, source);
    this.list = [...this.list, document];
    this.active = document;
    for (const note of info.notes) notices.info(texts.notices.about(info.name, note));
    return document;
  }

  async open(file: File): Promise<OpenDocument | undefined> {
    this.opening = true;
    try {
      const bytes = new Uint8Array(await file.arrayBuffer());
      return this.add(await host.call('drawing.open', { name: file.name, bytes }), file);
    } catch (thrown) {
      notices.failure(thrown);
      return undefined;
    } finally {
      this.opening = false;
    }
  }

  /** A drawing opened anew takes its old place and view. */
  replace(old: OpenDocument, info: DrawingInfo): void {
    const fresh = new OpenDocument(info, old.source);
    fresh.view = old.view;
    old.surfaces.close();
    this.list = this.list.map((other) => (other === old ? fresh : other));
    if (this.active === old) this.active = fresh;
  }

  /** Closes; colouring that was not exported is asked about in a notice, not lost. */
  close(document: OpenDocument, evenIfUnsaved = false): void {
    const key = `close-${document.info.documentId}`;
    if (document.unsaved && !evenIfUnsaved) {
      notices.error(texts.notices.closeUnsaved(document.info.name), {
        key,
        action: { label: texts.notices.closeAnyway, run: () => this.close(document, true) },
      });
      return;
    }
    notices.dismissKey(key);
    document.surfaces.close();
    const at = this.list.indexOf(document);
    this.list = this.list.filter((other) => other !== document);
    if (this.active === document) this.active = this.list[Math.min(at, this.list.length - 1)];
    host.call('drawing.close', { documentId: document.info.documentId }).catch(notices.failure);
  }
}

export const documents = new Documents();
