import { decode, encode } from '@msgpack/msgpack';

/** One wire message as a WebSocket frame: MessagePack, byte arrays as they are. */
export function packMessage(message: unknown): Uint8Array {
  return encode(message, { ignoreUndefined: true });
}

/** The message in a frame. Limits keep a hostile frame from asking for memory it doesn't bring. @throws on bad bytes. */
export function unpackMessage(frame: Uint8Array): unknown {
  return decode(frame, {
    maxStrLength: 1 << 20,
    maxBinLength: 1 << 29,
    maxArrayLength: 4096,
    maxMapLength: 256,
    maxExtLength: 16,
  });
}
