import { inflateSync } from 'node:zlib';
import { getLayerImageData, getLayerMaskImageData } from 'ag-psd';
import type { Layer as PsdLayer, LayerMaskData, LayerRawData, LayerRawDataChannel } from 'ag-psd';
import { createRaster } from '../raster.ts';
import type { Raster } from '../raster.ts';

type Samples = Uint8Array | Uint8ClampedArray | Uint16Array | Uint32Array | Float32Array;

/**
 * The pixels of a layer that ag-psd parsed without decoding: RGBA bytes, its mask multiplied into alpha; one
 * transparent pixel if it has none. Every channel's bytes are held against the layer's size before anything is allocated for
 * it. Throws a RangeError when they cannot be true.
 */
export function decodePsdLayer(layer: PsdLayer, width: number, height: number): Raster {
  const { rawData } = layer;
  if (!rawData || width === 0 || height === 0) return createRaster(1, 1, 4);
  const mask = layer.mask;
  const maskWidth = (mask?.right ?? 0) - (mask?.left ?? 0);
  const maskHeight = (mask?.bottom ?? 0) - (mask?.top ?? 0);
  const channels = rawData.channels.flatMap((channel) => {
    const isMask = channel.id < -1;
    const size = isMask ? { width: maskWidth, height: maskHeight } : { width, height };
    return channel.id === -3 || size.width === 0 || size.height === 0 ? [] : [sound(channel, size, rawData)];
  });
  const checked: PsdLayer = { ...layer, rawData: { ...rawData, channels } };
  const image = getLayerImageData(checked);
  if (!image) return createRaster(1, 1, 4);
  const pixels: Raster = { data: toBytes(image.data), width, height, channels: 4, space: 'srgb' };
  if (mask && mask.disabled !== true && channels.some((channel) => channel.id === -2)) {
    const grey = getLayerMaskImageData(checked);
    if (grey)
      applyMask(pixels, layer, mask, { data: toBytes(grey.data), width: maskWidth, height: maskHeight });
  }
  return pixels;
}

/** Bytes of 8-bit samples as they are, of 16-bit ones scaled from 0–65535 to 0–255. */
export function toBytes(samples: Samples): Uint8Array {
  if (samples instanceof Uint16Array) return Uint8Array.from(samples, (v) => ((v + 128.5) / 257) | 0);
  if (samples instanceof Uint32Array || samples instanceof Float32Array)
    throw new RangeError('Only 8 and 16 bits a channel can be read.');
  return new Uint8Array(samples.buffer, samples.byteOffset, samples.length);
}

/**
 * A channel whose data can fill its rectangle: raw data of exactly that size, or RLE rows of at least the fewest bytes a row
 * can take. Zip-compressed ones are unpacked here, no further than that size, since ag-psd would not stop.
 */
function sound(
  channel: LayerRawDataChannel,
  { width, height }: { width: number; height: number },
  { bitsPerChannel, large }: LayerRawData,
): LayerRawDataChannel {
  const sampleBytes = bitsPerChannel / 8;
  const rowBytes = width * sampleBytes;
  const have = channel.data?.length ?? 0;
  const lying = () =>
    new RangeError(`Channel ${channel.id} has ${have} bytes for ${width}x${height} pixels.`);
  if (channel.data === undefined) throw lying();
  if (channel.compression === 0) {
    if (have < rowBytes * height) throw lying();
    return channel;
  }
  if (channel.compression === 1) {
    if (have < height * ((large ? 4 : 2) + 2 * Math.ceil(rowBytes / 128))) throw lying();
    return channel;
  }
  const data = inflateSync(channel.data, { maxOutputLength: rowBytes * height });
  if (data.length !== rowBytes * height) throw lying();
  if (channel.compression === 3) undoPrediction(data, width, height, sampleBytes);
  return { id: channel.id, compression: 0, data };
}

/** PSD's zip with prediction: each sample is stored as its difference from the one to its left. */
function undoPrediction(data: Buffer, width: number, height: number, sampleBytes: number): void {
  for (let y = 0; y < height; y++)
    for (let x = 1; x < width; x++) {
      const at = (y * width + x) * sampleBytes;
      if (sampleBytes === 1) data[at] = data[at]! + data[at - 1]!;
      else data.writeUInt16BE((data.readUInt16BE(at) + data.readUInt16BE(at - 2)) & 0xffff, at);
    }
}

/** Multiplies a layer's alpha by its mask; outside the mask's rectangle its default colour holds. */
function applyMask(
  pixels: Raster,
  layer: PsdLayer,
  mask: LayerMaskData,
  grey: { data: Uint8Array; width: number; height: number },
): void {
  const shiftX = (layer.left ?? 0) - (mask.left ?? 0);
  const shiftY = (layer.top ?? 0) - (mask.top ?? 0);
  const outside = mask.defaultColor ?? 0;
  for (let y = 0; y < pixels.height; y++)
    for (let x = 0; x < pixels.width; x++) {
      const [mx, my] = [x + shiftX, y + shiftY];
      const inside = mx >= 0 && my >= 0 && mx < grey.width && my < grey.height;
      const value = inside ? grey.data[(my * grey.width + mx) * 4]! : outside;
      const at = (y * pixels.width + x) * 4 + 3;
      pixels.data[at] = Math.round((pixels.data[at]! * value) / 255);
    }
}
