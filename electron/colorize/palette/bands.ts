import { Failure } from '../../failure.ts';
import type { Rgb } from '../../page/oklab.ts';
import { BANDS, BAND_COLOURS, commonest, type PaletteColour } from '../../page/palette.ts';

/** Four bands from the top, four colours each. */
export type Bands = readonly (readonly Rgb[])[];

const ALL = BANDS * BAND_COLOURS;
const WHITE: Rgb = [255, 255, 255];

/**
 * The artist's colours as bands. Sixteen are taken as they stand, band by band. Up to four go into every band, since
 * nothing says where they belong; more are dealt to the bands in order, the first ones at the top. A band with fewer
 * than four repeats its last.
 * @param colours at least one. @throws Failure `words` for more than sixteen.
 */
export function bandsOf(colours: readonly Rgb[]): Bands {
  const count = colours.length;
  if (count > ALL)
    throw new Failure(
      'words',
      `The method "palette" takes at most ${ALL} colours, ${BAND_COLOURS} for each quarter of the drawing from its top, not ${count}. Leave some out.`,
    );
  return Array.from({ length: BANDS }, (_, band) =>
    filled(
      count <= BAND_COLOURS
        ? colours
        : colours.slice(Math.floor((band * count) / BANDS), Math.floor(((band + 1) * count) / BANDS)),
    ),
  );
}

/** A reference's bands: their colours with the share of the band that each stands for. */
export interface WeightedBands {
  readonly bands: readonly (readonly PaletteColour[])[];
  /** 0–1, how much this reference counts beside others. */
  readonly weight: number;
}

/** One palette from those of several references: in each band the commonest colours of all of them. */
export function mergeBands(references: readonly WeightedBands[]): Bands {
  const heard = references.filter(({ weight }) => weight > 0);
  return Array.from({ length: BANDS }, (_, band) => {
    const parts = heard.map(({ bands, weight }) =>
      bands[band]!.map(({ rgb, share }) => ({ rgb, share: share * weight })),
    );
    const colours = parts.length === 1 ? parts[0]! : commonest(parts.flat(), BAND_COLOURS);
    return filled(colours.map(({ rgb }) => rgb));
  });
}

function filled(colours: readonly Rgb[]): Rgb[] {
  return Array.from({ length: BAND_COLOURS }, (_, i) => colours[i] ?? colours.at(-1) ?? WHITE);
}
