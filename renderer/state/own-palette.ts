/** A palette of four horizontal bands from the top, four colours each, and changes to it. Colours are `#rrggbb`. */

export const BAND_COLOURS = 4;

/** Sixteen colours as the host deals fewer: up to four go into every band, more are dealt in order. */
export function asBands(colours: readonly string[]): readonly string[] {
  const count = colours.length;
  if (count === 0 || count >= BAND_COLOURS * 4) return colours.slice(0, BAND_COLOURS * 4);
  return Array.from({ length: 4 }, (_, band) => {
    const own =
      count <= BAND_COLOURS
        ? colours
        : colours.slice(Math.floor((band * count) / 4), Math.floor(((band + 1) * count) / 4));
    return Array.from({ length: BAND_COLOURS }, (_, i) => own[i] ?? own.at(-1) ?? colours[0]!);
  }).flat();
}

export function swapped(colours: readonly string[], one: number, other: number): readonly string[] {
  const result = [...colours];
  [result[one], result[other]] = [colours[other]!, colours[one]!];
  return result;
}
