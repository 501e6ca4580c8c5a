/** How lines of text stand in their box. */
export type Align = 'left' | 'center' | 'right';

/** What a text layer says and how it looks; its pixels are drawn from this. Saved: only ever add to it. */
export interface TextBlock {
  readonly text: string;
  /** The box's top left corner, in the document's pixels; the box turns around it. */
  readonly x: number;
  readonly y: number;
  /** Lines wrap at this width. The height follows from the lines. */
  readonly widthPx: number;
  /** Height of the letters' square, in the document's pixels. */
  readonly sizePx: number;
  /** A font family's name, or one of CSS's generic ones. */
  readonly font: string;
  readonly bold: boolean;
  readonly italic: boolean;
  readonly align: Align;
  /** Distance of lines, as a part of the size. */
  readonly lineHeight: number;
  /** `#rrggbb`. */
  readonly colour: string;
  /** A rim around the letters, in the document's pixels; 0: none. */
  readonly outlinePx: number;
  readonly outlineColour: string;
  /** Clockwise. */
  readonly angleDeg: number;
}

export const MAX_TEXT_LETTERS = 20_000;
export const MIN_TEXT_PX = 4;
export const MAX_TEXT_PX = 2000;

export const POINTS_PER_INCH = 72;
export const pointsOf = (px: number, dpi: number): number => (px * POINTS_PER_INCH) / dpi;
export const pixelsOf = (points: number, dpi: number): number => (points * dpi) / POINTS_PER_INCH;

/** What is drawn now: the block with another place and size, for a document that was scaled and shifted. */
export function scaled(block: TextBlock, by: number, dx: number, dy: number): TextBlock {
  return {
    ...block,
    x: block.x * by + dx,
    y: block.y * by + dy,
    widthPx: block.widthPx * by,
    sizePx: block.sizePx * by,
    outlinePx: block.outlinePx * by,
  };
}
