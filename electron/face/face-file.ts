import { crc32 } from 'node:zlib';
import sharp from 'sharp';
import { z } from 'zod';
import { CANVAS_PX, FACE_SPACES, type FacePart, type FaceSpace, type PerPart } from './parts.ts';
import { greyPng } from './pictures.ts';

/** What a face is made of, as its picture carries it along. */
export interface FaceWithin {
  /** CANVAS_PX squared, 255 paper, 0 ink. */
  readonly grey: Uint8Array;
  readonly refinement: PerPart<number>;
  readonly space: FaceSpace;
}

/** A private, ancillary chunk (PNG specification, 5.4): other programs pass over it and may copy it. */
const CHUNK = 'inKf';
const SIGNATURE = [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a];
const LONGEST = 2 * 1024 * 1024;

const fraction = z.number().min(0).max(1);
const settings = z.object({
  version: z.literal(1),
  refinement: z.object({
    'left-eye': fraction,
    'right-eye': fraction,
    nose: fraction,
    mouth: fraction,
    rest: fraction,
  } satisfies Record<FacePart, z.ZodType>),
  space: z.enum(FACE_SPACES),
});

/** A face's PNG with its sketch and settings in it, so that the face can be opened again from the file. */
export async function withSketch(
  png: Uint8Array,
  { grey, refinement, space }: FaceWithin,
): Promise<Uint8Array> {
  const written = JSON.stringify({ version: 1, refinement, space } satisfies z.infer<typeof settings>);
  const body = Buffer.concat([Buffer.from(`${written}\n`), await greyPng(grey, CANVAS_PX)]);
  const head = Buffer.alloc(8);
  head.writeUInt32BE(body.length);
  head.write(CHUNK, 4, 'latin1');
  const sum = Buffer.alloc(4);
  sum.writeUInt32BE(crc32(body, crc32(CHUNK)));
  // Before the last chunk, IEND, which is always twelve bytes.
  return Buffer.concat([png.subarray(0, -12), head, body, sum, png.subarray(-12)]);
}

/** The sketch and settings that a picture carries; undefined for one that carries none, or none that can be read. */
export async function sketchWithin(picture: Uint8Array): Promise<FaceWithin | undefined> {
  const body = chunkOf(picture);
  const end = body?.indexOf(10) ?? -1;
  if (!body || end < 0) return undefined;
  try {
    const { refinement, space } = settings.parse(JSON.parse(new TextDecoder().decode(body.subarray(0, end))));
    const { data, info } = await sharp(body.subarray(end + 1), { limitInputPixels: CANVAS_PX ** 2 })
      .toColourspace('b-w')
      .raw()
      .toBuffer({ resolveWithObject: true });
    if (info.width !== CANVAS_PX || info.height !== CANVAS_PX || info.channels !== 1) return undefined;
    return { grey: new Uint8Array(data), refinement, space };
  } catch {
    return undefined;
  }
}

function chunkOf(picture: Uint8Array): Uint8Array | undefined {
  if (SIGNATURE.some((byte, i) => picture[i] !== byte)) return undefined;
  const view = new DataView(picture.buffer, picture.byteOffset, picture.byteLength);
  for (let at = 8; at + 12 <= picture.length;) {
    const length = view.getUint32(at);
    if (at + 12 + length > picture.length) return undefined;
    const name = String.fromCharCode(...picture.subarray(at + 4, at + 8));
    if (name === CHUNK) {
      const right = view.getUint32(at + 8 + length) === crc32(picture.subarray(at + 4, at + 8 + length));
      return right && length <= LONGEST ? picture.subarray(at + 8, at + 8 + length) : undefined;
    }
    at += 12 + length;
  }
  return undefined;
}
