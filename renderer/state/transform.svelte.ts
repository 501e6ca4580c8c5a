import { texts } from '../app/texts.ts';
import type { RasterLayer } from '../paint/document.ts';
import { replaceTiles } from '../paint/operations.ts';
import { lift, middleOf, put, type Lifted, type Placement } from '../paint/transform.ts';
import type { OpenDocument } from './documents.svelte.ts';

/** Content larger than this, in pixels, is drawn anew only when a drag rests; its outline always follows. */
const LIVE_AREA_PX = 1_500_000;

interface Session {
  readonly document: OpenDocument;
  readonly layer: RasterLayer;
  readonly lifted: Lifted;
  readonly placement: Placement;
}

/** The move tool's work on lifted pixels: provisional until it is applied, by Enter or by doing anything else. */
class Transform {
  session = $state.raw<Session | undefined>(undefined);

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
    const { document, layer, lifted } = this.session;
    const { left, top, right, bottom } = lifted.bounds;
    if (drags && (right - left) * (bottom - top) > LIVE_AREA_PX) return;
    const page = { left: 0, top: 0, right: document.painted.width, bottom: document.painted.height };
    const tiles = put(lifted, placement, page);
    document.provisional(
      (painted) => replaceTiles(painted, layer.id, tiles),
      texts.history.transform,
      () => (this.session = undefined),
    );
  }

  flip(axis: 'scaleX' | 'scaleY'): void {
    if (this.session) this.place({ [axis]: -this.session.placement[axis] }, false);
  }

  apply(): void {
    const document = this.session?.document;
    this.session = undefined;
    document?.settle();
  }

  cancel(): void {
    const document = this.session?.document;
    this.session = undefined;
    document?.giveUp();
  }
}

export const transform = new Transform();
