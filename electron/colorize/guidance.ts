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

/** How each kind of guidance is called where it was given: in a window, or by the words of a command line. */
export type GuidanceNames = Readonly<Record<keyof Guidance, string>>;

const NAMES: GuidanceNames = {
  references: 'reference pictures',
  palette: 'a palette',
  hints: 'hints',
  pins: 'pins',
};

/** Refuses guidance that a method does not take, and too little of it, in a sentence or two. @throws Failure `words`. */
export function refuseUntaken(
  { id, takes }: Pick<ColorizeMethod, 'id' | 'takes'>,
  offered: Offered,
  names = NAMES,
): void {
  const { references, palette, hints } = offered;
  const taken = { ...takes, references: takes.references !== 'none' };
  const kinds = ['references', 'palette', 'hints', 'pins'] as const;
  const refuse = (sentence: string): never => {
    const list = kinds.filter((kind) => taken[kind]).map((kind) => names[kind]);
    const all = list.length > 1 ? `${list.slice(0, -1).join(', ')} and ${list.at(-1)}` : list[0];
    throw new Failure('words', `The method "${id}" ${sentence} It takes ${all}.`);
  };
  for (const kind of kinds)
    if (!taken[kind] && offered[kind].length > 0) refuse(`has no use for ${names[kind]}.`);
  if (takes.references === 'one' && references.length > 1)
    refuse(`takes one reference picture, not ${references.length}.`);
  if (references.every(({ weight }) => weight === 0) && palette.length + hints.length === 0)
    refuse(
      references.length > 0
        ? 'has nothing to take colours from: every reference has a weight of 0.'
        : 'has nothing to take colours from.',
    );
}

/**
 * Guidance as a method takes it: hints and pins are left out where it knows nothing of them, since every method's
 * colouring obeys them by regions (see drawing.ts).
 */
export function withoutForeignMarks<G extends Pick<Offered, 'hints' | 'pins'>>(
  { takes }: Pick<ColorizeMethod, 'takes'>,
  guidance: G,
): G {
  return { ...guidance, hints: takes.hints ? guidance.hints : [], pins: takes.pins ? guidance.pins : [] };
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
