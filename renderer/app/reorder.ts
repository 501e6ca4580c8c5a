interface ReorderOptions {
  /** Which of the dragged element's siblings take part. */
  readonly item: string;
  readonly onmove: (from: number, to: number) => void;
}

const SLOP_PX = 6;

/**
 * Lets a list be reordered by dragging an item (or its handle) with mouse, pen or finger: attach to the list. An item
 * moves when the pointer crosses the middle of another. A press without a drag stays a press.
 */
export function reorderable(
  { item, onmove }: ReorderOptions,
  handle = item,
): (list: HTMLElement) => () => void {
  return (list) => {
    const listening = new AbortController();
    const { signal } = listening;
    let drag: { at: number; pointerId: number; x: number; y: number; moving: boolean } | undefined;
    const items = (): HTMLElement[] => [...list.querySelectorAll<HTMLElement>(`:scope > ${item}`)];

    list.addEventListener(
      'pointerdown',
      (event) => {
        const target = event.target instanceof Element ? event.target : undefined;
        const owner = target?.closest(handle) ? target.closest<HTMLElement>(item) : undefined;
        if (event.button !== 0 || !owner) return;
        drag = {
          at: items().indexOf(owner),
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
        if (!drag.moving) {
          if (Math.hypot(event.clientX - drag.x, event.clientY - drag.y) < SLOP_PX) return;
          drag.moving = true;
          list.setPointerCapture(event.pointerId);
        }
        const all = items();
        const to = all.findIndex((other) => isOver(other, event));
        const own = all[drag.at];
        const other = all[to];
        if (!own || !other || own === other || !pastMiddle(own, other, event)) return;
        onmove(drag.at, to);
        drag.at = to;
      },
      { signal },
    );
    const end = (event: PointerEvent): void => {
      if (drag?.pointerId !== event.pointerId) return;
      if (drag.moving) {
        // The press that follows a drag belongs to the drag.
        const swallow = (click: Event): void => click.stopPropagation();
        list.addEventListener('click', swallow, { capture: true, once: true });
        setTimeout(() => list.removeEventListener('click', swallow, { capture: true }));
      }
      drag = undefined;
    };
    list.addEventListener('pointerup', end, { signal });
    list.addEventListener('pointercancel', end, { signal });
    return () => listening.abort();
  };
}

function isOver(element: HTMLElement, { clientX, clientY }: PointerEvent): boolean {
  const { left, right, top, bottom } = element.getBoundingClientRect();
  return clientX >= left && clientX <= right && clientY >= top && clientY <= bottom;
}

/** Whether the pointer has crossed the other's middle, coming from the own place; keeps unequal items from flickering. */
function pastMiddle(own: HTMLElement, other: HTMLElement, { clientX, clientY }: PointerEvent): boolean {
  const from = own.getBoundingClientRect();
  const to = other.getBoundingClientRect();
  if (Math.abs(from.top - to.top) < 1) {
    const middle = (to.left + to.right) / 2;
    return from.left < to.left ? clientX > middle : clientX < middle;
  }
  const middle = (to.top + to.bottom) / 2;
  return from.top < to.top ? clientY > middle : clientY < middle;
}
