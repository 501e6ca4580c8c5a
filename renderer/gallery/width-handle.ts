const STEP_PX = 24;

/** Makes the left edge of something a handle for its width, by pointer and by arrow keys. Attach to the handle. */
export function widthHandle(
  width: () => number,
  resize: (px: number) => void,
): (handle: HTMLElement) => () => void {
  return (handle) => {
    const listening = new AbortController();
    const { signal } = listening;
    let from: { x: number; width: number } | undefined;
    handle.addEventListener(
      'pointerdown',
      (event) => {
        if (event.button !== 0) return;
        handle.setPointerCapture(event.pointerId);
        from = { x: event.clientX, width: width() };
      },
      { signal },
    );
    handle.addEventListener(
      'pointermove',
      (event) => {
        if (from) resize(from.width + from.x - event.clientX);
      },
      { signal },
    );
    const end = (): void => {
      from = undefined;
    };
    handle.addEventListener('pointerup', end, { signal });
    handle.addEventListener('pointercancel', end, { signal });
    handle.addEventListener(
      'keydown',
      (event) => {
        if (event.key !== 'ArrowLeft' && event.key !== 'ArrowRight') return;
        event.preventDefault();
        event.stopPropagation();
        resize(width() + (event.key === 'ArrowLeft' ? STEP_PX : -STEP_PX));
      },
      { signal },
    );
    return () => listening.abort();
  };
}
