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
        const to = items().findIndex((other) => {
          const box = other.getBoundingClientRect();
          const across = event.clientX >= box.left && event.clientX <= box.right;
          return across && event.clientY >= box.top && event.clientY <= box.bottom;
        });
        if (to < 0 || to === drag.at) return;
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
