import { readFile } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import { opsetOf } from '../../../electron/engine/onnx.ts';

const model = new URL('../../fixtures/models/tiny-inkwash/reference.onnx', import.meta.url);

describe('the opset of a model file', () => {
  it('is read from a real file', async () => {
    expect(opsetOf(await readFile(model))).toBe(17);
  });

  it("is that of ONNX's own operators, whatever other domains a file uses", () => {
    // opset_import { domain: "x", version: 3 } then opset_import { version: 13 }.
    expect(opsetOf(Uint8Array.of(0x42, 5, 0x0a, 1, 0x78, 0x10, 3, 0x42, 2, 0x10, 13))).toBe(13);
  });

  it('is unknown for other bytes, which end in a refusal, never in an endless read', async () => {
    const bytes = await readFile(model);
    expect(opsetOf(new Uint8Array(0))).toBeUndefined();
    expect(() => opsetOf(bytes.subarray(0, bytes.length - 9))).toThrow(RangeError);
    expect(() => opsetOf(new TextEncoder().encode('Dear artist, no model.'))).toThrow(RangeError);
    expect(() => opsetOf(new Uint8Array(64).fill(0xff))).toThrow(RangeError);
  });
});
