import type { Result } from '../../electron/contract/table.ts';
import type { Point } from '../canvas/view.ts';
import type { OpenDocument } from './open-document.svelte.ts';
import { HostError } from './host-client.ts';
import { live } from './live.svelte.ts';
import { notices } from './notices.svelte.ts';
import { host } from './session.svelte.ts';

type Heat = Result<'colorize.correspondence'>['references'];

/** A question still unanswered after this long is dropped when a newer place is pointed at. */
const SUPERSEDE_AFTER_MS = 250;

/** Where the colour of the pointed place came from. One question at a time; only the newest place is asked. */
class Lens {
  /** The pointed place, in the document's pixels. */
  point = $state.raw<Point | undefined>(undefined);
  heat = $state.raw<Heat | undefined>(undefined);
  #asking: { controller: AbortController; since: number } | undefined;
  #waiting: { document: OpenDocument; point: Point } | undefined;

  look(document: OpenDocument, point: Point): void {
    const { widthPx, heightPx } = document.info;
    const inside = point.x >= 0 && point.y >= 0 && point.x < widthPx && point.y < heightPx;
    if (!hasOrigin(document) || !inside) return;
    this.point = point;
    this.#waiting = { document, point };
    if (!this.#asking) void this.#ask();
    else if (performance.now() - this.#asking.since > SUPERSEDE_AFTER_MS) this.#asking.controller.abort();
  }

  leave(): void {
    this.point = undefined;
    this.heat = undefined;
    this.#waiting = undefined;
    this.#asking?.controller.abort();
  }

  async #ask(): Promise<void> {
    while (this.#waiting) {
      const { document, point } = this.#waiting;
      this.#waiting = undefined;
      const controller = new AbortController();
      this.#asking = { controller, since: performance.now() };
      try {
        const answer = await host.call(
          'colorize.correspondence',
          { documentId: document.info.documentId, x: point.x, y: point.y },
          { signal: controller.signal },
        );
        if (this.point) this.heat = answer.references;
      } catch (thrown) {
        if (!(thrown instanceof HostError && thrown.kind === 'cancelled')) {
          notices.failure(thrown, { key: 'lens' });
          this.#waiting = undefined;
        }
      } finally {
        this.#asking = undefined;
      }
    }
  }
}

/** Whether the host can say where a drawing's colours came from. */
export const hasOrigin = (document: OpenDocument): boolean =>
  document.coloured || live.shown?.document === document;

export const lens = new Lens();
