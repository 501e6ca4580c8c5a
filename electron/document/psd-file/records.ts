import type { Region } from '../bounds.ts';
import { Cursor } from './cursor.ts';

/** A channel's bytes as the file has them: a 16-bit compression number, then the data. */
export interface PsdChannel {
  /** 0 and up: the colour mode's; -1 transparency, -2 the layer's mask, -3 its mask without the vector mask. */
  readonly id: number;
  readonly bytes: Uint8Array;
}

export interface PsdMask {
  readonly place: Region;
  /** What it is outside its place, 0–255. */
  readonly outside: number;
  readonly disabled: boolean;
  /** Its vector mask is drawn into it. */
  readonly isFromVector: boolean;
  /** How strongly it works, 0–1. */
  readonly density: number;
}

/** A layer record (specification, "Layer records"), with what of its additional information Inkwash uses. */
export interface PsdRecord {
  readonly place: Region;
  readonly channels: readonly PsdChannel[];
  /** Four characters, such as "mul ". */
  readonly blendKey: string;
  /** Opacity times fill opacity, 0–1. */
  readonly opacity: number;
  readonly clipped: boolean;
  readonly hidden: boolean;
  readonly transparencyProtected: boolean;
  readonly pixelsProtected: boolean;
  readonly mask: PsdMask | undefined;
  readonly name: string;
  readonly id: number | undefined;
  /** 'open' starts a group that ends at the next 'end' below it. */
  readonly divider: 'group' | 'end' | undefined;
  /** Which blocks of additional information it has. */
  readonly keys: ReadonlySet<string>;
  readonly hasEffects: boolean;
  /** A vector mask, as the block that holds it. */
  readonly vectorMask: Uint8Array | undefined;
  /** The colour of a solid colour fill, 0–255 each. */
  readonly solidRgb: readonly [number, number, number] | undefined;
}

/** Blocks whose length has 64 bits in a PSB (specification, "Additional Layer Information"). */
const WIDE = new Set('LMsk Lr16 Lr32 Layr Mt16 Mt32 Mtrn Alph FMsk lnk2 lnkE FEid FXid PxSD cinf'.split(' '));

/** Every block of additional information up to the end of what a cursor reads. */
export function* blocks(cursor: Cursor, large: boolean): Generator<{ key: string; data: Uint8Array }> {
  const signed = (): boolean => ['8BIM', '8B64'].includes(cursor.peek(4));
  while (cursor.left >= 12) {
    // Padding is to two or four bytes, depending on who wrote it.
    while (cursor.left >= 12 && !signed()) cursor.skip(1);
    if (cursor.left < 12) return;
    const signature = cursor.text(4);
    const key = cursor.text(4);
    const length = cursor.length(large && (signature === '8B64' || WIDE.has(key)));
    yield { key, data: cursor.take(length) };
  }
}

/** The layers of a layer info section, bottom first, groups as the marks around them that the file has. */
export function readRecords(
  cursor: Cursor,
  large: boolean,
  mostLayers: number,
): { records: PsdRecord[]; alphaIsTransparency: boolean } {
  const signedCount = cursor.i16();
  const count = Math.abs(signedCount);
  if (count > mostLayers) throw new TooManyLayers();
  const heads: { head: PsdRecord; lengths: { id: number; length: number }[] }[] = [];
  for (let at = 0; at < count; at++) heads.push(readRecord(cursor, large));
  const records = heads.map(({ head, lengths }) => ({
    ...head,
    channels: lengths.map(({ id, length }) => ({ id, bytes: cursor.take(length) })),
  }));
  return { records, alphaIsTransparency: signedCount < 0 };
}

/** More layers, marks of groups included, than are read. */
export class TooManyLayers extends RangeError {}

function readRecord(
  cursor: Cursor,
  large: boolean,
): { head: PsdRecord; lengths: { id: number; length: number }[] } {
  const place = readPlace(cursor);
  const lengths = Array.from({ length: cursor.u16() }, () => ({
    id: cursor.i16(),
    length: cursor.length(large),
  }));
  if (cursor.text(4) !== '8BIM') throw new RangeError('A layer record has no signature.');
  const blendKey = cursor.text(4);
  const opacity = cursor.u8() / 255;
  const clipped = cursor.u8() === 1;
  const flags = cursor.u8();
  cursor.skip(1);
  const extra = new Cursor(cursor.take(cursor.u32()));
  const mask = extra.left >= 4 ? readMask(new Cursor(extra.take(extra.u32()))) : undefined;
  if (extra.left >= 4) extra.skip(extra.u32());
  const plainName = extra.left > 0 ? extra.pascal(4) : '';
  const added = readAdded(extra, large);
  return {
    head: {
      place,
      channels: [],
      blendKey: added.groupBlendKey ?? blendKey,
      opacity: opacity * added.fill,
      clipped,
      hidden: (flags & 2) !== 0,
      transparencyProtected: (flags & 1) !== 0 || (added.protection & 1) !== 0,
      pixelsProtected: (added.protection & 2) !== 0,
      mask,
      name: added.name ?? plainName,
      id: added.id,
      divider: added.divider,
      keys: added.keys,
      hasEffects: added.hasEffects,
      vectorMask: added.vectorMask,
      solidRgb: added.solidRgb,
    },
    lengths,
  };
}

function readPlace(cursor: Cursor): Region {
  const [top, left, bottom, right] = [cursor.i32(), cursor.i32(), cursor.i32(), cursor.i32()];
  if (bottom < top || right < left) throw new RangeError('A rectangle ends before it begins.');
  return { x: left, y: top, width: right - left, height: bottom - top };
}

function readMask(cursor: Cursor): PsdMask | undefined {
  if (cursor.left < 18) return undefined;
  const place = readPlace(cursor);
  const outside = cursor.u8();
  const flags = cursor.u8();
  let density = 1;
  // The mask without the vector mask follows where both were drawn together.
  const hasOwn = cursor.left >= 18;
  if (flags & 16 && cursor.left > 0) {
    // Parameters come first if there is nothing else than them (20 bytes without, 36 with the unmasked one).
    if (cursor.left >= 18) cursor.skip(18);
    const parameters = cursor.left > 0 ? cursor.u8() : 0;
    if (parameters & 1 && cursor.left > 0) density *= cursor.u8() / 255;
    if (parameters & 2 && cursor.left >= 8) cursor.skip(8);
    if (parameters & 4 && cursor.left > 0) density *= cursor.u8() / 255;
  }
  return { place, outside, disabled: (flags & 2) !== 0, isFromVector: (flags & 8) !== 0 || hasOwn, density };
}

function readAdded(extra: Cursor, large: boolean) {
  const keys = new Set<string>();
  let name: string | undefined;
  let id: number | undefined;
  let fill = 1;
  let protection = 0;
  let divider: PsdRecord['divider'];
  let groupBlendKey: string | undefined;
  let hasEffects = false;
  let vectorMask: Uint8Array | undefined;
  let solidRgb: PsdRecord['solidRgb'];
  for (const { key, data } of blocks(extra, large)) {
    keys.add(key);
    const cursor = new Cursor(data);
    if (key === 'luni') name = cursor.unicode();
    else if (key === 'lyid') id = cursor.u32();
    else if (key === 'iOpa') fill = cursor.u8() / 255;
    else if (key === 'lspf') protection = cursor.u32();
    else if (key === 'lsct' || key === 'lsdk') {
      const type = cursor.u32();
      divider = type === 1 || type === 2 ? 'group' : type === 3 ? 'end' : undefined;
      if (divider === 'group' && cursor.left >= 8) {
        cursor.skip(4);
        groupBlendKey = cursor.text(4);
      }
    } else if (key === 'lfx2' || key === 'lmfx') hasEffects ||= effectsAreOn(data);
    else if (key === 'vmsk' || key === 'vsms') vectorMask = data;
    else if (key === 'SoCo') solidRgb = solidColour(data);
  }
  if (keys.has('lrFX') && !keys.has('lfx2') && !keys.has('lmfx')) hasEffects = true;
  return { keys, name, id, fill, protection, divider, groupBlendKey, hasEffects, vectorMask, solidRgb };
}

/** Whether any effect in a descriptor of them is switched on; descriptors name their values in plain letters. */
function effectsAreOn(data: Uint8Array): boolean {
  const text = Buffer.from(data.buffer, data.byteOffset, data.length).toString('latin1');
  return text.includes('enabbool\x01') && !text.includes('masterFXSwitchbool\x00');
}

/** The RGB colour in a fill's descriptor; undefined for colours in other spaces. */
function solidColour(data: Uint8Array): [number, number, number] | undefined {
  const bytes = Buffer.from(data.buffer, data.byteOffset, data.length);
  const value = (name: string): number | undefined => {
    const at = bytes.indexOf(`${name}doub`, 0, 'latin1');
    return at < 0 || at + 16 > bytes.length ? undefined : bytes.readDoubleBE(at + 8);
  };
  const [red, green, blue] = [value('Rd  '), value('Grn '), value('Bl  ')];
  if (red === undefined || green === undefined || blue === undefined) return undefined;
  const byte = (v: number): number => Math.round(Math.min(255, Math.max(0, v)));
  return [byte(red), byte(green), byte(blue)];
}
