/** Where a picture can be dropped: elements say so with `data-drop`, and the canvas is the drawings' place. */
export type DropPlace = 'reference' | 'drawing';

/** What is under the pointer while dragging. */
export interface Dragged {
  /** The picture that was taken hold of. */
  readonly id: number;
  readonly count: number;
  readonly x: number;
  readonly y: number;
  /** Where it would go; undefined where it can't. */
  readonly where: DropPlace | undefined;
}

interface DragOutOptions {
  /** The picture under an event's target. */
  readonly idAt: (target: EventTarget | null) => number | undefined;
  /** What is dragged along with a picture, itself among them. */
  readonly together: (id: number) => readonly number[];
  /** Called while dragging with where the pointer is, and with nothing when it is over. */
  readonly move: (state: Dragged | undefined) => void;
  readonly drop: (ids: readonly number[], where: DropPlace) => void;
}

const SLOP_PX = 6;

/**
 * Lets pictures be dragged out of a list with mouse, pen or finger. Attach to the list. A press without a drag stays a
 * press; Escape gives a drag up.
 */
export function dragOut({ idAt, together, move, drop }: DragOutOptions): (list: HTMLElement) => () => void {
  return (list) => {
    const listening = new AbortController();
    const { signal } = listening;
    let drag:
      | { id: number; ids: readonly number[]; pointerId: number; x: number; y: number; moving: boolean }
      | undefined;

    const end = (): void => {
      if (drag?.moving) {
        // The press that follows a drag belongs to the drag.
        const swallow = (click: Event): void => click.stopPropagation();
        list.addEventListener('click', swallow, { capture: true, once: true });
        setTimeout(() => list.removeEventListener('click', swallow, { capture: true }));
      }
      mark(undefined);
      drag = undefined;
      move(undefined);
    };

    list.addEventListener(
      'pointerdown',
      (event) => {
        const id = idAt(event.target);
        if (event.button !== 0 || id === undefined) return;
        drag = {
          id,
          ids: together(id),
          pointerId: event.pointerId,
          x: event.clientX,
          y: event.clientY,
          moving: false,
        };
      },
      { signal },
    );
    list.addEventListener(
      'pointermove',
      (event) => {
        if (!drag || drag.pointerId !== event.pointerId) return;
        const { clientX: x, clientY: y } = event;
        if (!drag.moving) {
          if (Math.hypot(x - drag.x, y - drag.y) < SLOP_PX) return;
          drag.moving = true;
          list.setPointerCapture(event.pointerId);
        }
        const place = placeAt(x, y);
        mark(place?.element);
        move({ id: drag.id, count: drag.ids.length, x, y, where: place?.where });
      },
      { signal },
    );
    list.addEventListener(
      'pointerup',
      (event) => {
        if (drag?.pointerId !== event.pointerId) return;
        const { ids, moving } = drag;
        const place = moving ? placeAt(event.clientX, event.clientY) : undefined;
        end();
        if (place) drop(ids, place.where);
      },
      { signal },
    );
    list.addEventListener(
      'pointercancel',
      (event) => {
        if (drag?.pointerId === event.pointerId) end();
      },
      { signal },
    );
    window.addEventListener(
      'keydown',
      (event) => {
        if (event.key !== 'Escape' || !drag?.moving) return;
        event.preventDefault();
        event.stopPropagation();
        end();
      },
      { signal, capture: true },
    );
    return () => {
      mark(undefined);
      listening.abort();
    };
  };
}

let marked: Element | undefined;

/** Shows where the picture would go. */
function mark(element: Element | undefined): void {
  if (marked === element) return;
  marked?.classList.remove('drop-here');
  element?.classList.add('drop-here');
  marked = element;
}

function placeAt(x: number, y: number): { element: Element; where: DropPlace } | undefined {
  const under = document.elementFromPoint(x, y);
  if (!under || under.closest('[data-drop="gallery"]')) return undefined;
  const reference = under.closest('[data-drop="reference"]');
  if (reference) return { element: reference, where: 'reference' };
  const canvas = under.closest('.stage-area');
  return canvas ? { element: canvas, where: 'drawing' } : undefined;
}
