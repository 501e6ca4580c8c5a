/** How pictures lie in a grid that scrolls, in CSS pixels. */
export interface GridLayout {
  readonly columns: number;
  /** Side of a picture. */
  readonly tilePx: number;
  /** From the top of one row to the top of the next. */
  readonly rowPx: number;
  readonly heightPx: number;
}

export const GAP_PX = 8;
const LABEL_PX = 20;
const LEAST_TILE_PX = 100;

/** @param widthPx of the grid's inside. */
export function layOut(count: number, widthPx: number): GridLayout {
  const columns = Math.max(1, Math.floor((widthPx + GAP_PX) / (LEAST_TILE_PX + GAP_PX)));
  const tilePx = Math.max(1, Math.floor((widthPx - (columns - 1) * GAP_PX) / columns));
  const rowPx = tilePx + LABEL_PX + GAP_PX;
  return { columns, tilePx, rowPx, heightPx: Math.ceil(count / columns) * rowPx };
}

/** The pictures that can be seen, from the first to before the last, with a row to spare on either side. */
export function inSight(
  { columns, rowPx }: GridLayout,
  count: number,
  scrollPx: number,
  viewPx: number,
): { first: number; last: number } {
  const firstRow = Math.max(0, Math.floor(scrollPx / rowPx) - 1);
  const lastRow = Math.ceil((scrollPx + viewPx) / rowPx) + 1;
  return { first: Math.min(count, firstRow * columns), last: Math.min(count, lastRow * columns) };
}

/** Where to scroll so that a picture can be seen whole: as it is when it can. */
export function scrollTo(
  { columns, rowPx }: GridLayout,
  at: number,
  scrollPx: number,
  viewPx: number,
): number {
  const top = Math.floor(at / columns) * rowPx;
  if (top < scrollPx) return top;
  return Math.max(scrollPx, top + rowPx - viewPx);
}
