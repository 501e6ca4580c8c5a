import { FACE_PARTS, perPart, type FacePart, type FaceSpace, type PerPart } from './parts.ts';

export interface BankPerson {
  readonly id: string;
  readonly space: Exclude<FaceSpace, 'all'> | null;
}

/**
 * The known faces. Entry i below the number of people is person i; entry people + i is the same face mirrored (its
 * left-eye vector is of the mirrored sketch's left-eye window, and so on).
 */
export interface FaceBank {
  readonly people: readonly BankPerson[];
  /** Entries: two a person. */
  readonly count: number;
  /** Numbers in a vector. */
  readonly latent: number;
  /** [count, latent] a part, row by row. */
  readonly vectors: PerPart<Float32Array>;
}

/** Bytes of a bank's vectors: a scale and a zero for each of a part's numbers, then a byte for each entry's. */
export function bankBytes(count: number, latent: number): number {
  return FACE_PARTS.length * latent * (2 * Float32Array.BYTES_PER_ELEMENT + count);
}

/**
 * Reads the quantised vectors once into floats: for each part float32 scale[latent], float32 zero[latent], int8
 * q[count][latent], little-endian; a value is q * scale + zero.
 * @throws RangeError when the length is not that of `people` or a scale is no number.
 */
export function readBank(bytes: Uint8Array, people: readonly BankPerson[], latent: number): FaceBank {
  const count = 2 * people.length;
  if (bytes.byteLength !== bankBytes(count, latent))
    throw new RangeError(
      `${bytes.byteLength} bytes of vectors where ${bankBytes(count, latent)} were promised.`,
    );
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  let at = 0;
  const floats = (): Float32Array => {
    const values = new Float32Array(latent);
    for (let i = 0; i < latent; i++, at += 4) {
      values[i] = view.getFloat32(at, true);
      if (!Number.isFinite(values[i])) throw new RangeError('A scale or zero that is no number.');
    }
    return values;
  };
  const vectors = perPart(() => {
    const scale = floats();
    const zero = floats();
    const values = new Float32Array(count * latent);
    for (let entry = 0, to = 0; entry < count; entry++)
      for (let i = 0; i < latent; i++, to++) values[to] = view.getInt8(at++) * scale[i]! + zero[i]!;
    return values;
  });
  return { people, count, latent, vectors };
}

/** Whose face an entry is. */
export function personOf(bank: FaceBank, entry: number): { person: BankPerson; mirrored: boolean } {
  const people = bank.people.length;
  const person = bank.people[entry % people];
  if (!person || entry >= bank.count) throw new RangeError(`The bank has no entry ${entry}.`);
  return { person, mirrored: entry >= people };
}

/** The entry of a person or of the mirrored person, or undefined for an id the bank does not know. */
export function entryOf(bank: FaceBank, personId: string, mirrored: boolean): number | undefined {
  const index = bank.people.findIndex(({ id }) => id === personId);
  return index < 0 ? undefined : index + (mirrored ? bank.people.length : 0);
}

/** The vector of one entry's part; a view, not a copy. */
export function vectorOf(bank: FaceBank, part: FacePart, entry: number): Float32Array {
  return bank.vectors[part].subarray(entry * bank.latent, (entry + 1) * bank.latent);
}

/** Entries of a search space, in order; people without one are in `all` only. */
export function entriesOf(bank: FaceBank, space: FaceSpace): Int32Array {
  const entries: number[] = [];
  for (let entry = 0; entry < bank.count; entry++)
    if (space === 'all' || personOf(bank, entry).person.space === space) entries.push(entry);
  return Int32Array.from(entries);
}
