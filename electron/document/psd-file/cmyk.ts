import sharp from 'sharp';

/** Grid points along each ink. */
const POINTS = 17;
const STEP = 255 / (POINTS - 1);

/** sRGB for every CMYK colour, interpolated between the points of a grid. */
export interface CmykTable {
  /** Writes RGB into RGBA bytes; planes as PSD has them: 255 is no ink. */
  convert(planes: readonly Uint8Array[], out: Uint8Array): void;
}

/**
 * A table for a CMYK profile, made by the colour management in sharp: the file's own profile, or sharp's general one when it has
 * none or a broken one.
 */
export async function cmykToSrgb(iccProfile: Uint8Array | undefined): Promise<CmykTable> {
  let grid: Uint8Array;
  try {
    grid = await convertGrid(iccProfile);
  } catch (error) {
    if (!iccProfile) throw error;
    grid = await convertGrid(undefined);
  }
  return { convert: (planes, out) => interpolate(grid, planes, out) };
}

/** The grid's colours as a CMYK TIFF, through sharp. */
async function convertGrid(iccProfile: Uint8Array | undefined): Promise<Uint8Array> {
  const pixels = new Uint8Array(POINTS ** 4 * 4);
  let at = 0;
  for (let c = 0; c < POINTS; c++)
    for (let m = 0; m < POINTS; m++)
      for (let y = 0; y < POINTS; y++)
        for (let k = 0; k < POINTS; k++)
          for (const ink of [c, m, y, k]) pixels[at++] = Math.round(ink * STEP);
  const { data, info } = await sharp(cmykTiff(pixels, POINTS * POINTS, POINTS * POINTS, iccProfile))
    .toColourspace('srgb')
    .removeAlpha()
    .raw({ depth: 'uchar' })
    .toBuffer({ resolveWithObject: true });
  if (info.channels !== 3 || data.length !== POINTS ** 4 * 3)
    throw new RangeError('The CMYK grid did not come back as sRGB.');
  return data;
}

/** An uncompressed CMYK picture as a TIFF (TIFF 6.0, section 16; its value 255 is full ink). */
function cmykTiff(
  pixels: Uint8Array,
  width: number,
  height: number,
  iccProfile: Uint8Array | undefined,
): Buffer {
  const SHORT = 3;
  const LONG = 4;
  const UNDEFINED = 7;
  const profileBytes = iccProfile?.length ?? 0;
  const tags: [tag: number, type: number, count: number, value: number][] = [
    [256, LONG, 1, width],
    [257, LONG, 1, height],
    [258, SHORT, 4, 0], // the offset of four times 8 is filled in below
    [259, SHORT, 1, 1],
    [262, SHORT, 1, 5],
    [273, LONG, 1, 0],
    [277, SHORT, 1, 4],
    [278, LONG, 1, height],
    [279, LONG, 1, pixels.length],
    [284, SHORT, 1, 1],
    [332, SHORT, 1, 1],
  ];
  if (iccProfile) tags.push([34675, UNDEFINED, profileBytes, 0]);
  const directory = 8;
  const bitsAt = directory + 2 + tags.length * 12 + 4;
  const profileAt = bitsAt + 8;
  const pixelsAt = profileAt + profileBytes + (profileBytes % 2);
  const file = Buffer.alloc(pixelsAt + pixels.length);
  file.write('II*\0', 0, 'latin1');
  file.writeUInt32LE(directory, 4);
  file.writeUInt16LE(tags.length, directory);
  const offsets = new Map([
    [258, bitsAt],
    [273, pixelsAt],
    [34675, profileAt],
  ]);
  for (const [index, [tag, type, count, value]] of tags.entries()) {
    const at = directory + 2 + index * 12;
    file.writeUInt16LE(tag, at);
    file.writeUInt16LE(type, at + 2);
    file.writeUInt32LE(count, at + 4);
    file.writeUInt32LE(offsets.get(tag) ?? value, at + 8);
  }
  for (let channel = 0; channel < 4; channel++) file.writeUInt16LE(8, bitsAt + channel * 2);
  if (iccProfile) file.set(iccProfile, profileAt);
  file.set(pixels, pixelsAt);
  return file;
}

/** Linear in all four inks between the sixteen points around a colour. */
function interpolate(grid: Uint8Array, planes: readonly Uint8Array[], out: Uint8Array): void {
  const strides = [POINTS ** 3 * 3, POINTS ** 2 * 3, POINTS * 3, 3];
  const [cyan, magenta, yellow, black] = planes as readonly [Uint8Array, Uint8Array, Uint8Array, Uint8Array];
  const fractions = [0, 0, 0, 0];
  let last = -1;
  for (let i = 0, at = 0; i < cyan.length; i++, at += 4) {
    const packed = (cyan[i]! << 24) | (magenta[i]! << 16) | (yellow[i]! << 8) | black[i]!;
    if (i > 0 && packed === last) {
      // Runs of one colour are common; the colour before is the colour here.
      out[at] = out[at - 4]!;
      out[at + 1] = out[at - 3]!;
      out[at + 2] = out[at - 2]!;
      continue;
    }
    last = packed;
    let base = 0;
    for (let ink = 0; ink < 4; ink++) {
      const place = (255 - planes[ink]![i]!) / STEP;
      const cell = Math.min(POINTS - 2, Math.floor(place));
      fractions[ink] = place - cell;
      base += cell * strides[ink]!;
    }
    let [r, g, b] = [0, 0, 0];
    for (let corner = 0; corner < 16; corner++) {
      let weight = 1;
      let from = base;
      for (let ink = 0; ink < 4; ink++)
        if (corner & (1 << ink)) {
          weight *= fractions[ink]!;
          from += strides[ink]!;
        } else weight *= 1 - fractions[ink]!;
      if (weight === 0) continue;
      r += weight * grid[from]!;
      g += weight * grid[from + 1]!;
      b += weight * grid[from + 2]!;
    }
    out[at] = Math.round(r);
    out[at + 1] = Math.round(g);
    out[at + 2] = Math.round(b);
  }
}
