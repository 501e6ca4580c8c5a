import { dockLayout, type DockColumn, type DockId } from '../state/dock-layout.svelte.ts';

const SLOP_PX = 6;
/** Where an empty column would be: this near to its side of the workspace. */
const EDGE_PX = 160;

/** Lets docks be dragged by their heads within and between the columns: attach to the workspace. A press without a drag stays a press. */
export function draggableDocks(workspace: HTMLElement): () => void {
  const listening = new AbortController();
  const { signal } = listening;
  let drag: { id: DockId; pointerId: number; x: number; y: number; moving: boolean } | undefined;

  const columnUnder = ({ clientX }: PointerEvent): DockColumn | undefined => {
    for (const column of ['left', 'right'] as const) {
      const box = workspace.querySelector(`[data-docks="${column}"]`)?.getBoundingClientRect();
      if (box && clientX >= box.left && clientX <= box.right) return column;
    }
    const { left, right } = workspace.getBoundingClientRect();
    if (clientX < left + EDGE_PX) return 'left';
    return clientX > right - EDGE_PX ? 'right' : undefined;
  };

  workspace.addEventListener(
    'pointerdown',
    (event) => {
      const head = event.target instanceof Element ? event.target.closest<HTMLElement>('.dock .head') : null;
      const id = head?.closest<HTMLElement>('.dock')?.dataset['dock'] as DockId | undefined;
      if (event.button === 0 && id)
        drag = { id, pointerId: event.pointerId, x: event.clientX, y: event.clientY, moving: false };
    },
    { signal },
  );
  // A dock that changes its column is drawn anew: only the window sees the whole drag.
  window.addEventListener(
    'pointermove',
    (event) => {
      if (drag?.pointerId !== event.pointerId) return;
      drag.moving ||= Math.hypot(event.clientX - drag.x, event.clientY - drag.y) >= SLOP_PX;
      const column = drag.moving && columnUnder(event);
      if (!column) return;
      const { id } = drag;
      const docks = [...workspace.querySelectorAll<HTMLElement>(`[data-docks="${column}"] .dock`)];
      const own = docks.findIndex(({ dataset }) => dataset['dock'] === id);
      // Others above the pointer: by their middle, as seen from where the dock comes from, so that unequal docks rest.
      const at = docks.filter((dock, place) => {
        if (place === own) return false;
        const { top, bottom } = dock.getBoundingClientRect();
        return event.clientY > (top + bottom) / 2;
      }).length;
      if (own !== at) dockLayout.move(id, column, at);
    },
    { signal },
  );
  const end = (event: PointerEvent): void => {
    if (drag?.pointerId !== event.pointerId) return;
    if (drag.moving) {
      // The press that follows a drag belongs to the drag.
      const swallow = (click: Event): void => click.stopPropagation();
      workspace.addEventListener('click', swallow, { capture: true, once: true });
      setTimeout(() => workspace.removeEventListener('click', swallow, { capture: true }));
    }
    drag = undefined;
  };
  window.addEventListener('pointerup', end, { signal });
  window.addEventListener('pointercancel', end, { signal });
  return () => listening.abort();
}
