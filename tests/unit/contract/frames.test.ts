import { PassThrough } from 'node:stream';
import { describe, expect, it } from 'vitest';
import { createFrameReader, writeFrame } from '../../../electron/contract/frames.ts';

function framesOf(...messages: unknown[]): Buffer {
  const stream = new PassThrough();
  for (const message of messages) writeFrame(stream, message);
  return stream.read() as Buffer;
}

const MESSAGES = [
  { type: 'cancel', id: 0 },
  { type: 'result', id: 70_000, value: { name: 'Zoë.png', bytes: Uint8Array.of(0, 255, 1), none: null } },
  { type: 'progress', id: 2, fraction: 0.25, step: '' },
];

describe('frames', () => {
  it.each([1, 2, 3, 5, 7, 1000])('come back whole from a stream cut every %i bytes', (size) => {
    const heard: unknown[] = [];
    const read = createFrameReader((message) => heard.push(message));
    const bytes = framesOf(...MESSAGES);
    for (let at = 0; at < bytes.length; at += size) read(bytes.subarray(at, at + size));
    expect(heard).toEqual(MESSAGES);
  });

  it('keep their bytes when the chunk they came in is used again', () => {
    const heard: { value: Uint8Array }[] = [];
    const bytes = framesOf({ value: Uint8Array.of(1, 2, 3) });
    createFrameReader((message) => heard.push(message as { value: Uint8Array }))(bytes);
    bytes.fill(0);
    expect(heard[0]!.value).toEqual(Uint8Array.of(1, 2, 3));
  });

  it.each([
    ['an empty frame', Uint8Array.of(0, 0, 0, 0)],
    ['a frame larger than any message', Uint8Array.of(255, 255, 255, 255)],
    ['a frame that is not MessagePack', Uint8Array.of(1, 0, 0, 0, 0xc1)],
    ['printed text', new TextEncoder().encode('Segmentation fault (core dumped)')],
  ])('refuse %s', (_, bytes) => {
    expect(() => createFrameReader(() => undefined)(bytes)).toThrow();
  });
});
