/**
 * Paints a heat map over a reference: where the weight is low the reference is dimmed, where it rises it glows, and at
 * the hottest place it shows through untouched, so that its colour can still be judged.
 */
export function paintHeat(canvas: HTMLCanvasElement, columns: number, rows: number, heat: Uint8Array): void {
  canvas.width = columns;
  canvas.height = rows;
  const context = canvas.getContext('2d');
  if (!context) return;
  const image = context.createImageData(columns, rows);
  for (let at = 0; at < columns * rows; at++) {
    const weight = (heat[at] ?? 0) / 255;
    // The square root lifts the small weights, which are most of an attention row.
    const t = Math.sqrt(weight);
    const glow = Math.max(0, 1 - Math.abs(t - 0.55) / 0.45);
    image.data[4 * at] = Math.round(255 * glow);
    image.data[4 * at + 1] = Math.round(110 * glow);
    image.data[4 * at + 2] = 0;
    image.data[4 * at + 3] = Math.round(255 * (1 - t) * 0.72);
  }
  context.putImageData(image, 0, 0);
}

/** Where the most weight is, as parts of the reference's width and height, and how much (0–1). */
export function hottest(
  columns: number,
  rows: number,
  heat: Uint8Array,
): { x: number; y: number; weight: number } {
  let best = 0;
  for (let at = 1; at < columns * rows; at++) if ((heat[at] ?? 0) > (heat[best] ?? 0)) best = at;
  return {
    x: ((best % columns) + 0.5) / columns,
    y: (Math.floor(best / columns) + 0.5) / rows,
    weight: (heat[best] ?? 0) / 255,
  };
}
