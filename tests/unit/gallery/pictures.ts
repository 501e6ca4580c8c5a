import sharp from 'sharp';

/** A picture of coloured shapes that differ with the seed, as a PNG. */
export async function shapes(
  seed: number,
  { colour = '#c03028', size = 240 }: { colour?: string; size?: number } = {},
): Promise<Uint8Array> {
  const at = (n: number): number => ((seed * 7919 + n * 104729) % 97) / 97;
  const body = [0, 1, 2, 3]
    .map(
      (n) =>
        `<circle cx="${20 + 200 * at(n)}" cy="${20 + 200 * at(n + 9)}" r="${18 + 40 * at(n + 20)}" fill="${n % 2 ? '#1d2a44' : colour}"/>`,
    )
    .join('');
  const svg = `<svg xmlns="http://www.w3.org/2000/svg" width="${size}" height="${size}" viewBox="0 0 240 240"><rect width="240" height="240" fill="#f4f1e8"/>${body}</svg>`;
  return sharp(Buffer.from(svg)).png().toBuffer();
}
