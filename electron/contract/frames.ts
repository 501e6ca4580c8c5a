import type { Writable } from 'node:stream';
import { Failure } from '../failure.ts';
import { packMessage, unpackMessage } from './pack.ts';

/** No longer than the longest byte array that is unpacked (see pack.ts): a larger one must not be sent at all. */
const MAX_FRAME_BYTES = 1 << 29;
const HEADER_BYTES = 4;

/**
 * Writes one message as a frame: its length in bytes (32 bit, little-endian), then MessagePack.
 * @throws Failure `input` when the message is too large; then nothing was written.
 */
export function writeFrame(stream: Writable, message: unknown): void {
  const packed = packMessage(message);
  if (packed.length > MAX_FRAME_BYTES)
    throw new Failure('input', 'That is more than 512 MiB at once. Choose a smaller picture.');
  const header = Buffer.alloc(HEADER_BYTES);
  header.writeUInt32LE(packed.length);
  stream.cork();
  stream.write(header);
  stream.write(packed);
  stream.uncork();
}

/**
 * Takes a stream of frames chunk by chunk, wherever it is cut, and hands on every message in it.
 * @throws from the returned function on bytes that are no frames; nothing after them can be understood.
 */
export function createFrameReader(take: (message: unknown) => void): (chunk: Uint8Array) => void {
  const header = Buffer.alloc(HEADER_BYTES);
  let part: Uint8Array = header;
  let filled = 0;
  return (chunk) => {
    for (let at = 0; at < chunk.length;) {
      const count = Math.min(part.length - filled, chunk.length - at);
      part.set(chunk.subarray(at, at + count), filled);
      at += count;
      filled += count;
      if (filled < part.length) return;
      filled = 0;
      if (part === header) {
        const length = header.readUInt32LE();
        if (length === 0 || length > MAX_FRAME_BYTES) throw new RangeError(`A frame of ${length} bytes.`);
        part = new Uint8Array(length);
      } else {
        const frame = part;
        part = header;
        take(unpackMessage(frame));
      }
    }
  };
}
