import { createRaster, type Raster } from '../../../electron/raster.ts';

/** White paper of the given size, grey. */
export function blankPage(width: number, height: number): Raster {
  const page = createRaster(width, height, 1);
  page.data.fill(255);
  return page;
}

/** An anti-aliased stroke of the given width (pixels) and darkness (0–255), darkening what is there. */
export function drawStroke(
  page: Raster,
  from: readonly [number, number],
  to: readonly [number, number],
  widthPx = 1,
  darkness = 255,
): void {
  const [x0, y0] = from;
  const [x1, y1] = to;
  const length = Math.hypot(x1 - x0, y1 - y0) || 1;
  const reach = widthPx / 2 + 1;
  for (
    let y = Math.max(0, Math.floor(Math.min(y0, y1) - reach));
    y <= Math.min(page.height - 1, Math.max(y0, y1) + reach);
    y++
  )
    for (
      let x = Math.max(0, Math.floor(Math.min(x0, x1) - reach));
      x <= Math.min(page.width - 1, Math.max(x0, x1) + reach);
      x++
    ) {
      const t = Math.min(1, Math.max(0, ((x - x0) * (x1 - x0) + (y - y0) * (y1 - y0)) / (length * length)));
      const apart = Math.hypot(x - x0 - t * (x1 - x0), y - y0 - t * (y1 - y0));
      const cover = Math.min(1, Math.max(0, widthPx / 2 + 0.5 - apart));
      const p = y * page.width + x;
      page.data[p] = Math.min(page.data[p]!, 255 - darkness * cover);
    }
}

/** A ring, left open over `gapPx` of its length at the right-hand side (3 o'clock). */
export function drawRing(
  page: Raster,
  cx: number,
  cy: number,
  radius: number,
  widthPx = 1,
  gapPx = 0,
  darkness = 255,
): void {
  const opening = gapPx === 0 ? 0 : gapPx / radius / 2;
  const steps = Math.ceil(radius * 2);
  for (let i = 0; i < steps; i++) {
    const at = (share: number): [number, number] => {
      const angle = opening + share * (2 * Math.PI - 2 * opening);
      return [cx + radius * Math.cos(angle), cy + radius * Math.sin(angle)];
    };
    drawStroke(page, at(i / steps), at((i + 1) / steps), widthPx, darkness);
  }
}

/** A grey raster as RGB. */
export function asRgb(grey: Raster): Raster {
  const picture = createRaster(grey.width, grey.height, 3);
  for (let p = 0; p < grey.data.length; p++) picture.data.fill(grey.data[p]!, p * 3, p * 3 + 3);
  return picture;
}

/** An RGB raster from a function of the pixel. */
export function paint(
  width: number,
  height: number,
  at: (x: number, y: number) => readonly [number, number, number],
): Raster {
  const picture = createRaster(width, height, 3);
  for (let y = 0; y < height; y++)
    for (let x = 0; x < width; x++) picture.data.set(at(x, y), (y * width + x) * 3);
  return picture;
}
