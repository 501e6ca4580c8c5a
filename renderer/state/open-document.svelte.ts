import type { DrawingInfo } from '../../electron/contract/table.ts';
import { fitted, type View } from '../canvas/view.ts';
import { texts } from '../app/texts.ts';
import { adoptColouring, stackOf, TOUCH_UP_ID } from '../paint/adopt.ts';
import { layerOf, listed, paintingBarrier, type LayerLook, type PaintDocument } from '../paint/document.ts';
import { History, type Step, type UndoPolicy } from '../paint/history.ts';
import { marksOf, NO_MARKS, type Marks } from '../paint/marks.ts';
import { changeLook } from '../paint/operations.ts';
import { withPaintData } from '../paint/paint-data.ts';
import { NO_TILES, type Tiles } from '../paint/tiles.ts';
import { IdleWork } from './idle-work.ts';
import { notices } from './notices.svelte.ts';
import { fetchTiles, putCalls } from './painting-sync.ts';
import { host } from './session.svelte.ts';
import { stageSize } from './stage-size.svelte.ts';
import { settings } from './settings.svelte.ts';

/** What else is brought to the host whenever a drawing's pixels are. */
export const keepers: ((document: OpenDocument) => Promise<void>)[] = [];

/** Layers that colouring makes; everything else is the artist's. */
const COLOURING = ['colouring', 'colour', 'flats', 'shading'];
/** What was painted goes to the host once the artist has rested this long. */
const PUT_AFTER_MS = 1500;
const MIB = 1024 * 1024;
/** A slider that rested this long has been let go. */
const SETTLE_AFTER_MS = 500;

/** One open drawing: the document that is painted in, its history, and how this window looks at it. */
export class OpenDocument {
  info = $state.raw<DrawingInfo>() as DrawingInfo;
  /** The document as it stands; while a stroke is under way its layer's tiles change in place. */
  painted = $state.raw<PaintDocument>() as PaintDocument;
  past = $state.raw<readonly Step[]>([]);
  future = $state.raw<readonly Step[]>([]);
  /** Undefined until the stage has fitted it. */
  view = $state.raw<View | undefined>(undefined);
  selectedLayerId = $state<string | undefined>(undefined);
  /** Groups whose layers the list does not show. */
  closedGroups = $state.raw<readonly string[]>([]);
  /** Counts results that came from elsewhere, so that the stage can let them fade in. */
  arrivals = $state(0);
  /** What it was opened from; undefined for the sample and for new drawings. */
  readonly source: File | undefined;
  /** Where its file lies, if that is known (desktop). */
  path = $state<string | undefined>(undefined);
  /** The file that saving writes: an OpenRaster it was opened from or saved to. */
  readonly ownPath = $derived(/\.ora$/i.test(this.path ?? '') ? this.path : undefined);
  readonly isNew: boolean;
  /** Called when a file holds it, and when it is closed. */
  onSettled: (() => void) | undefined;
  readonly rows = $derived(listed(this.painted.layers));
  readonly selectedLayer = $derived(layerOf(this.painted, this.selectedLayerId));
  readonly coloured = $derived(this.rows.some(({ layer }) => COLOURING.includes(layer.id)));
  /** The document without colouring: what Compare shows. */
  readonly drawn = $derived<PaintDocument>({
    ...this.painted,
    layers: this.painted.layers.filter(({ id }) => !COLOURING.includes(id)),
  });
  #saved = $state.raw<PaintDocument['layers']>([]);
  #savedMarks = $state.raw<Marks>(NO_MARKS);
  /** Whether there is something that no saved or exported file has. */
  readonly unsaved = $derived(
    this.painted.layers !== this.#saved || (this.painted.marks ?? NO_MARKS) !== this.#savedMarks,
  );
  /** Old steps are packed while nothing else is to be done. */
  readonly #packing = new IdleWork(() => !this.#history.underWay && this.#history.pack());
  readonly #history: History;
  /** What the host has; undefined when nothing is known of it. */
  #put: PaintDocument | undefined;
  #putting: Promise<void> | undefined;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #revisions: ReadonlyMap<string, number>;
  #settling:
    | { what: string; label: string; timer: ReturnType<typeof setTimeout> | undefined; ended?: () => void }
    | undefined;

  constructor(
    info: DrawingInfo,
    tiles: ReadonlyMap<string, Tiles>,
    source: File | undefined,
    isNew = false,
    prepare: (document: PaintDocument) => PaintDocument = (document) => document,
  ) {
    this.info = info;
    this.source = source;
    this.isNew = isNew;
    const layers = stackOf(info.layers, (id) => tiles.get(id) ?? NO_TILES);
    const { widthPx: width, heightPx: height, dpi } = info;
    const document = prepare(withPaintData({ width, height, dpi, layers, selection: undefined }, info.paint));
    this.#history = new History<PaintDocument>(document, settings.current.undoMemoryMb * MIB);
    this.#put = document;
    this.#revisions = revisionsOf(info);
    this.painted = document;
    this.#saved = document.layers;
    this.#savedMarks = marksOf(document);
    const usable = this.rows.find(({ layer }) => layer.kind === 'raster' && !layer.locked);
    this.selectedLayerId = (usable ?? this.rows[0])?.layer.id;
  }

  get underWay(): boolean {
    return this.#history.underWay;
  }

  /** Changes the document; `policy` says whether and when that is a step (history.ts), `label` how it is listed. */
  change(
    change: (document: PaintDocument) => PaintDocument,
    policy: UndoPolicy = 'now',
    label: string = '',
  ): void {
    // What comes from elsewhere waits for what is provisional, instead of ending it.
    if (policy !== 'eventually') this.settle();
    this.#history.change(change, policy, label);
    this.#follow();
  }

  /** Bounds what undo keeps in memory. */
  limitUndo(megabytes: number): void {
    this.#history.limit(megabytes * MIB);
    this.#follow();
  }

  /** Gives up what is under way. */
  abandon(): void {
    this.#history.abandon();
    this.#follow();
  }

  undo(): void {
    this.settle();
    if (!this.underWay && this.#history.undo()) this.#follow();
  }

  redo(): void {
    this.settle();
    if (!this.underWay && this.#history.redo()) this.#follow();
  }

  /** Undoes or redoes until the step is the last one done; undefined: until nothing is. */
  goTo(step: Step | undefined): void {
    this.settle();
    if (this.underWay) return;
    const isPast = (): boolean => this.#history.past.some(({ number }) => number === step?.number);
    if (!step || isPast()) while (this.#history.past.at(-1)?.number !== step?.number && this.#history.undo());
    else while (!isPast() && this.#history.redo());
    this.#follow();
  }

  /**
   * Changes how a layer looks. With `soon` (a slider being dragged, keys held) what follows shortly on the same layer
   * becomes one step with it.
   */
  updateLayer(layerId: string, look: Partial<LayerLook>, soon = false): void {
    const [key] = Object.keys(look) as (keyof LayerLook)[];
    const label = key ? texts.history.look[key] : '';
    const what = `${layerId} ${key}`;
    if (this.#settling?.what !== what) this.settle();
    if (this.underWay && !this.#settling) return;
    this.#history.change((document) => changeLook(document, layerId, look), soon ? 'never' : 'now', label);
    clearTimeout(this.#settling?.timer);
    this.#settling = soon
      ? { what, label, timer: setTimeout(() => this.settle(), SETTLE_AFTER_MS) }
      : undefined;
    this.#follow();
  }

  /**
   * A change that may still change again, until `settle` makes a step of it or `giveUp` takes it back; `ended` is told
   * when either happens.
   */
  provisional(change: (document: PaintDocument) => PaintDocument, label: string, ended: () => void): void {
    if (this.#settling?.what !== label) this.settle();
    this.#history.change(change, 'never');
    this.#settling = { what: label, label, timer: undefined, ended };
    this.#follow();
  }

  /** Makes a step of what a slider or a transform changed, if it has not become one yet. */
  settle(): void {
    if (!this.#settling) return;
    const { label, timer, ended } = this.#settling;
    clearTimeout(timer);
    this.#settling = undefined;
    this.#history.change((document) => document, 'now', label);
    ended?.();
    this.#follow();
  }

  /** Takes a provisional change back. */
  giveUp(): void {
    if (!this.#settling) return;
    this.#settling.ended?.();
    this.#settling = undefined;
    this.abandon();
  }

  /** Takes what a finished run says: new pixels for its layers, as one step. */
  async take(info: DrawingInfo): Promise<void> {
    const first = !this.coloured;
    const fresh = info.layers.filter(({ id, revision }) => this.#revisions.get(id) !== revision);
    const rasters = fresh.filter(({ kind }) => kind === 'raster').map(({ id }) => id);
    const tiles = await fetchTiles(info.documentId, rasters);
    for (const { id, kind } of fresh) if (kind === 'group') tiles.set(id, NO_TILES);
    this.#revisions = revisionsOf(info);
    const hidden = info.layers
      .filter(({ id, visible }) => COLOURING.includes(id) && !visible && !tiles.has(id))
      .map(({ id }) => id);
    this.arrivals++;
    this.change(
      (document) => adoptColouring(document, info.layers, tiles, hidden, texts.layers.touchUp),
      'eventually',
      texts.history.colouring,
    );
    // A layer that can be painted on stays in hand.
    if (!first || !paintingBarrier(this.painted, this.selectedLayerId)) return;
    const colour = this.rows.find(
      ({ layer: { id, kind, visible } }) =>
        id === TOUCH_UP_ID || (kind === 'raster' && visible && COLOURING.includes(id)),
    );
    this.selectedLayerId = colour?.layer.id ?? this.selectedLayerId;
  }

  /** Brings everything that was painted to the host. @throws HostError when it can't be. */
  async flush(): Promise<void> {
    this.settle();
    clearTimeout(this.#timer);
    await this.push();
    for (const keep of keepers) await keep(this);
  }

  /** Brings what was painted to the host without making a step of what a slider or a transform is still changing. */
  async push(): Promise<void> {
    while (this.#put?.layers !== this.#history.settled.layers) {
      this.#putting ??= this.#putAll().finally(() => (this.#putting = undefined));
      await this.#putting;
    }
  }

  /** Nothing saved holds what this was opened with. */
  markUnsaved(): void {
    this.#saved = [];
  }

  /** The file it was just saved to. */
  rename(name: string, path: string): void {
    this.path = path;
    this.info = { ...this.info, name };
  }

  /** What a file that was just written holds. */
  markSaved(layers: PaintDocument['layers'], marks = marksOf(this.painted)): void {
    this.#saved = layers;
    this.#savedMarks = marks;
    this.onSettled?.();
  }

  /** Goes on over a new connection: the host has opened the drawing anew and gets everything again. */
  async relink(info: DrawingInfo): Promise<void> {
    this.info = { ...info, name: this.info.name };
    this.#revisions = revisionsOf(info);
    this.#put = undefined;
    await this.flush();
  }

  close(): void {
    this.onSettled?.();
    clearTimeout(this.#timer);
  }

  async #putAll(): Promise<void> {
    const target = this.#history.settled;
    const { documentId } = this.info;
    for (const call of putCalls(this.#put, target)) await host.call('painting.put', { documentId, ...call });
    this.#put = target;
  }

  #follow(): void {
    const { current, past, future } = this.#history;
    this.painted = current;
    const { width: widthPx, height: heightPx, dpi = this.info.dpi } = current;
    const resized = widthPx !== this.info.widthPx || heightPx !== this.info.heightPx;
    if (resized || dpi !== this.info.dpi) this.info = { ...this.info, widthPx, heightPx, dpi };
    // Another page, also by undo: what was looked at is elsewhere, or gone.
    if (resized && this.view) this.view = fitted(this.view, current, stageSize);
    this.past = past;
    this.future = future;
    this.#packing.wake();
    if (!layerOf(current, this.selectedLayerId)) this.selectedLayerId = this.rows[0]?.layer.id;
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => {
      if (this.#history.underWay) this.#follow();
      else this.flush().catch((thrown: unknown) => notices.failure(thrown, { key: 'put' }));
    }, PUT_AFTER_MS);
  }
}

function revisionsOf(info: DrawingInfo): ReadonlyMap<string, number> {
  return new Map(info.layers.map(({ id, revision }) => [id, revision]));
}
