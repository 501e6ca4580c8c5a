import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import sharp from 'sharp';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { dispatch } from '../../electron/contract/session.ts';
import type { Args, Channel, Result } from '../../electron/contract/table.ts';
import { createHost, type Host } from '../../electron/host.ts';

/** With the shipped model: what an artist saw before Apply is what she has after it. */
const engineEntry = fileURLToPath(new URL('../../dist/electron/engine/process.js', import.meta.url));
const sample = (name: string): Promise<Buffer> =>
  readFile(new URL(`../../samples/first-minute/${name}.webp`, import.meta.url));
const SHADING_OPACITY = 0.8;

let host: Host;
beforeAll(async () => {
  if (!existsSync(engineEntry)) throw new Error('The engine is not built. Run "npm run build" first.');
  host = await createHost({ provider: 'cpu', engineEntry });
});
afterAll(() => host?.close());

it('a small page’s preview is what Apply gives, pixel for pixel', async () => {
  const room = host.openRoom();
  const signal = new AbortController().signal;
  const ask = <C extends Channel>(channel: C, args: Args<C>): Promise<Result<C>> =>
    dispatch(room.handlers, channel, args, { signal, progress: () => undefined });

  const art = await sample('boy-with-kitten');
  const { documentId } = await ask('drawing.open', { name: 'boy.webp', bytes: art });
  const reference = await sample('father-and-daughter');
  const { referenceId } = await ask('reference.add', { name: 'father.webp', bytes: reference });
  const { data, info } = await sharp(art)
    .flatten({ background: '#fff' })
    .toColourspace('srgb')
    .raw()
    .toBuffer({ resolveWithObject: true });
  const { width: widthPx, height: heightPx } = info;
  const words = { documentId, references: [{ referenceId }], regions: true, gapPx: -1, snap: true };
  const lines = {
    pixels: new Uint8Array(data),
    channels: 3 as const,
    ...{ widthPx, heightPx, pageWidthPx: widthPx, pageHeightPx: heightPx },
  };
  const shown = await ask('colorize.preview', { ...words, sizePx: 256, lines });
  expect([shown.widthPx, shown.heightPx]).toEqual([widthPx, heightPx]);

  const { drawing } = await ask('colorize.run', { ...words, sizePx: 256 });
  const pixelsOf = async (name: string): Promise<Uint8Array> => {
    const layer = drawing.layers.find((one) => one.name === name)!;
    return (await ask('painting.pixels', { documentId, layerId: layer.id })).rgba;
  };
  const [flats, shading] = [await pixelsOf('Flats'), await pixelsOf('Shading')];
  let most = 0;
  for (let at = 0; at < shown.rgba.length; at++) {
    if (at % 4 === 3) continue;
    const applied = flats[at]! * (1 - SHADING_OPACITY + (SHADING_OPACITY * shading[at]!) / 255);
    most = Math.max(most, Math.abs(shown.rgba[at]! - applied));
  }
  expect(most).toBeLessThanOrEqual(1);
});
