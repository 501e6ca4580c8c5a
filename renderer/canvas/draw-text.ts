import type { TextBlock } from '../paint/text/block.ts';
import { layout } from '../paint/text/layout.ts';
import { intersect, isEmpty, NO_TILES, toTiles, type Rect, type Tiles } from '../paint/tiles.ts';
import { familyOf } from './fonts.ts';
import type { Point } from './view.ts';

export interface DrawnText {
  readonly tiles: Tiles;
  /** Of the box, in the document's pixels. */
  readonly heightPx: number;
}

const fontOf = ({ italic, bold, sizePx, font }: TextBlock): string =>
  `${italic ? 'italic ' : ''}${bold ? '700 ' : ''}${sizePx}px ${familyOf(font)}`;

/** Corners of a block's box, top left first, clockwise. */
export function boxOf({ x, y, widthPx, angleDeg }: TextBlock, heightPx: number): readonly Point[] {
  const radians = (angleDeg * Math.PI) / 180;
  const [cos, sin] = [Math.cos(radians), Math.sin(radians)];
  return [
    [0, 0],
    [widthPx, 0],
    [widthPx, heightPx],
    [0, heightPx],
  ].map(([u = 0, v = 0]) => ({ x: x + u * cos - v * sin, y: y + u * sin + v * cos }));
}

let measuring: CanvasRenderingContext2D | null | undefined;

/** A block's lines and the height of its box. Letters are measured in the font the machine draws them with. */
function lay(block: TextBlock): { lines: ReturnType<typeof layout>; heightPx: number } {
  measuring ??= document.createElement('canvas').getContext('2d');
  if (!measuring) throw new Error('The browser gave no canvas to draw on.');
  const context = measuring;
  context.font = fontOf(block);
  const lines = layout(block.text, block.widthPx, block.align, (text) => context.measureText(text).width);
  return { lines, heightPx: Math.max(1, lines.length) * block.sizePx * block.lineHeight };
}

export const textHeight = (block: TextBlock): number => lay(block).heightPx;

/** A block's letters as pixels, as much of them as lies within a page's width and height of the page. */
export function drawText(block: TextBlock, page: { width: number; height: number }): DrawnText {
  const { lines, heightPx } = lay(block);
  const { sizePx, lineHeight, colour, outlinePx, outlineColour, angleDeg } = block;
  // Slanted letters, long tails and the outline reach out of the box.
  const room = sizePx + outlinePx * 2;
  const corners = boxOf(block, heightPx);
  const wanted: Rect = {
    left: Math.floor(Math.min(...corners.map(({ x }) => x)) - room),
    top: Math.floor(Math.min(...corners.map(({ y }) => y)) - room),
    right: Math.ceil(Math.max(...corners.map(({ x }) => x)) + room),
    bottom: Math.ceil(Math.max(...corners.map(({ y }) => y)) + room),
  };
  const { width: w, height: h } = page;
  const area = intersect(wanted, { left: -w, top: -h, right: 2 * w, bottom: 2 * h });
  if (isEmpty(area) || block.text.trim() === '') return { tiles: NO_TILES, heightPx };
  const canvas = document.createElement('canvas');
  canvas.width = area.right - area.left;
  canvas.height = area.bottom - area.top;
  const context = canvas.getContext('2d', { willReadFrequently: true });
  if (!context) throw new Error('The browser gave no canvas to draw on.');
  context.translate(block.x - area.left, block.y - area.top);
  context.rotate((angleDeg * Math.PI) / 180);
  context.font = fontOf(block);
  context.textBaseline = 'alphabetic';
  const { fontBoundingBoxAscent: up, fontBoundingBoxDescent: down } = context.measureText('Mg');
  const baseline = (at: number): number =>
    at * sizePx * lineHeight + (sizePx * lineHeight - up - down) / 2 + up;
  if (outlinePx > 0) {
    context.strokeStyle = outlineColour;
    context.lineJoin = 'round';
    context.lineWidth = outlinePx * 2;
    for (const [at, line] of lines.entries()) context.strokeText(line.text, line.x, baseline(at));
  }
  context.fillStyle = colour;
  for (const [at, line] of lines.entries()) context.fillText(line.text, line.x, baseline(at));
  const { data } = context.getImageData(0, 0, canvas.width, canvas.height);
  const rgba = new Uint8Array(data.buffer);
  // Canvases keep colours times alpha: a letter's rim would come back a little off.
  if (outlinePx === 0) tint(rgba, colour);
  return { tiles: toTiles(rgba, area.left, area.top, canvas.width, canvas.height), heightPx };
}

function tint(rgba: Uint8Array, colour: string): void {
  const [r, g, b] = [1, 3, 5].map((at) => Number.parseInt(colour.slice(at, at + 2), 16));
  for (let at = 0; at < rgba.length; at += 4) {
    if (rgba[at + 3] === 0) continue;
    rgba[at] = r!;
    rgba[at + 1] = g!;
    rgba[at + 2] = b!;
  }
}
