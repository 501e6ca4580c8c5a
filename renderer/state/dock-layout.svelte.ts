import { remember, remembered } from './remembered.ts';

export const DOCKS = ['colour', 'brush', 'colorize', 'layers', 'history', 'navigator', 'lens'] as const;
export type DockId = (typeof DOCKS)[number];
export type DockColumn = 'left' | 'right';

export interface Layout {
  readonly left: readonly DockId[];
  readonly right: readonly DockId[];
  readonly collapsed: readonly DockId[];
  /** Docks that are not shown at all. */
  readonly hidden: readonly DockId[];
}

const USUAL: Layout = {
  left: [],
  right: DOCKS,
  collapsed: ['brush', 'history', 'navigator', 'lens'],
  hidden: [],
};

const isDock = (id: unknown): id is DockId => DOCKS.includes(id as DockId);
const docksIn = (list: unknown): DockId[] => (Array.isArray(list) ? [...new Set(list.filter(isDock))] : []);

/** What was remembered, with docks that no longer exist left out and new ones put in where they usually are. */
export function mended(kept: Partial<Record<keyof Layout | 'order', unknown>>): Layout {
  const left = docksIn(kept.left);
  // Before there were two columns, the one was called its order.
  const right = docksIn(kept.right ?? kept.order ?? USUAL.right).filter((id) => !left.includes(id));
  const fresh = DOCKS.filter((id) => !left.includes(id) && !right.includes(id));
  for (const id of fresh) right.splice(DOCKS.indexOf(id), 0, id);
  const collapsed = docksIn(kept.collapsed ?? USUAL.collapsed);
  return {
    left,
    right,
    collapsed: [
      ...collapsed,
      ...fresh.filter((id) => USUAL.collapsed.includes(id) && !collapsed.includes(id)),
    ],
    hidden: docksIn(kept.hidden),
  };
}

/** A layout with a dock taken to a place of a column: counted among its other docks, the hidden ones too. */
export function moved(layout: Layout, id: DockId, column: DockColumn, at: number): Layout {
  const left = layout.left.filter((other) => other !== id);
  const right = layout.right.filter((other) => other !== id);
  const target = column === 'left' ? left : right;
  target.splice(Math.min(target.length, Math.max(0, at)), 0, id);
  return { ...layout, left, right };
}

/** Which docks stand where, remembered between starts. */
class DockLayout {
  layout = $state.raw<Layout>(mended(remembered<Partial<Layout>>('docks', USUAL)));
  readonly isUsual = $derived(JSON.stringify(this.layout) === JSON.stringify(USUAL));

  shown(column: DockColumn): DockId[] {
    return this.layout[column].filter((id) => !this.layout.hidden.includes(id));
  }

  columnOf(id: DockId): DockColumn {
    return this.layout.left.includes(id) ? 'left' : 'right';
  }

  toggle(id: DockId): void {
    this.#set({ ...this.layout, collapsed: toggled(this.layout.collapsed, id) });
  }

  /** Shows a dock, open, or takes it away. */
  show(id: DockId, show: boolean): void {
    const { hidden, collapsed } = this.layout;
    const without = (list: readonly DockId[]): DockId[] => list.filter((other) => other !== id);
    this.#set({
      ...this.layout,
      hidden: show ? without(hidden) : [...without(hidden), id],
      collapsed: show ? without(collapsed) : collapsed,
    });
  }

  /** Takes a dock to a place among the docks that a column shows. */
  move(id: DockId, column: DockColumn, at: number): void {
    const others = this.layout[column].filter((other) => other !== id);
    const shown = others.filter((other) => !this.layout.hidden.includes(other));
    const before = shown[Math.max(0, at)];
    this.#set(moved(this.layout, id, column, before ? others.indexOf(before) : others.length));
  }

  reset(): void {
    this.#set(USUAL);
  }

  #set(layout: Layout): void {
    this.layout = layout;
    remember('docks', layout);
  }
}

const toggled = (list: readonly DockId[], id: DockId): DockId[] =>
  list.includes(id) ? list.filter((other) => other !== id) : [...list, id];

export const dockLayout = new DockLayout();
