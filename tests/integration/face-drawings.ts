import { fileURLToPath } from 'node:url';
import sharp from 'sharp';

/** A models folder with a face model that draws in cells: see make.py there. */
export const TINY_FACE = fileURLToPath(new URL('../fixtures/tiny-face/', import.meta.url));

export interface DrawnFace {
  /** Strokes left out. */
  readonly without?: readonly ('outline' | 'eyes' | 'nose' | 'mouth')[];
  readonly ink?: string;
  readonly paper?: string;
  /** Width of the strokes, px of the canvas. */
  readonly pen?: number;
}

/** A plain face on the canvas's 512 units, as SVG shapes. */
function shapes({ without = [], pen = 4 }: DrawnFace): string {
  const parts: Record<string, string> = {
    outline: '<ellipse cx="256" cy="275" rx="150" ry="195"/><path d="M110 200 C120 60 390 60 402 200"/>',
    eyes: `<ellipse cx="192" cy="240" rx="27" ry="13"/><ellipse cx="320" cy="240" rx="27" ry="13"/>
      <circle cx="192" cy="240" r="6"/><circle cx="320" cy="240" r="6"/>
      <path d="M158 210 Q192 190 226 208"/><path d="M286 208 Q320 190 354 210"/>`,
    nose: '<path d="M252 255 L238 318 L274 320"/>',
    mouth: '<ellipse cx="256" cy="374" rx="42" ry="10"/><path d="M214 374 L298 374"/>',
  };
  const drawn = Object.entries(parts).filter(([name]) => !without.some((left) => left === name));
  return `<g fill="none" stroke-width="${pen}" stroke-linecap="round">${drawn.map(([, shape]) => shape).join('')}</g>`;
}

/**
 * A drawing with faces at places: each is the square of `side` px at (x, y) that the canvas becomes.
 * @returns a PNG; without `paper` it is transparent.
 */
export async function drawFaces(
  width: number,
  height: number,
  places: readonly { readonly x: number; readonly y: number; readonly side: number }[],
  look: DrawnFace = {},
): Promise<Uint8Array> {
  const { ink = '#000000', paper } = look;
  const svg = `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}">
    ${paper ? `<rect width="100%" height="100%" fill="${paper}"/>` : ''}
    ${places.map(({ x, y, side }) => `<g stroke="${ink}" transform="translate(${x} ${y}) scale(${side / 512})">${shapes(look)}</g>`).join('')}
  </svg>`;
  return new Uint8Array(await sharp(Buffer.from(svg)).png().toBuffer());
}

/** The face of `drawFaces` on the canvas itself: 512x512 grey bytes. */
export async function drawSketch(look: DrawnFace = {}): Promise<Uint8Array> {
  const png = await drawFaces(512, 512, [{ x: 0, y: 0, side: 512 }], { paper: '#ffffff', ...look });
  return new Uint8Array(await sharp(png).removeAlpha().toColourspace('b-w').raw().toBuffer());
}
