import type { Mask } from './mask.ts';
import { TILE, tileRect } from './tiles.ts';

/**
 * The border of a mask (where it crosses one half) as an SVG path of horizontal and vertical lines, in the document's
 * pixels. Runs of a border are one line each.
 */
export function outlineOf(mask: Mask): string {
  const { bounds } = mask;
  // One pixel of outside all around.
  const width = bounds.right - bounds.left + 2;
  const height = bounds.bottom - bounds.top + 2;
  const inside = new Uint8Array(width * height);
  for (const [key, tile] of mask.tiles) {
    const { left, top } = tileRect(key);
    for (let y = 0; y < TILE; y++) {
      const py = top + y - bounds.top + 1;
      if (py < 1 || py >= height - 1) continue;
      for (let x = 0; x < TILE; x++) {
        const px = left + x - bounds.left + 1;
        if (px >= 1 && px < width - 1 && tile[y * TILE + x]! > 127) inside[py * width + px] = 1;
      }
    }
  }
  const parts: string[] = [];
  const [dx, dy] = [bounds.left - 1, bounds.top - 1];
  for (let y = 1; y < height; y++) {
    let from = -1;
    for (let x = 0; x < width; x++) {
      const border = inside[(y - 1) * width + x] !== inside[y * width + x];
      if (border && from < 0) from = x;
      if (!border && from >= 0) {
        parts.push(`M${from + dx} ${y + dy}H${x + dx}`);
        from = -1;
      }
    }
  }
  for (let x = 1; x < width; x++) {
    let from = -1;
    for (let y = 0; y < height; y++) {
      const border = inside[y * width + x - 1] !== inside[y * width + x];
      if (border && from < 0) from = y;
      if (!border && from >= 0) {
        parts.push(`M${x + dx} ${from + dy}V${y + dy}`);
        from = -1;
      }
    }
  }
  return parts.join('');
}
