/**
 * Makes the buttons of a group one stop for Tab; arrows walk them, Home and End go to the ends. Attach to the group.
 * @returns how to stop.
 */
export function roving(group: HTMLElement): () => void {
  const items = (): HTMLButtonElement[] => [...group.querySelectorAll('button')];
  const settle = (current = items().find((item) => item.tabIndex === 0)): void => {
    const all = items();
    const stop = current && all.includes(current) ? current : all[0];
    for (const item of all) item.tabIndex = item === stop ? 0 : -1;
  };
  const keys = (event: KeyboardEvent): void => {
    const all = items().filter((item) => !item.disabled);
    const here = all.indexOf(document.activeElement as HTMLButtonElement);
    const steps: Record<string, number> = {
      ArrowRight: here + 1,
      ArrowDown: here + 1,
      ArrowLeft: here - 1,
      ArrowUp: here - 1,
      Home: 0,
      End: all.length - 1,
    };
    const to = steps[event.key];
    if (to === undefined || here < 0 || event.ctrlKey || event.metaKey) return;
    event.preventDefault();
    const next = all[(to + all.length) % all.length];
    settle(next);
    next?.focus();
  };
  const focused = (event: FocusEvent): void => settle(event.target as HTMLButtonElement);
  for (const item of items()) item.tabIndex = -1;
  settle(items()[0]);
  const observer = new MutationObserver(() => settle());
  observer.observe(group, { childList: true });
  group.addEventListener('keydown', keys);
  group.addEventListener('focusin', focused);
  return () => {
    observer.disconnect();
    group.removeEventListener('keydown', keys);
    group.removeEventListener('focusin', focused);
  };
}
