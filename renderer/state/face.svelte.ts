import type { FaceInfo, FaceResult } from '../../electron/contract/face.ts';
import type { Result } from '../../electron/contract/table.ts';
import type { View } from '../canvas/view.ts';
import { texts } from '../app/texts.ts';
import { History, type Step, type UndoPolicy } from '../paint/history.ts';
import {
  BLANK_GREY,
  blankFace,
  greyOf,
  patchesBetween,
  type FaceDocument,
  type FacePart,
  type FaceSpace,
  type Refinement,
} from './face-sketch.ts';
import { HostError } from './host-client.ts';
import { Latest } from './latest.ts';
import { notices } from './notices.svelte.ts';
import { host } from './session.svelte.ts';

/** A slider that rested this long has been let go. */
const SETTLE_AFTER_MS = 500;

export type FaceShadow = Result<'face.shadow'>['parts'];

/** The face in front: its sketch with its history, how it is read, and what the host made of it last. */
class Face {
  info = $state.raw<FaceInfo | undefined>(undefined);
  /** As it stands; while a stroke is under way its tiles change in place. */
  painted = $state.raw<FaceDocument>(blankFace());
  past = $state.raw<readonly Step[]>([]);
  future = $state.raw<readonly Step[]>([]);
  /** Undefined until the stage has fitted it. */
  view = $state.raw<View | undefined>(undefined);
  result = $state.raw<FaceResult | undefined>(undefined);
  shadow = $state.raw<FaceShadow>([]);
  /** The part whose slider was touched last. */
  part = $state<FacePart>('nose');
  /** When the host began with the result under way. */
  busySince = $state<number | undefined>(undefined);
  /** The name of what a sketch is being made from. */
  starting = $state<string | undefined>(undefined);
  /** What a known face, or a picture of the gallery, is being chosen for. */
  choosingFor = $state<'start' | 'morph' | 'part'>('start');
  /** Counts results; what goes by them (shadow, filmstrip) looks anew. */
  arrivals = $state(0);
  /** Called before a face is made and after the host lost what it knew: brings over what is not in the sketch. */
  onOpened: (faceId: string) => Promise<void> = () => Promise.resolve();
  /** What the morph slider says, 0–1; the second face stands in face-morph. */
  morphPart = $state(0);
  readonly windows = $derived(this.info?.windows ?? []);
  readonly installed = $derived(this.info?.installed ?? false);
  readonly #history = new History<FaceDocument>(blankFace());
  readonly #drawing = new Latest(() => this.#draw());
  readonly #shadowing = new Latest(() => this.#look());
  /** The shadow being asked for. */
  #looking: AbortController | undefined;
  #faceId: Promise<string> | undefined;
  /** The sketch the host has. */
  #sent = BLANK_GREY;
  #settling: { label: string; timer: ReturnType<typeof setTimeout> } | undefined;

  get underWay(): boolean {
    return this.#history.underWay;
  }

  /** Asks whether there is a face model; again after a lost connection. */
  async start(): Promise<void> {
    try {
      this.info = await host.call('face.info', {});
      if (this.installed) this.#drawing.want();
    } catch (thrown) {
      notices.failure(thrown);
    }
  }

  /** The host has a new, empty room: what it knew of this face goes over again. */
  async relink(): Promise<void> {
    this.#forget();
    if (this.info) await this.start();
  }

  /** The host's id of this face, opened when first needed. */
  id(): Promise<string> {
    this.#faceId ??= this.#open();
    return this.#faceId;
  }

  change(change: (face: FaceDocument) => FaceDocument, policy: UndoPolicy = 'now', label = ''): void {
    this.settle();
    this.#history.change(change, policy, label);
    this.#follow();
  }

  /** A slider: what follows shortly under the same label becomes one step with it. */
  refine(change: Partial<Refinement>, label: string): void {
    if (this.#settling?.label !== label) this.settle();
    if (this.underWay && !this.#settling) return;
    clearTimeout(this.#settling?.timer);
    this.#history.change((face) => ({ ...face, refinement: { ...face.refinement, ...change } }), 'never');
    this.#settling = { label, timer: setTimeout(() => this.settle(), SETTLE_AFTER_MS) };
    this.#follow();
  }

  setSpace(space: FaceSpace): void {
    if (space !== this.painted.space) this.change((face) => ({ ...face, space }), 'now', texts.face.space);
  }

  /** Makes a step of what a slider changed, if it has not become one yet. */
  settle(): void {
    if (!this.#settling) return;
    const { label, timer } = this.#settling;
    clearTimeout(timer);
    this.#settling = undefined;
    this.#history.change((face) => face, 'now', label);
    this.#follow();
  }

  /** Gives up a stroke under way. */
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

  /** The sketch or what it is read by changed: the face is made anew as soon as the host is free. */
  want(): void {
    // The face comes first; the shadow is asked for again after it.
    this.#looking?.abort();
    if (this.installed) this.#drawing.want();
  }

  /** Resolves when the face on screen is that of the sketch. */
  async settled(): Promise<void> {
    this.settle();
    await this.#drawing.settled();
  }

  #follow(): void {
    const { current, past, future } = this.#history;
    this.painted = current;
    this.past = past;
    this.future = future;
    this.want();
  }

  async #open(): Promise<string> {
    const { faceId } = await host.call('face.open', {});
    this.#sent = BLANK_GREY;
    await this.onOpened(faceId);
    return faceId;
  }

  #forget(): void {
    this.#faceId = undefined;
    this.#sent = BLANK_GREY;
  }

  async #draw(): Promise<void> {
    this.busySince = performance.now();
    try {
      const faceId = await this.id();
      const grey = greyOf(this.painted);
      const patches = patchesBetween(this.#sent, grey);
      // The host keeps patches even of a call that is overtaken.
      this.#sent = grey;
      const { refinement, space } = this.painted;
      this.result = await host.call('face.update', {
        faceId,
        patches,
        refinement,
        space,
        morph: this.morphPart,
      });
      this.arrivals++;
      notices.dismissKey('face');
      if (!this.#drawing.waiting && !this.#strokeUnderWay) this.#shadowing.want();
    } catch (thrown) {
      if (thrown instanceof HostError && thrown.kind === 'cancelled') return;
      // What the host has of the face is not known any more.
      await this.#close();
      notices.failure(thrown, {
        key: 'face',
        action: { label: texts.notices.retry, run: () => this.want() },
      });
    } finally {
      this.busySince = undefined;
    }
  }

  get #strokeUnderWay(): boolean {
    return this.underWay && !this.#settling;
  }

  async #look(): Promise<void> {
    const faceId = await this.id().catch(() => undefined);
    if (faceId === undefined || this.#drawing.waiting) return;
    this.#looking = new AbortController();
    const { signal } = this.#looking;
    try {
      this.shadow = (await host.call('face.shadow', { faceId }, { signal })).parts;
    } catch (thrown) {
      notices.failure(thrown, { key: 'face-shadow' });
    }
  }

  async #close(): Promise<void> {
    const id = this.#faceId;
    this.#forget();
    try {
      if (id) await host.call('face.close', { faceId: await id });
    } catch {
      // It never opened, or went with its host.
    }
  }
}

export const face = new Face();
