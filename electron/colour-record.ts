import sharp from 'sharp';
import { z } from 'zod';
import { colourRecord, type ColourRecord } from './contract/colour.ts';
import { fraction } from './contract/guidance.ts';
import type { InkDocument } from './document/model.ts';
import type { JsonValue } from './document/ora-entry.ts';
import type { OpenReference } from './open-drawing.ts';
import type { Raster } from './raster.ts';

/*
 * What a document's file keeps of its colouring, in Inkwash's entry of an .ora: settings, marks, and the references,
 * small, inside it. A reference is counted from 0 in the file, where a room knows it by its id.
 */

const VERSION = 1;
/** References are kept at most this large: enough for the model and for pins, little in the file. */
const KEPT_PX = 640;
const QUALITY = 90;
/** What one kept reference may weigh, and how many are read of a file. */
const MAX_PICTURE_LETTERS = 4_000_000;

const place = z.number().int().min(0).max(31);
const keptRecord = z.object({
  ...colourRecord.shape,
  version: z.literal(VERSION),
  references: z
    .array(
      z.object({
        name: z.string().min(1).max(255),
        weight: fraction,
        used: z.boolean(),
        /** WebP, base64. */
        picture: z.string().max(MAX_PICTURE_LETTERS),
      }),
    )
    .max(32),
  pins: z
    .array(z.object({ x: z.number(), y: z.number(), reference: place, u: fraction, v: fraction }))
    .max(256),
});

interface KeptReference {
  readonly referenceId: string;
  readonly name: string;
  readonly picture: string;
}

const encoded = new WeakMap<Raster, string>();

/** The record's references as they are kept; those the room no longer has are left out. */
export async function keptReferences(
  record: ColourRecord,
  referenceOf: (referenceId: string) => OpenReference,
): Promise<readonly KeptReference[]> {
  return Promise.all(
    record.references.map(async ({ referenceId }) => {
      const { name, picture } = referenceOf(referenceId);
      const text = encoded.get(picture) ?? (await encode(picture));
      encoded.set(picture, text);
      return { referenceId, name, picture: text };
    }),
  );
}

/** The reference that was kept as this text since the program started, if the room still has it. */
export function referenceKeptAs(
  text: string,
  references: ReadonlyMap<string, OpenReference>,
): string | undefined {
  for (const [id, { picture }] of references) if (encoded.get(picture) === text) return id;
  return undefined;
}

/** The document with the record in its own data. */
export function withKept(
  document: InkDocument,
  record: ColourRecord,
  kept: readonly KeptReference[],
): InkDocument {
  const colour = {
    ...record,
    version: VERSION,
    references: record.references.map(({ weight, used }, i) => ({
      ...{ weight, used },
      name: kept[i]!.name,
      picture: kept[i]!.picture,
    })),
    pins: record.pins
      .map(({ referenceId, ...pin }) => ({
        ...pin,
        reference: record.references.findIndex((given) => given.referenceId === referenceId),
      }))
      .filter(({ reference }) => reference >= 0),
  };
  // Without the keys that are undefined, which JSON has no word for.
  return {
    ...document,
    extra: { ...document.extra, colour: JSON.parse(JSON.stringify(colour)) as JsonValue },
  };
}

/**
 * What a document kept, its references added to the room by `add` (name, WebP in base64), which gives their ids. Undefined when it kept nothing
 * or nothing that can be believed; a picture that can't be read is left out, with the pins to it.
 */
export async function readKept(
  { extra, width, height }: InkDocument,
  add: (name: string, picture: string) => Promise<string>,
): Promise<{ record: ColourRecord; referenceIds: readonly string[] } | undefined> {
  const parsed = keptRecord.safeParse(extra?.['colour']);
  if (!parsed.success) return undefined;
  const { version: _version, references: kept, pins, hints, ...rest } = parsed.data;
  const ids: (string | undefined)[] = [];
  for (const { name, picture } of kept)
    ids.push(await add(name.replace(/[/\\\0]/g, '_'), picture).catch(() => undefined));
  const inside = (x: number, y: number): boolean => x >= 0 && y >= 0 && x <= width && y <= height;
  const record: ColourRecord = {
    ...rest,
    references: kept.flatMap(({ weight, used }, i) => {
      const referenceId = ids[i];
      return referenceId === undefined ? [] : [{ referenceId, weight, used }];
    }),
    hints: hints.filter(({ points }) => points.every(([x, y]) => inside(x, y))),
    pins: pins.flatMap(({ reference, ...pin }) => {
      const referenceId = ids[reference];
      return referenceId !== undefined && inside(pin.x, pin.y) ? [{ ...pin, referenceId }] : [];
    }),
  };
  return { record, referenceIds: ids.filter((id) => id !== undefined) };
}

async function encode({ data, width, height, channels }: Raster): Promise<string> {
  const bytes = await sharp(data, { raw: { width, height, channels } })
    .resize(KEPT_PX, KEPT_PX, { fit: 'inside', withoutEnlargement: true })
    .webp({ quality: QUALITY })
    .toBuffer();
  return bytes.toString('base64');
}
