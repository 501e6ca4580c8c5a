import { texts } from '../app/texts.ts';
import type { RasterLayer } from '../paint/document.ts';
import { replaceTiles } from '../paint/operations.ts';
import type { Rect, Tiles } from '../paint/tiles.ts';
import { lift, middleOf, put, type Lifted, type Placement, type PutOptions } from '../paint/transform.ts';
import { inBackground } from './background.ts';
import type { OpenDocument } from './open-document.svelte.ts';
import { notices } from './notices.svelte.ts';
import { toolSettings } from './tool-settings.svelte.ts';

/** Content larger than this, in pixels, is drawn anew only when a drag rests; its outline always follows. */
const LIVE_AREA_PX = 400_000;

/** A placement as it is shown and typed: the middle's place and the box's sides, in the document's pixels. */
export interface TransformNumbers {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
  readonly angleDeg: number;
  readonly skewDeg: number;
}

interface Session {
  readonly document: OpenDocument;
  readonly layer: RasterLayer;
  readonly lifted: Lifted;
  readonly placement: Placement;
}

/** The move tool's work on lifted pixels: provisional until it is applied, by Enter or by doing anything else. */
class Transform {
  session = $state.raw<Session | undefined>(undefined);
  /** Pixels are being drawn at their new place. */
  working = $state(false);
  #drawing: AbortController | undefined;
  #appliesThen = false;
  readonly numbers = $derived.by((): TransformNumbers | undefined => {
    if (!this.session) return undefined;
    const { lifted, placement } = this.session;
    const { left, top, right, bottom } = lifted.bounds;
    const degrees = (radians: number): number => (radians * 180) / Math.PI;
    return {
      x: placement.x,
      y: placement.y,
      width: (right - left) * Math.abs(placement.scaleX),
      height: (bottom - top) * Math.abs(placement.scaleY),
      angleDeg: degrees(placement.angle),
      skewDeg: degrees(placement.skew ?? 0),
    };
  });

  /** Lifts what is selected of a layer. @returns whether there is anything. */
  begin(document: OpenDocument, layer: RasterLayer): boolean {
    document.settle();
    const lifted = lift(layer, document.painted.selection);
    if (!lifted) return false;
    const placement = { ...middleOf(lifted.bounds), scaleX: 1, scaleY: 1, angle: 0 };
    this.session = { document, layer, lifted, placement };
    return true;
  }

  /** Moves the lifted pixels. While a drag goes on (`drags`), large ones wait for its end. */
  place(change: Partial<Placement>, drags: boolean): void {
    if (!this.session) return;
    const placement = { ...this.session.placement, ...change };
    this.session = { ...this.session, placement };
    const { document, lifted } = this.session;
    const { left, top, right, bottom } = lifted.bounds;
    const page = { left: 0, top: 0, right: document.painted.width, bottom: document.painted.height };
    const options = { resampling: toolSettings.now.resampling };
    const area = (right - left) * (bottom - top) * Math.abs(placement.scaleX * placement.scaleY);
    if (Math.max(area, (right - left) * (bottom - top)) <= LIVE_AREA_PX)
      this.#show(put(lifted, placement, page, options));
    else if (!drags) void this.#putLarge(lifted, placement, page, options);
  }

  /** Draws a page-sized piece beside the window's thread; the newest placement is what counts. */
  async #putLarge(lifted: Lifted, placement: Placement, page: Rect, options: PutOptions): Promise<void> {
    const { session } = this;
    if (!session) return;
    this.#drawing?.abort();
    const drawing = (this.#drawing = new AbortController());
    this.working = true;
    // From here on something is provisional: what else is done waits for it, or ends it.
    session.document.provisional(
      (painted) => painted,
      texts.history.transform,
      () => this.#ended(),
    );
    try {
      const { signal } = drawing;
      const tiles = await inBackground('transform', { lifted, placement, page, options }, { signal });
      if (signal.aborted) return;
      if (this.session?.lifted === lifted) this.#show(tiles);
    } catch (thrown) {
      if (!drawing.signal.aborted) notices.failure(thrown);
    } finally {
      if (this.#drawing === drawing) {
        this.#drawing = undefined;
        this.working = false;
        const applies = this.#appliesThen;
        this.#appliesThen = false;
        if (applies) this.apply();
      }
    }
  }

  #show(tiles: Tiles): void {
    if (!this.session) return;
    const { document, layer } = this.session;
    document.provisional(
      (painted) => replaceTiles(painted, layer.id, tiles),
      texts.history.transform,
      () => this.#ended(),
    );
  }

  #ended(): void {
    this.session = undefined;
    this.#drawing?.abort();
  }

  /** Numbers typed: where the box's middle lies and how large it is, in the document's pixels and degrees. */
  setNumbers(change: Partial<TransformNumbers>): void {
    const { session, numbers } = this;
    if (!session || !numbers) return;
    const { left, top, right, bottom } = session.lifted.bounds;
    const { placement } = session;
    const signed = (scale: number, by: number): number => by * (Math.sign(scale) || 1);
    this.place(
      {
        ...(change.x !== undefined && { x: change.x }),
        ...(change.y !== undefined && { y: change.y }),
        ...(change.width !== undefined && {
          scaleX: signed(placement.scaleX, change.width / (right - left)),
        }),
        ...(change.height !== undefined && {
          scaleY: signed(placement.scaleY, change.height / (bottom - top)),
        }),
        ...(change.angleDeg !== undefined && { angle: (change.angleDeg * Math.PI) / 180 }),
        ...(change.skewDeg !== undefined && { skew: (change.skewDeg * Math.PI) / 180 }),
      },
      false,
    );
  }

  flip(axis: 'scaleX' | 'scaleY'): void {
    if (this.session) this.place({ [axis]: -this.session.placement[axis] }, false);
  }

  apply(): void {
    if (this.#drawing) {
      this.#appliesThen = true;
      return;
    }
    const document = this.session?.document;
    this.session = undefined;
    document?.settle();
  }

  cancel(): void {
    const document = this.session?.document;
    this.#ended();
    document?.giveUp();
  }
}

export const transform = new Transform();
