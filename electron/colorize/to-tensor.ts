import sharp from 'sharp';
import type { Tensor } from '../engine/types.ts';
import type { Raster } from '../raster.ts';
import type { ModelSize } from './model-size.ts';

/** A picture as a network input [1,3,H,W], sRGB 0–1, planes; alpha is laid on white paper. */
export async function pictureTensor(picture: Raster, size: ModelSize): Promise<Tensor> {
  const { data, width, height, channels } = picture;
  let image = sharp(data, { raw: { width, height, channels } });
  if (channels === 4) image = image.flatten({ background: '#ffffff' });
  const rgb = await image
    .toColourspace('srgb')
    .resize(size.width, size.height, { fit: 'fill', kernel: 'lanczos3' })
    .raw()
    .toBuffer();
  const area = size.width * size.height;
  const step = rgb.length / area;
  const planes = new Float32Array(area * 3);
  for (let i = 0; i < area; i++)
    for (let c = 0; c < 3; c++) planes[c * area + i] = rgb[i * step + (step >= 3 ? c : 0)]! / 255;
  return { data: planes, dims: [1, 3, size.height, size.width] };
}

/**
 * How much a line is strengthened when a large scan shrinks to model size. A 5 px line of an A4 page covers less than
 * half a model pixel; the networks learned from lines that are black at their size.
 */
function gainFor(shrink: number): number {
  return Math.min(3.5, Math.max(1, shrink / 3));
}

/**
 * A drawing as a network input [1,1,H,W], 1 paper, 0 ink. Shrinking averages; then whatever is darker than its
 * surroundings (lines, not flat tone) is darkened by how much the page shrank.
 */
export function sketchTensor(ink: Raster, size: ModelSize): Promise<Tensor> {
  const known = sketches.get(ink);
  if (known?.width === size.width && known.height === size.height) return known.tensor;
  const tensor = shrinkInk(ink, size).then(({ data }) => {
    const grey = new Float32Array(data.length);
    for (let i = 0; i < grey.length; i++) grey[i] = data[i]! / 255;
    return { data: grey, dims: [1, 1, size.height, size.width] };
  });
  tensor.catch(() => sketches.delete(ink));
  sketches.set(ink, { ...size, tensor });
  return tensor;
}

/** The last network input of an ink, for as long as the ink stands. */
const sketches = new WeakMap<Raster, ModelSize & { readonly tensor: Promise<Tensor> }>();

/**
 * A drawing's ink at another size, its lines strengthened as for a network of that size, or of `forSize` where it will
 * be shrunk further. @param ink grey, 255 paper. @param drawnAt the size it was drawn at, where `ink` was shrunk before.
 */
export async function shrinkInk(
  ink: Raster,
  size: ModelSize,
  forSize = size,
  drawnAt: ModelSize = ink,
): Promise<Raster> {
  const { data, width, height } = ink;
  const shrink = Math.sqrt((width * height) / (size.width * size.height));
  const isSize = size.width === width && size.height === height;
  const grey = isSize
    ? data
    : await sharp(data, { raw: { width, height, channels: 1 } })
        .resize(size.width, size.height, { fit: 'fill', kernel: shrink > 1 ? 'linear' : 'cubic' })
        .toColourspace('b-w')
        .raw()
        .toBuffer();
  const gain = gainFor(Math.sqrt((drawnAt.width * drawnAt.height) / (forSize.width * forSize.height)));
  return strengthened({ data: grey, ...size, channels: 1, space: 'grey' }, gain);
}

/** A small ink, as a network of its own size wants it, of a drawing that was shrunk to it from `drawnAt`. */
export function strengthenInk(small: Raster, drawnAt: ModelSize): Promise<Raster> {
  return strengthened(
    small,
    gainFor(Math.sqrt((drawnAt.width * drawnAt.height) / (small.width * small.height))),
  );
}

/** What is darker than its surroundings, so many times as much darker. */
async function strengthened(small: Raster, gain: number): Promise<Raster> {
  if (gain === 1) return small;
  const { data: grey, width, height } = small;
  const around = await sharp(grey, { raw: { width, height, channels: 1 } })
    .blur(4)
    .toColourspace('b-w')
    .raw()
    .toBuffer();
  const strong = new Uint8Array(width * height);
  for (let i = 0; i < strong.length; i++)
    strong[i] = Math.max(0, grey[i]! + (gain - 1) * Math.min(0, grey[i]! - around[i]!));
  return { ...small, data: strong };
}

/** A network output [1,3,H,W], 0–1, as sRGB bytes. @throws RangeError when the shape is another. */
export function tensorPicture(tensor: Tensor): Raster {
  const [n, c, height, width] = tensor.dims;
  if (n !== 1 || c !== 3 || !height || !width)
    throw new RangeError(`Not one colour picture: [${tensor.dims.join(',')}].`);
  const area = width * height;
  const data = new Uint8Array(area * 3);
  for (let k = 0; k < 3; k++)
    for (let from = k * area, to = k; to < data.length; from++, to += 3) {
      const value = tensor.data[from]! * 255;
      // What is no number is white.
      data[to] = value < 254.5 ? (value > 0 ? value + 0.5 : 0) : 255;
      if (value !== value || value === -Infinity) data[to] = 255;
    }
  return { data, width, height, channels: 3, space: 'srgb' };
}
