import type { GuidanceWords } from '../contract/table.ts';
import type { InstalledModel } from '../engine/registry.ts';
import { Failure, throwIfCancelled } from '../failure.ts';
import type { Rgb } from '../page/oklab.ts';
import type { Progress } from '../progress.ts';
import { dotsOf } from './hints.ts';
import type { Guidance, ReferenceFeatures } from './method.ts';
import { modelSizeFor, type ModelSize } from './model-size.ts';

export interface GuideContext {
  /** The drawing's size, px. */
  readonly drawing: ModelSize;
  readonly model: InstalledModel;
  readonly sizePx: number;
  readonly encode: (referenceId: string) => Promise<ReferenceFeatures>;
  readonly progress?: Progress | undefined;
  readonly signal?: AbortSignal | undefined;
}

/**
 * The contract's words as a method's guidance: references encoded, colours as bytes, strokes as dots a token apart,
 * places 0–1. @throws Failure `words` for a place outside the drawing or a pin to a reference that isn't given.
 */
export async function guidanceOf(words: GuidanceWords, context: GuideContext): Promise<Guidance> {
  const { drawing, model, sizePx, encode, progress, signal } = context;
  const { references, palette, hints, pins } = words;
  const { width, height } = drawing;
  for (const [x, y] of hints.flatMap(({ points }) => points)) requireInside('hint', x, y, drawing);
  for (const { x, y } of pins) requireInside('pin', x, y, drawing);
  const pinned = pins.map(({ x, y, referenceId, u, v }) => {
    const reference = references.findIndex((given) => given.referenceId === referenceId);
    if (reference < 0)
      throw new Failure('words', 'A pin points at a reference that is not used. Use it or remove the pin.');
    return { x: x / width, y: y / height, reference, u, v };
  });
  const encoded: Guidance['references'][number][] = [];
  for (const [i, { referenceId, weight }] of references.entries()) {
    throwIfCancelled(signal);
    progress?.(i / references.length, 'Looking at the references');
    encoded.push({ features: await encode(referenceId), weight });
  }
  const { stride, tokenStride = stride } = model.manifest;
  const tokenPx = (tokenStride * width) / modelSizeFor(drawing, sizePx, stride).width;
  const strokes = hints.map(({ points, colour }) => ({ points, colour: rgbOf(colour) }));
  return {
    references: encoded,
    palette: palette.map(rgbOf),
    hints: dotsOf(strokes, drawing, tokenPx),
    pins: pinned,
  };
}

/** `#rrggbb` as sRGB bytes. */
export function rgbOf(hex: string): Rgb {
  const value = Number.parseInt(hex.slice(1), 16);
  return [value >> 16, (value >> 8) & 255, value & 255];
}

/** sRGB bytes as `#rrggbb`. */
export function hexOf(rgb: Rgb): string {
  return `#${rgb.map((value) => value.toString(16).padStart(2, '0')).join('')}`;
}

function requireInside(what: string, x: number, y: number, { width, height }: ModelSize): void {
  if (x <= width && y <= height) return;
  throw new Failure(
    'words',
    `A ${what} lies at ${x}, ${y}, outside the drawing, which is ${width}x${height} px.`,
  );
}
