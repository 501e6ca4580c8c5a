const latin1 = new TextDecoder('latin1');
const utf16 = new TextDecoder('utf-16be');

/** Reads big-endian values one after another from a part of a file; throws a RangeError rather than read past its end. */
export class Cursor {
  readonly #bytes: Uint8Array;
  readonly #view: DataView;
  /** Bytes from the start. */
  at = 0;

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  }

  get left(): number {
    return this.#bytes.length - this.at;
  }

  u8(): number {
    return this.#view.getUint8(this.#advance(1));
  }

  u16(): number {
    return this.#view.getUint16(this.#advance(2));
  }

  i16(): number {
    return this.#view.getInt16(this.#advance(2));
  }

  u32(): number {
    return this.#view.getUint32(this.#advance(4));
  }

  i32(): number {
    return this.#view.getInt32(this.#advance(4));
  }

  f64(): number {
    return this.#view.getFloat64(this.#advance(8));
  }

  /** A length: of 64 bits where the format says so, which must still be one that a file can have. */
  length(wide: boolean): number {
    const high = wide ? this.u32() : 0;
    const low = this.u32();
    if (high > 0) throw new RangeError('A length of more than 4 GB.');
    return low;
  }

  /** The next `count` bytes, not copied. */
  take(count: number): Uint8Array {
    const from = this.#advance(count);
    return this.#bytes.subarray(from, from + count);
  }

  skip(count: number): void {
    this.#advance(count);
  }

  /** `count` characters of a byte each. */
  text(count: number): string {
    return latin1.decode(this.take(count));
  }

  /** A string of 16-bit units after their number, without the zeros at its end. */
  unicode(): string {
    return utf16.decode(this.take(this.u32() * 2)).replace(/\0+$/, '');
  }

  /** A string after its length in one byte, the whole padded to a multiple of `pad`. */
  pascal(pad: number): string {
    const length = this.u8();
    const text = this.text(length);
    this.skip(Math.min(this.left, (pad - ((length + 1) % pad)) % pad));
    return text;
  }

  /** The characters that come next, without taking them. */
  peek(count: number): string {
    return latin1.decode(this.#bytes.subarray(this.at, this.at + count));
  }

  #advance(count: number): number {
    if (!(count >= 0) || count > this.left)
      throw new RangeError(`${count} bytes are wanted at ${this.at}, where ${this.left} are left.`);
    const from = this.at;
    this.at += count;
    return from;
  }
}
