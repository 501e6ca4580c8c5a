import { describe, expect, it } from 'vitest';
import { contentHash, createFeatureCache } from '../../../electron/colorize/feature-cache.ts';
import type { ColorizeMethod, MethodContext } from '../../../electron/colorize/method.ts';
import { createRaster } from '../../../electron/raster.ts';

const picture = createRaster(4, 4, 3);
const BYTES = 400;

/** A method whose references take BYTES each, and how often it was asked to encode one. */
function countingMethod(): { method: ColorizeMethod; encoded: string[] } {
  const encoded: string[] = [];
  const method: ColorizeMethod = {
    id: 'scft',
    title: 'Counting',
    takes: { references: 'many', palette: false, hints: false, pins: false },
    async encodeReference({ model }, _, sizePx) {
      encoded.push(`${model.hash} ${sizePx}`);
      const tensors = { keys: { data: new Float32Array(BYTES / 4), dims: [1, 1, BYTES / 4] } };
      return { method: 'scft', tensors, grid: { columns: 1, rows: 1 } };
    },
    colorize: () => Promise.reject(new Error('not part of this test')),
  };
  return { method, encoded };
}

const contextOf = (hash: string, referenceSize?: number): MethodContext =>
  ({ model: { hash, manifest: { referenceSize } } }) as unknown as MethodContext;

describe('encoded references', () => {
  it('are looked at once per picture, model and size', async () => {
    const cache = createFeatureCache(10 * BYTES);
    const { method, encoded } = countingMethod();
    const [a, b] = [contextOf('a'), contextOf('b')];
    const first = await cache.encode(method, a, picture, 'one', 256);
    expect(await cache.encode(method, a, picture, 'one', 256)).toBe(first);
    await cache.encode(method, a, picture, 'one', 512);
    await cache.encode(method, b, picture, 'one', 256);
    await cache.encode(method, a, picture, 'two', 256);
    expect(encoded).toEqual(['a 256', 'a 512', 'b 256', 'a 256']);
  });

  it('serve every size of the drawing when the model has its own size for references', async () => {
    const cache = createFeatureCache(10 * BYTES);
    const { method, encoded } = countingMethod();
    for (const sizePx of [256, 512, 768])
      await cache.encode(method, contextOf('a', 256), picture, 'one', sizePx);
    expect(encoded).toHaveLength(1);
  });

  it('make room for new ones, those first that were not used for longest', async () => {
    const cache = createFeatureCache(2 * BYTES);
    const { method, encoded } = countingMethod();
    const use = (hash: string) => cache.encode(method, contextOf(hash), picture, 'one', 1);
    for (const hash of ['a', 'b', 'a', 'c', 'a', 'b']) await use(hash);
    expect(encoded).toEqual(['a 1', 'b 1', 'c 1', 'b 1']);
  });

  it('are not kept when they failed', async () => {
    const cache = createFeatureCache(10 * BYTES);
    const { method } = countingMethod();
    const failing = { ...method, encodeReference: () => Promise.reject(new Error('no')) };
    await expect(cache.encode(failing, contextOf('a'), picture, 'one', 1)).rejects.toThrow('no');
    await expect(cache.encode(method, contextOf('a'), picture, 'one', 1)).resolves.toBeTruthy();
  });
});

it('the same pixels in another shape are another picture', () => {
  const wide = { ...picture, width: 8, height: 2 };
  expect(contentHash(wide)).not.toBe(contentHash(picture));
  expect(contentHash(createRaster(4, 4, 3))).toBe(contentHash(picture));
});
