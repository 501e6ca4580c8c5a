import { Failure } from '../failure.ts';
import { bandPalette } from '../page/palette.ts';
import type { Raster } from '../raster.ts';
import type { ColorizeMethod, Guidance, MethodContext } from './method.ts';

export const NO_GUIDANCE: Guidance = { references: [], palette: [], hints: [], pins: [] };

/** What of guidance can be judged before any reference is encoded. */
interface Offered {
  readonly references: readonly { readonly weight: number }[];
  readonly palette: readonly unknown[];
  readonly hints: readonly unknown[];
  readonly pins: readonly unknown[];
}

/** Refuses guidance that a method does not take, and too little of it, in one sentence. @throws Failure `words`. */
export function refuseUntaken(
  { id, takes }: Pick<ColorizeMethod, 'id' | 'takes'>,
  { references, palette, hints, pins }: Offered,
): void {
  const refuse = (sentence: string): never => {
    throw new Failure('words', `The method "${id}" ${sentence}`);
  };
  if (takes.references === 'none' && references.length > 0)
    refuse('takes no reference pictures, only their palette. Give it a palette instead.');
  if (takes.references === 'one' && references.length > 1)
    refuse(`takes one reference picture, not ${references.length}. Choose one.`);
  if (!takes.palette && palette.length > 0)
    refuse('takes no palette; its colours come from reference pictures. Leave the palette out.');
  if (!takes.hints && hints.length > 0) refuse('takes no hints. Leave them out.');
  if (!takes.pins && pins.length > 0) refuse('takes no pins. Leave them out.');
  if (references.every(({ weight }) => weight === 0) && palette.length + hints.length === 0) {
    const sources = [
      ...(takes.references === 'none' ? [] : ['a reference picture']),
      ...(takes.palette ? ['a palette'] : []),
      ...(takes.hints ? ['a hint'] : []),
    ];
    const all = sources.length > 1 ? `${sources.slice(0, -1).join(', ')} or ${sources.at(-1)}` : sources[0];
    const unweighted = references.length > 0 ? ' of a weight above 0' : '';
    refuse(`has nothing to take colours from. Give it ${all}${unweighted}.`);
  }
}

/** The guidance one picture alone gives a method: the picture itself, or its palette where pictures aren't taken. */
export async function guidanceFrom(
  method: ColorizeMethod,
  context: MethodContext,
  picture: Raster,
  sizePx: number,
): Promise<Guidance> {
  if (method.takes.references === 'none') return { ...NO_GUIDANCE, palette: bandPalette(picture).flat() };
  const features = await method.encodeReference(context, picture, sizePx);
  return { ...NO_GUIDANCE, references: [{ features, weight: 1 }] };
}
