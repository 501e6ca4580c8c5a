import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import sharp from 'sharp';
import { z } from 'zod';
import type { ModelFile } from '../engine/manifest-fields.ts';
import type { FaceModel } from '../engine/registry.ts';
import { Failure } from '../failure.ts';
import { personOf, readBank, type FaceBank } from './bank.ts';
import type { Plane } from './windows.ts';

/** The bank's sketches are this many pixels a side. */
export const BANK_SKETCH_PX = 256;
/** Decoded sketches kept: a quarter of a megabyte each. */
const MAX_KEPT = 160;

const table = z.object({
  people: z.array(
    z.object({
      id: z.string().regex(/^[A-Za-z0-9_-]{1,32}$/),
      space: z.enum(['feminine', 'masculine']).nullable(),
      offset: z.number().int().min(0),
      bytes: z.number().int().positive(),
    }),
  ),
  credits: z.string().max(200_000),
});

export interface KnownFaces {
  readonly bank: FaceBank;
  readonly credits: string;
  /** An entry's clean sketch, BANK_SKETCH_PX a side, 1 paper, 0 ink. @throws Failure `input` where it is damaged. */
  sketch(entry: number): Promise<Plane>;
}

/**
 * Reads a face model's bank. Every file is compared with its SHA-256, sizes and places before they are used.
 * @throws Failure `input` naming the file.
 */
export async function readKnownFaces(model: FaceModel): Promise<KnownFaces> {
  const { manifest, folder } = model;
  const { id, latent } = manifest;
  const wrong = (file: string, why: string, cause?: unknown): Failure =>
    new Failure('input', `The model "${id}": ${file} ${why}. Install the model again.`, cause);

  async function read({ file, sha256, bytes }: ModelFile): Promise<Uint8Array> {
    const content = await readFile(join(folder, file)).catch((cause: unknown) => {
      throw wrong(file, "can't be read", cause);
    });
    if (content.length !== bytes || createHash('sha256').update(content).digest('hex') !== sha256)
      throw wrong(file, 'is not the file its manifest names (SHA-256 differs)');
    return content;
  }

  const { vectors, sketches, table: tableFile, people: promised } = manifest.bank;
  const about = readTable(await read(tableFile), (cause) => wrong(tableFile.file, 'is no table', cause));
  if (about.people.length !== promised)
    throw wrong(tableFile.file, `names ${about.people.length} people where the manifest says ${promised}`);
  if (new Set(about.people.map((person) => person.id)).size < promised)
    throw wrong(tableFile.file, 'names two people alike');
  const pictures = await read(sketches);
  for (const { offset, bytes } of about.people)
    if (offset + bytes > pictures.length) throw wrong(tableFile.file, `points beyond ${sketches.file}`);
  const bank = readBank(await read(vectors), about.people, latent);

  const kept = new Map<number, Promise<Plane>>();
  async function decode(entry: number): Promise<Plane> {
    const { mirrored } = personOf(bank, entry);
    const { offset, bytes } = about.people[entry % about.people.length]!;
    const upright = pictures.subarray(offset, offset + bytes);
    try {
      const open = sharp(upright, { limitInputPixels: BANK_SKETCH_PX ** 2 });
      const { data, info } = await (mirrored ? open.flop() : open)
        .flatten({ background: '#ffffff' })
        .toColourspace('b-w')
        .raw()
        .toBuffer({ resolveWithObject: true });
      if (info.width !== BANK_SKETCH_PX || info.height !== BANK_SKETCH_PX || info.channels !== 1)
        throw new Error(`${info.width}x${info.height}, ${info.channels} channels`);
      return { data: Float32Array.from(data, (value) => value / 255), sizePx: BANK_SKETCH_PX };
    } catch (cause) {
      throw wrong(sketches.file, 'holds a damaged sketch', cause);
    }
  }
  return {
    bank,
    credits: about.credits,
    sketch(entry) {
      const known = kept.get(entry);
      kept.delete(entry);
      const plane = known ?? decode(entry);
      kept.set(entry, plane);
      plane.catch(() => kept.delete(entry));
      for (const oldest of kept.keys()) {
        if (kept.size <= MAX_KEPT) break;
        kept.delete(oldest);
      }
      return plane;
    },
  };
}

function readTable(bytes: Uint8Array, wrong: (cause: unknown) => Failure): z.infer<typeof table> {
  try {
    return table.parse(JSON.parse(new TextDecoder().decode(bytes)));
  } catch (cause) {
    throw wrong(cause);
  }
}
